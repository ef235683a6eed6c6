// mainspan audit: holds the audit in PostgreSQL against its chains, or prints its records.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AuditSettings, readAuditSettings } from '../config.ts'
import { failure } from '../error/failure.ts'
import { headOf } from '../store/audit/body.ts'
import type { AuditHead } from '../store/audit/chain.ts'
import { exportAudit } from '../store/audit/export.ts'
import { type PublicSealKey, publicKeyOf, sealKey } from '../store/audit/seal-key.ts'
import { type Verified, verifyAudit } from '../store/audit/verify.ts'
import { type Database, openDatabase } from '../store/database.ts'
import type { Command, ExitCode, Invocation } from './command.ts'

/** A page of records is read in a fraction of that. */
const statementMs = 60_000

/** `mainspan audit`: exit code 1 when something of the audit was changed, deleted, inserted or cut. */
export const audit: Command = {
  name: 'audit',
  summary: 'Verify the audit in PostgreSQL, or print its records as JSON Lines',
  usage:
    'audit verify [--since TIME] [--public-key KEY] [--heads FILE] [--json] | audit export [--since TIME] [--until TIME] [--client NAME] [--operation NAME]',
  help: {
    since: 'from this time on, RFC 3339: 2026-12-01 or 2026-12-01T09:30:00Z',
    until: 'export: before this time',
    client: 'export: calls of this client only',
    operation: 'export: calls of this operation only',
    'public-key':
      'verify: the key that seals were made with, as a stream names it in its first record; the one of MAINSPAN_ID_KEY without it; repeatable',
    heads:
      "verify: a file with last records as they were told before, which must still be there: the output of verify --json, or a gateway's log",
    json: 'verify: print what is wrong, and the last record of each stream, as JSON Lines',
  },
  options: {
    since: { type: 'string' },
    until: { type: 'string' },
    client: { type: 'string' },
    operation: { type: 'string' },
    'public-key': { type: 'string', multiple: true },
    heads: { type: 'string' },
    json: { type: 'boolean' },
  },
  run: async (invocation) => {
    const [verb, ...more] = invocation.positionals
    if ((verb !== 'verify' && verb !== 'export') || more.length > 0) throw wrong('audit takes verify or export')
    const strangers = Object.keys(invocation.options).filter(
      (name) => name !== 'help' && !optionsOf[verb].includes(name),
    )
    if (strangers.length > 0) throw wrong(`audit ${verb} takes no --${strangers[0]}`)
    return verb === 'verify' ? verify(invocation) : printRecords(invocation)
  },
}

const optionsOf = {
  verify: ['since', 'public-key', 'heads', 'json'],
  export: ['since', 'until', 'client', 'operation'],
}

const wrong = (problem: string) => failure('COMMAND_LINE_INVALID', { problem })

async function verify({ options }: Invocation): Promise<ExitCode> {
  const since = timeOf('since', options.since)
  const heads = options.heads === undefined ? [] : headsIn(String(options.heads))
  const settings = readAuditSettings()
  const keys = keysOf(settings, options['public-key'])
  const verified = await withDatabase(settings, (database) =>
    verifyAudit(database, { keys, heads, ...(since !== undefined && { since }) }),
  )
  process.stdout.write(`${options.json ? jsonLines(verified) : report(verified)}\n`)
  return verified.problems.length > 0 ? 1 : 0
}

function keysOf({ MAINSPAN_ID_KEY: idKey }: AuditSettings, given: Invocation['options'][string]): PublicSealKey[] {
  const named = [given ?? []].flat().map((text) => {
    const key = publicKeyOf(String(text))
    if (!key)
      throw wrong('--public-key wants a key as the first record of a stream names it, 43 characters of base64url')
    return key
  })
  const own = idKey ? [sealKey(Buffer.from(idKey.reveal(), 'base64')).publicKey] : []
  const keys = [...named, ...own]
  if (keys.length === 0) throw wrong('seals are checked with MAINSPAN_ID_KEY or --public-key, and neither is given')
  return keys
}

/** Lines of JSON that name a record; a log has others between. */
function headsIn(file: string): AuditHead[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw wrong(`--heads cannot be read (${error instanceof Error && 'code' in error ? error.code : 'failed'})`)
  }
  const heads = text.split('\n').flatMap((line) => headOf(jsonOf(line)) ?? [])
  if (heads.length === 0) throw wrong('--heads has no line that names a record: {"stream":…,"seq":…,"hash":…}')
  return heads
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function report({ problems, streams, records }: Verified): string {
  const open = streams.filter(({ closed }) => !closed).length
  const lines = [
    ...problems,
    `${records} records in ${streams.length} streams: ${problems.length === 0 ? 'all fit' : 'not all fit'}`,
  ]
  if (open > 0) lines.push(`${open} of the streams have no end: their processes still run, or were killed`)
  return lines.join('\n')
}

function jsonLines({ problems, streams }: Verified): string {
  return [...problems.map((problem) => ({ problem })), ...streams].map((line) => JSON.stringify(line)).join('\n')
}

async function printRecords({ options }: Invocation): Promise<ExitCode> {
  const since = timeOf('since', options.since)
  const until = timeOf('until', options.until)
  const wanted = {
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(options.client !== undefined && { client: String(options.client) }),
    ...(options.operation !== undefined && { operation: String(options.operation) }),
  }
  await withDatabase(readAuditSettings(), async (database) => {
    for await (const line of exportAudit(database, wanted)) {
      if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
    }
  })
  return 0
}

async function withDatabase<T>(settings: AuditSettings, work: (database: Database) => Promise<T>): Promise<T> {
  const database = openDatabase({ url: settings.DATABASE_URL.reveal(), connections: 1, statementMs })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

const timePattern = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

/** A time as records have it: UTC, with milliseconds. A day begins at midnight UTC. */
function timeOf(option: string, given: Invocation['options'][string]): string | undefined {
  if (given === undefined) return undefined
  const time = timePattern.test(String(given)) ? new Date(String(given)) : new Date(Number.NaN)
  if (Number.isNaN(time.getTime())) throw wrong(`--${option} wants a time: 2026-12-01 or 2026-12-01T09:30:00Z`)
  return time.toISOString()
}
