// The denominators of the span, each a process of its own as the product's are: a worker and a client of Temporal without anything
// around them, and a Fastify that answers a constant. `npm run bench -- bare ROLE …` is what bench/span.ts starts.

import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import fastify from 'fastify'
import { cpuSeconds } from './cpu.ts'
import { inLanes } from './lanes.ts'

/** What one run of bare workflows took. */
export interface BareRun {
  readonly accepted: readonly number[]
  readonly completed: readonly number[]
  readonly seconds: number
  /** CPU of client and worker together are what the product's gateway and worker are compared with; ms a workflow. */
  readonly clientMs: number
  readonly workerMs: number
}

export interface BarePair {
  run(count: number, concurrency: number): Promise<BareRun>
  close(): void
}

/** A bare worker and a bare client, each a process. */
export async function barePair(address: string): Promise<BarePair> {
  const taskQueue = `bare-${randomUUID()}`
  const worker = await started('worker', address, taskQueue)
  const client = await started('client', address, taskQueue)
  return {
    async run(count, concurrency) {
      const before = cpuSeconds(worker.child.pid ?? 0)
      const run = await client.ask<Omit<BareRun, 'workerMs'>>({ count, concurrency })
      return { ...run, workerMs: ((cpuSeconds(worker.child.pid ?? 0) - before) * 1000) / count }
    },
    close: () => [worker, client].map(({ child }) => child.kill('SIGKILL')),
  }
}

/** A bare Fastify; gives its process and its URL. */
export async function bareFastify(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const { child, line } = await started('fastify')
  return { child, url: line }
}

interface Started {
  readonly child: ChildProcess
  /** What it said when it was ready. */
  readonly line: string
  ask<T>(question: object): Promise<T>
}

async function started(...args: string[]): Promise<Started> {
  const program = fileURLToPath(new URL('run.mjs', import.meta.url))
  const child = spawn(process.execPath, [program, 'bare', ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  process.once('exit', () => child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = await lines.next()
  return {
    child,
    line: String(line.value),
    async ask<T>(question: object) {
      child.stdin.write(`${JSON.stringify(question)}\n`)
      const answer = await lines.next()
      return JSON.parse(String(answer.value)) as T
    },
  }
}

/** One of the roles, until it is killed. */
export async function bench([role, address = '', taskQueue = '']: readonly string[]): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') })
  if (role === 'worker') return worker(address, taskQueue)
  if (role === 'client') return client(address, taskQueue)
  const server = fastify({ logger: false })
  server.get('/v1/accounts/:number', async () => ({ accountNumber: '2000000001', balance: '1250000.00' }))
  console.log(await server.listen({ host: '127.0.0.1', port: 0 }))
}

async function worker(address: string, taskQueue: string): Promise<void> {
  const made = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('bare.workflow.ts', import.meta.url)),
      logger: new DefaultLogger('ERROR'),
    }),
    taskQueue,
    activities: { nothing: async () => undefined },
  })
  console.log('ready')
  await made.run()
}

async function client(address: string, taskQueue: string): Promise<void> {
  const { workflow } = new Client({ connection: await Connection.connect({ address }) })
  const one = async () => {
    const start = performance.now()
    const handle = await workflow.start('bare', { taskQueue, workflowId: randomUUID() })
    const accepted = performance.now() - start
    await handle.result()
    return { accepted, completed: performance.now() - start }
  }
  console.log('ready')
  for await (const line of createInterface({ input: process.stdin })) {
    const { count, concurrency } = JSON.parse(line) as { count: number; concurrency: number }
    const before = cpuSeconds(process.pid)
    const { results, seconds } = await inLanes(count, concurrency, one)
    const run: Omit<BareRun, 'workerMs'> = {
      accepted: results.map(({ accepted }) => accepted),
      completed: results.map(({ completed }) => completed),
      seconds,
      clientMs: ((cpuSeconds(process.pid) - before) * 1000) / count,
    }
    console.log(JSON.stringify(run))
  }
}
