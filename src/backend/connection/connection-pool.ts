// Connections to one core system, reused while they are beyond doubt.

import type { Socket } from 'node:net'
import { ConcurrencyLimiter, type ConcurrencyLimits } from '../limit/concurrency-limiter.ts'
import type { Connection, Connector } from './endpoints.ts'

/** How many connections there may be, who may wait for one, and how long one is kept. Times in ms. */
export interface PoolOptions extends ConcurrencyLimits {
  /** A connection unused for so long is closed; keep it below the core's own limit. */
  readonly idleMs: number
}

/** A connection for one call. Ends with exactly one of `keep`, `finish` and `discard`. */
export interface Lease {
  readonly socket: Socket
  /** It has served a call before. */
  readonly reused: boolean
  /** The call ended beyond doubt and the protocol allows another. */
  keep(): void
  /** The call ended beyond doubt and the protocol allows no other. */
  finish(): void
  /** Anything else: it is reset, so that nothing of the call arrives any more. */
  discard(): void
}

interface Idle {
  readonly connection: Connection
  /** Stops watching. */
  readonly wake: () => void
}

/** Connections to one core, so many at once; those who find none free wait in order. */
export class ConnectionPool {
  readonly #connector: Connector
  readonly #options: PoolOptions
  readonly #limiter: ConcurrencyLimiter
  readonly #idle: Idle[] = []
  readonly #leased = new Set<Connection>()
  #closed = false

  constructor(connector: Connector, options: PoolOptions) {
    this.#connector = connector
    this.#options = options
    this.#limiter = new ConcurrencyLimiter(options)
  }

  /** A connection, a new one if `fresh`. Rejects with CORE_BUSY, CORE_UNREACHABLE or CALL_CANCELLED; nothing was sent then. */
  async acquire(target: string, signal?: AbortSignal, fresh = false): Promise<Lease> {
    const leave = await this.#limiter.enter(target, signal)
    try {
      const idle = fresh ? undefined : this.#takeIdle()
      const connection = idle ?? (await this.#connector.connect(target, signal))
      if (this.#closed) connection.socket.destroy()
      this.#leased.add(connection)
      return this.#lease(connection, idle !== undefined, leave)
    } catch (error) {
      leave()
      throw error
    }
  }

  /** Ends every connection; calls in flight see a lost connection. */
  close(): void {
    this.#closed = true
    for (const { connection } of this.#idle.splice(0)) connection.socket.destroy()
    for (const connection of this.#leased) connection.reset()
  }

  #lease(connection: Connection, reused: boolean, leave: () => void): Lease {
    const { socket } = connection
    let ended = false
    connection.inDoubt(true)
    const end = (how: 'keep' | 'finish' | 'discard') => {
      if (ended) return
      ended = true
      this.#leased.delete(connection)
      connection.inDoubt(false)
      if (how === 'discard') connection.reset()
      else if (how === 'keep' && !this.#closed && isAlive(socket)) this.#rest(connection)
      else socket.destroy()
      leave()
    }
    return { socket, reused, keep: () => end('keep'), finish: () => end('finish'), discard: () => end('discard') }
  }

  /** The one used last: the others may then grow old and be closed. */
  #takeIdle(): Connection | undefined {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      idle.wake()
      if (isAlive(idle.connection.socket)) return idle.connection
      idle.connection.socket.destroy()
    }
    return undefined
  }

  /** Between two calls nothing may arrive: bytes or an end make the connection worthless. */
  #rest(connection: Connection): void {
    const { socket } = connection
    const drop = () => {
      idle.wake()
      const at = this.#idle.indexOf(idle)
      if (at >= 0) this.#idle.splice(at, 1)
      socket.destroy()
    }
    const timer = setTimeout(drop, this.#options.idleMs)
    timer.unref()
    socket.on('data', drop).on('end', drop).on('close', drop)
    const idle: Idle = {
      connection,
      wake: () => {
        clearTimeout(timer)
        socket.off('data', drop).off('end', drop).off('close', drop)
      },
    }
    this.#idle.push(idle)
  }
}

function isAlive(socket: Socket): boolean {
  return !socket.destroyed && socket.readable && socket.writable
}
