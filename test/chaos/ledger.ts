// The ledgers of a fault run: what was ordered, what each client was told, what the cores really did, what a consumer received. They
// are kept outside the product, as lines of JSON in the run's folder, so that a run can be judged, and gone on with, by anyone.

import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One request of a client. Amounts are unique in a run, so that every effect belongs to one order. */
export interface Order {
  readonly op: number
  readonly kind: 'transfer' | 'entry' | 'raise' | 'address'
  readonly door: 'rest' | 'command'
  /** The Idempotency-Key, or the id of the command. */
  readonly key: string
  /** Transfer: who pays. Entry: the account. Raise and address: the customer. */
  readonly from: string
  /** Transfer: who is paid. */
  readonly to?: string
  readonly direction?: 'D' | 'C'
  /** A decimal with two places; of an address the number in its first line. */
  readonly amount: string
  readonly currency: 'EUR' | 'GBP'
  /** The order whose key it takes, with another body. */
  readonly reuses?: number
}

/** How an operation stands, in the words of `/operations/{id}`; `refused`: it never began. */
export type State = 'running' | 'parked' | 'completed' | 'rejected' | 'failed' | 'abandoned' | 'refused' | 'retry'

/** What a client was told: an answer over HTTP, the answer to a command, or a status that was asked for. */
export interface Told {
  readonly op: number
  readonly by: 'http' | 'answer' | 'status'
  readonly state: State
  readonly http?: number
  readonly code?: string
  /** The operation's id. */
  readonly id?: string
  /** What a completed operation gave. */
  readonly receipt?: Readonly<Record<string, unknown>>
  /** The text that a person reads. */
  readonly text?: string
}

/** An effect that a core really applied: a line of its journal. */
export interface Effect {
  /** POSTENT, REVENT, RaiseCreditLimit, ChangeAddress. */
  readonly program: string
  readonly reference: string
  /** The account, or the customer. */
  readonly account: string
  readonly direction?: 'D' | 'C'
  readonly amount: string
  /** The entry's or the decision's number, or the customer's version. */
  readonly entry: string
}

/** An event as the consumer's queue had it, duplicates included. */
export interface Received {
  readonly id: string
  /** The last part of its type: `funds-transferred`. */
  readonly name: string
  readonly operationId: string
  readonly data: Readonly<Record<string, unknown>>
}

/** A fault that was injected. */
export interface Injected {
  /** The row of the table: `bank link: reset after the COMMAREA`. */
  readonly what: string
  /** The operations that it touched, where that is known. */
  readonly ops: readonly number[]
  /** Worse than what the adapters declare or the network may do: a doubled effect is then allowed, if it is seen. */
  readonly beyond?: boolean
  /** It leaves in doubt whether a call took effect. */
  readonly doubt?: boolean
}

/** What a person did to an operation. */
export interface Act {
  readonly op: number
  readonly action: string
  /** Whether it agreed with the journal at that time; undefined where nothing is claimed. */
  readonly right?: boolean
  /** Whether the product took it. */
  readonly taken: boolean
  readonly words?: string
  /** After the schedule, when every operation had had its time. */
  readonly late?: true
}

/** How an operation stands after the drain. */
export interface Final {
  readonly op: number
  readonly id?: string
  readonly state: State | 'unknown'
  readonly reason?: string
  readonly code?: string
  /** What `/operations/{id}` says beside the result. */
  readonly attention?: string
  /** A search for parked operations shows it, or the watch that parked for it. */
  readonly listed?: boolean
  /** A late look-up of one of its calls is parked. */
  readonly watchParked?: boolean
}

export interface Ledgers {
  readonly orders: readonly Order[]
  readonly told: readonly Told[]
  readonly effects: readonly Effect[]
  readonly events: readonly Received[]
  readonly faults: readonly Injected[]
  readonly acts: readonly Act[]
  readonly finals: readonly Final[]
}

/** The pages that are written while the run goes on; the journals are the cores' own. */
export interface Pages {
  readonly order: Order
  readonly told: Told
  readonly event: Received
  readonly fault: Injected
  readonly act: Act
  /** Which order a reference of ours belongs to, as the proxy saw it on the wire. */
  readonly reference: { readonly reference: string; readonly op: number }
}

/** The pages of a run, one file each. What stood there before stands there still. */
export interface Book {
  write<Page extends keyof Pages>(page: Page, line: Pages[Page]): void
  read<Page extends keyof Pages>(page: Page): readonly Pages[Page][]
}

export function openBook(folder: string): Book {
  const path = (page: keyof Pages) => join(folder, `${page}.ndjson`)
  return {
    write: (page, line) => appendFileSync(path(page), `${JSON.stringify(line)}\n`),
    read: (page) => readLines(path(page)),
  }
}

/** The values of a file of JSON lines; a last line that a kill cut off does not count. */
export function readLines<T>(path: string): T[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.slice(0, -1).map((line) => JSON.parse(line) as T)
}
