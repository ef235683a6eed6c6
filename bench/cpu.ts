// What a process has used of the processors, as Linux counts it.

import { readFileSync } from 'node:fs'

/** Linux counts in hundredths of a second, whatever the kernel's own clock. */
const ticksPerSecond = 100

/** CPU seconds of a process so far, user and system together; without its children. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in brackets may hold anything, brackets too; utime and stime are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** Runs the work and tells what each process used for it, in ms for each of `count` pieces. */
export async function cpuOf(pids: readonly number[], count: number, work: () => Promise<unknown>): Promise<number[]> {
  const before = pids.map(cpuSeconds)
  await work()
  return pids.map((pid, index) => ((cpuSeconds(pid) - (before[index] ?? 0)) * 1000) / count)
}
