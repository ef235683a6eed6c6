// What a process has used of the processors, as Linux counts it.

import { readFileSync } from 'node:fs'

/** Linux counts in hundredths of a second, whatever the kernel's own clock. */
const ticksPerSecond = 100

/** CPU seconds of a process so far, user and system together; without its children. */
export function cpuSeconds(pid: number): number {
  const [user, system] = timesOf(String(pid))
  return user + system
}

/** CPU seconds of all children of this process that have ended. */
export function childrenCpuSeconds(): number {
  const [, , user, system] = timesOf('self')
  return user + system
}

/** User and system seconds of a process, and those of its children that have ended. */
function timesOf(process: string): readonly [number, number, number, number] {
  const stat = readFileSync(`/proc/${process}/stat`, 'utf8')
  // The name in brackets may hold anything, brackets too; utime is the 14th field, and stime, cutime and cstime come next.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const seconds = (index: number): number => Number(fields[index]) / ticksPerSecond
  return [seconds(11), seconds(12), seconds(13), seconds(14)]
}

/** Runs the work and tells what each process used for it, in ms for each of `count` pieces. */
export async function cpuOf(pids: readonly number[], count: number, work: () => Promise<unknown>): Promise<number[]> {
  const before = pids.map(cpuSeconds)
  await work()
  return pids.map((pid, index) => ((cpuSeconds(pid) - (before[index] ?? 0)) * 1000) / count)
}
