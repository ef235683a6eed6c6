// Times a piece of work: warmed up, several rounds, the median told, so that one slow round does not count.

import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export interface Measure {
  /** Median seconds of one round. */
  readonly seconds: number
  /** (slowest − fastest) / median: how far to trust it. */
  readonly spread: number
}

/** Runs `work` once to warm up and then `rounds` times. Its result is kept alive, so that nothing is optimised away. */
export function measure(work: () => unknown, rounds: number): Measure {
  kept = work()
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now()
    kept = work()
    times.push((performance.now() - start) / 1000)
  }
  return middle(times)
}

/** One way of doing the same work, as any number of steps that are timed apart and added up. */
export interface Way<Step> {
  readonly name: string
  readonly work: (step: Step) => unknown
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void

/** What was prepared leaves the young generation, so that no way pays for copying it. A full collection would shrink the heap, and slow all. */
function settle(): void {
  collect({ type: 'minor' })
  collect({ type: 'minor' })
}

/**
 * Times several ways side by side: in every round each way does each step in turn, so that a busy machine slows all alike. `steps` gives the
 * steps of a round, and may prepare each, untimed. One round more than `rounds` is run, to warm up.
 */
export function interleave<Step>(
  ways: readonly Way<Step>[],
  steps: () => Iterable<Step>,
  rounds: number,
): Map<string, Measure> {
  const times = ways.map((): number[] => [])
  for (let round = 0; round <= rounds; round += 1) {
    const spent = ways.map(() => 0)
    for (const step of steps()) {
      settle()
      for (const [index, { work }] of ways.entries()) {
        const start = performance.now()
        kept = work(step)
        spent[index] = (spent[index] ?? 0) + (performance.now() - start) / 1000
      }
    }
    if (round > 0) for (const [index, list] of times.entries()) list.push(spent[index] ?? 0)
  }
  return new Map(ways.map(({ name }, index) => [name, middle(times[index] ?? [])]))
}

/** The median of some times. */
export function middle(times: readonly number[]): Measure {
  const sorted = [...times].sort((one, other) => one - other)
  const seconds = sorted[sorted.length >> 1] ?? 0
  return { seconds, spread: ((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)) / seconds }
}

/** What the last round gave; exported so that the engine cannot drop it. */
export let kept: unknown

export const mebibyte = 1_048_576

/** A table as text: the first column left, the others right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n')
}

/** The value at a share (0 to 1) of sorted figures. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
