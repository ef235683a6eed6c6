// Times a piece of work: warmed up, several rounds, the median told, so that one slow round does not count.

import { performance } from 'node:perf_hooks'

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
  times.sort((one, other) => one - other)
  const seconds = times[times.length >> 1] ?? 0
  return { seconds, spread: ((times.at(-1) ?? 0) - (times[0] ?? 0)) / seconds }
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
