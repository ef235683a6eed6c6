// Judges a mutant: runs the tests that cover its place, those first that found the last ones, until one fails.

import type { Room } from '../rooms.ts'
import { type Mutant, mutated, probeOf } from '../text/mutants.ts'
import type { Baseline, Sources, TestCase } from './baseline.ts'
import type { Bench } from './bench.ts'
import { compiled } from './modules.ts'

/**
 * - `killed`: a test failed.
 * - `timed out`: a test did not end.
 * - `survived`: all tests that run the place passed.
 * - `uncovered`: no test runs the place.
 * - `invalid`: no program any more.
 */
export type State = 'killed' | 'timed out' | 'survived' | 'uncovered' | 'invalid'

export interface Verdict {
  readonly state: State
  /** The test that failed, and with what. */
  readonly by?: string
  readonly why?: string
}

export interface Court {
  readonly room: Room
  readonly sources: Sources
  readonly baseline: Baseline
  readonly bench: Bench
  /** The test cases that killed, the last one first. */
  readonly killers: string[]
  /** Hears before each test how many ms it may take at most. */
  readonly beat: (limitMs: number) => void
}

export async function judged(court: Court, mutant: Pick<Mutant, 'path' | 'start' | 'end' | 'put'>): Promise<Verdict> {
  const text = mutated(court.sources.texts.get(mutant.path) ?? '', mutant)
  try {
    compiled(mutant.path, text)
  } catch {
    return { state: 'invalid' }
  }
  const covering = covered(court, mutant)
  if (covering.length === 0) return { state: 'uncovered' }
  for (const [file, cases] of filesInOrder(court, covering)) {
    const verdict = await failing(court, file, cases, new Map([[mutant.path, text]]))
    if (verdict) return verdict
  }
  return { state: 'survived' }
}

/** Whether the tests of a place pass without any mutant: what else fails is no work of mutants. */
export async function controlled(court: Court, mutant: Pick<Mutant, 'path' | 'start' | 'end'>): Promise<Verdict> {
  for (const [file, cases] of filesInOrder(court, covered(court, mutant))) {
    const verdict = await failing(court, file, cases, new Map())
    if (verdict) return verdict
  }
  return { state: 'survived' }
}

function covered({ sources, baseline }: Court, mutant: Pick<Mutant, 'path' | 'start' | 'end'>): TestCase[] {
  const probes = sources.probed.get(mutant.path)
  const within = probes && probeOf(probes, mutant)
  if (!probes || within === undefined) {
    // It is run when the file is loaded; the simulated flows load all of theirs.
    return baseline.cases.filter(({ file }) => isLoadedBy(baseline, file, mutant.path))
  }
  return baseline.cases.filter(({ hits }) => hits.includes(probes.first + within))
}

function isLoadedBy({ loads }: Baseline, file: string, path: string): boolean {
  return loads[file]?.includes(path) === true || path.startsWith('src/flow/')
}

/** What killed last comes first. */
function rankOf({ killers }: Court, file: string, position: number): number {
  const at = killers.indexOf(`${file}#${position}`)
  return at === -1 ? 1000 : at
}

/** File → its cases; what killed lately comes first, then what is quick. */
function filesInOrder(court: Court, cases: readonly TestCase[]): [string, TestCase[]][] {
  const byFile = new Map<string, TestCase[]>()
  for (const one of cases) byFile.set(one.file, [...(byFile.get(one.file) ?? []), one])
  const rank = (all: readonly TestCase[]) => Math.min(...all.map(({ file, position }) => rankOf(court, file, position)))
  const cost = (all: readonly TestCase[]) => all.reduce((sum, { ms }) => sum + ms, 0)
  return [...byFile].sort(([, one], [, other]) => rank(one) - rank(other) || cost(one) - cost(other))
}

async function failing(
  court: Court,
  file: string,
  cases: readonly TestCase[],
  texts: ReadonlyMap<string, string>,
): Promise<Verdict | undefined> {
  const known = new Map(court.baseline.cases.filter((one) => one.file === file).map((one) => [one.position, one]))
  const last = Math.max(-1, ...cases.filter(({ needsOthers }) => needsOthers).map(({ position }) => position))
  const positions = [...known.keys()].filter((at) => at <= last || cases.some(({ position }) => position === at))
  if (last === -1) positions.sort((one, other) => rankOf(court, file, one) - rankOf(court, file, other) || one - other)
  const limitMs = (position: number) => 2000 + 10 * (known.get(position)?.ms ?? 0)
  let verdict: Verdict | undefined
  const unloadable = await court.bench.run({
    ...{ file, texts, cases: positions, limitMs },
    next: (position) => court.beat(limitMs(position)),
    each(position, name, { problem }) {
      if (problem === undefined) return true
      verdict = {
        state: /takes longer than|does not end/.test(problem) ? 'timed out' : 'killed',
        by: `${file}: ${name}`,
        why: problem,
      }
      remember(court.killers, `${file}#${position}`)
      return false
    },
  })
  return verdict ?? (unloadable === undefined ? undefined : { state: 'killed', by: file, why: unloadable })
}

function remember(killers: string[], name: string): void {
  const at = killers.indexOf(name)
  if (at >= 0) killers.splice(at, 1)
  killers.unshift(name)
  killers.length = Math.min(killers.length, 100)
}
