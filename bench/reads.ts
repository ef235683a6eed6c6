// CPU of one read through the express lane, without Temporal: the door of a gateway over the COBOL bank in a process of its own, beside a
// bare Fastify that answers as much. Cold is the first thousand reads of a process, warm is after twenty thousand.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import Fastify from 'fastify'
import { restApi } from '../src/api/rest.ts'
import { loadCatalog } from '../src/catalog/load.ts'
import type { Operations } from '../src/contract/durable.ts'
import { coresOf } from '../src/cores.ts'
import { rowCipher } from '../src/durable/payload/row-cipher.ts'
import { failure } from '../src/error/failure.ts'
import { buildMainframe } from '../src/local/mainframe.ts'
import { startPostgres } from '../src/local/postgres/server.ts'
import { supervise } from '../src/local/process.ts'
import { openLog, troubledExchangeLog } from '../src/log.ts'
import type { Audit } from '../src/operation/audit.ts'
import { sealKey } from '../src/store/audit/seal-key.ts'
import { openStore } from '../src/store/store.ts'
import { Box } from '../test/mainframe/box.ts'
import { overRest } from '../test/support/principals.ts'
import { table } from './measure.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const accounts = 1000
/** What the kernel counts CPU time in. */
const tickMs = 10

/** `--quick` reads few, to see that it works. The other arguments are those of the processes that are measured. */
export async function bench(args: readonly string[]): Promise<void> {
  if (args[0] === '--door') return serveDoor(args[1] ?? '', args[3])
  if (args[0] === '--bare') return serveBare()
  const [cold, warmUp, warm] = args.includes('--quick') ? [50, 50, 50] : [1000, 20_000, 10_000]
  const programs = await buildMainframe({ environment: process.env, report: console.error, root })
  const bank = new Box(`${programs}/bank`, { MAINFRAME_LOAD_ACCOUNTS: String(accounts) })
  await bank.start()
  const folder = mkdtempSync(join(tmpdir(), 'mainspan-bench-'))
  const supervisor = supervise(join(folder, 'log'))
  const common = { environment: process.env, report: console.error, supervisor }
  try {
    const postgres = await startPostgres({ ...common, folder: join(folder, 'postgresql') })
    const rows: string[][] = []
    for (const [name, ...more] of [
      ['bare Fastify', '--bare'],
      ['express lane', '--door', `127.0.0.1:${bank.port}`, 'info', postgres.url],
      ['express lane, log level warn', '--door', `127.0.0.1:${bank.port}`, 'warn', postgres.url],
      ['express lane without the audit', '--door', `127.0.0.1:${bank.port}`, 'info'],
    ]) {
      rows.push([`${name}`, ...(await measured(more, [cold, warmUp, warm]))])
    }
    console.log(table([['', 'cold ms of CPU', 'then', 'warm ms of CPU', 'warm reads/s'], ...rows]))
  } finally {
    await supervisor.end()
    rmSync(folder, { recursive: true, force: true })
    await bank.remove()
  }
}

async function measured(args: readonly string[], counts: readonly number[]): Promise<string[]> {
  const child = spawn(process.execPath, [`${root}bench/run.mjs`, 'reads', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, BENCH_LEVEL: args[2] ?? 'info' },
  })
  // Read as a collector of logs does.
  child.stderr.resume()
  const agent = new Agent({ keepAlive: true, maxSockets: 10 })
  try {
    const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the process ended with ${code}`)))
    ended.catch(() => undefined)
    const [url] = await Promise.race([once(createInterface(child.stdout), 'line'), ended])
    const figures: string[] = []
    let seconds = 0
    for (const count of counts) {
      const [before, start] = [cpuMs(child), performance.now()]
      await readMany(String(url), count, agent)
      seconds = (performance.now() - start) / 1000
      figures.push(((cpuMs(child) - before) / count).toFixed(3))
    }
    return [...figures, ((counts.at(-1) ?? 0) / seconds).toFixed(0)]
  } finally {
    agent.destroy()
    child.kill()
  }
}

/** User and system time of a process so far; of all its threads. */
function cpuMs({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

async function readMany(url: string, count: number, agent: Agent): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < count) {
      next += 1
      await readOne(`${url}/v1/accounts/${2_000_000_001 + (next % accounts)}`, agent)
    }
  }
  await Promise.all(Array.from({ length: 10 }, lane))
}

function readOne(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (answer) => {
      answer.resume()
      answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}`))))
    }).on('error', reject)
  })
}

const noOperations: Operations = {
  start: () => Promise.reject(failure('DURABLE_UNAVAILABLE', { why: 'not here' })),
  wait: () => Promise.reject(failure('DURABLE_UNAVAILABLE', { why: 'not here' })),
  status: async () => undefined,
  resolve: () => Promise.reject(failure('DURABLE_UNAVAILABLE', { why: 'not here' })),
}

/** As serveGateway puts it together, without what writes need. */
async function serveDoor(endpoint: string, database: string | undefined): Promise<void> {
  const catalog = await loadCatalog(root)
  const { logger } = openLog('gateway', process.env.BENCH_LEVEL ?? 'info')
  const [host = '', port = ''] = endpoint.split(':')
  const own = { endpoints: [{ host, port: Number(port) }] }
  const cores = coresOf(
    catalog,
    { backends: new Map([['deposits', own]]), backendSettings: () => ({ problem: 'none' }) },
    troubledExchangeLog(logger),
  )
  const door = restApi({
    ...{ catalog, operations: noOperations, caller: cores.caller, identify: overRest, log: logger },
    settings: { port: 0 },
    ...(database !== undefined && { audit: auditIn(database) }),
  })
  console.log(await door.listen())
}

function auditIn(url: string): Audit {
  const key = new Uint8Array(32).fill(1)
  const store = openStore({ url, cipher: rowCipher([{ id: 'bench', key }]) })
  return store.audit({ key: sealKey(key), process: 'bench' })
}

async function serveBare(): Promise<void> {
  const app = Fastify()
  const body = JSON.stringify({
    accountNumber: '2000000001',
    holder: 'ADA LOVELACE',
    balance: '1000.00',
    currency: 'EUR',
  })
  app.get('/v1/accounts/:number', async (_request, reply) => reply.type('application/json').send(body))
  console.log(await app.listen({ port: 0, host: '127.0.0.1' }))
}
