// The local Temporal: the dev server of the Temporal CLI with its UI, on loopback.

import type { Environment } from '../config.ts'
import { searchAttributes } from '../contract/durable.ts'
import { failure } from '../error/failure.ts'
import { type ReportLine, run } from './command.ts'
import { answers, freePort } from './ports.ts'
import { type Running, type Supervisor, whenReady } from './process.ts'
import { temporalBinary } from './temporal-binary.ts'

export interface TemporalOptions {
  readonly root: string
  readonly environment: Environment
  readonly report: ReportLine
  readonly supervisor: Supervisor
  /** Keeps state in this file. Every commit is then synced, which makes a slow disk slow; in memory otherwise. */
  readonly file?: string
  /** Ports that would be nice; others are taken when these are in use. */
  readonly port?: number
  readonly uiPort?: number
  /** Where the UI may decode encrypted payloads. */
  readonly codecEndpoint?: string
}

/** A Temporal server that answers. */
export interface Temporal {
  /** host:port of the gRPC frontend. */
  readonly address: string
  readonly ui: string | undefined
  /** Undefined when TEMPORAL_ADDRESS named a server that is not ours. */
  readonly running: Running | undefined
}

/** The CLI's words for the types of search attributes. */
const cliType = { KEYWORD: 'Keyword', DATETIME: 'Datetime' }

const dynamicConfig = {
  'system.enableActivityEagerExecution': true,
  'frontend.enablePrincipalPropagation': true,
}

/** Host and port of `host:port`, `[::1]:7233` or a bare host. */
function hostAndPort(address: string): { host: string; port: number } {
  const [, host = address, port = '7233'] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(address) ?? []
  return { host, port: Number(port) }
}

async function given(address: string): Promise<Temporal> {
  const { host, port } = hostAndPort(address)
  if (!(await answers(port, host, 5000))) {
    throw failure('PART_UNREACHABLE', { part: 'Temporal', setting: 'TEMPORAL_ADDRESS', address })
  }
  return { address, ui: undefined, running: undefined }
}

/** Uses the server of TEMPORAL_ADDRESS, or gets and starts a dev server and waits until it serves its namespace. */
export async function startTemporal(options: TemporalOptions): Promise<Temporal> {
  const { environment, report, supervisor } = options
  const address = environment.TEMPORAL_ADDRESS
  if (address) return given(address)
  const program = await temporalBinary(options)
  const port = await freePort(options.port)
  const uiPort = await freePort(options.uiPort)
  report('starting Temporal')
  const running = await supervisor.start(
    'Temporal',
    program,
    [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--ui-ip', '127.0.0.1', '--log-level', 'warn'],
      ...['--port', String(port), '--ui-port', String(uiPort), '--http-port', String(await freePort())],
      ...['--metrics-port', String(await freePort()), '--ui-disable-news-fetch'],
      ...(options.codecEndpoint ? ['--ui-codec-endpoint', options.codecEndpoint] : []),
      ...(options.file ? ['--db-filename', options.file] : []),
      ...Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${cliType[type]}`]),
      ...Object.entries(dynamicConfig).flatMap(([name, value]) => ['--dynamic-config-value', `${name}=${value}`]),
    ],
    { environment: { ...environment, TEMPORAL_DISABLE_NEWS_FETCH: 'true' } },
  )
  // The search attributes come last in its own start: when they are listed, everything else serves.
  await whenReady(running, 60, async () => {
    if (!(await answers(port))) return undefined
    const args = ['operator', 'search-attribute', 'list', '--address', `127.0.0.1:${port}`]
    const { code, output } = await run(program, args, { environment, timeoutMs: 10_000 })
    return code === 0 && output.includes('MainspanParkedAt') ? true : undefined
  })
  return { address: `127.0.0.1:${port}`, ui: `http://127.0.0.1:${uiPort}`, running }
}
