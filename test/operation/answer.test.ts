// What a caller is told of an operation, whole: every end, every read, every error, and nothing of what stands behind our own.

import { describe, expect, test } from '@jest/globals'
import type { OperationResult } from '../../src/contract/durable.ts'
import type { Outcome } from '../../src/contract/outcome.ts'
import { type Failure, failure } from '../../src/error/failure.ts'
import {
  answerOf,
  answerOfRead,
  attentionTexts,
  type OperationEnd,
  refusalOf,
  rejection,
} from '../../src/operation/answer.ts'

const again = 'the same Idempotency-Key gives this answer again'
const blocked = {
  code: 'CORE_REJECTED',
  title: 'Rejected',
  detail: 'rejected: account-blocked; nothing remains changed',
  hint: 'the reason says what to change',
  reason: 'account-blocked',
  retryable: false,
}
const since = '2026-01-05T10:00:00.000Z'
const failed = (code: string, status: 'internal' | 'invalid' | 'unavailable' | 'core-failed', message = 'so it is') =>
  ({ state: 'failed', code, message, status }) as const satisfies OperationResult

describe('an operation', () => {
  test.each(['running', 'parked'] as const)('that is %s is open', (state) => {
    expect(answerOf({ state })).toEqual({ is: 'open', state })
  })

  test('that is completed gives its output, also where something was seen after its end', () => {
    const end = { state: 'completed', output: { entry: '7' } } as const
    expect(answerOf(end)).toEqual({ is: 'completed', output: { entry: '7' } })
    const attention = { reason: 'doubled', since } as const
    expect(answerOf({ ...end, attention })).toEqual({ is: 'completed', output: { entry: '7' } })
  })

  test.each<[string, OperationEnd, object]>([
    [
      'was rejected by the core',
      { state: 'rejected', reason: 'account-blocked', status: 'not-found', message: 'x' },
      { ...blocked, status: 'not-found' },
    ],
    [
      'was rejected with a status that says the fault is ours',
      { state: 'rejected', reason: 'account-blocked', status: 'unavailable', message: 'x' },
      { ...blocked, status: 'refused' },
    ],
    [
      'was abandoned',
      { state: 'abandoned', by: 'ops.jane', note: 'of no concern to customers' },
      {
        code: 'OPERATION_ABANDONED',
        title: 'Operation abandoned',
        status: 'conflict',
        retryable: false,
        detail: 'an operator ended this operation by hand',
        hint: 'ask the bank what was done; a repetition with a new key is a new operation',
      },
    ],
    [
      'failed with a code of flows',
      failed('CORE_UNANSWERED', 'unavailable'),
      {
        code: 'CORE_UNANSWERED',
        title: 'Core system gives no answer',
        status: 'unavailable',
        retryable: false,
        detail: 'so it is',
        hint: `nothing remains in effect; try again later with a new key; ${again}`,
      },
    ],
    [
      'failed and is looked into',
      failed('OPERATION_TERMINATED', 'internal'),
      {
        code: 'OPERATION_TERMINATED',
        title: expect.any(String),
        status: 'internal',
        retryable: false,
        detail: 'so it is',
        hint: expect.not.stringContaining(again),
      },
    ],
    [
      'failed by a request that does not fit',
      failed('RECORD_TOO_SHORT', 'invalid', 'RECORD_TOO_SHORT: record PE needs 60 bytes but has 12'),
      {
        code: 'RECORD_TOO_SHORT',
        title: 'Record too short',
        status: 'invalid',
        retryable: false,
        detail: 'record PE needs 60 bytes but has 12',
        hint: `nothing of it remains in effect; ${again}, only a new key starts anew`,
      },
    ],
    [
      'failed by a mistake of ours',
      failed('RECORD_TOO_SHORT', 'internal', 'record PE of 10.0.0.1 needs 60 bytes'),
      {
        code: 'RECORD_TOO_SHORT',
        title: 'Record too short',
        status: 'internal',
        retryable: false,
        detail: 'the operation could not be carried out',
        hint: `nothing of it remains in effect; ${again}, only a new key starts anew`,
      },
    ],
    [
      'failed with a code of its own',
      failed('LIMIT_OF_TEAM', 'core-failed', 'secret'),
      {
        code: 'LIMIT_OF_TEAM',
        title: 'Operation failed',
        status: 'core-failed',
        retryable: false,
        detail: 'the operation could not be carried out',
        hint: `nothing of it remains in effect; ${again}, only a new key starts anew`,
      },
    ],
  ])('that %s is refused', (_, end, refusal) => {
    expect(answerOf(end)).toEqual({ is: 'refused', refusal })
  })

  test.each(['doubled', 'late-effect', 'effect-missing'] as const)(
    'that failed, and after whose end the core showed %s, is told as one to ask again about',
    (reason) => {
      const end = { ...failed('CORE_UNANSWERED', 'unavailable'), attention: { reason, since } }
      expect(answerOf(end)).toMatchObject({
        is: 'refused',
        refusal: {
          code: 'CORE_UNANSWERED',
          detail: attentionTexts[reason],
          hint: 'ask again at the URL of the operation, and send nothing anew before it says what became of it',
        },
      })
    },
  )
})

const unanswered = {
  code: 'READ_UNANSWERED',
  title: 'No answer from the core system',
  status: 'unavailable',
  retryable: true,
  detail: 'the core system did not answer in time; a read changes nothing',
  hint: 'try again later',
}
const bad = {
  code: 'READ_FAILED',
  title: 'Bad answer from the core system',
  status: 'core-failed',
  retryable: false,
  detail: 'the core system ended abnormally or gave an answer that could not be understood',
  hint: 'tell the operator of this service; a repetition is likely to end in the same way',
}
const unsent = {
  status: 'unavailable',
  retryable: true,
  detail: 'the core system cannot be asked at present; nothing was sent',
  hint: 'try again later',
}

describe('a read', () => {
  test('that was answered gives the reply', () => {
    expect(answerOfRead({ outcome: 'applied', reply: { a: '1' } })).toEqual({ is: 'completed', output: { a: '1' } })
  })

  const unknown = (cause: Extract<Outcome, { outcome: 'unknown' }>['cause']) =>
    ({ outcome: 'unknown', cause, message: 'at 10.0.0.1' }) as const
  test.each<[string, Exclude<Outcome, { outcome: 'applied' }>, object]>([
    [
      'that was refused',
      { outcome: 'rejected', reason: 'account-blocked', status: 'not-found', reply: {} },
      { ...blocked, status: 'not-found' },
    ],
    [
      'that was not sent',
      { outcome: 'not-sent', code: 'CORE_BUSY', message: 'at 10.0.0.1' },
      { ...unsent, code: 'CORE_BUSY', title: expect.not.stringContaining('Operation failed') },
    ],
    [
      'that was not sent, for a reason that no catalogue has',
      { outcome: 'not-sent', code: 'ANYTHING', message: 'at 10.0.0.1' },
      { ...unsent, code: 'CORE_UNREACHABLE', title: expect.not.stringContaining('Operation failed') },
    ],
    [
      'that was not sent, by a code that does not pass by itself',
      { outcome: 'not-sent', code: 'RECORD_TOO_SHORT', message: 'x' },
      { ...unsent, code: 'RECORD_TOO_SHORT', title: 'Record too short' },
    ],
    ['that abended', { outcome: 'abended', abendCode: 'ASRA' }, bad],
    ['without a reply', unknown('no-reply-before-deadline'), unanswered],
    ['whose connection was lost', unknown('connection-lost-after-send'), unanswered],
    ['with a reply that makes no sense', unknown('reply-malformed'), bad],
  ])('%s is told without what stands behind it', (_, outcome, refusal) => {
    expect(answerOfRead(outcome)).toEqual({ is: 'refused', refusal })
  })
})

describe('an error', () => {
  test.each<[string, Failure, object]>([
    [
      'of the caller tells what is wrong',
      failure('INPUT_INVALID', { mistakes: 2 }),
      { code: 'INPUT_INVALID', detail: failure('INPUT_INVALID', { mistakes: 2 }).what, retryable: false },
    ],
    [
      'in what the caller has sent tells what is wrong',
      failure('RECORD_TOO_SHORT', { record: 'PE', needed: 60, got: 12 }),
      { code: 'RECORD_TOO_SHORT', detail: 'record PE needs 60 bytes but has 12', retryable: false },
    ],
    [
      'of the door, although on our side, tells it too',
      failure('DOOR_BUSY', {}),
      { code: 'DOOR_BUSY', detail: 'as many reads as allowed are already under way', retryable: true },
    ],
    [
      'on our side is told by its title alone',
      failure('DURABLE_UNAVAILABLE', { why: 'no answer from 10.0.0.1' }),
      {
        code: 'DURABLE_UNAVAILABLE',
        title: 'Operations cannot be recorded now',
        status: 'unavailable',
        detail: 'the request cannot be dealt with at present',
        hint: 'try again later; repeat a write with the same Idempotency-Key, which begins nothing twice',
        retryable: true,
      },
    ],
  ])('%s', (_, error, told) => {
    expect(refusalOf(error)).toMatchObject({ ...told, status: error.status })
  })

  test('that is shown keeps its hint', () => {
    const error = failure('DOOR_BUSY', {})
    expect(refusalOf(error).hint).toBe(error.hint)
  })

  test('by the core keeps its reason', () => {
    expect(rejection('account-blocked', 'conflict')).toEqual({ ...blocked, status: 'conflict' })
  })
})
