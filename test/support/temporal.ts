// A real Temporal server for tests: the one of TEMPORAL_ADDRESS, or a dev server of our own that ends with the tests.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Connection } from '@temporalio/client'
import { searchAttributes } from '../../src/contract/durable.ts'

export interface TemporalForTests {
  readonly address: string
  close(): Promise<void>
}

/** `bare`: always one of our own, and without our search attributes. */
export async function temporalForTests(options: { readonly bare?: boolean } = {}): Promise<TemporalForTests> {
  const given = process.env.TEMPORAL_ADDRESS
  if (given && !options.bare) return { address: given, close: async () => undefined }
  const port = await freePort()
  const attributes = Object.entries(options.bare ? {} : searchAttributes)
  const server = spawn(
    temporalProgram(),
    [
      ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--log-level', 'never', '--port', String(port)],
      ...['--http-port', String(await freePort()), '--metrics-port', String(await freePort())],
      ...['--dynamic-config-value', 'system.enableActivityEagerExecution=true'],
      ...attributes.flatMap(([name, type]) => [
        '--search-attribute',
        `${name}=${type === 'KEYWORD' ? 'Keyword' : 'Datetime'}`,
      ]),
    ],
    { stdio: 'ignore' },
  )
  const address = `127.0.0.1:${port}`
  await whenServing(address, server)
  return { address, close: () => end(server) }
}

function temporalProgram(): string {
  const cache = join(homedir(), '.cache', 'mainspan')
  const found = readdirSync(cache)
    .filter((name) => name.startsWith('temporal-'))
    .sort()
    .at(-1)
  return join(cache, found ?? 'temporal', 'temporal')
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
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  server.kill('SIGKILL')
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
