// The architecture and the style as a test: every violation is one line with place, rule and hint.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { docFindings, typeNameFindings } from './tidy/exports.ts'
import { cycleFindings, deadFileFindings, folderCycleFindings, importFindings, roomOf, rooms } from './tidy/imports.ts'
import { measuresOf } from './tidy/measures.ts'
import { findingText, importsOf, type SourceFile, sourceFile } from './tidy/source.ts'
import { folderFindings, styleFindings } from './tidy/style.ts'

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
}).split('\n')
const paths = tracked.filter(
  (path) => /^(src|adapters|workflows|test|bench)\/.*\.ts$/.test(path) && !/^test\/broken\/|\/golden\//.test(path),
)
const files = paths.map((path) => sourceFile(path, readFileSync(path, 'utf8')))
const productFiles = files.filter((file) => !file.path.startsWith('test/') && !file.path.startsWith('bench/'))

/** What is started from outside, or found by path. */
const entries = [
  'src/cli/main.ts',
  'src/catalog/typescript-loader.ts',
  'src/public/codec.ts',
  'src/codepage/iconv-lite.ts', // for applications whose libraries take an encoding by its iconv-lite name
  ...paths.filter((path) => /^(adapters|workflows)\//.test(path)),
  ...paths.filter((path) => /^src\/flow\//.test(path)),
  ...paths.filter((path) => /^src\/local\/.*-(watchdog|child)\.ts$/.test(path)),
  ...paths.filter((path) => /^src\/.*-worker\.ts$/.test(path)),
]

describe('the tree', () => {
  test('keeps the import rules', () => {
    expect(importFindings(productFiles).map(findingText)).toEqual([])
  })
  test('takes the seed of a property test from one place', () => {
    const byHand = files.filter((file) => importsOf(file).some(({ from }) => from === 'fast-check'))
    expect(byHand.map(({ path }) => path)).toEqual(['test/support/property.ts'])
  })
  test('has no import cycles', () => {
    expect(cycleFindings(files).map(findingText)).toEqual([])
  })
  test('has no folder cycles', () => {
    expect(folderCycleFindings(files).map(findingText)).toEqual([])
  })
  test('has no dead files', () => {
    expect(deadFileFindings(productFiles, entries).map(findingText)).toEqual([])
  })
  test('keeps the style', () => {
    expect(files.flatMap(styleFindings).map(findingText)).toEqual([])
  })
  test('declares each type name once', () => {
    expect(typeNameFindings(files).map(findingText)).toEqual([])
  })
  test('says of each export that others use what it is', () => {
    expect(docFindings(files).map(findingText)).toEqual([])
  })
  test('has folders of a readable size', () => {
    expect(folderFindings(tracked.filter((path) => path.startsWith('src/'))).map(findingText)).toEqual([])
  })
  test('has few casts and short functions', () => {
    const { castsPerKloc, bodyMedian, bodyP90 } = measuresOf(files.filter(({ path }) => path.startsWith('src/')))
    console.log(`casts per 1,000 lines ${castsPerKloc}; lines of a function: median ${bodyMedian}, p90 ${bodyP90}`)
    expect(castsPerKloc).toBeLessThanOrEqual(1.5)
    expect(bodyMedian).toBeLessThanOrEqual(6)
    expect(bodyP90).toBeLessThanOrEqual(15)
  })
  test('has no rooms but those of the design', () => {
    expect(new Set(productFiles.flatMap((file) => roomOf(file.path) ?? []))).toEqual(
      new Set(rooms.filter((room) => paths.some((path) => path.startsWith(`src/${room}/`)))),
    )
  })
})

describe('the rules find planted offences', () => {
  const planted = (path: string, text: string): SourceFile => sourceFile(path, `// A planted file.\n${text}`)
  test.each([
    ['src/cobol/a.ts', "import { readFileSync } from 'node:fs'", 'pure room cobol imports node:fs'],
    ['src/codec/a.ts', "import { x } from '../backend/b.ts'", 'pure room codec imports src/backend/b.ts'],
    ['src/wire/a.ts', "import { connect } from 'node:net'", 'pure room wire imports node:net'],
    ['src/wire/a.ts', "import { SaxesParser } from 'saxes'", 'saxes is fenced into src/wire/soap/xml.ts'],
    ['src/flow/a.ts', "import { z } from 'zod'", 'flow imports zod'],
    ['src/catalog/a.ts', "import { x } from '../backend/b.ts'", 'edge room catalog imports src/backend/b.ts'],
    ['src/catalog/a.ts', "import { x } from '../protocols.ts'", 'edge room catalog imports src/protocols.ts'],
    ['src/api/a.ts', "import { x } from '../event/b.ts'", 'edge room api imports src/event/b.ts'],
    ['src/operation/a.ts', "import { x } from '../api/b.ts'", 'neutral room operation imports src/api/b.ts'],
    ['src/operation/a.ts', "import { x } from 'node:fs'", 'neutral room operation imports node:fs'],
    ['src/api/a.ts', "import { Ajv } from 'ajv'", 'ajv is fenced into src/operation/schema-mistakes.ts'],
    ['src/dataset/a.ts', "import { x } from '../catalog/b.ts'", 'edge room dataset imports src/catalog/b.ts'],
    ['src/catalog/a.ts', "import type { X } from '../cli/b.ts'", 'catalog imports src/cli/b.ts'],
    ['src/api/a.ts', "import amqp from 'amqplib'", 'amqplib is fenced into src/event/broker.ts'],
    ['src/public/a.ts', "export { x } from '../backend/b.ts'", 'pure room public imports src/backend/b.ts'],
    ['src/start.ts', "import { x } from '../adapters/deposits.ts'", 'src/ imports adapters/deposits.ts'],
    ['adapters/a.ts', "import { x } from '../src/flow/call.ts'", 'an adapter imports ../src/flow/call.ts'],
    ['workflows/a.ts', "import { x } from './a.operation.ts'", 'a flow imports ./a.operation.ts'],
    ['workflows/a.operation.ts', "import { x } from 'node:fs'", 'an operation imports node:fs'],
  ])('%s: %s', (path, text, rule) => {
    expect(importFindings([planted(path, text)]).map((one) => one.rule)).toEqual([rule])
  })

  test.each([
    ['src/a.ts', 'export const x: any = 1', 'any'],
    ['src/a.ts', 'export const x = y!', 'non-null assertion'],
    ['src/a.ts', 'export enum X { A }', 'enum'],
    ['src/a.ts', 'export default 1', 'default export'],
    ['src/a.ts', "throw new Error('x')", 'bare Error'],
    ['src/a.ts', 'export const x = process.env.HOME', 'the environment is read'],
    ['src/a.ts', 'try { f() } catch {}', 'swallowed error'],
    ['src/a.ts', "export const x = y.kind === 'soap'", 'a kind of back end or transaction is compared'],
    ['src/a.ts', "export const x = kind !== 'record'", 'a kind of back end or transaction is compared'],
    ['src/event/a.ts', 'await parts.operations.start(request)', 'an operation is started'],
    ['src/api/a.ts', 'await caller.call(asked)', 'a core is called'],
    ['src/flow/a.ts', 'export const x = { http: 404 }', 'a number of HTTP is known'],
    ['src/event/a.ts', 'export const x = error.http', 'a number of HTTP is known'],
    ['src/a.ts', '// TODO later', 'unfinished place'],
    ['src/a.ts', `// @ts-${'ignore'}`, 'a type error is silenced'],
    ['src/a.ts', 'export interface CallService {}', 'vague name CallService'],
    ['src/a.ts', "export * from './b.ts'", 'a barrel file'],
    ['src/a.ts', `export function f() {${'\n'.repeat(70)}}`, 'a function of 71 lines, more than 70'],
    ['src/a.ts', '\n'.repeat(400), '401 lines, more than 400'],
  ])('%s: %s', (path, text, rule) => {
    expect(styleFindings(planted(path, text)).map((one) => one.rule)).toEqual([rule])
  })

  test('a file without a first comment', () => {
    expect(styleFindings(sourceFile('src/a.ts', 'export const x = 1\n')).map((one) => one.rule)).toEqual([
      'no first comment',
    ])
  })
  test('a cycle', () => {
    const one = planted('src/a.ts', "import { b } from './b.ts'")
    const other = planted('src/b.ts', "import { a } from './a.ts'")
    expect(cycleFindings([one, other]).map((finding) => finding.rule)).toEqual([
      'import cycle src/a.ts → src/b.ts → src/a.ts',
    ])
  })
  test('a cycle of types in the product', () => {
    const one = planted('src/wire/a.ts', "import type { B } from './b.ts'")
    const other = planted('src/wire/b.ts', "import type { A } from './a.ts'")
    expect(cycleFindings([one, other]).map((finding) => finding.rule)).toEqual([
      'import cycle src/wire/a.ts → src/wire/b.ts → src/wire/a.ts',
    ])
  })
  test('a cast, and the lines of a function', () => {
    const text =
      'export const one = (list: unknown) => list as number[]\nexport function two() {\n  one(1)\n  one(2)\n}\n'
    // The first comment is a line too.
    expect(measuresOf([planted('src/wire/a.ts', text)])).toEqual({ castsPerKloc: 166.67, bodyMedian: 2, bodyP90: 2 })
    expect(measuresOf([planted('src/codepage/element.ts', text)])).toMatchObject({ castsPerKloc: 0 })
  })
  test('a cycle of folders', () => {
    const one = planted('src/x/a/1.ts', "import { b } from '../b/1.ts'")
    const other = planted('src/x/b/2.ts', "import { a } from '../a/2.ts'")
    expect(folderCycleFindings([one, other]).map((finding) => finding.rule)).toEqual([
      'folder cycle src/x/a → src/x/b → src/x/a',
    ])
  })
  test('a dead file', () => {
    expect(deadFileFindings([planted('src/a.ts', ''), planted('src/b.ts', '')], ['src/a.ts']).map(findingText)).toEqual(
      ['src/b.ts:1: nothing leads to this file; use it or delete it'],
    )
  })
  test.each([
    ['interface Place {}', 'type Place = string'],
    ['export interface Place {}', 'export interface Place {}'],
    ['class Place {}', 'function f() { interface Place {} }'],
  ])('a type name declared twice: %s and %s', (one, other) => {
    const twice = [planted('src/a.ts', one), planted('src/b.ts', other)]
    expect(typeNameFindings(twice).map(findingText)).toEqual([
      'src/b.ts:2: type Place is declared in src/a.ts, too; import it, or say in its name what sets it apart',
    ])
  })
  test('a type name declared once: of a test, or added to a library', () => {
    const added = "declare module 'x' { interface Place {} }"
    const texts = { 'src/a.ts': 'interface Place {}', 'src/b.ts': added, 'test/a.ts': 'interface Place {}' }
    expect(typeNameFindings(Object.entries(texts).map(([path, text]) => planted(path, text)))).toEqual([])
  })
  test.each([
    ['export const x = 1', "import { x } from '../src/a.ts'", 'x has no doc comment'],
    ['export const x = 1', "const { x } = await import('../src/a.ts')", 'x has no doc comment'],
    ['export type X = 1', "export type { X } from '../src/a.ts'", 'X has no doc comment'],
    ['// Of x.\nexport class X {}', "import * as a from '../src/a.ts'", 'X has no doc comment'],
    ['export function x(): void\nexport function x() {}', "import { x } from '../src/a.ts'", 'x has no doc comment'],
    [
      '/** The record codec. */\nexport const recordCodec = 1',
      "import { recordCodec } from '../src/a.ts'",
      'the doc comment of recordCodec repeats the name',
    ],
  ])('an export that says nothing: %s, %s', (text, user, rule) => {
    expect(docFindings([planted('src/a.ts', text), planted('test/b.ts', user)]).map((one) => one.rule)).toEqual([rule])
  })
  test.each([
    ['/** One. */\nexport const x = 1', "import { x } from './a.ts'"],
    ['/** Adds. */\nexport function x(): void\nexport function x() {}', "import { x } from './a.ts'"],
    ['export const x = 1', "import { y } from './a.ts'"],
  ])('an export that says what it is, or that nobody uses: %s, %s', (text, user) => {
    expect(docFindings([planted('src/a.ts', text), planted('src/b.ts', user)])).toEqual([])
  })
  test('a barrel is a published entry', () => {
    expect(styleFindings(planted('src/public/a.ts', "export { x } from './b.ts'"))).toEqual([])
    expect(folderFindings(['src/public/a.ts'])).toEqual([])
  })
  test('folders too full, too empty, too deep', () => {
    const full = Array.from({ length: 13 }, (_, index) => `src/x/${index}.ts`)
    const deep = ['src/a/b/c/1.ts', 'src/a/b/c/2.ts', 'src/a/b/c/3.ts']
    expect(folderFindings([...full, 'src/y/1.ts', ...deep]).map((one) => one.rule)).toEqual([
      '13 files in a folder',
      'only 1 files in a folder',
      'a folder too deep',
    ])
  })
})
