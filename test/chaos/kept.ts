// A process that a supervisor of production would keep: killed or dead, it is started again; stopped, it stands still until it goes on.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Running } from '../../src/local/process.ts'

export interface Kept {
  readonly name: string
  /** The process that runs now. */
  running(): Running
  /** kill -9. It is started again after the pause. */
  kill(pauseMs?: number): void
  /** SIGSTOP and SIGCONT of this very process. */
  stop(): () => void
  /** Resolves when it serves, at once when it does. */
  serving(): Promise<void>
  /** No more restarts: everything ends. */
  release(): void
}

const pauseMs = 300

/** Starts it, and starts it again whenever it has died, until it is released. */
export async function keep(
  name: string,
  start: () => Promise<Running>,
  report: (line: string) => void = () => undefined,
): Promise<Kept> {
  let running = await start()
  let restartPauseMs = pauseMs
  let released = false
  let serving = Promise.resolve()

  async function again(): Promise<void> {
    while (!released) {
      await sleep(restartPauseMs)
      restartPauseMs = pauseMs
      if (released) return
      try {
        running = await start()
        return
      } catch (error) {
        // What it needs may be away as well; the next round tries again.
        report(`${name} did not start: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}`)
        restartPauseMs = 1000
      }
    }
  }

  async function watch(): Promise<void> {
    while (!released) {
      await running.ended
      if (released) return
      serving = again()
      await serving
    }
  }
  void watch()

  return {
    name,
    running: () => running,
    kill(pause = pauseMs) {
      restartPauseMs = pause
      signal(running.pid, 'SIGKILL')
    },
    stop() {
      const { pid } = running
      signal(pid, 'SIGSTOP')
      return () => signal(pid, 'SIGCONT')
    },
    serving: () => serving,
    release() {
      released = true
    },
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
