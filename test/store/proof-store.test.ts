// Used DPoP proofs: each is the first once, on all nodes together, also when what was remembered is lost.

import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { rowCipher } from '../../src/durable/payload/row-cipher.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { type StoreForTests, storeForTests, storeKey } from '../support/store.ts'

let one: StoreForTests
let other: Store
beforeAll(async () => {
  one = await storeForTests()
  other = openStore({ url: one.database.url, cipher: rowCipher([storeKey]) })
})
afterAll(async () => {
  await other.close()
  await one.close()
})

const life = (madeAt = Date.now()) => ({ madeAt, until: madeAt + 60_000 })

test('a proof that one node has seen is known to the other', async () => {
  const id = randomBytes(32)
  expect(await one.store.isFirst(id, life())).toBe(true)
  expect(await one.store.isFirst(id, life())).toBe(false)
  expect(await other.isFirst(id, life())).toBe(false)
})

test('of many at once, on two nodes, one is the first', async () => {
  const ids = Array.from({ length: 50 }, () => randomBytes(32))
  const asked = ids.flatMap((id) => [one.store, other, one.store, other].map((store) => store.isFirst(id, life())))
  expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(50)
})

test('what was made before the table was emptied is not taken any more, and what is made after it is', async () => {
  const before = Date.now()
  const id = randomBytes(32)
  expect(await one.store.isFirst(id, life())).toBe(true)
  // What PostgreSQL does to a table that is not logged, after a crash.
  await one.database.sql('truncate mainspan.proofs')
  expect(await other.isFirst(id, life(before))).toBe(false)
  expect(await other.isFirst(randomBytes(32), life(before))).toBe(false)
  expect(await other.isFirst(randomBytes(32), life(Date.now() + 9000))).toBe(false)
  expect(await other.isFirst(randomBytes(32), life(Date.now() + 11_000))).toBe(true)
})
