// `mainspan decode` of a file of some gigabytes: its peak memory, and two threads beside one. The lines go to nowhere, so that the disk has the
// file only. Linux tells the peak: VmHWM in /proc/PID/status.

import type { ChildProcess } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Corpus, corpus, corpusNames } from './corpora.ts'
import { secondsOfDecoding } from './decode-command.ts'
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
    const { length, one, two } = await decodeLong(name, size, quick ? 1 : numberOf('rounds', 3))
    rows.push(rowOf(`${name}, one thread`, length, one), rowOf(`${name}, two threads`, length, two))
    const ratio = middle(one.map(({ seconds }, round) => seconds / (two[round]?.seconds ?? seconds))).seconds
    notes.push(`${name}: two threads are ${ratio.toFixed(2)} × as fast as one (aim ≥ ${aimOfThreads})`)
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

/** One thread and two by turns, so that a machine which is slow for a while slows both. */
async function decodeLong(name: Corpus['name'], size: number, rounds: number) {
  const folder = mkdtempSync(join(tmpdir(), 'mainspan-bench-'))
  const file = join(folder, 'records')
  const [one, two]: [Run[], Run[]] = [[], []]
  try {
    const length = writeLong(corpus(name, Math.min(size, 64 * mebibyte)).bytes, size, file)
    for (let round = 0; round < rounds; round += 1) {
      one.push(await run(name, file, 1))
      two.push(await run(name, file, 2))
    }
    return { length, one, two }
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

async function run(name: Corpus['name'], file: string, threads: number): Promise<Run> {
  let peak = 0
  let watch: NodeJS.Timeout | undefined
  const started = ({ pid }: ChildProcess): void => {
    watch = setInterval(() => {
      peak = Math.max(peak, peakOf(pid))
    }, 50)
  }
  const decoding = { name, file, output: '/dev/null', threads, canonical: false }
  const seconds = await secondsOfDecoding(decoding, started)
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
