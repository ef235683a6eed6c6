// The express lane: every outcome of a read as an answer, and the limit of reads at once.

import { describe, expect, test } from '@jest/globals'
import { failure } from '../../../src/error/failure.ts'
import { account, doorForEachTest } from '../open-door.ts'
import { goodReplies } from '../stand-in.ts'

const door = doorForEachTest()

describe('a read', () => {
  test('is answered from one call, with a reference of its own', async () => {
    const answer = await door.ask(account)
    expect(answer.status).toBe(200)
    expect(answer.json()).toEqual(goodReplies.inquireAccount)
    expect(door.caller.calls).toHaveLength(1)
    expect(door.caller.calls[0]).toMatchObject({
      adapter: 'deposits',
      transaction: 'inquireAccount',
      request: { accountNumber: '0000000001' },
      reference: expect.stringMatching(/^[A-Z2-7]{16}$/),
    })
    expect(door.operations.starts).toHaveLength(0)
  })

  test('takes numbers of the query as numbers, in plain digits only', async () => {
    expect((await door.ask(`${account}/entries?beforeEntry=17`)).status).toBe(200)
    expect(door.caller.calls[0]?.request).toEqual({ accountNumber: '0000000001', beforeEntry: 17 })
    for (const text of ['0x11', '1e1', '+1', ' 1', '01', '1.0.0', '']) {
      const answer = await door.ask(`${account}/entries?beforeEntry=${encodeURIComponent(text)}`)
      expect(answer.status).toBe(400)
      expect(answer.json().errors).toEqual([{ in: 'query', pointer: '/beforeEntry', message: expect.any(String) }])
    }
    expect(door.caller.calls).toHaveLength(1)
  })

  test.each([
    [
      'rejected',
      { outcome: 'rejected', reason: 'account-not-found', status: 'not-found', reply: {} },
      404,
      'CORE_REJECTED',
      false,
    ],
    [
      'rejected with a senseless status',
      { outcome: 'rejected', reason: 'x', status: 'in-doubt', reply: {} },
      422,
      'CORE_REJECTED',
      false,
    ],
    [
      'not sent',
      { outcome: 'not-sent', code: 'CORE_CLOSED', message: 'deposits at 10.0.0.1' },
      503,
      'CORE_CLOSED',
      true,
    ],
    [
      'not sent for an odd reason',
      { outcome: 'not-sent', code: 'toString', message: '' },
      503,
      'CORE_UNREACHABLE',
      true,
    ],
    ['abended', { outcome: 'abended', abendCode: 'ASRA' }, 502, 'READ_FAILED', false],
    [
      'late',
      { outcome: 'unknown', cause: 'no-reply-before-deadline', message: '10.0.0.1' },
      503,
      'READ_UNANSWERED',
      true,
    ],
    ['cut off', { outcome: 'unknown', cause: 'connection-lost-after-send', message: '' }, 503, 'READ_UNANSWERED', true],
    ['garbled', { outcome: 'unknown', cause: 'reply-malformed', message: '' }, 502, 'READ_FAILED', false],
  ] as const)('that is %s tells what may be done', async (_name, outcome, status, code, retryable) => {
    door.caller.answer = () => outcome
    const answer = await door.ask(account)
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(answer.json()).toMatchObject({ type: `urn:mainspan:problem:${code}`, status, code, retryable })
    expect(answer.headers['retry-after']).toBe(retryable ? '1' : undefined)
    expect(answer.body).not.toContain('10.0.0.1')
  })

  test('names the reason of a rejection', async () => {
    door.caller.answer = () => ({ outcome: 'rejected', reason: 'account-not-found', status: 'not-found', reply: {} })
    expect((await door.ask(account)).json()).toMatchObject({ reason: 'account-not-found', status: 404 })
  })

  test('is refused when too many are under way, and its place is free again afterwards', async () => {
    await door.reopen({ readsMax: 3 })
    const release: (() => void)[] = []
    door.caller.answer = () =>
      new Promise((resolve) =>
        release.push(() => resolve({ outcome: 'applied', reply: goodReplies.inquireAccount ?? {} })),
      )
    const held = [1, 2, 3].map(() => door.ask(account))
    while (release.length < 3) await new Promise(setImmediate)
    const refused = await door.ask(account)
    expect(refused.status).toBe(503)
    expect(refused.json()).toMatchObject({ code: 'DOOR_BUSY', retryable: true })
    for (const one of release) one()
    expect((await Promise.all(held)).map((answer) => answer.status)).toEqual([200, 200, 200])
    door.caller.answer = () => ({ outcome: 'applied', reply: {} })
    expect((await door.ask(account)).status).toBe(200)
  })

  test('that the caller cannot carry out gives the error of the catalogue, and a fault tells nothing', async () => {
    door.caller.answer = () => {
      throw failure('RECORD_TOO_SHORT', { record: 'INQACC', needed: 2, got: 1 })
    }
    expect((await door.ask(account)).json()).toMatchObject({ code: 'RECORD_TOO_SHORT', status: 400 })
    door.caller.answer = () => {
      throw new TypeError('secret 0000000001 of GB82WEST')
    }
    const fault = await door.ask(account)
    expect(fault.status).toBe(500)
    expect(fault.json()).toMatchObject({ code: 'DOOR_FAULT' })
    expect(fault.body + door.lines.join('')).not.toMatch(/secret|0000000001|GB82/)
    expect(door.lines.join('')).toContain('"cause":"TypeError"')
  })
})
