// What the audit hears of requests at the REST API: one record of each answer and each refusal, one before each start, nothing of what a
// customer or a caller sent; and what goes on while it cannot be written.

import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { failure } from '../../../src/error/failure.ts'
import { auditLog } from '../../../src/store/audit/audit-log.ts'
import { bodyOf } from '../../../src/store/audit/body.ts'
import { sealKey } from '../../../src/store/audit/seal-key.ts'
import { openDatabase } from '../../../src/store/database.ts'
import type { Ask } from '../ask.ts'
import { account, doorForEachTest, transfer } from '../open-door.ts'
import { goodTransfer, transferDone } from '../stand-in.ts'

const door = doorForEachTest()

/** A record is made when the answer has gone, which its reader may see before. */
async function recordsOf(what: Ask | string): Promise<{ status: number; records: object[] }> {
  const { status } = await door.ask(what)
  for (let tries = 0; tries < 50 && !door.records.some(({ event }) => event !== 'asked'); tries += 1) await pause(2)
  return { status, records: door.records.map(({ requestId: _id, ...record }) => JSON.parse(JSON.stringify(record))) }
}

const read = { event: 'called', api: 'rest', client: 'local', operation: 'getAccount', version: 1 }
const write = { api: 'rest', client: 'local', operation: 'transferFunds', version: 1 }
const refused = { event: 'refused', api: 'rest' }
const id = 'transferFunds-local-k1'

const cases: readonly [string, () => Ask | string, number, object[]][] = [
  ['a read', () => account, 200, [{ ...read, outcome: 'applied' }]],
  [
    'a read that the core rejects',
    () => {
      door.caller.answer = () => ({ outcome: 'rejected', reason: 'account-not-found', status: 'not-found', reply: {} })
      return account
    },
    404,
    [{ ...read, outcome: 'rejected', code: 'CORE_REJECTED' }],
  ],
  [
    'a read of which there is no answer',
    () => {
      door.caller.answer = () => ({ outcome: 'not-sent', code: 'CORE_CLOSED', message: 'at 10.0.0.1' })
      return account
    },
    503,
    [{ ...read, outcome: 'not-sent CORE_CLOSED', code: 'CORE_CLOSED' }],
  ],
  [
    'a write',
    () => {
      door.operations.onStart = () => transferDone
      return transfer('k1')
    },
    201,
    [
      { ...write, event: 'asked' },
      { ...write, event: 'called', operationId: id, outcome: 'completed' },
    ],
  ],
  [
    'a write that is still under way',
    () => transfer('k1', { prefer: 'wait=0' }),
    202,
    [
      { ...write, event: 'asked' },
      { ...write, event: 'called', operationId: id, outcome: 'running' },
    ],
  ],
  [
    'a write that is not begun',
    () => {
      door.operations.broken.start = failure('STORE_UNAVAILABLE', { why: 'no connection' })
      return transfer('k1')
    },
    503,
    [
      { ...write, event: 'asked' },
      { ...write, event: 'refused', code: 'STORE_UNAVAILABLE' },
    ],
  ],
  [
    'a write without a key',
    () => ({ ...transfer('k1'), headers: {} }),
    400,
    [{ ...write, event: 'refused', code: 'IDEMPOTENCY_KEY_MISSING' }],
  ],
  [
    'an input that is wrong',
    () => transfer('k1', {}, { ...goodTransfer, amount: 'much' }),
    400,
    [{ ...write, event: 'refused', code: 'INPUT_INVALID' }],
  ],
  ['a path that there is none of', () => '/v1/secrets', 404, [{ ...refused, code: 'OPERATION_UNKNOWN' }]],
  [
    'an operation that nobody knows',
    () => '/operations/x-1',
    404,
    [{ ...refused, client: 'local', code: 'OPERATION_ID_UNKNOWN' }],
  ],
  [
    'a body that is no JSON',
    () => ({ ...transfer('k1'), payload: '{', headers: { 'content-type': 'application/json' } }),
    400,
    [{ ...write, event: 'refused', code: 'BODY_MALFORMED' }],
  ],
]

test.each(cases)('%s', async (_what, ask, status, records) => {
  expect(await recordsOf(ask())).toEqual({ status, records })
})

test('a look at an operation is a call', async () => {
  door.operations.onStart = () => transferDone
  await door.ask(transfer('k1'))
  door.records = []
  expect(await recordsOf(`/operations/${id}`)).toEqual({
    status: 200,
    records: [{ ...write, event: 'called', operationId: id, outcome: 'completed' }],
  })
})

test('health and the pages leave no record', async () => {
  for (const url of ['/health/live', '/health/ready', '/openapi.json', '/docs']) await door.ask(url)
  await pause(20)
  expect(door.records.filter(({ code }) => code !== 'OPERATION_UNKNOWN')).toEqual([])
})

test('records of one request have its id', async () => {
  door.operations.onStart = () => transferDone
  const { headers } = await door.ask(transfer('k1', { 'x-request-id': 'request-4711' }))
  await pause(20)
  expect(headers['x-request-id']).toBe('request-4711')
  expect(door.records.map(({ requestId }) => requestId)).toEqual(['request-4711', 'request-4711'])
})

test('nothing of what was sent stands in a record: input, key, headers, path, query', async () => {
  const canary = 'CANARY4711'
  const headers = {
    'idempotency-key': canary,
    authorization: `Bearer ${canary}`,
    'x-customer': canary,
    prefer: `wait=0, ${canary}`,
  }
  const payload = { ...goodTransfer, [canary]: canary, lines: [{ text: canary }] }
  door.operations.onStart = () => ({ state: 'completed', output: { debit: canary, credit: canary } })
  const good = { ...goodTransfer, lines: [{ text: canary }] }
  await door.ask({ ...transfer(canary, headers, good) })
  await door.ask({ ...transfer(canary, headers, payload) })
  await door.ask({ url: `/v1/accounts/${canary}?${canary}=${canary}`, headers })
  await door.ask({ url: `/operations/${canary}`, headers })
  await door.ask({ url: `/${canary}`, headers: { ...headers, 'x-request-id': `${canary} and more` } })
  await pause(20)
  const bodies = door.records.map((record) => bodyOf('2026-12-01T00:00:00.000Z', record))
  expect(bodies).toHaveLength(6)
  // The stand-in makes ids of operations from keys, which the product does not.
  expect(bodies.join('\n').replaceAll(`transferFunds-local-${canary}`, '')).not.toContain(canary)
})

describe('while the database is away', () => {
  const database = () => openDatabase({ url: 'postgres://nobody:nothing@127.0.0.1:1/none' })
  const key = sealKey(new Uint8Array(32))

  test('reads are answered, and nothing new is begun: 503, nothing started', async () => {
    const notices: string[] = []
    const away = database()
    const log = auditLog(away, { key, process: 'test', notice: (problem) => notices.push(problem) })
    door.audit = log
    await door.reopen({})
    for (let nth = 0; nth < 3; nth += 1) {
      const answer = await door.ask(transfer('k1'))
      expect(answer.status).toBe(503)
      expect(answer.json()).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true })
      expect((await door.ask(account)).status).toBe(200)
    }
    expect(door.operations.starts).toEqual([])
    await door.stop()
    await log.close()
    await away.close()
    expect(notices[0]).toBe(
      'the audit cannot be written: the operation store cannot be reached: no connection (ECONNREFUSED)',
    )
    expect(notices.at(-1)).toMatch(/^\d records of the audit could not be written before the end$/)
  })
})
