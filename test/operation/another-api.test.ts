// A further API is a translator and nothing more: a sketch of GraphQL's, which runs operations through src/operation/ alone.

import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { failure } from '../../src/error/failure.ts'
import { standInCaller, standInCatalog, standInOperations } from '../api/stand-in.ts'
import { sketch } from './graphql-sketch.ts'

const operations = standInOperations()
const caller = standInCaller()
const identify = () => ({ client: 'sketch', door: 'rest', scopes: 'all' }) as const
const resolve = sketch({ catalog: standInCatalog, operations, caller, identify })
const order = { from: '0000000001', to: '0000000002', amount: '12.50' }

test('a mutation starts an operation and gives its output', async () => {
  operations.onStart = () => ({ state: 'completed', output: { debit: '1', credit: '2' } })
  expect(await resolve('transferFunds', { ...order }, { requestId: 'k1' })).toEqual({
    data: { transferFunds: { debit: '1', credit: '2' } },
  })
})

test('one that is under way gives where its end will be', async () => {
  operations.onStart = () => undefined
  const answer = await resolve('transferFunds', { ...order }, { requestId: 'k2' })
  expect(answer).toMatchObject({
    data: { transferFunds: null },
    extensions: { operation: expect.stringContaining('k2') },
  })
})

test('a query takes the express lane', async () => {
  caller.answer = () => ({
    outcome: 'applied',
    reply: { holder: 'A', balance: '1.00', state: 'ACTIVE', entryCount: 1 },
  })
  expect(await resolve('getAccount', { accountNumber: '0000000001' }, { requestId: 'r1' })).toMatchObject({
    data: { getAccount: { holder: 'A' } },
  })
})

test.each([
  ['a wrong input', 'transferFunds', {}, 'invalid'],
  ['a refusal by the core', 'getAccount', { accountNumber: '0000000001' }, 'not-found'],
])('%s has the status of the closed list', async (_, name, input, status) => {
  caller.answer = () => ({ outcome: 'rejected', reason: 'account-not-found', status: 'not-found', reply: {} })
  expect(await resolve(name, input, { requestId: 'k3' })).toMatchObject({ errors: [{ extensions: { status } }] })
})

test('an error is told as everywhere', async () => {
  operations.onStart = () => {
    throw failure('DURABLE_UNAVAILABLE', { why: 'no answer from 10.0.0.1' })
  }
  const answer = await resolve('transferFunds', { ...order }, { requestId: 'k4' })
  expect(answer).toMatchObject({ errors: [{ extensions: { code: 'DURABLE_UNAVAILABLE', status: 'unavailable' } }] })
  expect(JSON.stringify(answer)).not.toContain('10.0.0.1')
})

test('the translator has at most 60 lines, and knows nothing of REST', () => {
  const text = readFileSync(new URL('graphql-sketch.ts', import.meta.url), 'utf8')
  expect(text.split('\n').length).toBeLessThanOrEqual(60)
  expect(text).not.toMatch(/src\/api\//)
})
