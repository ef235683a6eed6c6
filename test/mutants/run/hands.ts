// One worker process at a time, which is ended when it hangs over a mutant, and replaced now and then: what mutants leave behind piles up.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Verdict } from './judge.ts'
import type { Asked, Said } from './worker.ts'

const program = fileURLToPath(new URL('../run.mjs', import.meta.url))
/** So many mutants one process judges. */
const most = 150
/** Beside what the tests themselves may take: loading, hooks, a busy machine. */
const graceMs = 6000
/** A room is measured test by test; the longest takes half a minute. */
const openMs = 300_000

export type Opened = Extract<Said, { is: 'open' }>

export class Hands {
  readonly #open: Extract<Asked, { do: 'open' }> | undefined
  readonly #measured: (line: string) => void
  #worker: ChildProcess | undefined
  #judged = 0

  /** Over a room, or over none for mutants by hand. */
  constructor(open: Extract<Asked, { do: 'open' }> | undefined, measured: (line: string) => void) {
    this.#open = open
    this.#measured = measured
  }

  /** Measures the room, or finds it measured. */
  async open(): Promise<Opened | undefined> {
    if (!this.#open) return undefined
    const said = await this.#asked(this.#open)
    return said === 'hangs' || said.is !== 'open' ? undefined : said
  }

  async verdict(asked: Asked): Promise<Verdict> {
    if (!this.#worker || this.#judged >= most) await this.#renew()
    this.#judged++
    const said = await this.#asked(asked)
    if (said !== 'hangs' && said.is === 'verdict') return said.verdict
    await this.close()
    return { state: 'timed out', why: 'the process hung, or ended' }
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    if (!worker || worker.exitCode !== null || worker.signalCode !== null) return
    const gone = once(worker, 'exit')
    // With all that a test which failed half way has left running: the worker leads a group of its own.
    process.kill(-Number(worker.pid), 'SIGKILL')
    await gone
  }

  async #renew(): Promise<void> {
    await this.close()
    this.#judged = 0
    await this.open()
  }

  /** What the worker answers; `hangs` when it says nothing for longer than it may, or has ended. */
  async #asked(asked: Asked): Promise<Said | 'hangs'> {
    this.#worker ??= await started()
    const worker = this.#worker
    return await new Promise((resolve) => {
      let timer = setTimeout(() => end('hangs'), openMs)
      const end = (said: Said | 'hangs') => {
        clearTimeout(timer)
        worker.off('message', hear)
        worker.off('exit', gone)
        resolve(said)
      }
      const gone = () => end('hangs')
      const hear = (said: Said) => {
        if (said.is === 'measured') this.#measured(said.line)
        if (said.is === 'verdict' || said.is === 'open') return end(said)
        clearTimeout(timer)
        timer = setTimeout(gone, said.is === 'beat' ? said.limitMs + graceMs : openMs)
      }
      worker.on('message', hear)
      worker.on('exit', gone)
      worker.send(asked)
    })
  }
}

async function started(): Promise<ChildProcess> {
  // Its standard output would be taken for the report.
  const worker = fork(program, ['worker'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], detached: true })
  await once(worker, 'message')
  return worker
}
