// Transfers through the whole span, beside a bare workflow with as many activities on the same server in the same run, and what each
// costs of CPU; what the operation store adds; and reads through the express lane, beside direct calls of the same program and a Fastify
// that answers a constant.

import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { caller } from '../src/backend/caller.ts'
import { cicsSocketBackend } from '../src/backend/cics-socket.ts'
import { loadCatalog } from '../src/catalog/load.ts'
import { buildMainframe } from '../src/local/mainframe.ts'
import { startPostgres } from '../src/local/postgres/server.ts'
import { supervise } from '../src/local/process.ts'
import { startRabbit } from '../src/local/rabbitmq.ts'
import { startTemporal } from '../src/local/temporal.ts'
import { type Span, startSpan } from '../test/support/span.ts'
import { type BarePair, bareFastify, barePair } from './bare.ts'
import { cpuOf } from './cpu.ts'
import { inLanes } from './lanes.ts'
import { percentile, table } from './measure.ts'
import { type StoreCost, storeCost } from './store-cost.ts'

interface Run {
  readonly name: string
  readonly perSecond: number
  readonly accepted: readonly number[]
  readonly completed: readonly number[]
}

/** CPU of one operation, in ms. */
interface Cost {
  readonly gateway: number
  readonly worker: number
  readonly bareClient: number
  readonly bareWorker: number
}

/** `--quick` runs a few of each, to see that it works. */
export async function bench(args: readonly string[]): Promise<void> {
  const count = args.includes('--quick') ? 20 : 400
  const root = fileURLToPath(new URL('..', import.meta.url))
  const folder = mkdtempSync(join(tmpdir(), 'mainspan-bench-'))
  const supervisor = supervise(join(folder, 'log'))
  const common = { environment: process.env, report: (line: string) => console.error(line), root, supervisor }
  try {
    const programs = await buildMainframe(common)
    const temporal = await startTemporal(common)
    const rabbit = await startRabbit({ ...common, folder: join(folder, 'rabbitmq') })
    const postgres = await startPostgres({ ...common, folder: join(folder, 'postgresql') })
    const parts = {
      ...{ root, programs, temporalAddress: temporal.address, amqpUrl: rabbit.url },
      databaseUrl: postgres.url,
    }
    // As in production: a line of log for each request.
    const environment = { MAINFRAME_LOAD_ACCOUNTS: '1000', MAINSPAN_LOG: 'info' }
    const span = await startSpan(parts, { environment })
    const bare = await barePair(temporal.address)
    try {
      // First of all, as long as the gateway is new.
      const readCost = await costOfReads(span, count)
      const runs: Run[] = []
      for (const concurrency of [1, 10]) {
        runs.push(await transfers(span, count, concurrency), await bareWorkflows(bare, count, concurrency))
      }
      const cost = await costOf(span, bare, count)
      const stores = [
        await storeCost(span.database.url, count * 10, 10),
        await storeCost(span.database.url, count * 10, 50),
      ]
      const reads = [await expressLane(span, count * 5), await directCalls(span, root, count * 5)]
      print(runs, reads)
      printCosts(cost, stores, readCost)
    } finally {
      bare.close()
      await span.stop()
    }
  } finally {
    await supervisor.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

const account = (number: number) => String(2_000_000_001 + number)

const body = (index: number) => ({
  from: account((index * 2) % 1000),
  to: account((index * 2 + 1) % 1000),
  amount: '0.01',
})

async function transfers(span: Span, count: number, concurrency: number): Promise<Run> {
  const one = async (index: number) => {
    const [start, key] = [performance.now(), randomUUID()]
    const first = await span.transfer(body(index), { key, waitSeconds: 0 })
    const accepted = performance.now() - start
    if (first.status === 202) await span.transfer(body(index), { key, waitSeconds: 30 })
    return { accepted, completed: performance.now() - start }
  }
  await inLanes(Math.min(count, 10), concurrency, one)
  const { results, seconds } = await inLanes(count, concurrency, one)
  return {
    name: `transfers, ${concurrency} at a time`,
    perSecond: count / seconds,
    accepted: results.map((each) => each.accepted),
    completed: results.map((each) => each.completed),
  }
}

async function bareWorkflows(bare: BarePair, count: number, concurrency: number): Promise<Run> {
  await bare.run(Math.min(count, 10), concurrency)
  const { accepted, completed, seconds } = await bare.run(count, concurrency)
  return { name: `bare workflows, ${concurrency} at a time`, perSecond: count / seconds, accepted, completed }
}

/** As a client does it: one request, answered with the result. Both sides in turn, three times, since the machine is never quiet. */
async function costOf(span: Span, bare: BarePair, count: number): Promise<Cost> {
  const pids = [span.gateway().pid ?? 0, span.worker().pid ?? 0]
  const all: Cost[] = []
  for (let round = 0; round < 3; round += 1) {
    const [gateway = 0, worker = 0] = await cpuOf(pids, count, () =>
      inLanes(count, 10, async (index) => {
        const { status } = await span.transfer(body(index), { waitSeconds: 30 })
        if (status !== 201) throw new Error(`a transfer gave ${status}`)
      }),
    )
    const { clientMs, workerMs } = await bare.run(count, 10)
    all.push({ gateway, worker, bareClient: clientMs, bareWorker: workerMs })
  }
  const least = (figure: keyof Cost) => Math.min(...all.map((each) => each[figure]))
  return {
    ...{ gateway: least('gateway'), worker: least('worker') },
    ...{ bareClient: least('bareClient'), bareWorker: least('bareWorker') },
  }
}

/** CPU of a read, in ms. */
interface ReadCost {
  /** The first thousand of a process. */
  readonly first: number
  readonly warm: number
}

/** Reads through the express lane, and the answers of a bare Fastify. */
async function costOfReads(span: Span, count: number): Promise<{ readonly lane: ReadCost; readonly bare: ReadCost }> {
  const read = (url: string) => async (index: number) => {
    const { status } = await fetch(new URL(`/v1/accounts/${account(index % 1000)}`, url))
    if (status !== 200) throw new Error(`a read gave ${status}`)
  }
  const bare = await bareFastify()
  try {
    const cpu = async (pid: number | undefined, url: string, reads: number) => {
      const [ms = 0] = await cpuOf([pid ?? 0], reads, async () => inLanes(reads, 10, read(url)))
      return ms
    }
    const costOf = async (pid: number | undefined, url: string): Promise<ReadCost> => {
      const first = await cpu(pid, url, Math.min(1000, count * 3))
      await cpu(pid, url, count * 50)
      return { first, warm: await cpu(pid, url, count * 10) }
    }
    return { lane: await costOf(span.gateway().pid, span.url), bare: await costOf(bare.child.pid, bare.url) }
  } finally {
    bare.child.kill('SIGKILL')
  }
}

async function expressLane(span: Span, count: number): Promise<Run> {
  return reads('reads by REST, 10 at a time', count, async (index) => {
    const { status } = await span.get(`/v1/accounts/${account(index % 1000)}`)
    if (status !== 200) throw new Error(`a read gave ${status}`)
  })
}

async function directCalls(span: Span, root: string, count: number): Promise<Run> {
  const catalog = await loadCatalog(root)
  const definition = catalog.adapters.get('deposits')?.definition
  if (definition?.backend.kind !== 'cics-socket') throw new Error('the adapter deposits is gone')
  const [host = '', port = ''] = span.bank.endpoint.split(':')
  const backend = cicsSocketBackend(definition.backend, {
    name: 'deposits',
    endpoints: [{ host, port: Number(port) }],
    concurrent: 20,
  })
  const { call } = caller(catalog, new Map([['deposits', backend]]))
  try {
    return await reads('direct calls, 10 at a time', count, async (index) => {
      const request = { accountNumber: account(index % 1000) }
      const { outcome } = await call({
        adapter: 'deposits',
        transaction: 'inquireAccount',
        request,
        reference: 'A'.repeat(16),
      })
      if (outcome !== 'applied') throw new Error(`a direct call ended ${outcome}`)
    })
  } finally {
    await backend.close()
  }
}

async function reads(name: string, count: number, read: (index: number) => Promise<void>): Promise<Run> {
  const one = async (index: number) => {
    const start = performance.now()
    await read(index)
    return performance.now() - start
  }
  await inLanes(Math.min(count, 100), 10, one)
  const { results, seconds } = await inLanes(count, 10, one)
  return { name, perSecond: count / seconds, accepted: results, completed: results }
}

function print(runs: readonly Run[], reads: readonly Run[]): void {
  const ms = (figures: readonly number[], share: number) =>
    percentile(
      [...figures].sort((one, other) => one - other),
      share,
    ).toFixed(1)
  const row = ({ name, perSecond, accepted, completed }: Run, denominator: Run | undefined) => [
    name,
    perSecond.toFixed(1),
    ms(accepted, 0.5),
    ms(accepted, 0.99),
    ms(completed, 0.5),
    ms(completed, 0.99),
    denominator ? (perSecond / denominator.perSecond).toFixed(2) : '1.00',
  ]
  const rows = [...runs, ...reads].map((run, index, all) => row(run, index % 2 === 0 ? all[index + 1] : undefined))
  console.log(table([['', 'per s', 'accepted p50 ms', 'p99', 'completed p50 ms', 'p99', 'of denominator'], ...rows]))
}

function printCosts(
  cost: Cost,
  stores: readonly StoreCost[],
  { lane, bare }: Awaited<ReturnType<typeof costOfReads>>,
): void {
  const { gateway, worker, bareClient, bareWorker } = cost
  const ms = (figure: number) => figure.toFixed(2)
  const of = (one: number, other: number) => (one / other).toFixed(2)
  console.log()
  console.log(
    table([
      ['CPU in ms a transfer, 10 at a time', 'product', 'bare', 'of bare'],
      ['gateway, beside a client', ms(gateway), ms(bareClient), of(gateway, bareClient)],
      ['worker', ms(worker), ms(bareWorker), of(worker, bareWorker)],
      [
        'together (goal: at most 1.5)',
        ms(gateway + worker),
        ms(bareClient + bareWorker),
        of(gateway + worker, bareClient + bareWorker),
      ],
    ]),
  )
  console.log()
  console.log(
    table([
      ['the operation store: noted, started, ended', 'per s', 'noted p50 ms', 'p99', 'CPU ms'],
      ...stores.map(({ concurrency, perSecond, noted, ms: cpu }) => {
        const sorted = [...noted].sort((one, other) => one - other)
        return [
          `${concurrency} at a time`,
          perSecond.toFixed(0),
          percentile(sorted, 0.5).toFixed(1),
          percentile(sorted, 0.99).toFixed(1),
          cpu.toFixed(3),
        ]
      }),
    ]),
  )
  console.log()
  console.log(
    table([
      ['CPU in ms a read, 10 at a time', 'first 1,000', 'warm'],
      ['express lane', lane.first.toFixed(3), lane.warm.toFixed(3)],
      ['bare Fastify', bare.first.toFixed(3), bare.warm.toFixed(3)],
      ['of bare', of(lane.first, bare.first), of(lane.warm, bare.warm)],
    ]),
  )
}
