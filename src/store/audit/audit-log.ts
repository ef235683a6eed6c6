// The audit of one process: which records are kept, which of a flood are only counted, and what it records of itself.

import { failure, isFailure } from '../../error/failure.ts'
import type { Audit, AuditRecord } from '../../operation/audit.ts'
import type { Database } from '../database.ts'
import { type Anchors, anchorsOver } from './anchors.ts'
import { bodyOf, type OwnRecord, ownBodyOf } from './body.ts'
import type { AuditHead } from './chain.ts'
import { type DroppedTally, droppedTally, type FloodGate, type FloodLimits, floodGate } from './flood.ts'
import type { SealKey } from './seal-key.ts'
import { StreamWriter } from './stream-writer.ts'

/** How much waits, and how long. Times in ms. */
export interface AuditLimits extends FloodLimits {
  /** Records in memory; of refusals half as many. */
  readonly waitingMax: number
  readonly batchMax: number
  readonly lingerMs: number
  readonly retryMs: number
  /** Between two records that count what was dropped. */
  readonly countMs: number
  /** Between two looks at the streams of other processes. */
  readonly anchorMs: number
}

const defaults: AuditLimits = {
  waitingMax: 10_000,
  refusalsOfOne: 20,
  refusalsOfAll: 200,
  batchMax: 500,
  lingerMs: 100,
  retryMs: 500,
  countMs: 1000,
  anchorMs: 60_000,
}

/** What an audit is written with, and who hears of it. */
export interface AuditLogOptions {
  readonly key: SealKey
  /** What the process is, for people: `gateway`. */
  readonly process: string
  readonly limits?: Partial<AuditLimits>
  /** Told of trouble, without customer data. */
  readonly notice?: (problem: string) => void
  /** Told the last record that was written, now and then and at the end: a witness outside of the database. */
  readonly witness?: (head: AuditHead) => void
}

/** The audit of this process. */
export interface AuditLog extends Audit {
  /** Writes what waits and the last record of the stream. `notice` hears how much could not be written. */
  close(): Promise<void>
}

/** Connects when first used. */
export function auditLog(database: Database, options: AuditLogOptions): AuditLog {
  return new StreamedAudit(database, options)
}

const now = () => new Date().toISOString()

class StreamedAudit implements AuditLog {
  readonly #limits: AuditLimits
  readonly #notice: (problem: string) => void
  readonly #witness: (head: AuditHead) => void
  readonly #gate: FloodGate
  readonly #tally: DroppedTally = droppedTally()
  readonly #anchors: Anchors
  readonly #writer: StreamWriter
  readonly #looking: NodeJS.Timeout
  #counting: NodeJS.Timeout | undefined
  #witnessed = 0
  #closed = false

  constructor(database: Database, { key, process, limits, notice = () => undefined, witness }: AuditLogOptions) {
    this.#limits = { ...defaults, ...limits }
    this.#notice = notice
    this.#witness = witness ?? (() => undefined)
    this.#gate = floodGate(this.#limits)
    this.#anchors = anchorsOver(database)
    // Not the time of the first write: in a stream no record is of an earlier time than one before it.
    const began = now()
    const opening = async (stream: string) => {
      const heads = await this.#anchors.grown(stream)
      return ownBodyOf(began, { event: 'opened', process, key: key.publicKey.text, heads })
    }
    this.#writer = new StreamWriter(database, { ...this.#limits, key, opening, notice })
    this.#looking = setInterval(() => void this.#look(), this.#limits.anchorMs).unref()
  }

  async keep(record: AuditRecord): Promise<void> {
    if (this.#closed) throw failure('STORE_UNAVAILABLE', { why: 'the audit is closed' })
    // Whoever came first waits for the database; the others need not wait for another try to fail.
    if (this.#writer.away) throw this.#writer.away
    if (this.#writer.waiting >= this.#limits.waitingMax)
      throw failure('STORE_UNAVAILABLE', { why: 'the audit does not keep up' })
    await this.#writer.keep(bodyOf(now(), record))
  }

  note(record: AuditRecord): void {
    if (!this.#closed && this.#fits(record)) {
      this.#writer.add(bodyOf(now(), record))
    } else {
      this.#tally.add(record, now())
      this.#countLater()
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#looking)
    clearTimeout(this.#counting)
    this.#count()
    if (this.#writer.begun) this.#addOwn({ event: 'closed' })
    const lost = await this.#writer.end()
    if (lost > 0) this.#notice(`${lost} records of the audit could not be written before the end`)
    this.#bearWitness()
  }

  #fits(record: AuditRecord): boolean {
    const { waitingMax } = this.#limits
    if (record.event !== 'refused') return this.#writer.waiting < waitingMax
    return this.#writer.waiting < waitingMax / 2 && this.#gate.admits(record, performance.now())
  }

  #addOwn(record: OwnRecord): void {
    this.#writer.add(ownBodyOf(now(), record))
  }

  /** While the database is away one tally goes on: it is bounded, and records of it would not be. */
  #countLater(): void {
    if (this.#closed) return
    this.#counting ??= setTimeout(() => {
      this.#counting = undefined
      if (this.#writer.away) this.#countLater()
      else this.#count()
    }, this.#limits.countMs).unref()
  }

  #count(): void {
    const dropped = this.#tally.take()
    if (dropped) this.#addOwn({ event: 'dropped', ...dropped })
  }

  async #look(): Promise<void> {
    if (this.#writer.away || !this.#writer.head) return
    try {
      const heads = await this.#anchors.grown(this.#writer.stream)
      if (heads.length > 0) this.#addOwn({ event: 'anchored', heads })
    } catch (error) {
      this.#notice(`the audit cannot look at other streams: ${isFailure(error) ? error.what : 'failed'}`)
    }
    this.#bearWitness()
  }

  #bearWitness(): void {
    const { head } = this.#writer
    if (!head || head.seq === this.#witnessed) return
    this.#witnessed = head.seq
    this.#witness(head)
  }
}
