// `mainspan decode … > file` on the same files: end to end, without the start of the process, and in two threads beside one.

import { spawn } from 'node:child_process'
import { appendFileSync, closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Corpus } from './corpora.ts'
import { middle } from './measure.ts'

/** How much longer the file for threads is: a second thread takes a tenth of a second to start. */
const longer = 16

const root = fileURLToPath(new URL('..', import.meta.url))

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
  readonly one: number
  readonly two: number
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
  const folder = mkdtempSync(join(tmpdir(), 'mainspan-bench-'))
  const [file, long, first, output] = ['records', 'many-records', 'first-record', 'lines'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string]
  const repeated = quick ? 1 : longer
  const rounds: Round[] = []
  try {
    writeFileSync(file, given.bytes)
    for (let times = 0; times < repeated; times += 1) appendFileSync(long, given.bytes)
    writeFileSync(first, given.bytes.subarray(0, given.recordLength))
    for (let round = 0; round < (quick ? 1 : 7); round += 1) {
      rounds.push({
        library: secondsOf(library),
        start: await decode(given, first, output),
        whole: await decode(given, file, output),
        one: await decode(given, long, '/dev/null'),
        two: await decode(given, long, '/dev/null', '2'),
      })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { rows: rowsOf(rounds, repeated), note: noteOf(rounds) }
}

function rowsOf(rounds: readonly Round[], repeated: number): CommandRow[] {
  const row = (name: string, time: (round: Round) => number): CommandRow => ({ name, ...middle(rounds.map(time)) })
  return [
    row('mainspan decode > file', ({ whole }) => whole),
    row('… without its start', ({ whole, start }) => beyond(whole, start)),
    row('… one thread, to nowhere', ({ one, start }) => beyond(one, start) / repeated),
    row('… two threads, to nowhere', ({ two, start }) => beyond(two, start) / repeated),
  ]
}

function noteOf(rounds: readonly Round[]): string {
  const median = (figure: (round: Round) => number) => middle(rounds.map(figure)).seconds.toFixed(2)
  const ofLibrary = median(({ library, whole, start }) => library / beyond(whole, start))
  const ofOne = median(({ one, two, start }) => beyond(one, start) / beyond(two, start))
  return [
    `the command starts in ${median(({ start }) => start)} s and then reaches ${ofLibrary} of the library's speed (aim ≥ 0.8)`,
    `two threads reach ${ofOne} × one (aim ≥ 1.8)`,
  ].join('; ')
}

/** What a run takes longer than one of a single record. */
const beyond = (run: number, start: number): number => Math.max(run - start, 0.001)

function secondsOf(work: () => void): number {
  const start = performance.now()
  work()
  return (performance.now() - start) / 1000
}

/** Seconds that the command takes from start to end. */
function decode(given: Corpus, file: string, output: string, threads = '1'): Promise<number> {
  const copybook = fileURLToPath(new URL(`./corpora/${given.name}.cpy`, import.meta.url))
  const options = ['--copybook', copybook, '--format', 'F', '--canonical', '--threads', threads, file]
  const into = openSync(output, 'w')
  const start = performance.now()
  const child = spawn(process.execPath, [join(root, 'src/mainspan.mjs'), 'decode', ...options], {
    stdio: ['ignore', into, 'inherit'],
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => {
      closeSync(into)
      if (status === 0) resolve((performance.now() - start) / 1000)
      else reject(new Error(`mainspan decode ended with ${status}`))
    })
  })
}
