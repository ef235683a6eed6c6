// A process of the product on the local machine: started, waited for, and started again when it dies.

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '../config.ts'
import { isFailure } from '../error/failure.ts'
import type { ReportLine } from './command.ts'
import { howItEnded, lastLines, type Running, type Supervisor, whenLogged } from './process.ts'

export interface KeptProcessOptions {
  readonly role: 'worker' | 'gateway'
  readonly root: string
  readonly environment: Environment
  readonly supervisor: Supervisor
  /** Told when it died and when it serves again. */
  readonly report: ReportLine
}

export interface KeptProcess {
  /** Where callers reach it; undefined for the worker. */
  readonly url: string | undefined
  /** The process that runs now. */
  readonly running: () => Running
}

const firstPauseMs = 1000
const longestPauseMs = 15_000
const calmMs = 60_000

async function startOnce({ role, root, environment, supervisor }: KeptProcessOptions) {
  const args = ['--enable-source-maps', join(root, 'dist', 'cli', 'main.js'), 'serve', role]
  // It drains what is under way when it is asked to end, so it has longer than a part.
  const running = await supervisor.start(role, process.execPath, args, { environment, cwd: root, graceMs: 20_000 })
  const [, url] = await whenLogged(running, 90, new RegExp(`^${role} ready(?: (\\S+))?$`, 'm'))
  return { running, url }
}

/** Starts `mainspan serve ROLE` and waits until it says that it serves. From then on it is started again whenever it dies. */
export async function keepProcess(options: KeptProcessOptions): Promise<KeptProcess> {
  const { role, report } = options
  const { running: first, url } = await startOnce(options)
  let running = first

  async function keep(): Promise<void> {
    let pause = firstPauseMs
    for (;;) {
      const since = performance.now()
      const ending = await running.ended
      if (ending.wanted) return
      report(`${role} ended unasked (${howItEnded(ending)}); its last lines:\n${lastLines(running.log)}`)
      if (performance.now() - since > calmMs) pause = firstPauseMs
      await sleep(pause)
      pause = Math.min(pause * 2, longestPauseMs)
      try {
        running = (await startOnce(options)).running
        report(`${role} serves again`)
      } catch (error) {
        // It died on the way up: its process has ended already, and the next round says so and tries again.
        if (!isFailure(error)) throw error
        if (error.code === 'PART_NOT_STARTED') return
      }
    }
  }
  keep().catch((error) => report(`${role}: ${error instanceof Error ? error.message : String(error)}`))
  return { url, running: () => running }
}
