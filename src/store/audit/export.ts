// The audit as JSON Lines, in the order of time, each record with its place in its chain.

import { failure } from '../../error/failure.ts'
import type { Database } from '../database.ts'
import { readBody } from './body.ts'
import { genesis } from './chain.ts'
import { auditIsThere, recordsBetween, type StoredRecord } from './tables.ts'

/** Which records are wanted. */
export interface ExportOptions {
  /** Of this time or later (RFC 3339, UTC, with milliseconds). */
  readonly since?: string
  /** Before this time. */
  readonly until?: string
  readonly client?: string
  readonly operation?: string
}

/**
 * Lines without their newlines: `{ stream, seq, previous, hash, seal?, body }`, hashes in hexadecimal, the seal in base64, the body as the
 * text that was hashed. Throws AUDIT_MISSING and STORE_UNAVAILABLE.
 */
export async function* exportAudit(database: Database, options: ExportOptions): AsyncGenerator<string> {
  if (!(await auditIsThere(database))) throw failure('AUDIT_MISSING', {})
  for await (const record of recordsBetween(database, options.since, options.until)) {
    if (isWanted(record, options)) yield lineOf(record)
  }
}

/** What cannot be read is never left out: it was changed by hand. */
function isWanted({ body }: StoredRecord, { client, operation }: ExportOptions): boolean {
  if (client === undefined && operation === undefined) return true
  const read = readBody(body)
  if (!read) return true
  return (client === undefined || read.client === client) && (operation === undefined || read.operation === operation)
}

function lineOf({ stream, seq, previous, hash, seal, body }: StoredRecord): string {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  const before = seq === 1 ? genesis : previous
  return JSON.stringify({
    ...{ stream, seq, previous: before && hex(before), hash: hex(hash) },
    ...(seal && { seal: Buffer.from(seal).toString('base64') }),
    body,
  })
}
