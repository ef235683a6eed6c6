// Golden folders: the first copybook of each folder (named in `layout.txt` below it) and what the compiler says of it, with the options of
// `options.json` where there is one. Members that are only copied lie in `members/`. UPDATE=1 rewrites.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { type CompileOptions, compileCopybook } from '../../src/cobol/compile.ts'
import { layoutTable } from '../../src/cobol/describe-layout.ts'
import type { Condition, Item, Literal } from '../../src/cobol/layout.ts'
import { describeFailure } from '../../src/error/failure.ts'

const golden = new URL('golden/', import.meta.url)
/** Members that are only copied. */
const copied = ['KEYS.cpy', 'WRONG.cpy']

function report(folder: string): string {
  const at = new URL(`${folder}/`, golden)
  const file = readdirSync(at).find((name) => /\.(cpy|cbl)$/.test(name) && !copied.includes(name)) ?? ''
  const library = (member: string) => {
    const url = [`${member}.cpy`, `members/${member}.cpy`].map((path) => new URL(path, at)).find(existsSync)
    return url ? { name: `${member}.cpy`, text: readFileSync(url, 'latin1') } : undefined
  }
  // As every reader of copybooks does: the bytes may be those of any code page.
  const source = { name: file, text: readFileSync(new URL(file, at), 'latin1') }
  const { layouts, notes, failures } = compileCopybook(source, { library, ...optionsOf(at) })
  const parts = layouts.map((layout) => {
    const length = `${layout.name}: ${layout.minimumLength} to ${layout.maximumLength} bytes`
    return [length, layoutTable(layout).trimEnd(), ...conditions(layout.root)].join('\n')
  })
  const remarks = notes.map(({ message, place }) => `note ${place.file}:${place.line}:${place.column} ${message}`)
  return `${[...parts, ...failures.map(describeFailure), ...remarks].join('\n\n')}\n`
}

function optionsOf(folder: URL): Partial<CompileOptions> {
  const file = new URL('options.json', folder)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}

function conditions(item: Item): string[] {
  return [...item.conditions.map(conditionText), ...item.children.flatMap(conditions)]
}

function conditionText({ name, values }: Condition): string {
  const ranges = values.map(({ from, through }) => literalText(from) + (through ? ` to ${literalText(through)}` : ''))
  return `88 ${name}: ${ranges.join(', ')}`
}

function literalText(literal: Literal): string {
  if (literal.kind === 'text') return `'${literal.text}'`
  if (literal.kind === 'bytes') return `X'${literal.hex}'`
  if (literal.kind === 'all') return `ALL ${literalText(literal.literal)}`
  return literal.kind === 'number' ? literal.text : literal.name
}

test.each(readdirSync(golden))('%s', (folder) => {
  const file = new URL(`${folder}/layout.txt`, golden)
  const now = report(folder)
  if (process.env.UPDATE === '1') writeFileSync(file, now)
  expect(now).toBe(readFileSync(file, 'utf8'))
})
