// A real Temporal server for tests: the one that all tests share, or a bare one of the test's own.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Connection } from '@temporalio/client'
import { temporalBinary } from '../../src/local/temporal-binary.ts'
import { temporal } from './parts.ts'

export interface TemporalForTests {
  readonly address: string
  close(): Promise<void>
}

/** Shared: keep task queues and keys apart. */
export async function temporalForTests(): Promise<TemporalForTests> {
  const { address } = await temporal()
  return { address, close: async () => undefined }
}

/** A dev server of one's own, without our search attributes. */
export async function bareTemporal(): Promise<TemporalForTests> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const program = await temporalBinary({ root, environment: process.env, report: () => undefined })
  const [port, httpPort, metricsPort] = [await freePort(), await freePort(), await freePort()].map(String)
  const server = spawn(
    program,
    [
      ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--log-level', 'never', '--port', `${port}`],
      ...['--http-port', `${httpPort}`, '--metrics-port', `${metricsPort}`],
    ],
    { stdio: 'ignore' },
  )
  const address = `127.0.0.1:${port}`
  await whenServing(address, server)
  return { address, close: () => end(server) }
}

async function whenServing(address: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (server.exitCode !== null) throw new Error(`the Temporal dev server ended with ${server.exitCode}`)
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1000 })
      await connection.workflowService.describeNamespace({ namespace: 'default' })
      await connection.close()
      return
    } catch {
      await pause(100)
    }
  }
  await end(server)
  throw new Error('the Temporal dev server did not start within 30 seconds')
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return
  const gone = once(server, 'exit')
  server.kill('SIGKILL')
  await gone
}

/** A free port below the range of outgoing connections. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const server = createServer()
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!free) continue
    await new Promise((resolve) => server.close(resolve))
    return port
  }
}
