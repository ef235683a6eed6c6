// The cases that real copybooks, files and WSDLs gave: each prints what it should, with the command where a command shows it.
// Their files are copied to golden/; where the folder of the cases lies beside the checkout, no case of it may be left out here.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Wire } from '../../src/contract/backend.ts'
import type { JsonObject } from '../../src/contract/json.ts'
import { isFailure } from '../../src/error/failure.ts'
import { soapWires } from '../../src/wire/soap-wire.ts'
import { validator } from '../api/schema-check.ts'
import { mainspan, root } from '../cli/mainspan.ts'
import { project } from '../support/project.ts'
import { type CommandRun, commandCases } from './command-cases.ts'
import { serverCases } from './server-cases.ts'
import { type SoapCase, soapCases } from './soap-cases.ts'

const golden = 'test/cases/golden'
const fileOf = (name: string, file: string) => join(root, golden, name, file)

/** The words of a command, with the files of the case. */
const wordsOf = (name: string, command: string) =>
  command.split(' ').map((word) => (word.startsWith('./') ? join(golden, name, word) : word))

interface ShownItem {
  readonly name: string
  readonly offset: number
  readonly length: number
  readonly stride?: number
  readonly children?: readonly ShownItem[]
}

/** What `layout --json` prints, as the cases write it. */
function layoutText(json: string): string {
  const shown = (item: ShownItem): readonly string[] => [
    `${item.name} ${item.offset}/${item.length}${item.stride === undefined ? '' : ` every ${item.stride}`}`,
    ...(item.children ?? []).flatMap(shown),
  ]
  return [JSON.parse(json)].flat().flatMap(shown).join(', ')
}

/** What a run prints and ends with, as far as its case tells. */
function outcomeOf(name: string, run: CommandRun): CommandRun {
  const words = wordsOf(name, run.command)
  const { status, text, errors } = mainspan(words)
  const printed = errors + text
  if (status !== 0) return { command: run.command, refused: /^\w+/.exec(printed)?.[0] ?? `exit code ${status}` }
  return {
    command: run.command,
    ...(run.layout !== undefined && { layout: layoutText(text) }),
    ...(run.lines && { lines: text.split('\n').filter((line) => line !== '') }),
    ...(run.says !== undefined && { says: printed.includes(run.says) ? run.says : printed }),
    ...(run.encodes !== undefined && { encodes: encoded(name, words, text) ? run.encodes : 'other bytes' }),
  }
}

/** Whether encoding gives the bytes of the file that was decoded, which is the last word of its command. */
function encoded(name: string, [, ...words]: readonly string[], lines: string): boolean {
  const file = words.at(-1) ?? name
  return mainspan(['encode', ...words.slice(0, -1), '-'], lines).stdout.equals(readFileSync(join(root, file)))
}

describe.each(Object.entries(commandCases))('%s', (name, { runs }) => {
  for (const expected of runs) {
    test(expected.command, () => {
      expect(outcomeOf(name, expected)).toEqual(expected)
    })
  }
})

function wireOf(name: string, { wsdl = 'service.wsdl', faults = {} }: SoapCase): Wire {
  const read = (file: string) => (existsSync(fileOf(name, file)) ? readFileSync(fileOf(name, file), 'utf8') : undefined)
  const transaction = { kind: 'soap', operation: 'Ask', effect: 'once', deadlineMs: 1000, faults } as const
  return soapWires(read(wsdl) ?? '', read)(transaction)
}

/** What stands in the Body of a request, or the code of the refusal. */
function sentFor(wire: Wire, request: JsonObject): string {
  try {
    const envelope = new TextDecoder().decode(wire.encode(request, {}))
    return /<e:Body>(.*)<\/e:Body>/s.exec(envelope)?.[1] ?? envelope
  } catch (error) {
    if (isFailure(error)) return error.code
    throw error
  }
}

const taken = Object.entries(soapCases).filter(([, { unsupported }]) => unsupported === undefined)

describe.each(taken)('%s', (name, expected) => {
  const { sent, reply, path, verdict } = expected
  const wire = wireOf(name, expected)
  if (path !== undefined) {
    test('the path', () => {
      expect(wire.route?.path).toBe(path)
    })
  }
  if (sent !== undefined) {
    test('the request', () => {
      expect(sentFor(wire, JSON.parse(readFileSync(fileOf(name, 'request.json'), 'utf8')))).toBe(sent)
    })
  }
  if (reply ?? verdict) {
    test('the reply, which fits its own schema', () => {
      const read = wire.read(readFileSync(fileOf(name, 'reply.xml')))
      if (verdict) expect(read.verdict).toEqual(verdict)
      if (reply) expect([read.body, validator(wire.replySchema)(read.body)]).toEqual([reply, []])
    })
  }
})

test('check says of each WSDL what is not supported, and nothing of the others', () => {
  const { root: folder, write, remove } = project()
  try {
    for (const [name, { wsdl = 'service.wsdl' }] of Object.entries(soapCases)) {
      const number = name.slice(0, 2)
      write(`adapters/case${number}.ts`, adapterText(number))
      for (const file of filesIn(join(root, golden, name)).filter((one) => /\.(?:wsdl|xsd)$/.test(one))) {
        const target = file === wsdl ? `case${number}.wsdl` : file
        write(`adapters/${target}`, readFileSync(fileOf(name, file), 'utf8'))
      }
    }
    const { errors, text } = mainspan(['check', folder])
    const said = (errors + text).split('\n').filter((line) => /^[A-Z_]+ {2}/.test(line))
    const wanted = Object.entries(soapCases).flatMap(([name, { unsupported }]) =>
      unsupported === undefined ? [] : [`adapters/case${name.slice(0, 2)}.ts:5:19  ${unsupported}`],
    )
    expect(said).toEqual(wanted.map((words) => `SOAP_WSDL_UNSUPPORTED  ${words}, which is not supported`))
  } finally {
    remove()
  }
})

const adapterText = (number: string) => `import { adapter, soap, soapOperation } from '../src/contract/adapter.ts'

export const case${number} = adapter('case${number}', {
  backend: soap({ endpoints: 'CASE_ENDPOINTS', wsdl: 'adapters/case${number}.wsdl' }),
  transactions: { ask: soapOperation({ operation: 'Ask', effect: 'read', deadlineMs: 1000 }) },
})
`

/** The files under a folder, by their paths from it. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
}

const elsewhere = [
  ...Object.entries(serverCases),
  ...[...Object.entries(commandCases), ...Object.entries(soapCases)].flatMap(([name, { alsoIn }]) =>
    alsoIn ? [[name, alsoIn] as const] : [],
  ),
]

test.each(elsewhere)('%s: the tests that it names exist', (_, tests) => {
  for (const named of tests) {
    const [file = '', words = ''] = named.split(' › ')
    expect(readFileSync(join(root, 'test', file), 'utf8')).toContain(words)
  }
})

const covered = { ...commandCases, ...soapCases, ...serverCases }
// CASES names the folder where it lies elsewhere.
const shared = process.env.CASES ?? join(root, '../shared/cases')

describe('the folder of the cases, where it lies beside the checkout', () => {
  const inShared = existsSync(shared) ? test : test.skip
  inShared('holds no case but those above', () => {
    expect(readdirSync(shared).sort()).toEqual(Object.keys(covered).sort())
  })
  inShared('has the files of golden/', () => {
    const inputs = filesIn(shared).filter((file) => !file.endsWith('CASE.md'))
    const changed = inputs.filter((file) => {
      const copy = join(root, golden, file)
      return !existsSync(copy) || !readFileSync(copy).equals(readFileSync(join(shared, file)))
    })
    expect(changed).toEqual([])
  })
})

test('no case is in two tables', () => {
  const names = [commandCases, soapCases, serverCases].flatMap((table) => Object.keys(table))
  expect(names).toHaveLength(new Set(names).size)
})

test('what is judged otherwise has the words of a manual', () => {
  const reasons = Object.values(commandCases).flatMap(({ otherwise }) => otherwise ?? [])
  expect(reasons.filter((reason) => !/"[^"]{20,}" \([^)]+\)/.test(reason))).toEqual([])
})
