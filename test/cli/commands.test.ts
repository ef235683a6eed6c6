// The command line itself: the table, help, wrong command lines.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { commands } from '../../src/cli/commands.ts'
import { mainspan, modules, root } from './mainspan.ts'

/** Commands that need Temporal, fastify or zod are shown by the command line itself, below. */
const light = ['layout', 'decode', 'encode', 'schema', 'types', 'hex', 'diff', 'support']

test.each(light)('%s: the table and the command say the same, and every option is explained', async (name) => {
  const command = await commands[name]?.load()
  expect(command).toMatchObject({ name, summary: commands[name]?.summary })
  expect(command?.usage.startsWith(name)).toBe(true)
  expect(Object.keys(command?.help ?? {}).sort()).toEqual(Object.keys(command?.options ?? {}).sort())
})

describe('help', () => {
  test.each([[[]], [['--help']], [['-h']], [['help']]])('%j lists every command', (args) => {
    const { status, text } = mainspan(args)
    expect(status).toBe(0)
    for (const [name, { summary }] of Object.entries(commands))
      expect(text).toContain(`${name}`.concat(' '.repeat(1)) && summary)
  })
  test.each([[['decode', '--help']], [['help', 'decode']]])('%j explains one', (args) => {
    const { status, text } = mainspan(args)
    expect(status).toBe(0)
    expect(text).toContain('mainspan decode --copybook FILE')
    expect(text).toContain('--code-page')
  })
})

test.each([
  [['nonsense'], 'there is no command nonsense'],
  [['constructor'], 'there is no command constructor'],
  [['layout', '--nonsense'], '--nonsense'],
  [['layout'], 'a copybook is needed'],
  [
    ['layout', 'x.cpy', '--dialect', 'fortran'],
    '--dialect takes ibm, gnucobol, microfocus, gnucobol-ibm, gnucobol-mvs, gnucobol-bs2000',
  ],
  [['decode', 'x'], '--copybook FILE is needed'],
  [['encode', 'x'], '--copybook FILE is needed'],
  [['hex', 'x'], '--copybook FILE is needed'],
  [['diff', 'x'], 'diff takes two copybooks'],
])('%j is a wrong command line: exit code 2', (args, problem) => {
  const { status, text, errors } = mainspan(args)
  expect({ status, text }).toEqual({ status: 2, text: '' })
  expect(errors).toContain(problem)
  expect(errors).toContain('hint:')
})

/** The modules that a command line has run, as paths. */
function loadedBy(args: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'mainspan-loaded-'))
  try {
    const env = { ...process.env, NODE_V8_COVERAGE: folder }
    expect(spawnSync(process.execPath, [modules, ...args], { cwd: root, env, input: '' }).status).toBe(0)
    const urls = readdirSync(folder).flatMap((file) => {
      const { result }: { result: { url: string }[] } = JSON.parse(readFileSync(join(folder, file), 'utf8'))
      return result.map(({ url }) => url)
    })
    return urls.filter((url) => url.startsWith('file:'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const inqacc = 'copybooks/deposits/INQACC.cpy'
test.each([
  ['layout', [inqacc]],
  ['decode', ['--copybook', inqacc, '-']],
  ['encode', ['--copybook', inqacc]],
  ['schema', [inqacc]],
  ['types', [inqacc]],
  ['diff', [inqacc, inqacc]],
  ['hex', ['--help']],
  ['support', []],
])('%s loads no package: neither Temporal nor fastify nor zod', (name, args) => {
  const loaded = loadedBy([name, ...args])
  expect(loaded).toContainEqual(expect.stringMatching(new RegExp(`/cli/data/${name}\\.js$`)))
  expect(loaded.filter((url) => url.includes('/node_modules/'))).toEqual([])
})
