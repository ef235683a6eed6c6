// Writes one stream of the audit: records are hashed in memory and written in batches, one statement at a time.
//
// A batch that could not be written is written again as it is until it stands, since nobody knows whether an attempt came through. Until then
// those who wait for a record are told that it failed, and the others wait in memory.

import { type Failure, failure, isFailure } from '../../error/failure.ts'
import type { Database } from '../database.ts'
import { type AuditHead, type Chain, type ChainedBatch, newChain } from './chain.ts'
import type { SealKey } from './seal-key.ts'
import { writeBatch } from './tables.ts'

export interface StreamOptions {
  readonly key: SealKey
  /** Records in one statement. */
  readonly batchMax: number
  /** How long a record that nobody waits for waits for company. */
  readonly lingerMs: number
  /** Between two attempts while the database is away. */
  readonly retryMs: number
  /** Gives the body of the first record, when there is something to write. */
  readonly opening: (stream: string) => Promise<string>
  readonly notice: (problem: string) => void
}

interface WaitingRecord {
  readonly body: string
  /** Who waits for it. */
  readonly settle?: { readonly kept: () => void; readonly failed: (error: Failure) => void }
}

interface FormedBatch {
  readonly batch: ChainedBatch
  readonly records: readonly WaitingRecord[]
}

/** A stream, from its first record to its last. */
export class StreamWriter {
  readonly #database: Database
  readonly #options: StreamOptions
  readonly #chain: Chain
  #waiting: WaitingRecord[] = []
  /** Has its place in the chain and stays as it is. */
  #formed: FormedBatch | undefined
  #flushing: Promise<void> | undefined
  #planned: { readonly soon: boolean; readonly cancel: () => void } | undefined
  #away: Failure | undefined
  #ended = false

  constructor(database: Database, options: StreamOptions) {
    this.#database = database
    this.#options = options
    this.#chain = newChain(options.key)
  }

  get stream(): string {
    return this.#chain.stream
  }

  /** Why nothing can be written at present. */
  get away(): Failure | undefined {
    return this.#away
  }

  /** Records in memory that have no place in the chain yet. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Whether there is anything in this stream, or will be. */
  get begun(): boolean {
    return this.#chain.head.seq > 0 || this.#waiting.length > 0
  }

  /** The last record, once it is written; undefined while others are on their way. */
  get head(): AuditHead | undefined {
    return this.#formed || this.#chain.head.seq === 0 ? undefined : this.#chain.head
  }

  /** Adds a record that is written a moment later. */
  add(body: string): void {
    this.#waiting.push({ body })
    this.#plan(false)
  }

  /** Resolves when the record is durable. Throws STORE_UNAVAILABLE when the next attempt to write fails. */
  keep(body: string): Promise<void> {
    return new Promise((kept, failed) => {
      this.#waiting.push({ body, settle: { kept, failed } })
      this.#plan(true)
    })
  }

  /** Writes what waits. Gives how many records could not be written. */
  async end(): Promise<number> {
    await this.#flushing
    this.#ended = true
    do await this.#flush()
    while (!this.#away && this.#waiting.length > 0)
    return this.#waiting.length + (this.#formed?.records.length ?? 0)
  }

  /** Soon: with all that comes in this turn of the event loop. */
  #plan(soon: boolean): void {
    if (this.#flushing || this.#away || this.#ended || (this.#planned && (this.#planned.soon || !soon))) return
    this.#planned?.cancel()
    const leave = () => {
      this.#planned = undefined
      void this.#flush()
    }
    if (soon) {
      const immediate = setImmediate(leave)
      this.#planned = { soon, cancel: () => clearImmediate(immediate) }
    } else {
      const timer = setTimeout(leave, this.#options.lingerMs)
      this.#planned = { soon, cancel: () => clearTimeout(timer) }
    }
  }

  #flush(): Promise<void> {
    this.#planned?.cancel()
    this.#planned = undefined
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = undefined
      if (this.#ended) return
      if (this.#away) setTimeout(() => this.#retry(), this.#options.retryMs).unref()
      else if (this.#waiting.length > 0) this.#plan(this.#waiting.some(({ settle }) => settle))
    })
    return this.#flushing
  }

  #retry(): void {
    if (!this.#ended) void this.#flush()
  }

  async #write(): Promise<void> {
    try {
      this.#formed ??= await this.#form()
      if (this.#formed) await writeBatch(this.#database, this.stream, this.#formed.batch)
    } catch (error) {
      this.#failed(
        isFailure(error) ? error : failure('STORE_UNAVAILABLE', { why: 'the audit failed' }, { cause: error }),
      )
      return
    }
    for (const { settle } of this.#formed?.records ?? []) settle?.kept()
    if (this.#away && this.#formed) this.#options.notice('the audit is written again')
    this.#formed = undefined
    this.#away = undefined
  }

  async #form(): Promise<FormedBatch | undefined> {
    if (this.#waiting.length === 0) return undefined
    const isFirst = this.#chain.head.seq === 0
    if (isFirst) this.#waiting.unshift({ body: await this.#options.opening(this.stream) })
    const records = this.#waiting.slice(0, this.#options.batchMax)
    this.#waiting = this.#waiting.slice(this.#options.batchMax)
    return { records, batch: this.#chain.add(records.map(({ body }) => body)) }
  }

  #failed(error: Failure): void {
    if (!this.#away) this.#options.notice(`the audit cannot be written: ${error.what}`)
    this.#away = error
    for (const { settle } of [...(this.#formed?.records ?? []), ...this.#waiting]) settle?.failed(error)
    this.#waiting = this.#waiting.filter(({ settle }) => settle === undefined)
  }
}
