// A database with an audit, its streams, and what a person with every right could do to it by hand.

import { setTimeout as pause } from 'node:timers/promises'
import type { AuditRecord, RecordedAfter, RecordedFirst } from '../../../src/operation/audit.ts'
import { type AuditLimits, type AuditLog, auditLog } from '../../../src/store/audit/audit-log.ts'
import { sealKey } from '../../../src/store/audit/seal-key.ts'
import { type VerifyOptions, verifyAudit } from '../../../src/store/audit/verify.ts'
import { type Database, openDatabase } from '../../../src/store/database.ts'
import { migrate } from '../../../src/store/schema.ts'
import { type DatabaseForTests, databaseForTests } from '../../support/store.ts'

export const key = sealKey(new Uint8Array(32).fill(5))

export const asked = (requestId: string): AuditRecord<RecordedFirst> => ({
  ...{ event: 'asked', api: 'rest', client: 'tpp-1', requestId },
  ...{ operation: 'transferFunds', version: 1, operationId: `transferFunds-v1-${requestId}` },
})
export const called = (requestId: string): AuditRecord<RecordedAfter> => ({
  ...{
    event: 'called',
    api: 'rest',
    client: 'tpp-2',
    requestId,
    operation: 'getAccount',
    version: 1,
    outcome: 'applied',
  },
})
export const refused = (requestId: string, client?: string): AuditRecord<RecordedAfter> => ({
  ...{ event: 'refused', api: 'rest', client, requestId, code: 'INPUT_INVALID' },
})

/** A row as an administrator sees it. */
export interface AuditRow {
  readonly stream: string
  readonly seq: string
  readonly hash: Buffer
  readonly body: string
  readonly seal: Buffer | null
}

export interface AuditDatabase extends DatabaseForTests {
  readonly database: Database
  /** Opens the audit of one more process. */
  log(limits?: Partial<AuditLimits>, more?: object): AuditLog
  /** A stream of one more process: `opened`, so many records each in a write of its own, `closed`. Gives its id. */
  streamOf(records: number): Promise<string>
  rows(stream?: string): Promise<readonly AuditRow[]>
  /** Runs statements with the trigger out of the way. */
  tamper(...statements: readonly string[]): Promise<void>
  problems(options?: Partial<VerifyOptions>): Promise<readonly string[]>
}

export async function auditDatabase(server?: string): Promise<AuditDatabase> {
  const own = await databaseForTests(server)
  const database = openDatabase({ url: own.url })
  await migrate(database)
  const self: AuditDatabase = {
    ...own,
    database,
    log: (limits = {}, more = {}) => auditLog(database, { key, process: 'test', limits, ...more }),
    async streamOf(records) {
      const known = new Set((await self.rows()).map(({ stream }) => stream))
      const log = self.log()
      for (let nth = 1; nth <= records; nth += 1) await log.keep(asked(`request-${nth}`))
      await log.close()
      await pause(2) // so that the next stream begins in another millisecond
      return (await self.rows()).map(({ stream }) => stream).find((stream) => !known.has(stream)) ?? ''
    },
    rows: (stream) =>
      own.sql<AuditRow>(
        `select stream, seq, hash, body, seal from mainspan.audit where $1::uuid is null or stream = $1::uuid order by stream, seq`,
        [stream ?? null],
      ),
    async tamper(...statements) {
      const trigger = 'mainspan.audit disable trigger append_only'
      const all = [
        `alter table ${trigger}`,
        ...statements,
        `alter table ${trigger.replace('disable', 'enable always')}`,
      ]
      await own.sql(all.join(';\n'))
    },
    problems: async (options) => (await verifyAudit(database, { keys: [key.publicKey], ...options })).problems,
    async close() {
      await database.close()
      await own.close()
    },
  }
  return self
}
