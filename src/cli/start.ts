// mainspan start: everything on this machine, with one command, and gone again with Ctrl-C.

import { fileURLToPath } from 'node:url'
import { ownEnvironment } from '../config.ts'
import { failure } from '../error/failure.ts'
import { keepProcess } from '../local/kept-process.ts'
import { type Machine, startMachine, superviseRun, takeRunFolder } from '../local/machine.ts'
import { freePort } from '../local/ports.ts'
import { howItEnded, lastLines } from '../local/process.ts'
import { showProgress } from '../local/progress.ts'
import { announcement, memoryOf } from './announcement.ts'
import type { Command } from './command.ts'

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '')
const preferredPort = 8080

/** `mainspan start`: everything on this machine. Ends by a signal, or when a part dies (PART_ENDED). */
export const start: Command = {
  name: 'start',
  summary: 'Start everything on this machine: Temporal, RabbitMQ, PostgreSQL, the COBOL bank, worker and gateway',
  usage: 'start [--keep]',
  help: {
    keep: 'keep the state of Temporal, RabbitMQ, PostgreSQL and the bank for the next start --keep; without it each start begins afresh',
  },
  options: { keep: { type: 'boolean' } },
  run: async ({ options }) => {
    const folder = takeRunFolder(root, options.keep === true)
    const supervisor = superviseRun(folder)
    const progress = showProgress(process.stderr)
    const asked = interrupted()
    try {
      // Whatever comes first: the wish to end, a part that died, a failure on the way up.
      await Promise.race([asked, serve({ folder, supervisor, progress })])
    } finally {
      progress.stop()
      progress.say('ending everything')
      await supervisor.end()
      folder.release()
      // What was under way when the wish to end came (a download, a build) must not hold the process.
      setTimeout(() => process.exit(), 200).unref()
    }
    return 0
  },
}

/**
 * Settles on the first signal. A second wish does not wait: the guardian then ends what is left. Under npm one Ctrl-C comes as
 * several signals, from the terminal and from npm, so that only a later one counts as a second.
 */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        first ??= performance.now()
        resolve()
        if (performance.now() - first > 2000) process.exit(130)
      })
    }
  })
}

type StartContext = Pick<Parameters<typeof startMachine>[0], 'folder' | 'supervisor' | 'progress'>

/** Starts everything, prints where it is, and goes on until a part dies: then it throws PART_ENDED. */
async function serve({ folder, supervisor, progress }: StartContext): Promise<never> {
  const since = performance.now()
  const machine = await startMachine({ root, environment: ownEnvironment(), folder, supervisor, progress })
  const died = firstDeath(machine)
  died.catch(() => undefined)
  const wished = Number(machine.environment.MAINSPAN_HTTP_PORT || preferredPort)
  const port = await freePort(wished === 0 ? undefined : wished)
  const environment = { ...machine.environment, MAINSPAN_HTTP_PORT: String(port) }
  const running = async (role: 'worker' | 'gateway', name: string) => {
    progress.doing(name, 'starting')
    const started = await keepProcess({ role, root, environment, supervisor, report: (line) => progress.say(line) })
    progress.done(name, 'ready')
    return started
  }
  const processes = Promise.all([running('worker', 'Worker'), running('gateway', 'REST and command queue')])
  const [, gateway] = await Promise.race([processes, died])
  progress.stop()
  if (wished !== 0 && port !== wished) progress.say(`port ${wished} is in use: REST is on port ${port} instead`)
  const url = gateway.url ?? `http://127.0.0.1:${port}`
  const seconds = (performance.now() - since) / 1000
  process.stdout.write(
    `${announcement(machine, { url, folder: folder.path, seconds, bytes: memoryOf(process.pid) })}\n`,
  )
  return died
}

/** Rejects with PART_ENDED when one of the parts ends unasked. */
function firstDeath({ parts }: Machine): Promise<never> {
  return Promise.race(
    parts.map(async (part) => {
      const ending = await part.ended
      if (ending.wanted) return new Promise<never>(() => undefined)
      const facts = { part: part.name, how: howItEnded(ending), log: part.log }
      throw failure('PART_ENDED', facts, { excerpt: lastLines(part.log) })
    }),
  )
}
