// A connection to the broker that comes back: opened, prepared (channels, topology, consumers), watched, opened again.

import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelModel } from 'amqplib'
import { type Failure, failure, isFailure } from '../error/failure.ts'

/** What a link tells its surroundings; for the log, and for readiness. */
export interface BrokerNotice {
  readonly link: string
  readonly event: 'up' | 'down' | 'blocked' | 'unblocked' | 'trouble'
  readonly reason?: string
}

/** What stands on one connection while it lasts. */
export interface Prepared<T> {
  readonly value: T
  /** Told once when the connection is gone. */
  lost(reason: string): void
}

export interface ConnectionOptions<T> {
  readonly name: string
  /** Host and port, for messages: never the password. */
  readonly broker: string
  readonly open: () => Promise<ChannelModel>
  /** Runs on every new connection; `restart` gives the connection up, for example when a channel broke. */
  readonly prepare: (model: ChannelModel, restart: (reason: string) => void) => Promise<Prepared<T>>
  readonly notice: (notice: BrokerNotice) => void
}

/** A connection that comes back by itself; `T` is what is set up on each new one. */
export interface ReconnectingConnection<T> {
  /**
   * What stands on the connection, as soon as it is up and the broker takes messages.
   * Throws BROKER_UNREACHABLE or BROKER_BLOCKED when that does not come within the time.
   */
  ready(ms: number): Promise<T>
  readonly up: boolean
  close(): Promise<void>
}

const prepareMs = 15_000
const firstPauseMs = 200
const longestPauseMs = 5_000

const words = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** The result, or undefined when the time is over first. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  const timer = new AbortController()
  const late = sleep(ms, undefined, { signal: timer.signal, ref: false }).catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    timer.abort()
  }
}

/** Closes politely, then cuts: a peer that has stopped answering would hold a polite close for ever. */
async function end(model: ChannelModel): Promise<void> {
  await within(
    Promise.resolve()
      .then(() => model.close())
      .catch(() => undefined),
    2000,
  )
  const { stream } = model.connection as { readonly stream?: { destroy(): void } }
  stream?.destroy()
}

/** Opens a link and keeps it. It is not up yet when this returns: wait for `ready`. */
export function reconnecting<T>(options: ConnectionOptions<T>): ReconnectingConnection<T> {
  return new Reconnecting(options)
}

class Reconnecting<T> implements ReconnectingConnection<T> {
  readonly #options: ConnectionOptions<T>
  #closing = false
  #current: Prepared<T> | undefined
  #blocked: string | undefined
  /** Gives up the connection that stands now. */
  #cut: (reason: string) => void = () => undefined
  /** A refusal to declare: it does not go away by itself, so it is what a waiting caller should hear. */
  #refusal: Failure | undefined
  readonly #stopping = new AbortController()
  readonly #waiting = new Set<() => void>()
  readonly #kept: Promise<void>

  constructor(options: ConnectionOptions<T>) {
    this.#options = options
    this.#kept = this.#keep()
  }

  get up(): boolean {
    return this.#current !== undefined && this.#blocked === undefined
  }

  async ready(ms: number): Promise<T> {
    const deadline = performance.now() + ms
    for (;;) {
      if (this.#current && this.#blocked === undefined) return this.#current.value
      const left = deadline - performance.now()
      if (left <= 0 || this.#closing) throw this.#whyNotReady(ms)
      await this.#change(left)
    }
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#stopping.abort()
    this.#cut('closed by us')
    this.#wake()
    await this.#kept
  }

  #whyNotReady(ms: number): Failure {
    const { broker } = this.#options
    if (this.#refusal) return this.#refusal
    if (this.#blocked !== undefined) return failure('BROKER_BLOCKED', { broker, reason: this.#blocked, ms })
    return failure('BROKER_UNREACHABLE', { broker, ms })
  }

  /** Waits until something has changed, or the time is over. */
  #change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.#waiting.add(done)
    })
  }

  #wake(): void {
    for (const one of [...this.#waiting]) one()
  }

  #notice(event: BrokerNotice['event'], reason?: string): void {
    this.#options.notice({ link: this.#options.name, event, ...(reason === undefined ? {} : { reason }) })
  }

  /** Opens again and again, with growing pauses, until the link is closed. */
  async #keep(): Promise<void> {
    let pause = firstPauseMs
    while (!this.#closing) {
      const since = performance.now()
      try {
        await this.#live()
      } catch (error) {
        if (isFailure(error) && error.code === 'BROKER_TOPOLOGY_DIFFERS') this.#refusal = error
        if (!this.#closing) this.#notice('trouble', words(error))
      }
      if (performance.now() - since > longestPauseMs) pause = firstPauseMs
      const jittered = pause * (0.8 + Math.random() * 0.4)
      await sleep(jittered, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
      pause = Math.min(pause * 2, longestPauseMs)
    }
  }

  /** One connection from its opening to its end. */
  async #live(): Promise<void> {
    const { broker, open, prepare } = this.#options
    const model = await open()
    const gone = this.#watch(model)
    if (this.#closing) this.#cut('closed by us')
    try {
      const preparing = prepare(model, this.#cut)
      preparing.catch(() => undefined)
      const prepared = await within(Promise.race([preparing, gone]), prepareMs)
      if (prepared === undefined || typeof prepared === 'string') {
        throw failure('BROKER_UNREACHABLE', { broker, ms: prepareMs })
      }
      this.#current = prepared
      this.#refusal = undefined
      this.#notice('up')
      this.#wake()
      const reason = await gone
      if (!this.#closing) this.#notice('down', reason)
      prepared.lost(reason)
    } finally {
      this.#current = undefined
      this.#blocked = undefined
      await end(model)
    }
  }

  /** Listens to a connection; resolves with the reason when it is gone or cut. */
  #watch(model: ChannelModel): Promise<string> {
    let reason = 'closed'
    // Without this listener an error ends the process.
    model.on('error', (error: Error) => {
      reason = error.message
    })
    model.on('handler-error', (error: Error) => this.#notice('trouble', error.message))
    model.on('blocked', (why: string) => {
      this.#blocked = why
      this.#notice('blocked', why)
    })
    model.on('unblocked', () => {
      this.#blocked = undefined
      this.#notice('unblocked')
      this.#wake()
    })
    return new Promise((resolve) => {
      this.#cut = resolve
      model.on('close', () => resolve(reason))
    })
  }
}
