// What an error of a call says to the flow's own code: a refusal with its reason and reply, and nothing where it is no refusal.

import { expect, test } from '@jest/globals'
import { ApplicationFailure } from '@temporalio/common'
import type { OperationResult } from '../../src/contract/durable.ts'
import { rejectionOf } from '../../src/flow/rejection.ts'
import { earlyReply, earlyResult, endEarly, failedWith, givenUp } from '../../src/flow/run/ending.ts'

const rejected = { state: 'rejected', reason: 'account-blocked', status: 'refused', message: 'it was refused' } as const
const failed = failedWith('CALL_NOT_APPLIED', { call: 'bank.post' })

test('a refusal is read with its reason and the reply of the core', () => {
  const error = endEarly(rejected, { state: 'BLOCKED' })
  expect(rejectionOf(error)).toMatchObject({ reason: 'account-blocked', reply: { state: 'BLOCKED' } })
  expect(rejectionOf(endEarly(rejected))).toMatchObject({ reason: 'account-blocked', reply: {} })
})

test.each<[string, unknown]>([
  ['a failure', endEarly(failed)],
  ['what a person gave up', givenUp({ by: 'ops', note: 'so' })],
  ['another failure of Temporal', ApplicationFailure.nonRetryable('no', 'OTHER', rejected)],
  ['any error', new TypeError('a mistake')],
  ['what only looks like one', { type: 'ENDED_EARLY', details: [rejected, {}] }],
  ['nothing', undefined],
])('%s is no refusal', (_, error) => {
  expect(rejectionOf(error)).toBeUndefined()
})

test.each<[OperationResult, string]>([
  [rejected, 'it was refused'],
  [failed, failed.message],
  [{ state: 'abandoned', by: 'ops', note: 'so' }, 'given up by ops'],
])('%j ends the flow for good, and is read from its error', (result, message) => {
  const error = endEarly(result, { a: '1' })
  expect(error).toMatchObject({ type: 'ENDED_EARLY', nonRetryable: true, message })
  expect(earlyResult(error)).toEqual(result)
  expect(earlyReply(error)).toEqual({ a: '1' })
  expect(earlyReply(endEarly(result))).toBeUndefined()
})
