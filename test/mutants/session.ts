// A run over rooms: which mutants there are, which are judged, and what came of it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Accepted, acceptedFor } from './accepted.ts'
import { byHand } from './by-hand.ts'
import type { ByHand } from './hand-made.ts'
import { filesBelow, type Room, sourcesBelow } from './rooms.ts'
import { testsDigest } from './run/digest.ts'
import { Hands } from './run/hands.ts'
import type { State, Verdict } from './run/judge.ts'
import { digestOf, type Results } from './run/results.ts'
import { type Mutant, mutantsOf } from './text/mutants.ts'
import { siblingsIn } from './text/unions.ts'

export interface Judged {
  readonly mutant: Mutant
  readonly verdict: Verdict
  readonly accepted: Accepted | undefined
}

export interface RoomReport {
  readonly room: string
  /** All there are, and those that were drawn. */
  readonly mutants: number
  readonly drawn: number
  readonly judged: readonly Judged[]
  /** Tests that do not pass here as the code is. */
  readonly leftOut: readonly string[]
  readonly tests: number
  /** Controls between mutants: the same tests without any. */
  readonly controls: { readonly run: number; readonly failed: readonly string[] }
  readonly msEach: number
}

export interface SessionOptions {
  readonly root: string
  readonly folder: string
  readonly results: Results
  readonly accepted: readonly Accepted[]
  /** Draws so many of each room, by the seed. */
  readonly sample: number
  readonly seed: number
  /** Only mutants whose id holds this. */
  readonly only: string
  readonly isOver: () => boolean
  readonly report: (line: string) => void
}

/** After so many mutants the tests of one are run without it. */
const controlEvery = 40

/** Where the closed unions stand that rooms share. */
const unionFolders = ['src/contract', 'src/error']

export function mutantsIn(root: string, room: Room): Mutant[] {
  const texts = (folder: string) =>
    filesBelow(root, folder, '.ts').map((path) => readFileSync(join(root, path), 'utf8'))
  const siblings = siblingsIn([...texts(room.sources), ...unionFolders.flatMap(texts)])
  return sourcesBelow(root, room).flatMap((path) => mutantsOf(path, readFileSync(join(root, path), 'utf8'), siblings))
}

export async function judgeRoom(options: SessionOptions, room: Room): Promise<RoomReport> {
  const { root, folder, results, accepted, report } = options
  const all = mutantsIn(root, room)
  const chosen = drawn(
    all.filter(({ id }) => id.includes(options.only)),
    options,
  )
  const hands = new Hands({ do: 'open', room: room.name, folder }, (line) => report(`  ${line}`))
  const tests = testsDigest(root, room)
  const judged: Judged[] = []
  const controls = { run: 0, failed: [] as string[] }
  let [fresh, freshMs] = [0, 0]
  const since = performance.now()
  const opened = await hands.open()
  if (!opened) throw new Error(`the tests of ${room.name} could not be run`)
  report(`${room.name}: ${all.length} mutants, ${chosen.length} drawn; ${opened.tests} tests, ${seconds(since)} s`)
  for (const mutant of chosen) {
    const source = digestOf(readFileSync(join(root, mutant.path), 'utf8'))
    const known = results.find(mutant.id, source, tests)
    if (!known && options.isOver()) continue
    const began = performance.now()
    const verdict = known ?? (await hands.verdict({ do: 'judge', mutant }))
    if (!known) {
      const ms = Math.round(performance.now() - began)
      results.add({ id: mutant.id, source, tests, ms, ...verdict })
      freshMs += ms
      if (++fresh % controlEvery === 0) await control(hands, mutant, controls)
      if (fresh % 25 === 0) report(`${room.name}: ${judged.length + 1} of ${chosen.length}, ${seconds(since)} s`)
    }
    judged.push({ mutant, verdict, accepted: acceptedFor(accepted, mutant) })
  }
  await hands.close()
  const leftOut = opened.leftOut.map(({ name, why }) => `${name}: ${why}`)
  const msEach = fresh === 0 ? 0 : Math.round(freshMs / fresh)
  return {
    room: room.name,
    mutants: all.length,
    drawn: chosen.length,
    judged,
    leftOut,
    tests: opened.tests,
    controls,
    msEach,
  }
}

async function control(hands: Hands, mutant: Mutant, controls: { run: number; failed: string[] }): Promise<void> {
  const { state, by, why } = await hands.verdict({ do: 'control', mutant })
  controls.run++
  if (state !== 'survived') controls.failed.push(`${by}: ${why}`)
}

export interface JudgedByHand {
  readonly one: ByHand
  readonly verdict: Verdict
  readonly isRight: boolean
}

/** Those that are wanted, one after the other. */
export async function judgeByHand(
  wanted: (one: ByHand) => boolean,
  report: (line: string) => void,
): Promise<readonly JudgedByHand[]> {
  const hands = new Hands(undefined, report)
  const judged: JudgedByHand[] = []
  for (const [at, one] of byHand.entries()) {
    if (!wanted(one)) continue
    const began = performance.now()
    const verdict = await hands.verdict({ do: 'by hand', at })
    const isRight = isKilled(verdict.state) === (one.expected === 'killed') && verdict.state !== 'invalid'
    judged.push({ one, verdict, isRight })
    report(
      `${isRight ? 'right' : 'WRONG'} ${one.remedy ?? `${one.path}: ${one.from.trim()}`} · ${verdict.state} in ${seconds(began)} s`,
    )
  }
  await hands.close()
  return judged
}

export function isKilled(state: State): boolean {
  return state === 'killed' || state === 'timed out'
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1)
}

/** A part of them, the same for the same seed, in the order of the files. */
function drawn(all: readonly Mutant[], { sample, seed }: Pick<SessionOptions, 'sample' | 'seed'>): readonly Mutant[] {
  if (sample >= all.length) return all
  // Lehmer's generator, as in test/explore/plans.ts.
  let state = seed % 2_147_483_647 || 1
  const below = (most: number) => {
    state = (state * 48_271) % 2_147_483_647
    return state % most
  }
  const left = [...all.keys()]
  const taken = new Set<number>()
  while (taken.size < sample) taken.add(left.splice(below(left.length), 1)[0] ?? 0)
  return all.filter((_, at) => taken.has(at))
}
