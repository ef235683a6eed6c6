// `mainspan decode … > file` on the same files: end to end, and without the start of the process. The files lie in memory where the machine has
// such a folder: a disk that is busy with what it was given before would be measured instead.

import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Corpus } from './corpora.ts'
import { secondsOfDecoding } from './decode-command.ts'
import { middle } from './measure.ts'

interface CommandRow {
  readonly name: string
  readonly seconds: number
  readonly spread: number
}

/** Seconds of one round. */
interface Round {
  readonly library: number
  readonly start: number
  readonly whole: number
}

/**
 * `library` does the same work inside of this process. `note` is a line that sets the rows beside it: each figure is the median of what single
 * rounds give, so that a machine which is slow for a while slows both sides.
 */
export async function commandSpeeds(
  given: Corpus,
  library: () => void,
  quick: boolean,
): Promise<{ rows: CommandRow[]; note: string }> {
  const folder = mkdtempSync(join(fastFolder(8 * given.bytes.length), 'mainspan-bench-'))
  const at = (name: string) => join(folder, name)
  const [file, first, output] = [at('records'), at('first-record'), at('lines')]
  const decode = (records: string) =>
    secondsOfDecoding({ name: given.name, file: records, output, threads: 1, canonical: true })
  const rounds: Round[] = []
  try {
    writeFileSync(file, given.bytes)
    writeFileSync(first, given.bytes.subarray(0, given.recordLength))
    for (let round = 0; round < (quick ? 1 : 11); round += 1) {
      rounds.push({ library: secondsOf(library), start: await decode(first), whole: await decode(file) })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { rows: rowsOf(rounds), note: noteOf(rounds) }
}

const inMemory = '/dev/shm'

/** Where files of so many bytes together go: into memory where the machine has a folder there with room for them. */
export function fastFolder(size: number): string {
  try {
    const { bavail, bsize } = statfsSync(inMemory)
    return bavail * bsize > size ? inMemory : tmpdir()
  } catch {
    return tmpdir() // There is none.
  }
}

function rowsOf(rounds: readonly Round[]): CommandRow[] {
  const row = (name: string, time: (round: Round) => number): CommandRow => ({ name, ...middle(rounds.map(time)) })
  return [
    row('mainspan decode > file', ({ whole }) => whole),
    row('… without its start', ({ whole, start }) => beyond(whole, start)),
  ]
}

function noteOf(rounds: readonly Round[]): string {
  const median = (figure: (round: Round) => number) => middle(rounds.map(figure)).seconds.toFixed(2)
  const ofLibrary = median(({ library, whole, start }) => library / beyond(whole, start))
  return `the command starts in ${median(({ start }) => start)} s and then reaches ${ofLibrary} of the library's speed (aim ≥ 0.8)`
}

/** What a run takes longer than one of a single record. */
const beyond = (run: number, start: number): number => Math.max(run - start, 0.001)

function secondsOf(work: () => void): number {
  const start = performance.now()
  work()
  return (performance.now() - start) / 1000
}
