// The express lane, the start of an operation and the wait for its end, each over the smallest stand-in.

import { describe, expect, test } from '@jest/globals'
import type { Call, Caller } from '../../src/contract/call.ts'
import type { ResolvedOperation, ResolvedTransaction } from '../../src/contract/catalog.ts'
import type { StartRequest } from '../../src/contract/durable.ts'
import { noAudit } from '../../src/operation/audit.ts'
import { expressLane, expressTransaction } from '../../src/operation/express.ts'
import { invoke } from '../../src/operation/invoke.ts'
import { stopping } from '../../src/operation/stopping.ts'
import { ended } from '../../src/operation/wait.ts'

const read = (adapter: string): ResolvedTransaction =>
  ({ adapter, name: 'inquire', definition: { effect: 'read' } }) as ResolvedTransaction

describe('the express lane', () => {
  /** A lane over a core that answers when the test says so. */
  function laneOf(readsMax: number) {
    const calls: Call[] = []
    const answers: (() => void)[] = []
    const call: Caller['call'] = (one) => {
      calls.push(one)
      return new Promise((resolve) => {
        answers.push(() => resolve({ outcome: 'applied', reply: {} }))
      })
    }
    return { calls, answers, lane: expressLane({ call } as Caller, readsMax) }
  }

  test('asks the core under a reference of its own, and says how long that took', async () => {
    const { lane, calls, answers } = laneOf(1)
    const reading = lane.read(read('bank'), { account: '1' })
    await new Promise((resolve) => {
      setTimeout(resolve, 20)
    })
    answers[0]?.()
    const { outcome, reference, coreMs } = await reading
    expect(outcome).toEqual({ outcome: 'applied', reply: {} })
    expect(calls).toEqual([{ adapter: 'bank', transaction: 'inquire', request: { account: '1' }, reference }])
    expect(coreMs).toBeGreaterThan(15)
    expect(coreMs).toBeLessThan(10_000)
  })

  test('draws references of 16 characters, each of all of A–Z and 2–7, and none twice', async () => {
    const { lane, answers } = laneOf(1000)
    const reads = Array.from({ length: 600 }, () => lane.read(read('bank'), {}))
    for (const answer of answers) answer()
    const references = (await Promise.all(reads)).map(({ reference }) => reference)
    expect(new Set(references).size).toBe(600)
    expect(references.filter((one) => !/^[A-Z2-7]{16}$/.test(one))).toEqual([])
    expect(new Set(references.join('')).size).toBe(32)
  })

  test('refuses more reads at once of one adapter than are allowed, and lets the next in when one has ended', async () => {
    const { lane, answers } = laneOf(2)
    const reads = [lane.read(read('bank'), {}), lane.read(read('bank'), {})]
    await expect(lane.read(read('bank'), {})).rejects.toMatchObject({ code: 'DOOR_BUSY' })
    const other = lane.read(read('other'), {})
    answers[0]?.()
    await reads[0]
    const third = lane.read(read('bank'), {})
    await expect(lane.read(read('bank'), {})).rejects.toMatchObject({ code: 'DOOR_BUSY' })
    for (const answer of answers) answer()
    await Promise.all([...reads, other, third])
  })

  test('frees the place of a read that failed', async () => {
    const call = () => Promise.reject(new TypeError('a mistake of ours'))
    const lane = expressLane({ call } as unknown as Caller, 1)
    await expect(lane.read(read('bank'), {})).rejects.toThrow('a mistake of ours')
    await expect(lane.read(read('bank'), {})).rejects.toThrow('a mistake of ours')
  })

  test.each([
    ['read', 'read', true],
    ['read', 'once', false],
    ['write', 'read', false],
    ['read', undefined, false],
  ])('is for an operation that is a %s, of a transaction that is a %s: %p', (effect, transactionEffect, isFor) => {
    const transaction = transactionEffect && { ...read('bank'), definition: { effect: transactionEffect } }
    const operation = { effect, transaction } as ResolvedOperation
    expect(expressTransaction(operation)).toBe(isFor ? transaction : undefined)
  })
})

describe('an invocation', () => {
  async function requestOf(definition: object, more: object = {}): Promise<StartRequest> {
    const requests: StartRequest[] = []
    const start = async (request: StartRequest) => {
      requests.push(request)
      return { id: 'pay-1', started: true }
    }
    const operation = { name: 'pay', version: 2, definition, workflowType: 'payFlow' } as ResolvedOperation
    const principal = { client: 'acme', door: 'rest', scopes: 'all' } as const
    const invocation = { operation, input: { amount: '1.00' }, principal, key: 'k-1', requestId: 'r-1', ...more }
    expect(await invoke({ operations: { start }, audit: noAudit }, invocation)).toEqual({ id: 'pay-1', started: true })
    return requests[0] as StartRequest
  }

  test('is one start, with a summary of who asked for what', async () => {
    expect(await requestOf({ summary: 'Pay an amount' })).toStrictEqual({
      start: { operation: 'pay', version: 2, input: { amount: '1.00' }, client: 'acme', door: 'rest' },
      workflowType: 'payFlow',
      key: 'k-1',
      summary: 'Pay an amount, by REST',
    })
  })

  test('by a command says where its answer goes; an operation without a summary goes by its name', async () => {
    const replyTo = { queue: 'q', correlationId: 'c' }
    const principal = { client: 'acme', door: 'command', scopes: 'all' }
    expect(await requestOf({}, { replyTo, principal })).toMatchObject({
      start: { replyTo, door: 'command' },
      summary: 'pay v2, by command',
    })
  })

  test('of one transaction carries its call', async () => {
    const operation = {
      ...{ name: 'post', version: 1, workflowType: 'runTransaction', transaction: read('bank') },
      definition: { event: 'posted', subject: 'amount' },
    } as unknown as ResolvedOperation
    expect(await requestOf({}, { operation })).toMatchObject({
      start: { call: { adapter: 'bank', transaction: 'inquire', event: 'posted', subject: '1.00' } },
    })
  })
})

describe('the wait for the end', () => {
  const status = {
    id: 'pay-1',
    operation: 'pay',
    version: 1,
    startedAt: '2026-01-05T10:00:00Z',
    state: 'running',
  } as const

  test('gives the status, and asks with the id and for how long', async () => {
    const asked: unknown[] = []
    const wait = async (...given: unknown[]) => {
      asked.push(given)
      return status
    }
    expect(await ended({ operations: { wait }, stopping: stopping() }, 'pay-1', 50)).toBe(status)
    expect(asked).toEqual([['pay-1', 50]])
  })

  test('gives nothing where it cannot be told, and says so', async () => {
    let failures = 0
    const operations = { wait: () => Promise.reject(new Error('away')) }
    const parts = { operations, stopping: stopping() }
    expect(await ended(parts, 'pay-1', 50, () => failures++)).toBeUndefined()
    expect(await ended(parts, 'pay-1', 50)).toBeUndefined()
    expect(failures).toBe(1)
  })

  test('ends when the process stops', async () => {
    const stop = stopping()
    const waiting = ended({ operations: { wait: () => new Promise(() => undefined) }, stopping: stop }, 'pay-1', 50)
    stop.begin()
    expect(await waiting).toBeUndefined()
  })
})
