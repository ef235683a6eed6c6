// The store as start.ts opens it: operations, builds, used proofs and the audit over one database, whose tables are made when it is first reached.

import type { BuildStore, Cipher, OperationStore, ProofStore } from '../contract/store.ts'
import { type AuditLog, type AuditLogOptions, auditLog } from './audit/audit-log.ts'
import { buildStore } from './build-store.ts'
import { type Database, type DatabaseOptions, openDatabase } from './database.ts'
import { operationStore } from './operation-store.ts'
import { proofStore } from './proof-store.ts'
import { migrate } from './schema.ts'

export interface StoreOptions extends DatabaseOptions {
  readonly cipher: Cipher
}

/** Operations, builds, used proofs and the audit over one database. */
export interface Store extends OperationStore, BuildStore, ProofStore {
  /** Begins the audit of this process, which is closed before the store is. */
  audit(options: AuditLogOptions): AuditLog
  /** Writes what was told, then closes. */
  close(): Promise<void>
}

/** Connects when first used, so that a process starts before its database does. */
export function openStore({ cipher, ...options }: StoreOptions): Store {
  const database = migrated(openDatabase(options))
  const operations = operationStore(database, cipher)
  return {
    ...operations,
    ...buildStore(database, cipher),
    ...proofStore(database),
    audit: (options) => auditLog(database, options),
    async close() {
      await operations.drained()
      await database.close()
    },
  }
}

/** A database whose tables are brought up to date before the first statement; after a failure, before the next one. */
function migrated(database: Database): Database {
  let made: Promise<void> | undefined
  const ready = async () => {
    made ??= migrate(database)
    try {
      await made
    } catch (error) {
      made = undefined
      throw error
    }
  }
  return {
    async query(statement, values) {
      await ready()
      return database.query(statement, values)
    },
    async transaction(work) {
      await ready()
      return database.transaction(work)
    },
    close: () => database.close(),
  }
}
