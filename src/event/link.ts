// A connection to the broker that comes back: opened, prepared (channels, topology, consumers), watched, opened again.

import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelModel } from 'amqplib'
import { failure, isFailure } from '../error/failure.ts'

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

export interface LinkOptions<T> {
  readonly name: string
  /** Host and port, for messages: never the password. */
  readonly broker: string
  readonly open: () => Promise<ChannelModel>
  /** Runs on every new connection; `restart` gives the connection up, for example when a channel broke. */
  readonly prepare: (model: ChannelModel, restart: (reason: string) => void) => Promise<Prepared<T>>
  readonly notice: (notice: BrokerNotice) => void
}

export interface Link<T> {
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
async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
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
export function keepLink<T>(options: LinkOptions<T>): Link<T> {
  const { name, broker, notice } = options
  let closing = false
  let current: Prepared<T> | undefined
  let blocked: string | undefined
  let cut: (reason: string) => void = () => undefined
  let mistaken: unknown
  const stopping = new AbortController()
  const waiting = new Set<() => void>()

  const wake = () => {
    for (const one of [...waiting]) one()
  }

  function watch(model: ChannelModel): Promise<string> {
    let reason = 'closed'
    model.on('error', (error: Error) => {
      reason = error.message
    })
    model.on('handler-error', (error: Error) => notice({ link: name, event: 'trouble', reason: error.message }))
    model.on('blocked', (why: string) => {
      blocked = why
      notice({ link: name, event: 'blocked', reason: why })
    })
    model.on('unblocked', () => {
      blocked = undefined
      notice({ link: name, event: 'unblocked' })
      wake()
    })
    return new Promise((resolve) => {
      cut = resolve
      model.on('close', () => resolve(reason))
    })
  }

  async function live(): Promise<void> {
    const model = await options.open()
    const gone = watch(model)
    if (closing) cut('closed by us')
    try {
      const preparing = options.prepare(model, cut)
      preparing.catch(() => undefined)
      const prepared = await within(Promise.race([preparing, gone]), prepareMs)
      if (prepared === undefined || typeof prepared === 'string') {
        throw failure('BROKER_UNREACHABLE', { broker, ms: prepareMs })
      }
      current = prepared
      mistaken = undefined
      notice({ link: name, event: 'up' })
      wake()
      const reason = await gone
      if (!closing) notice({ link: name, event: 'down', reason })
      prepared.lost(reason)
    } finally {
      current = undefined
      blocked = undefined
      await end(model)
    }
  }

  async function keep(): Promise<void> {
    let pause = firstPauseMs
    while (!closing) {
      const since = performance.now()
      try {
        await live()
      } catch (error) {
        // A refusal to declare does not mend itself, so it is what a waiting caller should hear.
        if (isFailure(error) && error.code === 'BROKER_TOPOLOGY_DIFFERS') mistaken = error
        if (!closing) notice({ link: name, event: 'trouble', reason: words(error) })
      }
      if (performance.now() - since > longestPauseMs) pause = firstPauseMs
      await sleep(pause * (0.8 + Math.random() * 0.4), undefined, { signal: stopping.signal }).catch(() => undefined)
      pause = Math.min(pause * 2, longestPauseMs)
    }
  }

  const kept = keep()

  async function ready(ms: number): Promise<T> {
    const deadline = performance.now() + ms
    while (!current || blocked !== undefined) {
      const left = deadline - performance.now()
      if (left <= 0 || closing) {
        if (mistaken) throw mistaken
        if (blocked !== undefined) throw failure('BROKER_BLOCKED', { broker, reason: blocked, ms })
        throw failure('BROKER_UNREACHABLE', { broker, ms })
      }
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer)
          waiting.delete(done)
          resolve()
        }
        const timer = setTimeout(done, left)
        waiting.add(done)
      })
    }
    return current.value
  }

  return {
    ready,
    get up() {
      return current !== undefined && blocked === undefined
    },
    async close() {
      closing = true
      stopping.abort()
      cut('closed by us')
      wake()
      await kept
    },
  }
}
