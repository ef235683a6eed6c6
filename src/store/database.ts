// The connections to PostgreSQL: a pool that comes back by itself, whose every statement ends within a bounded time.
// The only file that knows the driver.

import pg from 'pg'
import { membersOf } from '../contract/json.ts'
import { failure } from '../error/failure.ts'

/** Which database, and how many connections to it. */
export interface DatabaseOptions {
  /** postgres://user:password@host:port/database; TLS by `?sslmode=…`. */
  readonly url: string
  /** Connections at the most. Default 8. */
  readonly connections?: number
  /** How long one statement may take, in ms. Default 2500. */
  readonly statementMs?: number
  /** Told of a connection that was lost while it was idle, and of other trouble, without customer data. */
  readonly notice?: (problem: string) => void
}

export interface Statement {
  /** Prepared once a connection under this name. */
  readonly name: string
  readonly text: string
}

export type Parameter = string | number | boolean | null | Uint8Array | readonly (string | number | Uint8Array | null)[]

/** The database, with a bound on every statement's time. */
export interface Database {
  /** Runs one statement. Throws STORE_UNAVAILABLE when it is not answered in time, or refused. */
  query<Row extends object>(statement: Statement, values?: readonly Parameter[]): Promise<readonly Row[]>
  /** Runs statements one after the other in one transaction. */
  transaction(work: (query: Database['query']) => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** All together at most: what a caller waits while the database is away. */
const connectMs = 2000
const usualMs = 2500
/** Longer than the server's own limit, which gives the better answer. */
const answerMoreMs = 500

/** Connects with the first statement, not before. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, connections = 8, statementMs = usualMs, notice = () => undefined } = options
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    query_timeout: statementMs + answerMoreMs,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    application_name: 'mainspan',
  })
  // A connection that is cut while no statement waits for it, idle or between two, would take the process down without a listener.
  pool.on('connect', (client) => client.on('error', (error) => notice(problemOf(error))))
  pool.on('error', () => undefined) // Its connection has said so.

  const run = async <Row extends object>(on: pg.Pool | pg.PoolClient, statement: Statement, values: unknown[]) => {
    const { rows } = await on.query<Row>({ ...statement, values })
    return rows
  }
  return {
    query: (statement, values = []) => reached(() => run(pool, statement, values.map(asParameter))),
    transaction: (work) =>
      reached(async () => {
        const client = await pool.connect()
        try {
          await client.query('begin')
          await work((statement, values = []) => run(client, statement, values.map(asParameter)))
          await client.query('commit')
          client.release()
        } catch (error) {
          // The connection is closed, and the transaction with it.
          client.release(true)
          throw error
        }
      }),
    close: () => pool.end(),
  }
}

/** The driver takes bytes as a Buffer only. */
function asParameter(value: Parameter): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return Array.isArray(value) ? value.map(asParameter) : value
}

async function reached<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    throw failure('STORE_UNAVAILABLE', { why: problemOf(cause) }, { cause })
  }
}

/** What went wrong, without the words of the database: those may quote what was written. */
function problemOf(error: unknown): string {
  const { code, message } = membersOf(error)
  if (code === '57014' || /timeout/i.test(String(message))) return 'no answer in time'
  if (typeof code !== 'string') return 'the connection was lost'
  return /^[0-9A-Z]{5}$/.test(code) ? `PostgreSQL refused (SQLSTATE ${code})` : `no connection (${code})`
}
