// The mutation tool itself: which changes it makes, that it tells killed from survived, and what its list of survivors is held against.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from '@jest/globals'
import { type Accepted, acceptedIn } from './accepted.ts'
import { byHand } from './by-hand.ts'
import { scoreOf, staleIn } from './report.ts'
import { rooms } from './rooms.ts'
import { type Judged, mutantsIn, type RoomReport } from './session.ts'
import { mutantsOf, mutated, probed, probeOf } from './text/mutants.ts'
import { type Operator, operatorNames } from './text/operators.ts'
import { siblingsIn } from './text/unions.ts'

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const siblings = siblingsIn([
  `type State = 'open' | 'closed'; type End = { is: 'applied'; at: number } | { is: 'rejected' | 'failed' }`,
])

const operators: readonly (readonly [Operator, string, readonly string[]])[] = [
  ['condition', 'const f = (a) => { if (a) g(); }', ['true', 'false']],
  ['condition', 'const f = (a) => { while (a()) g(); }', ['false']],
  ['condition', 'const f = (a) => (a ? 1 : 2)', ['true', 'false']],
  ['comparison', 'const f = (a) => a < 2', ['(a <= 2)']],
  ['comparison', 'const f = (a) => a === b || c', ['(a !== b)']],
  // The condition as a whole is made constant by another operator.
  ['comparison', 'const f = (a) => { if (a === b) g() }', []],
  ['comparison', 'const f = (a) => a * b', ['(a / b)']],
  ['comparison', "const f = (a) => a + ' apples'", []],
  ['operand', 'const f = (a) => a() ?? b', ['(a())', '(b)']],
  ['negation', 'const f = (a) => !a', ['(a)']],
  ['statement', 'const f = () => { g(); h = 1 }', [';', ';']],
  ['statement', 'const f = (a) => { if (a) { g() } }', []],
  ['statement', 'const f = (a) => { if (a) throw b; else g() }', [';', ';']],
  ['assignment', 'const f = () => { a++; b += 1; c ??= 2 }', ['a--', 'b -= 1', 'c = 2']],
  ['await', 'const f = async () => { await g(); const a = await h() }', ['void g()']],
  ['await', 'const f = async () => { try { return await g() } catch { return await h() } }', ['g()']],
  [
    'literal',
    "const f = () => ({ state: 'open', end: 'failed', other: 'word', is: true })",
    ["'closed'", "'applied'", 'false'],
  ],
  ['literal', "const f = (a) => typeof a === 'open' || a['open']", []],
  ['number', 'const f = () => [1, 15_000]', ['2', '0']],
  ['property', "const f = () => ({ a: 1, b, ...c, d: 'words for people' })", ['', '', '']],
  ['method', 'const f = (a) => a.filter(b).some(c)', ['every', 'a']],
]

describe('the operators', () => {
  test.each(operators)('%s: %s', (operator, code, puts) => {
    const made = mutantsOf('src/a.ts', code, siblings).filter((one) => one.operator === operator)
    expect(made.map(({ put }) => put)).toEqual(puts)
  })

  test('are all in the table', () => {
    expect([...new Set(operators.map(([operator]) => operator))].sort()).toEqual([...operatorNames].sort())
  })

  test('leave types and imports alone', () => {
    const code =
      "import { a } from 'open'\nexport type T = 'open'\nexport const b = (c: 'open'): c is 'open' => d<'open'>(c as 'open')"
    expect(mutantsOf('src/a.ts', code, siblings)).toEqual([])
  })

  test('take a property with its comma', () => {
    const code = 'const f = () => ({ a: 1, b: c })'
    const made = mutantsOf('src/a.ts', code, siblings).filter(({ operator }) => operator === 'property')
    expect(made.map((one) => mutated(code, one))).toEqual(['const f = () => ({  b: c })', 'const f = () => ({ a: 1 })'])
  })

  test('name a mutant by its function, and the second of its kind by a number', () => {
    const code = 'function f(a) { return a.b ? a.c ? 1 : 2 : g(1) }'
    const named = mutantsOf('src/a.ts', code, siblings).map(({ within, change }) => `${within}: ${change}`)
    expect(named).toContain('f: 1 → 2')
    expect(named).toContain('f: 1 → 2 #2')
    expect(new Set(named).size).toBe(named.length)
  })
})

test('a probe stands in front of each statement and in each function that is an expression', () => {
  const code = 'const a = (b) => b + 1\nfunction c() {\n  d()\n  if (e) { f() }\n}'
  const made = probed(code, 7)
  expect(made.text).toBe(
    'const a = (b) => (__hit(7), (b + 1))\nfunction c() {\n  __hit(8);d()\n  __hit(9);if (e) { __hit(10);f() }\n}',
  )
  const at = (part: string) => ({ start: code.indexOf(part), end: code.indexOf(part) + part.length })
  expect(['b + 1', 'd()', 'e', 'f()', 'const a'].map((part) => probeOf(made, at(part)))).toEqual([
    0,
    1,
    2,
    3,
    undefined,
  ])
})

describe('the list of survivors', () => {
  const mutant = { id: '', path: 'src/flow/a.ts', line: 1, operator: 'number', start: 0, end: 1, put: '2' } as const
  const judged = (state: Judged['verdict']['state'], change: string): Judged => ({
    mutant: { ...mutant, within: 'f', change },
    verdict: { state },
    accepted: undefined,
  })
  const entry = (change: string): Accepted => ({ path: mutant.path, within: 'f', change, is: 'equivalent', why: 'so' })
  const report = (...all: Judged[]): RoomReport => ({
    ...{ room: 'flow', mutants: all.length, drawn: all.length, judged: all, leftOut: [], tests: 1, msEach: 1 },
    controls: { run: 0, failed: [] },
  })

  test('is stale where the mutant is killed by now, or is none any more', () => {
    const reports = [report(judged('survived', 'a'), judged('killed', 'b'))]
    expect(staleIn(['a', 'b', 'c'].map(entry), reports)).toEqual(['src/flow/a.ts f: b', 'src/flow/a.ts f: c'])
  })

  test('says nothing of rooms that were judged in part', () => {
    expect(staleIn([entry('c')], [{ ...report(judged('survived', 'a')), mutants: 2 }])).toEqual([])
  })

  test('counts as survived what has a reason or no test, and leaves out what is no program', () => {
    const all = [judged('killed', 'a'), judged('timed out', 'b'), judged('survived', 'c'), judged('uncovered', 'd')]
    expect(scoreOf([...all, judged('invalid', 'e')])).toBe(50)
  })

  test('names mutants that there are, each with a reason', () => {
    const known = new Set(
      rooms.flatMap((room) => mutantsIn(root, room)).map(({ path, within, change }) => `${path} ${within}: ${change}`),
    )
    const listed = acceptedIn(root)
    expect(listed.filter(({ path, within, change }) => !known.has(`${path} ${within}: ${change}`))).toEqual([])
    expect(listed.filter(({ why }) => why.length < 20)).toEqual([])
  })
})

test('mutants by hand change a place that there is', async () => {
  const { readFileSync } = await import('node:fs')
  const missing = byHand.filter(({ path, from }) => readFileSync(`${root}/${path}`, 'utf8').split(from).length !== 2)
  expect(missing.map(({ path, from }) => `${path}: ${from}`)).toEqual([])
})

test('each file that is measured by hand has mutants made by hand', () => {
  const measured = new Set(byHand.filter(({ isControl }) => !isControl).map(({ path }) => path))
  const files = rooms.flatMap((room) => room.byHand ?? [])
  expect(files.filter((path) => !measured.has(path))).toEqual([])
})

const ending = new AbortController()
afterAll(() => ending.abort())

async function ran(...args: readonly string[]): Promise<{ readonly said: string; readonly code: number | null }> {
  const command = [fileURLToPath(new URL('run.mjs', import.meta.url)), ...args]
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'ignore'], signal: ending.signal })
  child.on('error', () => undefined)
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return { said, code }
}

test('flows ask Temporal for what the transcripts hold, and keep every promise on the paths, without any mutant', async () => {
  const { said, code } = await ran('run', 'test/mutants/flow/paths.ts', 'test/mutants/flow/transcripts.ts')
  expect(said).toMatch(/^\d+ passed, 0 failed$/m)
  expect(code).toBe(0)
}, 120_000)

test('of a room with known ends it tells what was killed, what hung, what survived, and what nobody tests', async () => {
  const { said, code } = await ran('--room', 'control', '--no-hand')
  expect(said).toMatch(/^control +15 +15 +9 +1 +1 +4 +66\.7 % +0/m)
  expect(said).toContain('larger [comparison] one >= other → (one > other) · SURVIVED')
  expect(said).toMatch(/isOdd \[number\] 2 → 3 · no test/)
  expect(code).toBe(1)
}, 120_000)

test('its controls over real rooms end as expected: some have to be killed, and some to survive', async () => {
  const controls = byHand.filter(({ isControl }) => isControl)
  expect(new Set(controls.map(({ expected }) => expected))).toEqual(new Set(['killed', 'survived']))
  const { said, code } = await ran('--controls')
  expect(said).toContain(`by hand: ${controls.length} of ${controls.length} as expected`)
  expect(code).toBe(0)
}, 120_000)
