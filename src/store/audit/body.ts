// The bodies of records: JSON in one line, `at` and `event` first, members in a fixed order, texts of bounded length.
//
//   {"at":"2026-12-01T09:30:00.123Z","event":"called","api":"rest","client":"tpp-1", … }

import { isObject, type JsonValue, membersOf } from '../../contract/json.ts'
import type { AuditRecord } from '../../operation/audit.ts'
import type { AuditHead } from './chain.ts'

/** What was not kept, and how often. */
export interface DroppedCount {
  readonly event: AuditRecord['event']
  readonly client?: string | undefined
  readonly code?: string | undefined
  readonly count: number
}

/**
 * What the audit records of itself:
 * - `opened`: a stream begins. Names the process, the key of its seals, and the last records of other streams.
 * - `anchored`: names the last records of streams that have grown since.
 * - `dropped`: records that were not kept, counted, since the time `since`.
 * - `closed`: the process ended in order; nothing follows.
 */
export type OwnRecord =
  | { readonly event: 'opened'; readonly process: string; readonly key: string; readonly heads: readonly AuditHead[] }
  | { readonly event: 'anchored'; readonly heads: readonly AuditHead[] }
  | { readonly event: 'dropped'; readonly since: string; readonly dropped: readonly DroppedCount[] }
  | { readonly event: 'closed' }

const textMax = 200

/** One member, with a comma before it. Texts come from clients and tokens, too: what is longer than any of them should be is cut. */
function member(name: string, value: string | number | undefined): string {
  if (value === undefined) return ''
  return `,"${name}":${JSON.stringify(typeof value === 'string' ? value.slice(0, textMax) : value)}`
}

/** The body of a record. Members that are undefined are left out. Written by hand, since each read pays for it. */
export function bodyOf(at: string, record: AuditRecord): string {
  const { token } = record
  const named = token
    ? `,"token":{"issuer":${JSON.stringify(token.issuer.slice(0, textMax))}${member('id', token.id)}}`
    : ''
  const caller = `${member('client', record.client)}${named}${member('consent', record.consent)}`
  const called = `${member('operation', record.operation)}${member('version', record.version)}`
  const ended = `${member('operationId', record.operationId)}${member('outcome', record.outcome)}${member('code', record.code)}`
  const head = `{"at":"${at}","event":"${record.event}","api":"${record.api}"`
  return `${head}${caller}${member('requestId', record.requestId)}${called}${ended}}`
}

/** The body of a record of the audit itself. */
export function ownBodyOf(at: string, record: OwnRecord): string {
  return JSON.stringify({ at, ...record })
}

/** The event of a body, without reading the rest. */
export function eventIn(body: string): string {
  return /^\{"at":"[^"]{24}","event":"([a-z]{1,20})"/.exec(body)?.[1] ?? ''
}

/** A body as JSON; undefined when it is none, as after a change by hand. */
export function readBody(body: string): Readonly<Record<string, JsonValue>> | undefined {
  try {
    const value: JsonValue = JSON.parse(body)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The heads that a record names; undefined when it should and cannot be read. */
export function headsIn(body: string): readonly AuditHead[] | undefined {
  const event = eventIn(body)
  if (event !== 'opened' && event !== 'anchored') return []
  const heads = readBody(body)?.heads
  if (!Array.isArray(heads)) return undefined
  const read = heads.map(headOf)
  return read.every((one) => one !== undefined) ? read : undefined
}

/** A head as `mainspan audit verify --json`, a log line or a record has it; undefined when it is none. */
export function headOf(value: unknown): AuditHead | undefined {
  const { stream, seq, hash } = membersOf(value)
  const isHead =
    typeof stream === 'string' &&
    /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(stream) &&
    typeof seq === 'number' &&
    Number.isSafeInteger(seq) &&
    typeof hash === 'string' &&
    /^[0-9a-f]{64}$/.test(hash)
  return isHead ? { stream, seq, hash } : undefined
}
