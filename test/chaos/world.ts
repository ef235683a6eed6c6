// Everything that a fault run runs against: Temporal, RabbitMQ, PostgreSQL, the COBOL bank and the customer service, two workers and two
// gateways, each a process of its own that can be killed, with gates and proxies between them. All state lies in one folder.

import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildMainframe, type Core, startCore } from '../../src/local/mainframe.ts'
import { type Running, type Supervisor, supervise, whenLogged } from '../../src/local/process.ts'
import { startRabbit } from '../../src/local/rabbitmq.ts'
import { startTemporal } from '../../src/local/temporal.ts'
import { type Control, controlOf } from './control.ts'
import { startDatabase } from './database.ts'
import { type Gate, startGate, startServer } from './gate.ts'
import { type Kept, keep } from './kept.ts'
import { readLines } from './ledger.ts'
import { accountsNeeded } from './schedule.ts'

export interface WorldOptions {
  /** The checkout, with dist/ built. */
  readonly root: string
  readonly folder: string
  /** The project folder that the product serves. */
  readonly project: string
  readonly report: (line: string) => void
  /** Ports of the proxies before the two cores. */
  readonly ports: { readonly bank: number; readonly customers: number }
  readonly environment?: NodeJS.ProcessEnv
}

export interface CoreBox {
  readonly kept: Kept
  readonly control: Control
  readonly port: number
  readonly journal: string
}

export interface World {
  readonly folder: string
  readonly taskQueue: string
  readonly amqpPrefix: string
  readonly payloadKeys: string
  /** For the run itself, not for the product: these ways are never disturbed. */
  readonly own: { readonly temporal: string; readonly amqpUrl: string }
  readonly bank: CoreBox
  readonly customers: CoreBox
  readonly gates: { readonly temporal: Gate; readonly rabbitmq: Gate; readonly postgresql: Gate }
  readonly parts: { readonly temporal: Kept; readonly rabbitmq: Kept; readonly postgresql: Kept }
  readonly workers: readonly [Kept, Kept]
  readonly gateways: readonly [Kept, Kept]
  /** Where a gateway is reached now; undefined while it is down. */
  url(which: 0 | 1): string | undefined
  /** The folder that workers and gateways serve from their next start on. */
  serve(project: string): void
  project(): string
  end(): Promise<void>
}

/** Starts all of it, on the state that the folder has already where it has one. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { folder, report } = options
  const environment = { ...process.env, ...options.environment, NODE_OPTIONS: '' }
  const supervisor = supervise(join(folder, 'log'))
  try {
    return await startAll(options, supervisor, environment)
  } catch (error) {
    report('ending everything')
    await supervisor.end()
    throw error
  }
}

async function startAll(options: WorldOptions, supervisor: Supervisor, environment: NodeJS.ProcessEnv): Promise<World> {
  const { root, folder, report } = options
  const names = namesOf(folder)
  const common = { root, environment, report, supervisor }
  const programs = await buildMainframe(common)
  const [bank, customers, temporal, rabbitmq, database] = await Promise.all([
    startBox('bank', programs, { ...common, folder }),
    startBox('customers', programs, { ...common, folder }),
    startServer((port) => keepTemporal({ ...common, folder }, port)),
    startServer((port) => keepRabbit({ ...common, folder }, port)),
    startDatabase({ ...common, folder }),
  ])
  const ownTemporal = await startGate(temporal.port)
  const settings = {
    ...environment,
    ...names.settings,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporal.gate.port}`,
    AMQP_URL: `amqp://guest:guest@127.0.0.1:${rabbitmq.gate.port}`,
    DEPOSITS_ENDPOINTS: `127.0.0.1:${options.ports.bank}`,
    CUSTOMERS_ENDPOINTS: `127.0.0.1:${options.ports.customers}`,
    MAINSPAN_HTTP_PORT: '0',
    MAINSPAN_LOG: 'warn',
    ...database.settings,
  }
  const product = await startProduct({ ...options, supervisor, settings })
  const kept = [bank.kept, customers.kept, temporal.kept, rabbitmq.kept, ...product.workers, ...product.gateways]
  return {
    folder,
    taskQueue: names.settings.TEMPORAL_TASK_QUEUE,
    amqpPrefix: names.settings.AMQP_PREFIX,
    payloadKeys: names.settings.MAINSPAN_PAYLOAD_KEYS,
    own: { temporal: `127.0.0.1:${ownTemporal.port}`, amqpUrl: `amqp://guest:guest@127.0.0.1:${rabbitmq.port()}` },
    bank,
    customers,
    gates: { temporal: temporal.gate, rabbitmq: rabbitmq.gate, postgresql: database.gate },
    parts: { temporal: temporal.kept, rabbitmq: rabbitmq.kept, postgresql: database.kept },
    ...product,
    async end() {
      for (const one of [...kept, database.kept]) one.release()
      await supervisor.end()
      for (const gate of [temporal.gate, rabbitmq.gate, ownTemporal, database.gate]) await gate.close()
    },
  }
}

/** Names and keys of the run, kept in its folder so that a resumed run finds its own. */
function namesOf(folder: string) {
  const file = join(folder, 'names.json')
  mkdirSync(folder, { recursive: true })
  if (!existsSync(file)) {
    const name = `chaos-${randomBytes(4).toString('hex')}`
    const settings = {
      TEMPORAL_TASK_QUEUE: name,
      AMQP_PREFIX: name,
      MAINSPAN_PAYLOAD_KEYS: `chaos:${randomBytes(32).toString('base64')}`,
      MAINSPAN_ID_KEY: randomBytes(32).toString('base64'),
    }
    writeFileSync(file, JSON.stringify({ settings }), { mode: 0o600 })
  }
  return JSON.parse(readFileSync(file, 'utf8')) as {
    readonly settings: Readonly<
      Record<'TEMPORAL_TASK_QUEUE' | 'AMQP_PREFIX' | 'MAINSPAN_PAYLOAD_KEYS' | 'MAINSPAN_ID_KEY', string>
    >
  }
}

export interface PartOptions {
  readonly root: string
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
  readonly report: (line: string) => void
  readonly supervisor: Supervisor
}

function keepTemporal(options: PartOptions, moved: (port: number) => void): Promise<Kept> {
  const { TEMPORAL_ADDRESS: _, ...environment } = options.environment
  return keep('Temporal', async () => {
    const temporal = await startTemporal({ ...options, environment, file: join(options.folder, 'temporal.db') })
    moved(Number(temporal.address.split(':')[1]))
    return ours(temporal.running)
  })
}

function keepRabbit(options: PartOptions, moved: (port: number) => void): Promise<Kept> {
  const { AMQP_URL: _, ...environment } = options.environment
  let restart = () => startRabbit({ ...options, environment, folder: join(options.folder, 'rabbitmq') })
  return keep('RabbitMQ', async () => {
    const rabbit = await restart()
    restart = rabbit.restart
    moved(Number(new URL(rabbit.url).port))
    return ours(rabbit.running)
  })
}

function ours(running: Running | undefined): Running {
  if (!running) throw new Error('the run needs servers of its own')
  return running
}

async function startBox(program: 'bank' | 'customers', programs: string, options: PartOptions): Promise<CoreBox> {
  const folder = join(options.folder, 'cores')
  const environment = { ...options.environment, MAINFRAME_LOAD_ACCOUNTS: String(accountsNeeded) }
  let core: Core | undefined
  let control: Control | undefined
  const kept = await keep(program, async () => {
    core = core ? await core.restart() : await startCore(program, programs, { ...options, environment, folder })
    await control?.repeat()
    return core.running
  })
  if (!core) throw new Error(`${program} is not there`)
  control = controlOf(core.control)
  return { kept, control, port: Number(core.endpoint.split(':')[1]), journal: core.journal }
}

type Product = Pick<World, 'workers' | 'gateways' | 'url' | 'serve' | 'project'>

async function startProduct(
  options: WorldOptions & { readonly supervisor: Supervisor; readonly settings: NodeJS.ProcessEnv },
): Promise<Product> {
  const { root, supervisor, settings, report } = options
  let { project } = options
  const urls = new Map<number, string>()
  async function serve(role: 'worker' | 'gateway', which: 0 | 1): Promise<Running> {
    urls.delete(role === 'gateway' ? which : -1)
    const args = [join(root, 'dist', 'cli', 'main.js'), 'serve', role, '--folder', project]
    const running = await supervisor.start(`${role} ${which}`, process.execPath, args, {
      environment: settings,
      cwd: root,
      graceMs: 15_000,
    })
    const [, url] = await whenLogged(running, 90, new RegExp(`^${role} ready(?: (\\S+))?$`, 'm'))
    if (url !== undefined) urls.set(which, url)
    return running
  }
  const kept = (role: 'worker' | 'gateway', which: 0 | 1) => keep(`${role} ${which}`, () => serve(role, which), report)
  const [one, two, three, four] = await Promise.all([
    kept('worker', 0),
    kept('worker', 1),
    kept('gateway', 0),
    kept('gateway', 1),
  ])
  return {
    workers: [one, two],
    gateways: [three, four],
    url: (which) => urls.get(which),
    serve: (folder) => {
      project = folder
    },
    project: () => project,
  }
}

/** What the cores really did, as their journals have it; an address has no amount there, so the wire's is taken. */
export function effectsOf(folder: string, amountOf: (reference: string) => string | undefined) {
  const lines = ['bank', 'customers'].flatMap((core) =>
    readLines<Record<string, string | number>>(join(folder, 'cores', `${core}.journal`)),
  )
  return lines.map((line) => ({
    program: String(line.program),
    reference: String(line.reference),
    account: String(line.account),
    ...((line.direction === 'D' || line.direction === 'C') && { direction: line.direction as 'D' | 'C' }),
    amount: line.amount === undefined ? (amountOf(String(line.reference)) ?? '?') : String(line.amount),
    entry: String(line.entry ?? line.decision ?? line.version),
  }))
}
