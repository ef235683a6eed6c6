// `mainspan decode … > file` on the same files: end to end, without the start of the process, and in two threads beside one.

import { spawn } from 'node:child_process'
import { appendFileSync, closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Corpus } from './corpora.ts'
import { middle } from './measure.ts'

/** How much longer the file for threads is: a second thread takes a quarter of a second to start. */
const longer = 8

const root = fileURLToPath(new URL('..', import.meta.url))

interface CommandRow {
  readonly name: string
  readonly seconds: number
  readonly spread: number
}

/** `library` is the time of the same work inside of a process. `note` is a line that sets the rows beside it. */
export async function commandSpeeds(
  given: Corpus,
  library: number,
  quick: boolean,
): Promise<{ rows: CommandRow[]; note: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'mainspan-bench-'))
  const [file, long, one, output] = ['records', 'many-records', 'one-record', 'lines'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string]
  try {
    writeFileSync(file, given.bytes)
    const repeated = quick ? 1 : longer
    for (let times = 0; times < repeated; times += 1) appendFileSync(long, given.bytes)
    writeFileSync(one, given.bytes.subarray(0, given.recordLength))
    const runs = { start: [] as number[], whole: [] as number[], first: [] as number[], second: [] as number[] }
    for (let round = 0; round < (quick ? 1 : 5); round += 1) {
      runs.start.push(await decode(given, one, output))
      runs.whole.push(await decode(given, file, output))
      runs.first.push(await decode(given, long, '/dev/null'))
      runs.second.push(await decode(given, long, '/dev/null', '2'))
    }
    const start = middle(runs.start).seconds
    const row = (name: string, times: readonly number[], without = 0, files = 1): CommandRow => {
      const { seconds, spread } = middle(times.map((time) => Math.max(time - without, 0.001) / files))
      return { name, seconds, spread }
    }
    const rows = [
      row('mainspan decode > file', runs.whole),
      row('… without its start', runs.whole, start),
      row('… one thread, to nowhere', runs.first, start, repeated),
      row('… two threads, to nowhere', runs.second, start, repeated),
    ]
    const [, afterStart, alone, both] = rows.map(({ seconds }) => seconds)
    const times = (over = 0, under = 1) => (over / under).toFixed(2)
    const note = [
      `the command starts in ${start.toFixed(2)} s and then reaches ${times(library, afterStart)} of the library's speed (aim ≥ 0.8)`,
      `two threads reach ${times(alone, both)} × one (aim ≥ 1.8)`,
    ].join('; ')
    return { rows, note }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
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
