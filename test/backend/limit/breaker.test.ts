// The breaker on a clock of its own, and the pace.

import { describe, expect, test } from '@jest/globals'
import { Breaker } from '../../../src/backend/limit/breaker.ts'
import { rateLimiter } from '../../../src/backend/limit/rate-limiter.ts'
import type { ExchangeResult } from '../../../src/contract/backend.ts'
import type { Effect } from '../../../src/contract/outcome.ts'
import { type Failure, failure } from '../../../src/error/failure.ts'

const at = { adapter: 'core', target: 'P' }
const notSent = (cause: Failure): ExchangeResult => ({ kind: 'not-sent', cause })
const unreachable = notSent(failure('CORE_UNREACHABLE', at))
const noReply: ExchangeResult = {
  kind: 'unknown',
  why: 'no-reply-before-deadline',
  cause: failure('CORE_NO_REPLY', { ...at, deadlineMs: 1 }),
}
const good: ExchangeResult = { kind: 'reply', bytes: new Uint8Array() }

function breaker() {
  const clock = { ms: 1000 }
  const one = new Breaker('core', { failures: 2, readRestMs: 10, writeRestMs: 30 }, () => clock.ms)
  const tryOne = (effect: Effect, result: ExchangeResult | undefined): string => {
    try {
      one.enter(effect).ended(result)
      return 'went'
    } catch (error) {
      return (error as Failure).code
    }
  }
  return { clock, one, tryOne }
}

describe('breaker', () => {
  test.each([
    ['unreachable', unreachable, 'CORE_BREAKER_OPEN'],
    ['no reply', noReply, 'CORE_BREAKER_OPEN'],
    ['refused', notSent(failure('CORE_REFUSED', { ...at, why: 'invalid program id' })), 'went'],
    ['our own queue full', notSent(failure('CORE_BUSY', { adapter: 'core', waiting: 1 })), 'went'],
    ['cancelled', notSent(failure('CALL_CANCELLED', at)), 'went'],
    ['abended', { kind: 'abended', abendCode: 'ASRA' } satisfies ExchangeResult, 'went'],
    ['an exception of ours', undefined, 'went'],
  ])('after %s twice', (_, result, expected) => {
    const { tryOne } = breaker()
    tryOne('once', result)
    tryOne('once', result)
    expect(tryOne('once', good)).toBe(expected)
  })

  test('a success in between starts the count again', () => {
    const { tryOne } = breaker()
    for (const result of [unreachable, good, unreachable]) tryOne('once', result)
    expect(tryOne('once', good)).toBe('went')
  })

  test.each([
    ['a refusal', notSent(failure('CORE_REFUSED', { ...at, why: 'invalid program id' }))],
    ['our own queue', notSent(failure('CORE_BUSY', { adapter: 'core', waiting: 1 }))],
    ['an exception of ours', undefined],
  ])('%s in between does not: it says nothing of the core', (_, result) => {
    const { tryOne } = breaker()
    for (const one of [unreachable, result, unreachable]) tryOne('once', one)
    expect(tryOne('once', good)).toBe('CORE_BREAKER_OPEN')
  })

  test('reads probe first, writes after a longer rest, one at a time; a failed probe starts the rest again', () => {
    const { clock, one, tryOne } = breaker()
    tryOne('once', unreachable)
    tryOne('once', unreachable)
    expect(tryOne('read', good)).toBe('CORE_BREAKER_OPEN')
    clock.ms += 10
    const probe = one.enter('read')
    expect(tryOne('read', good)).toBe('CORE_BREAKER_OPEN')
    probe.ended(noReply)
    expect(tryOne('read', good)).toBe('CORE_BREAKER_OPEN')
    clock.ms += 10
    expect(tryOne('once', good)).toBe('CORE_BREAKER_OPEN')
    clock.ms += 20
    expect(tryOne('once', good)).toBe('went')
    expect(tryOne('once', good)).toBe('went')
  })
})

describe('pace', () => {
  test('turns too far off are refused', async () => {
    const turn = rateLimiter('core', 10, 250)
    const ends = await Promise.allSettled([turn('P'), turn('P'), turn('P'), turn('P')])
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected'])
  })

  test('none without a limit; a cancelled wait ends', async () => {
    await rateLimiter('core', undefined, 0)('P')
    const turn = rateLimiter('core', 1, 60_000)
    await turn('P')
    const stop = new AbortController()
    const waiting = turn('P', stop.signal)
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'CALL_CANCELLED' })
  })
})
