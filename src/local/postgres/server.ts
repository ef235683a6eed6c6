// The local PostgreSQL: a private server of the installed programs, on loopback, with a data folder and a password of its own. Needs
// no service, and no root.

import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '../../config.ts'
import { failure, isFailure } from '../../error/failure.ts'
import type { ReportLine } from '../command.ts'
import { freePort } from '../ports.ts'
import { type Running, type Supervisor, whenReady } from '../process.ts'
import { type Cluster, databaseUser, openCluster } from './cluster.ts'
import { postgresPrograms, postgresUser } from './programs.ts'

export interface PostgresOptions {
  readonly environment: Environment
  readonly report: ReportLine
  readonly supervisor: Supervisor
  /** Where the server keeps its data; made when missing, found again otherwise. */
  readonly folder: string
  /** Whether data that lies outside of `folder`, where its user could not reach it, stays after the end. */
  readonly keep?: boolean
  /** The port that would be nice; another one is taken when it is in use. */
  readonly port?: number
}

/** A PostgreSQL server that answers. */
export interface Postgres {
  readonly url: string
  /** The postmaster: kill -9 of its pid is a crash. Undefined when DATABASE_URL named a server that is not ours. */
  readonly running: Running | undefined
  /** Starts the same server again, on the same port and data, after its process has ended. */
  restart(): Promise<Postgres>
}

/** StartupMessage of protocol 3.0: length, version, then `user` and its value. */
const startup = (() => {
  const body = Buffer.from(`user\0${databaseUser}\0\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(8 + body.length, 0)
  head.writeInt32BE(3 << 16, 4)
  return Buffer.concat([head, body])
})()

/** The kind of the first answer to a start of a session: `R` asks for the password, `E` refuses. Undefined when none comes. */
function firstAnswer(host: string, port: number, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const settle = (kind?: string) => {
      socket.destroy()
      resolve(kind)
    }
    socket.setTimeout(timeoutMs, () => settle())
    socket.once('error', () => settle())
    socket.once('close', () => settle())
    socket.once('connect', () => socket.write(startup))
    socket.once('data', (bytes) => settle(bytes.toString('latin1', 0, 1)))
  })
}

/** Whether a PostgreSQL there takes sessions. While it starts or recovers it refuses them, so that an open port alone says little. */
export async function takesSessions(host: string, port: number, timeoutMs = 2000): Promise<boolean> {
  return (await firstAnswer(host, port, timeoutMs)) === 'R'
}

async function given(url: string): Promise<Postgres> {
  const { hostname, port } = new URL(url)
  const number = Number(port || 5432)
  // It may refuse our user, or insist on TLS: that too is an answer.
  const kind = await firstAnswer(hostname, number, 5000)
  if (kind !== 'R' && kind !== 'E') {
    const address = `${hostname}:${number}`
    throw failure('PART_UNREACHABLE', { part: 'PostgreSQL', setting: 'DATABASE_URL', address })
  }
  const server: Postgres = { url, running: undefined, restart: async () => server }
  return server
}

function missing() {
  return failure('PART_MISSING', {
    part: 'PostgreSQL',
    get: 'install it (Debian and Ubuntu: apt-get install postgresql; macOS: brew install postgresql@17), or set DATABASE_URL to a running server',
  })
}

/** Durable as in production; small, and without what only replicas need. */
const serverSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '32MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  log_min_messages: 'warning',
}

/** Uses the server of DATABASE_URL, or starts a private one and waits until it takes sessions. Throws PART_MISSING when it is not installed. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { environment, report, supervisor } = options
  if (environment.DATABASE_URL) return given(environment.DATABASE_URL)
  const programs = postgresPrograms(environment)
  const user = postgresUser()
  if (!programs || (user === undefined && process.getuid?.() === 0)) throw missing()
  report('preparing PostgreSQL')
  const cluster = await openCluster({ folder: options.folder, programs, environment, user })
  const port = await freePort(options.port)
  const args = [
    ...['-D', cluster.data, '-p', String(port)],
    ...Object.entries(serverSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]

  async function startServer(): Promise<Postgres> {
    report('starting PostgreSQL')
    const running = await supervisor.start('PostgreSQL', join(programs ?? '', 'postgres'), args, {
      environment,
      cwd: cluster.data,
      ...(user && { user }),
      // The fast stop. TERM is the smart one, which waits until the last client has gone.
      stopSignal: 'SIGINT',
      graceMs: 10_000,
    })
    running.ended.then(({ wanted }) => wanted && tidyUp(cluster, options))
    await whenReady(running, 60, async () => ((await takesSessions('127.0.0.1', port)) ? true : undefined))
    const url = `postgres://${databaseUser}:${cluster.password}@127.0.0.1:${port}/postgres`
    return { url, running, restart }
  }

  /** After a crash the children of the dead server need a moment to end; until then a new one refuses to start. */
  async function restart(): Promise<Postgres> {
    for (let left = 20; ; left -= 1) {
      try {
        return await startServer()
      } catch (error) {
        if (!isFailure(error) || error.code !== 'PART_ENDED' || left === 0) throw error
        await sleep(250)
      }
    }
  }

  return startServer()
}

function tidyUp({ elsewhere }: Cluster, { keep }: PostgresOptions): void {
  if (elsewhere !== undefined && keep !== true) rmSync(elsewhere, { recursive: true, force: true })
}
