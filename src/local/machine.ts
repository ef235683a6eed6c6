// A whole local machine: Temporal, RabbitMQ and the mainframe, started side by side, in one folder of the checkout.

import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment, Report } from './command.ts'
import { type Mainframe, startMainframe } from './mainframe.ts'
import { ensurePackages, type Need } from './packages.ts'
import { freePort } from './ports.ts'
import { type Running, type Supervisor, supervise } from './process.ts'
import type { Progress } from './progress.ts'
import { type Rabbit, rabbitScripts, startRabbit } from './rabbitmq.ts'
import { startTemporal, type Temporal } from './temporal.ts'

export interface MachineOptions {
  readonly root: string
  readonly environment: Environment
  readonly progress: Progress
  readonly supervisor: Supervisor
  readonly folder: RunFolder
}

export interface Machine {
  readonly temporal: Temporal
  readonly rabbit: Rabbit
  /** Undefined when the environment names the cores. */
  readonly mainframe: Mainframe | undefined
  /** The processes without which the machine is no machine. */
  readonly parts: readonly Running[]
  /** What the product's own processes need to find all of it. */
  readonly environment: Environment
}

export interface RunFolder {
  readonly path: string
  /** Whether state is kept for the next run. */
  readonly keep: boolean
  release(): void
}

function ownerOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    process.kill(pid, 0)
    return pid
  } catch {
    return undefined
  }
}

/**
 * A folder below `.mainspan/` for this run. Without `keep` it begins empty and stays after the end, so that logs and journal can be
 * read; a second run at the same time gets the next one.
 */
export function takeRunFolder(root: string, keep: boolean): RunFolder {
  for (let number = 1; ; number += 1) {
    const path = join(root, '.mainspan', `${keep ? 'kept' : 'run'}${number === 1 ? '' : `-${number}`}`)
    const owner = join(path, 'pid')
    if (ownerOf(owner) !== undefined) continue
    if (!keep) rmSync(path, { recursive: true, force: true })
    mkdirSync(path, { recursive: true })
    writeFileSync(owner, String(process.pid))
    return { path, keep, release: () => rmSync(owner, { force: true }) }
  }
}

/** The keys that encrypt payloads in Temporal: made once a checkout, so that what was kept can be read again. */
function payloadKeys(root: string, environment: Environment): string {
  if (environment.MAINSPAN_PAYLOAD_KEYS) return environment.MAINSPAN_PAYLOAD_KEYS
  const file = join(root, '.mainspan', 'payload-keys')
  if (!existsSync(file)) writeFileSync(file, `local:${randomBytes(32).toString('base64')}\n`, { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}

/** The supervisor of a run: its logs stand in the run's folder. */
export function superviseRun(folder: RunFolder): Supervisor {
  return supervise(join(folder.path, 'log'))
}

function told(progress: Progress, part: string): Report {
  return (line) => progress.doing(part, line)
}

async function timed<T>(progress: Progress, part: string, work: Promise<T>): Promise<T> {
  const since = performance.now()
  const value = await work
  progress.done(part, `ready after ${((performance.now() - since) / 1000).toFixed(1)} s`)
  return value
}

/** Installs what is missing where that is allowed, then starts the three parts side by side. Throws the first failure of one. */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const { root, environment, progress, supervisor, folder } = options
  const ownCores = !(environment.DEPOSITS_ENDPOINTS && environment.CUSTOMERS_ENDPOINTS)
  const needs: Need[] = [
    ...(environment.AMQP_URL || rabbitScripts(environment) ? [] : (['rabbitmq'] as const)),
    ...(ownCores ? (['mainframe'] as const) : []),
  ]
  await ensurePackages({ environment, report: told(progress, 'System packages'), needs })
  const part = (name: string) => ({ root, environment, supervisor, report: told(progress, name) })
  const startCores = async () => {
    if (!ownCores) return undefined
    const starting = startMainframe({ ...part('COBOL bank'), folder: join(folder.path, 'mainframe') })
    return timed(progress, 'COBOL bank', starting)
  }
  const codecPort = await freePort(Number(environment.MAINSPAN_CODEC_PORT || 8234) || undefined)
  const [temporal, rabbit, mainframe] = await Promise.all([
    timed(
      progress,
      'Temporal',
      startTemporal({
        ...part('Temporal'),
        port: 7233,
        uiPort: 8233,
        codecEndpoint: `http://127.0.0.1:${codecPort}`,
        ...(folder.keep ? { file: join(folder.path, 'temporal.db') } : {}),
      }),
    ),
    timed(
      progress,
      'RabbitMQ',
      startRabbit({
        ...part('RabbitMQ'),
        folder: join(folder.path, 'rabbitmq'),
        management: true,
        port: 5672,
        managementPort: 15_672,
      }),
    ),
    startCores(),
  ])
  const running = [temporal.running, rabbit.running, mainframe?.bank.running, mainframe?.customers.running]
  return {
    temporal,
    rabbit,
    mainframe,
    parts: running.filter((one) => one !== undefined),
    environment: {
      ...environment,
      TEMPORAL_ADDRESS: temporal.address,
      ...(temporal.ui === undefined ? {} : { TEMPORAL_UI: temporal.ui, MAINSPAN_CODEC_PORT: String(codecPort) }),
      AMQP_URL: rabbit.url,
      MAINSPAN_PAYLOAD_KEYS: payloadKeys(root, environment),
      ...(mainframe && {
        DEPOSITS_ENDPOINTS: environment.DEPOSITS_ENDPOINTS || mainframe.bank.endpoint,
        CUSTOMERS_ENDPOINTS: environment.CUSTOMERS_ENDPOINTS || mainframe.customers.endpoint,
      }),
    },
  }
}
