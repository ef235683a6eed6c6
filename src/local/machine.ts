// A whole local machine: Temporal, RabbitMQ, PostgreSQL and the mainframe, started side by side, in one folder of the checkout.

import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../config.ts'
import type { ReportLine } from './command.ts'
import { type Mainframe, startMainframe } from './mainframe.ts'
import { ensurePackages, type Need } from './packages.ts'
import { freePort } from './ports.ts'
import { postgresPrograms } from './postgres/programs.ts'
import { type Postgres, startPostgres } from './postgres/server.ts'
import { type Running, type Supervisor, supervise } from './process.ts'
import type { StartProgress } from './progress.ts'
import { type Rabbit, rabbitScripts, startRabbit } from './rabbitmq.ts'
import { startTemporal, type Temporal } from './temporal.ts'

export interface MachineOptions {
  readonly root: string
  readonly environment: Environment
  readonly progress: StartProgress
  readonly supervisor: Supervisor
  readonly folder: RunFolder
}

/** All parts of a local machine, running. */
export interface Machine {
  readonly temporal: Temporal
  readonly rabbit: Rabbit
  readonly postgres: Postgres
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

/** A secret that is made once a checkout, so that what was kept can be read and found again. */
function keptSecret(root: string, name: string, make: () => string): string {
  const file = join(root, '.mainspan', name)
  if (!existsSync(file)) writeFileSync(file, `${make()}\n`, { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}

const randomKey = () => randomBytes(32).toString('base64')

/** The keys that encrypt payloads, and the one that operations get their ids by. */
function secretsOf(root: string, environment: Environment) {
  return {
    MAINSPAN_PAYLOAD_KEYS:
      environment.MAINSPAN_PAYLOAD_KEYS || keptSecret(root, 'payload-keys', () => `local:${randomKey()}`),
    MAINSPAN_ID_KEY: environment.MAINSPAN_ID_KEY || keptSecret(root, 'id-key', randomKey),
  }
}

/** The supervisor of a run: its logs stand in the run's folder. */
export function superviseRun(folder: RunFolder): Supervisor {
  return supervise(join(folder.path, 'log'))
}

function prefixed(progress: StartProgress, part: string): ReportLine {
  return (line) => progress.doing(part, line)
}

async function timed<T>(progress: StartProgress, part: string, work: Promise<T>): Promise<T> {
  const since = performance.now()
  const value = await work
  progress.done(part, `ready after ${((performance.now() - since) / 1000).toFixed(1)} s`)
  return value
}

/** What the start of every part takes. */
type PartOptions = Pick<MachineOptions, 'root' | 'environment' | 'supervisor'> & { readonly report: ReportLine }

type MachineParts = Pick<Machine, 'temporal' | 'rabbit' | 'postgres' | 'mainframe'>

/** Whether the cores are ours to start: not where the environment names both. */
const ownCores = (environment: Environment) => !(environment.DEPOSITS_ENDPOINTS && environment.CUSTOMERS_ENDPOINTS)

/** Starts the four parts side by side. */
async function startParts(options: MachineOptions, codecPort: number): Promise<MachineParts> {
  const { root, environment, progress, supervisor, folder } = options
  const started = <T>(name: string, start: (part: PartOptions) => Promise<T>): Promise<T> => {
    const part = { root, environment, supervisor, report: prefixed(progress, name) }
    return timed(progress, name, start(part))
  }
  const [temporal, rabbit, postgres, mainframe] = await Promise.all([
    started('Temporal', (part) =>
      startTemporal({
        ...part,
        port: 7233,
        uiPort: 8233,
        codecEndpoint: `http://127.0.0.1:${codecPort}`,
        ...(folder.keep ? { file: join(folder.path, 'temporal.db') } : {}),
      }),
    ),
    started('RabbitMQ', (part) =>
      startRabbit({
        ...part,
        folder: join(folder.path, 'rabbitmq'),
        management: true,
        port: 5672,
        managementPort: 15_672,
      }),
    ),
    started('PostgreSQL', (part) =>
      startPostgres({ ...part, folder: join(folder.path, 'postgresql'), keep: folder.keep, port: 5432 }),
    ),
    ownCores(environment)
      ? started('COBOL bank', (part) => startMainframe({ ...part, folder: join(folder.path, 'mainframe') }))
      : undefined,
  ])
  return { temporal, rabbit, postgres, mainframe }
}

/** Installs what is missing where that is allowed, then starts the parts. Throws the first failure of one. */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const { root, environment, progress } = options
  const needs: Need[] = [
    ...(environment.AMQP_URL || rabbitScripts(environment) ? [] : (['rabbitmq'] as const)),
    ...(environment.DATABASE_URL || postgresPrograms(environment) ? [] : (['postgresql'] as const)),
    ...(ownCores(environment) ? (['mainframe'] as const) : []),
  ]
  await ensurePackages({ environment, report: prefixed(progress, 'System packages'), needs })
  const codecPort = await freePort(Number(environment.MAINSPAN_CODEC_PORT || 8234) || undefined)
  const parts = await startParts(options, codecPort)
  const { temporal, rabbit, postgres, mainframe } = parts
  const running = [temporal, rabbit, postgres, mainframe?.bank, mainframe?.customers].map((part) => part?.running)
  return {
    ...parts,
    parts: running.filter((one) => one !== undefined),
    environment: {
      ...environment,
      TEMPORAL_ADDRESS: temporal.address,
      ...(temporal.ui === undefined ? {} : { TEMPORAL_UI: temporal.ui, MAINSPAN_CODEC_PORT: String(codecPort) }),
      AMQP_URL: rabbit.url,
      DATABASE_URL: postgres.url,
      ...secretsOf(root, environment),
      ...(mainframe && {
        DEPOSITS_ENDPOINTS: environment.DEPOSITS_ENDPOINTS || mainframe.bank.endpoint,
        CUSTOMERS_ENDPOINTS: environment.CUSTOMERS_ENDPOINTS || mainframe.customers.endpoint,
      }),
    },
  }
}
