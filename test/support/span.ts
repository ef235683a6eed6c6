// The whole span as production runs it: a worker process and a gateway process over real Temporal, RabbitMQ and the COBOL bank.
// Each span has a bank, a task queue and broker names of its own, so that test files do not meet.

import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type ConnectedOperations, connectOperations } from '../../src/durable/operations.ts'
import { rowCipher } from '../../src/durable/payload/row-cipher.ts'
import { type Core, startCore } from '../../src/local/mainframe.ts'
import { supervise } from '../../src/local/process.ts'
import { openStore } from '../../src/store/store.ts'
import { type DatabaseForTests, databaseForTests } from './store.ts'

/** One effect really applied, as the bank's journal has it. */
export interface Effect {
  readonly program: string
  readonly reference: string
  readonly account: string
  readonly direction: 'D' | 'C'
  readonly amount: string
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

export interface TransferBody {
  readonly from: string
  readonly to: string
  readonly amount: string
  readonly currency?: string
  readonly text?: string
}

export interface Span {
  readonly url: string
  readonly amqpUrl: string
  readonly temporalAddress: string
  readonly taskQueue: string
  readonly amqpPrefix: string
  readonly bank: Core
  readonly database: DatabaseForTests
  readonly environment: NodeJS.ProcessEnv
  get(path: string): Promise<Answer>
  transfer(body: TransferBody, options?: { key?: string; waitSeconds?: number }): Promise<Answer>
  /** Sends a command to the bank's control port: `{ command: 'plan', rules: [ … ] }`. */
  control(command: object): Promise<Record<string, unknown>>
  journal(): Effect[]
  /** Polls the operation until it is in one of the states. */
  untilState(location: string, states: readonly string[], seconds?: number): Promise<Record<string, unknown>>
  startWorker(): Promise<ChildProcess>
  /** The worker that runs now. */
  worker(): ChildProcess
  gateway(): ChildProcess
  stop(): Promise<void>
}

/** The parts that a span stands on. */
export interface SpanParts {
  /** The checkout, with dist/ built. */
  readonly root: string
  readonly temporalAddress: string
  readonly amqpUrl: string
  /** A PostgreSQL server whose user may create databases. */
  readonly databaseUrl: string
  /** The folder with the programs of docker/mainframe. */
  readonly programs: string
}

export interface SpanOptions {
  readonly environment?: NodeJS.ProcessEnv
}

export async function startSpan(parts: SpanParts, options: SpanOptions = {}): Promise<Span> {
  const { root, temporalAddress, amqpUrl, databaseUrl, programs } = parts
  const folder = mkdtempSync(join(tmpdir(), 'mainspan-span-'))
  const supervisor = supervise(join(folder, 'log'))
  const bankEnvironment = { ...process.env, ...options.environment }
  const bank = await startCore('bank', programs, { supervisor, folder, environment: bankEnvironment })
  const customers = await startCore('customers', programs, { supervisor, folder, environment: bankEnvironment })
  const name = `span-${randomBytes(4).toString('hex')}`
  const database = await databaseForTests(databaseUrl)
  const environment = {
    ...process.env,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_TASK_QUEUE: name,
    AMQP_URL: amqpUrl,
    AMQP_PREFIX: name,
    DATABASE_URL: database.url,
    MAINSPAN_HTTP_PORT: '0',
    MAINSPAN_ID_KEY: randomBytes(32).toString('base64'),
    MAINSPAN_PAYLOAD_KEYS: `test:${randomBytes(32).toString('base64')}`,
    MAINSPAN_LOG: 'warn',
    DEPOSITS_ENDPOINTS: bank.endpoint,
    CUSTOMERS_ENDPOINTS: customers.endpoint,
    NODE_OPTIONS: '',
    ...options.environment,
  }
  const children = new Set<ChildProcess>()
  const serve = (role: string) => startProcess(root, role, environment, children)
  let worker = await serve('worker')
  const gateway = await serve('gateway')
  const url = gateway.line.split(' ')[2] ?? ''
  const get = async (path: string) => answerOf(await fetch(new URL(path, url)))
  return {
    url,
    amqpUrl,
    temporalAddress,
    taskQueue: name,
    amqpPrefix: name,
    bank,
    database,
    environment,
    get,
    transfer: async (body, { key = randomUUID(), waitSeconds = 20 } = {}) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': key, prefer: `wait=${waitSeconds}` }
      const text = JSON.stringify({ currency: 'EUR', ...body })
      return answerOf(await fetch(new URL('/v1/transfers', url), { method: 'POST', headers, body: text }))
    },
    control: (command) => controlCommand(bank.control, command),
    journal: () => journalOf(bank.journal),
    untilState: (location, states, seconds = 60) => pollState(get, location, states, seconds),
    startWorker: async () => {
      worker = await serve('worker')
      return worker.child
    },
    worker: () => worker.child,
    gateway: () => gateway.child,
    stop: async () => {
      await Promise.all([...children].map(endProcess))
      await supervisor.end()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The operations of a span as its gateway sees them, for what REST does not offer. */
export function operationsOf({ environment }: Span): ConnectedOperations {
  const [id = '', key = ''] = String(environment.MAINSPAN_PAYLOAD_KEYS).split(':')
  const payloadKeys = [{ id, key: Buffer.from(key, 'base64') }] as const
  const store = openStore({ url: String(environment.DATABASE_URL), cipher: rowCipher([...payloadKeys]) })
  const operations = connectOperations(
    {
      address: String(environment.TEMPORAL_ADDRESS),
      taskQueue: String(environment.TEMPORAL_TASK_QUEUE),
      payloadKeys,
      idKey: Buffer.from(String(environment.MAINSPAN_ID_KEY), 'base64'),
    },
    { store },
  )
  return {
    ...operations,
    async close() {
      await operations.close()
      await store.close()
    },
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
}

async function pollState(
  get: Span['get'],
  location: string,
  states: readonly string[],
  seconds: number,
): Promise<Record<string, unknown>> {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const { body } = await get(location)
    if (states.includes(String(body.state))) return body
    if (Date.now() > end) throw new Error(`${location} is ${String(body.state)}, not ${states.join(' or ')}`)
    await new Promise((resume) => setTimeout(resume, 200))
  }
}

interface Started {
  readonly child: ChildProcess
  /** The line it printed when it served. */
  readonly line: string
}

function startProcess(
  root: string,
  role: string,
  environment: NodeJS.ProcessEnv,
  children: Set<ChildProcess>,
): Promise<Started> {
  const child = spawn(process.execPath, [join(root, 'dist/cli/main.js'), 'serve', role, '--folder', root], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  const said: string[] = []
  child.stderr?.on('data', (bytes) => said.push(String(bytes)))
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => {
      children.delete(child)
      reject(new Error(`${role} ended (${signal ?? code}) before it served:\n${said.join('').slice(-4000)}`))
    })
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      if (line.startsWith(`${role} ready`)) resolve({ child, line })
    })
  })
}

function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const hard = setTimeout(() => child.kill('SIGKILL'), 15_000)
    child.once('exit', () => {
      clearTimeout(hard)
      resolve()
    })
    child.kill('SIGTERM')
  })
}

function controlCommand(address: string, command: object): Promise<Record<string, unknown>> {
  const [host = '', port = ''] = address.split(':')
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port: Number(port) }, () => socket.write(`${JSON.stringify(command)}\n`))
    let text = ''
    socket.on('data', (bytes) => {
      text += String(bytes)
      if (!text.includes('\n')) return
      socket.end()
      const answer = JSON.parse(text)
      if (answer.ok) resolve(answer)
      else reject(new Error(`the bank's control port: ${text}`))
    })
    socket.on('error', reject)
  })
}

function journalOf(path: string): Effect[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}
