// docs/mapping.md is true: its bytes give its JSON, and its JSON gives its bytes; a copybook without bytes gives the mistake below it. UPDATE=1
// writes what comes of them anew.

import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { compileCopybook } from '../src/cobol/compile.ts'
import type { CompileOptions } from '../src/cobol/options.ts'
import { type CodecOptions, recordCodec } from '../src/codec/record-codec.ts'
import type { JsonObject } from '../src/contract/json.ts'
import { describeFailure, isFailure } from '../src/error/failure.ts'
import { bytes, hex, layoutOf } from './codec/layouts.ts'

const path = 'docs/mapping.md'
const page = readFileSync(path, 'utf8')

interface Block {
  readonly language: string
  readonly text: string
  readonly title: string
}

/** The code blocks of the page in order, each with the heading above it. */
function blocksOf(markdown: string): Block[] {
  let title = ''
  return [...markdown.matchAll(/^## (.*)$|^```(.+)\n((?:.*\n)*?)```$/gm)].flatMap(([, heading, language, text]) => {
    if (heading !== undefined) title = heading
    return language === undefined ? [] : [{ language, text: text ?? '', title }]
  })
}

interface Example {
  readonly title: string
  readonly copybook: string
  options: object
  compiler: Partial<CompileOptions>
  readonly records: { readonly hex: string; result: Block | undefined }[]
  mistake: Block | undefined
}

/** A copybook, its options, and records with what comes of each; or the mistake in it. */
function examplesOf(blocks: readonly Block[]): Example[] {
  const examples: Example[] = []
  for (const block of blocks) {
    const { language, text, title } = block
    const last = examples.at(-1)
    const record = last?.records.at(-1)
    if (language === 'cobol') {
      examples.push({ title, copybook: text, options: {}, compiler: {}, records: [], mistake: undefined })
    } else if (language === 'json compiler' && last) last.compiler = JSON.parse(text)
    else if (language === 'json options' && last) last.options = JSON.parse(text)
    else if (language === 'hex' && last) last.records.push({ hex: text, result: undefined })
    else if (record) record.result = block
    else if (last) last.mistake = block
  }
  return examples
}

function codecOf({ copybook, options, compiler }: Example) {
  return recordCodec(layoutOf(copybook, compiler), {
    codePage: 'cp037',
    undeclaredViews: 'refuse',
    ...options,
  } as CodecOptions)
}

/** What decoding gives, as the page shows it. */
function shown(example: Example, record: string): { language: string; text: string } {
  try {
    return { language: 'json', text: `${jsonText(codecOf(example).decode(bytes(record)))}\n` }
  } catch (error) {
    if (!isFailure(error)) throw error
    return { language: 'text', text: `${error.message}\n` }
  }
}

/** The mistakes of a copybook, as the command line shows them. */
function mistakesOf({ copybook, compiler }: Example): string {
  const source = { name: 'MESSAGE.cpy', text: copybook }
  const { failures } = compileCopybook(source, { format: 'free', ...compiler })
  return failures.map((failure) => `${describeFailure(failure)}\n`).join('')
}

/** On one line where it is short. */
function jsonText(value: unknown): string {
  const line = JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ')
  return line.length <= 140 ? line : JSON.stringify(value, null, 2)
}

if (process.env.UPDATE) {
  const written = examplesOf(blocksOf(page)).map((example) => example.records.map((one) => shown(example, one.hex)))
  let example = -1
  let record = -1
  const text = page.replaceAll(/^```(.+)\n((?:.*\n)*?)```$/gm, (block, language: string) => {
    if (language === 'cobol') [example, record] = [example + 1, -1]
    if (language === 'hex') record += 1
    const given = examplesOf(blocksOf(page))[example]
    if (given && record < 0 && language === 'text') return `\`\`\`text\n${mistakesOf(given)}\`\`\``
    const now = language === 'json' || language === 'text' ? written[example]?.[record] : undefined
    return now ? `\`\`\`${now.language}\n${now.text}\`\`\`` : block
  })
  writeFileSync(path, text)
}

const examples = examplesOf(blocksOf(readFileSync(path, 'utf8')))

test('the page has an example for each of its subjects', () => {
  const titles = [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title)
  expect(titles.length).toBeGreaterThan(9)
  expect([...new Set(examples.map(({ title }) => title))]).toEqual(titles)
  for (const { records, mistake } of examples) {
    expect(records.length > 0).toBe(mistake === undefined)
    for (const { result } of records) expect(['json', 'text']).toContain(result?.language)
  }
})

test.each(examples.filter(({ mistake }) => mistake))('$title: the mistake', (example) => {
  expect(mistakesOf(example)).toBe(example.mistake?.text)
})

describe.each(examples.filter(({ mistake }) => !mistake))('$title', (example) => {
  test.each(example.records)('$hex', ({ hex: record, result }) => {
    expect(shown(example, record)).toMatchObject({ language: result?.language, text: result?.text })
    if (result?.language !== 'json') return
    const given: JsonObject = JSON.parse(result.text)
    expect(hex(codecOf(example).encode(given))).toBe(hex(bytes(record)))
  })
})
