// A store for tests: a new database on the server that all tests share, with keys of its own.

import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { rowCipher } from '../../src/durable/payload/row-cipher.ts'
import type { PayloadKey } from '../../src/durable/settings.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { postgresql } from './parts.ts'

export interface DatabaseForTests {
  readonly url: string
  /** Runs SQL by the side, as an administrator would. */
  sql<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** Drops the database, whoever still uses it. */
  close(): Promise<void>
}

/** A new, empty database; on the server that all tests share unless another one is named. */
export async function databaseForTests(server?: string): Promise<DatabaseForTests> {
  const administrator = server ?? (await postgresql()).url
  const name = `test_${randomBytes(6).toString('hex')}`
  await once(administrator, `create database ${name}`)
  const url = Object.assign(new URL(administrator), { pathname: `/${name}` }).href
  return {
    url,
    sql: (text, values) => once(url, text, values),
    close: async () => {
      await once(administrator, `drop database ${name} with (force)`)
    },
  }
}

async function once<Row extends object>(url: string, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Row>(text, [...values])).rows
  } finally {
    await client.end()
  }
}

export const storeKey: PayloadKey = { id: 'test-1', key: new Uint8Array(32).fill(7) }

export interface StoreForTests {
  readonly store: Store
  readonly database: DatabaseForTests
  close(): Promise<void>
}

/** A store over a new database. `close` drops it. */
export async function storeForTests(keys: readonly [PayloadKey, ...PayloadKey[]] = [storeKey]): Promise<StoreForTests> {
  const database = await databaseForTests()
  const store = openStore({ url: database.url, cipher: rowCipher(keys) })
  return {
    store,
    database,
    async close() {
      await store.close()
      await database.close()
    },
  }
}
