// What the audit hears of commands: one record before each start, one of its end, one of each refusal, and nothing of what was sent.

import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from '@jest/globals'
import { failure } from '../../../src/error/failure.ts'
import type { AuditRecord } from '../../../src/operation/audit.ts'
import { bodyOf } from '../../../src/store/audit/body.ts'
import { closeConsumers, commands, type Given, reused } from './command-consumer.ts'

afterEach(closeConsumers)

async function heard(given: Given) {
  const records: AuditRecord[] = []
  const keep = async (record: AuditRecord) => void records.push(record)
  const one = await commands({ audit: { keep, note: (record) => void records.push(record) }, ...given })
  const plain = () => records.map(({ requestId: _id, ...record }) => JSON.parse(JSON.stringify(record)))
  return { ...one, records, plain }
}

const pay = { api: 'command', client: 'amqp:till', operation: 'pay', version: 1 }

test('a command that starts, and the same one again', async () => {
  const starts = [true, false]
  const one = await heard({ onStart: async () => starts.shift() ?? false })
  await one.deliver()
  await one.deliver()
  expect(one.plain()).toEqual([
    { ...pay, event: 'asked' },
    { ...pay, event: 'called', operationId: 'pay-m-1', outcome: 'started' },
    { ...pay, event: 'asked' },
    { ...pay, event: 'called', operationId: 'pay-m-1', outcome: 'repeated' },
  ])
  const [first, second, third] = one.records.map(({ requestId }) => requestId)
  expect(second).toBe(first)
  expect(third).not.toBe(first)
})

test.each([
  [
    'of an operation that nobody knows',
    { type: 'pay.v2' },
    { event: 'refused', api: 'command', code: 'OPERATION_UNKNOWN' },
  ],
  ['that is none', { body: new Uint8Array() }, { event: 'refused', api: 'command', code: 'COMMAND_MALFORMED' }],
  [
    'with a wrong input',
    { body: new TextEncoder().encode('{}') },
    { ...pay, event: 'refused', code: 'COMMAND_INPUT_INVALID' },
  ],
])('a command %s is one refusal', async (_what, part, record) => {
  const one = await heard({})
  expect(await one.deliver(part)).toBe('ack')
  expect(one.plain()).toEqual([record])
})

test('a command whose id came before with another input', async () => {
  const one = await heard({ onStart: () => Promise.reject(reused()) })
  expect(await one.deliver()).toBe('ack')
  expect(one.plain()).toEqual([
    { ...pay, event: 'asked' },
    { ...pay, event: 'refused', code: 'IDEMPOTENCY_KEY_REUSED' },
  ])
})

test('while the audit cannot be written nothing is started, and the command is held', async () => {
  let away = true
  const starts: boolean[] = []
  const keep = async () => {
    if (away) throw failure('STORE_UNAVAILABLE', { why: 'no connection' })
  }
  const one = await commands({ audit: { keep, note: () => undefined }, onStart: async () => starts.push(away) > 0 })
  const delivered = one.deliver()
  await pause(40)
  expect([starts, one.steered[0]]).toEqual([[], 'suspend'])
  away = false
  expect(await delivered).toBe('ack')
  expect(starts).toEqual([false])
})

test('nothing of a message stands in a record: its body, its id, its headers', async () => {
  const canary = 'CANARY4711'
  const one = await heard({ onStart: () => Promise.reject(reused()) })
  const headers = { tenant: canary, authorization: canary }
  const part = { messageId: canary, correlationId: canary, replyTo: canary, headers }
  await one.deliver(part)
  await one.deliver({ ...part, body: new TextEncoder().encode(`{"amount":"${canary}","${canary}":1}`) })
  await one.deliver({ ...part, type: canary })
  expect(one.records).toHaveLength(4)
  expect(one.records.map((record) => bodyOf('2026-12-01T00:00:00.000Z', record)).join()).not.toContain(canary)
})
