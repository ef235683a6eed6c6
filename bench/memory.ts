// The peak memory of `mainspan decode` over a stream of some gigabytes: records go into its standard input as fast as it takes them,
// JSON goes to nowhere, so that no disk is needed. Linux tells the peak: VmHWM in /proc/PID/status.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { corpus, corpusNames } from './corpora.ts'
import { mebibyte, table } from './measure.ts'

const mostMebibytes = 150

/** `--quick` streams 8 MiB, `--gb=N` that many gigabytes (4), `--threads=N` decodes in threads; the name of a corpus takes that one (text). */
export async function bench(args: readonly string[]): Promise<void> {
  const numberOf = (name: string, otherwise: number) =>
    Number(args.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise)
  const size = args.includes('--quick') ? 8 * mebibyte : numberOf('gb', 4) * 1024 * mebibyte
  const names = corpusNames.filter((name) => args.includes(name))
  const rows = [['', 'GB', 'seconds', 'MiB/s', 'peak MiB', 'aim']]
  for (const name of names.length > 0 ? names : (['text'] as const)) {
    const { bytes } = corpus(name, 4 * mebibyte)
    const threads = numberOf('threads', 1)
    const { seconds, streamed, peak } = await streamThrough(name, bytes, size, threads)
    const [gigabytes, speed] = [streamed / mebibyte / 1024, streamed / mebibyte / seconds]
    rows.push([
      `${name}, ${threads === 1 ? 'one thread' : `${threads} threads`}`,
      gigabytes.toFixed(2),
      seconds.toFixed(1),
      speed.toFixed(1),
      peak.toFixed(0),
      threads === 1 ? `< ${mostMebibytes}` : '',
    ])
  }
  console.log(table(rows))
}

interface Streamed {
  readonly seconds: number
  readonly streamed: number
  /** The most resident memory that the process ever had, in MiB. */
  readonly peak: number
}

/** Writes `piece` over and over, at least `size` bytes, to a `mainspan decode`. */
async function streamThrough(name: string, piece: Buffer, size: number, threads: number): Promise<Streamed> {
  const copybook = fileURLToPath(new URL(`./corpora/${name}.cpy`, import.meta.url))
  const program = fileURLToPath(new URL('../src/mainspan.mjs', import.meta.url))
  const options = ['--copybook', copybook, '--format', 'F', '--threads', String(threads), '-']
  const start = performance.now()
  const child = spawn(process.execPath, [program, 'decode', ...options], { stdio: ['pipe', 'ignore', 'inherit'] })
  let peak = 0
  const look = () => {
    peak = Math.max(peak, peakOf(child.pid))
  }
  const ended = once(child, 'close')
  const watch = setInterval(look, 100)
  let streamed = 0
  try {
    while (streamed < size) {
      streamed += piece.length
      if (!child.stdin.write(piece)) await Promise.race([once(child.stdin, 'drain'), ended.then(failIfEnded)])
    }
    look()
    child.stdin.end()
    const [status] = await ended
    if (status !== 0) failIfEnded([status])
  } finally {
    clearInterval(watch)
    child.kill()
  }
  return { seconds: (performance.now() - start) / 1000, streamed, peak }
}

function failIfEnded([status]: unknown[]): never {
  throw new Error(`mainspan decode ended with ${status}`)
}

function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
  } catch {
    return 0 // It has just ended.
  }
}
