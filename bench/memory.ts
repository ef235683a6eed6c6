// `mainspan decode` of a file of some gigabytes: its peak memory, and two threads beside one. The lines go to nowhere, so that the disk has the
// file only. Two processes of one thread, each with half of the file, tell what a second core of this machine gives at most. Linux tells the peak:
// VmHWM in /proc/PID/status.

import type { ChildProcess } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Corpus, corpus, corpusNames } from './corpora.ts'
import { type Decoding, secondsOfDecoding } from './decode-command.ts'
import { mebibyte, middle, table } from './measure.ts'

const aimOfPeak = 150
const aimOfThreads = 1.8

/** `--quick` takes 8 MiB, `--gb=N` that many gigabytes (4), `--rounds=N` runs each that often (3); names of corpora take only those. */
export async function bench(args: readonly string[]): Promise<void> {
  const quick = args.includes('--quick')
  const numberOf = (name: string, otherwise: number) =>
    Number(args.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise)
  const size = quick ? 8 * mebibyte : numberOf('gb', 4) * 1024 * mebibyte
  const names = corpusNames.filter((name) => args.includes(name))
  const rows = [['', 'GB', 'seconds', 'MiB/s', 'spread', 'peak MiB', 'aim']]
  const notes: string[] = []
  for (const name of names.length > 0 ? names : corpusNames) {
    const { length, one, two, halves } = await decodeLong(name, size, quick ? 1 : numberOf('rounds', 3))
    rows.push(rowOf(`${name}, one thread`, length, one), rowOf(`${name}, two threads`, length, two))
    const times = (others: readonly Run[]) =>
      middle(one.map(({ seconds }, round) => seconds / (others[round]?.seconds ?? seconds))).seconds.toFixed(2)
    notes.push(
      `${name}: two threads are ${times(two)} × as fast as one (aim ≥ ${aimOfThreads}); two processes are ${times(halves)} ×`,
    )
  }
  console.log(`${table(rows)}\n${notes.join('\n')}`)
}

interface Run {
  readonly seconds: number
  /** The most resident memory that the process ever had, in MiB. */
  readonly peak: number
}

function rowOf(title: string, length: number, runs: readonly Run[]): string[] {
  const { seconds, spread } = middle(runs.map((run) => run.seconds))
  return [
    title,
    (length / mebibyte / 1024).toFixed(2),
    seconds.toFixed(1),
    (length / mebibyte / seconds).toFixed(1),
    `${(spread * 100).toFixed(0)} %`,
    Math.max(...runs.map(({ peak }) => peak)).toFixed(0),
    `< ${aimOfPeak}`,
  ]
}

/** By turns, so that a machine which is slow for a while slows all. */
async function decodeLong(name: Corpus['name'], size: number, rounds: number) {
  const folder = mkdtempSync(join(tmpdir(), 'mainspan-bench-'))
  const file = join(folder, 'records')
  const [one, two, halves]: [Run[], Run[], Run[]] = [[], [], []]
  try {
    const { bytes, recordLength } = corpus(name, Math.min(size, 64 * mebibyte))
    const length = writeLong(bytes, size, file)
    const half = Math.floor(length / recordLength / 2)
    for (let round = 0; round < rounds; round += 1) {
      one.push(await run({ name, file, threads: 1 }))
      two.push(await run({ name, file, threads: 2 }))
      const parts = [0, half].map((skip) => run({ name, file, threads: 1, part: { skip, count: half } }))
      halves.push((await Promise.all(parts)).reduce((first, other) => (other.seconds > first.seconds ? other : first)))
    }
    return { length, one, two, halves }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes `piece` over and over, at least `size` bytes; gives the file's length. */
function writeLong(piece: Buffer, size: number, file: string): number {
  const { bavail, bsize } = statfsSync(tmpdir())
  if (bavail * bsize < size + piece.length) throw new Error(`${tmpdir()} has no room for ${size / mebibyte} MiB`)
  const into = openSync(file, 'w')
  let length = 0
  while (length < size) length += writeSync(into, piece)
  closeSync(into)
  return length
}

async function run(decoding: Pick<Decoding, 'name' | 'file' | 'threads' | 'part'>): Promise<Run> {
  let peak = 0
  let watch: NodeJS.Timeout | undefined
  const started = ({ pid }: ChildProcess): void => {
    watch = setInterval(() => {
      peak = Math.max(peak, peakOf(pid))
    }, 50)
  }
  const seconds = await secondsOfDecoding({ ...decoding, output: '/dev/null', canonical: false }, started)
  clearInterval(watch)
  return { seconds, peak }
}

function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
  } catch {
    return 0 // It has just ended.
  }
}
