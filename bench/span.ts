// Transfers through the whole span, beside a bare workflow with as many activities on the same server in the same run;
// and reads through the express lane beside direct calls of the same program.

import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { caller } from '../src/backend/caller.ts'
import { cicsSocketBackend } from '../src/backend/cics-socket.ts'
import { loadCatalog } from '../src/catalog/load.ts'
import { buildMainframe } from '../src/local/mainframe.ts'
import { startPostgres } from '../src/local/postgres/server.ts'
import { supervise } from '../src/local/process.ts'
import { startRabbit } from '../src/local/rabbitmq.ts'
import { startTemporal } from '../src/local/temporal.ts'
import { type Span, startSpan } from '../test/support/span.ts'
import { percentile, table } from './measure.ts'

interface Run {
  readonly name: string
  readonly perSecond: number
  readonly accepted: readonly number[]
  readonly completed: readonly number[]
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
    const span = await startSpan(parts, { environment: { MAINFRAME_LOAD_ACCOUNTS: '1000' } })
    try {
      const runs: Run[] = []
      for (const concurrency of [1, 10]) {
        runs.push(await transfers(span, count, concurrency), await bareWorkflows(temporal.address, count, concurrency))
      }
      const reads = [await expressLane(span, count * 5), await directCalls(span, root, count * 5)]
      print(runs, reads)
    } finally {
      await span.stop()
    }
  } finally {
    await supervisor.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

const account = (number: number) => String(2_000_000_001 + number)

/** A lane of work for each of `concurrency`; gives how long each piece took in ms, and all together. */
async function inLanes<T>(
  count: number,
  concurrency: number,
  work: (index: number) => Promise<T>,
): Promise<{ results: T[]; seconds: number }> {
  const results: T[] = []
  let next = 0
  const lane = async () => {
    while (next < count) {
      const index = next
      next += 1
      results.push(await work(index))
    }
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: concurrency }, lane))
  return { results, seconds: (performance.now() - start) / 1000 }
}

async function transfers(span: Span, count: number, concurrency: number): Promise<Run> {
  const body = (index: number) => ({
    from: account((index * 2) % 1000),
    to: account((index * 2 + 1) % 1000),
    amount: '0.01',
  })
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

async function bareWorkflows(address: string, count: number, concurrency: number): Promise<Run> {
  if (!Runtime._instance) Runtime.install({ logger: new DefaultLogger('ERROR') })
  const native = await NativeConnection.connect({ address })
  const connection = await Connection.connect({ address })
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./bare.workflow.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  })
  const taskQueue = `bare-${randomUUID()}`
  const worker = await Worker.create({
    connection: native,
    workflowBundle,
    taskQueue,
    activities: { nothing: async () => undefined },
  })
  const { workflow } = new Client({ connection })
  const one = async () => {
    const start = performance.now()
    const handle = await workflow.start('bare', { taskQueue, workflowId: randomUUID() })
    const accepted = performance.now() - start
    await handle.result()
    return { accepted, completed: performance.now() - start }
  }
  try {
    return await worker.runUntil(async () => {
      await inLanes(Math.min(count, 10), concurrency, one)
      const { results, seconds } = await inLanes(count, concurrency, one)
      return {
        name: `bare workflows, ${concurrency} at a time`,
        perSecond: count / seconds,
        accepted: results.map((each) => each.accepted),
        completed: results.map((each) => each.completed),
      }
    })
  } finally {
    await connection.close()
    await native.close()
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
