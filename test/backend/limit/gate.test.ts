// What stands before a core, as a whole: its hours, its places, its pace and its breaker, with the values of an adapter that says nothing.

import { getEventListeners } from 'node:events'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { type GateOptions, gate } from '../../../src/backend/limit/gate.ts'
import { rateLimiter } from '../../../src/backend/limit/rate-limiter.ts'
import { watchStandstill } from '../../../src/backend/limit/standstill.ts'
import type { AdapterDefinition } from '../../../src/contract/adapter.ts'
import type { ExchangeResult } from '../../../src/contract/backend.ts'
import type { Effect } from '../../../src/contract/outcome.ts'
import { failure } from '../../../src/error/failure.ts'
import { standstillClock } from '../network.ts'

afterEach(() => {
  jest.restoreAllMocks()
})

const bank: AdapterDefinition = {
  ...{ backend: { kind: 'cics-socket', endpoints: 'BANK' }, codePage: 'cp037', transactions: {} },
}
const good: ExchangeResult = { kind: 'reply', bytes: new Uint8Array() }
const down: ExchangeResult = { kind: 'not-sent', cause: failure('CORE_UNREACHABLE', { adapter: 'bank' }) }

function opened(more: Partial<AdapterDefinition> = {}, options: GateOptions = {}) {
  const pass = gate('bank', { ...bank, ...more }, options)
  let exchanges = 0
  const through = (result: ExchangeResult = good, effect: Effect = 'once') =>
    pass({ target: 'POST', effect }, async () => {
      exchanges += 1
      return result
    })
  /** Holds a place until it is told to end. */
  const holding = (signal?: AbortSignal) => {
    let end: (result: ExchangeResult) => void = () => undefined
    const ended = pass({ target: 'POST', effect: 'once', signal }, () => {
      exchanges += 1
      return new Promise((resolve) => {
        end = resolve
      })
    })
    return { ended, end: () => end(good) }
  }
  return { pass, through, holding, exchanges: () => exchanges }
}
const codeOf = (result: ExchangeResult) => ('cause' in result ? result.cause.code : result.kind)
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('an adapter that says nothing', () => {
  test('has twenty places and five hundred that wait', async () => {
    const { holding, through, exchanges } = opened()
    const held = Array.from({ length: 520 }, () => holding())
    await settled()
    expect(exchanges()).toBe(20)
    expect(await through()).toMatchObject({ kind: 'not-sent', cause: { code: 'CORE_BUSY', facts: { waiting: 500 } } })
    for (const one of held) {
      one.end()
      await settled()
    }
    expect(exchanges()).toBe(520)
    await Promise.all(held.map(({ ended }) => ended))
  })

  test('lets a call wait for a place', async () => {
    const { holding, through } = opened({ limits: { concurrent: 1 } })
    const first = holding()
    const second = through()
    await new Promise((resolve) => setTimeout(resolve, 50))
    first.end()
    expect(codeOf(await second)).toBe('reply')
  })

  test('is spared after ten failures in a row; a read may try after a second, a write after three', async () => {
    const clock = standstillClock()
    const { through } = opened()
    for (let turn = 0; turn < 9; turn += 1) await through(down)
    expect(codeOf(await through())).toBe('reply')
    for (let turn = 0; turn < 10; turn += 1) await through(down)
    clock.standStill(900)
    expect(codeOf(await through(down, 'read'))).toBe('CORE_BREAKER_OPEN')
    clock.standStill(100)
    expect(codeOf(await through(down, 'read'))).toBe('CORE_UNREACHABLE')
    clock.standStill(2900)
    const refused = await through()
    expect(refused).toMatchObject({ cause: { code: 'CORE_BREAKER_OPEN', facts: { adapter: 'bank', failures: 11 } } })
    clock.standStill(100)
    expect(codeOf(await through())).toBe('reply')
  })

  test('may have one value of its breaker set by itself', async () => {
    const { through } = opened({}, { breaker: { failures: 1 } })
    await through(down)
    expect(codeOf(await through())).toBe('CORE_BREAKER_OPEN')
  })
})

describe('a place', () => {
  test('is free again after an exchange that throws, which the breaker does not count', async () => {
    const { pass, through } = opened({ limits: { concurrent: 1 } }, { breaker: { failures: 1 } })
    const mistake = new TypeError('a mistake of ours')
    await expect(pass({ target: 'POST', effect: 'once' }, () => Promise.reject(mistake))).rejects.toBe(mistake)
    expect(codeOf(await through())).toBe('reply')
  })

  test('is free again where the core has closed meanwhile, or the clock of the hours fails', async () => {
    let now: () => Date = () => new Date('2026-01-10T12:00:00Z')
    const hours = { zone: 'UTC', closed: ['13:00-14:00'] }
    const { through, holding } = opened({ hours, limits: { concurrent: 1 } }, { now: () => now() })
    const first = holding()
    const second = through()
    now = () => new Date('2026-01-10T13:00:00Z')
    first.end()
    const opens = '2026-01-10T14:00:00.000Z'
    expect(await second).toMatchObject({ cause: { code: 'CORE_CLOSED', facts: { adapter: 'bank', opens } } })
    expect(codeOf(await through())).toBe('CORE_CLOSED')
    now = () => {
      throw new TypeError('no clock')
    }
    await expect(through()).rejects.toThrow('no clock')
    now = () => new Date('2026-01-10T15:00:00Z')
    expect(codeOf(await through())).toBe('reply')
  })

  test('is waited for as long as the gate says, and given up when the call is cancelled', async () => {
    const { through, holding } = opened({ limits: { concurrent: 1 } }, { queueMs: 20 })
    const first = holding()
    expect(codeOf(await through())).toBe('CORE_BUSY')
    const stop = new AbortController()
    const cancelled = holding(stop.signal)
    stop.abort()
    const cause = { code: 'CALL_CANCELLED', facts: { target: 'POST' } }
    expect(await cancelled.ended).toMatchObject({ kind: 'not-sent', cause })
    first.end()
    await first.ended
  })
})

describe('a pace', () => {
  test('goes through the gate: calls are a moment apart, and one too far off is refused', async () => {
    const { through, exchanges } = opened({ limits: { perSecond: 20 } }, { queueMs: 120 })
    const since = performance.now()
    const results = await Promise.all([1, 2, 3, 4].map(() => through()))
    expect(results.map(codeOf)).toEqual(['reply', 'reply', 'reply', 'CORE_BUSY'])
    expect(results[3]).toMatchObject({ cause: { facts: { adapter: 'bank', waiting: 3 } } })
    expect(performance.now() - since).toBeGreaterThanOrEqual(98)
    expect(exchanges()).toBe(3)
  })

  test('saves nothing up: after a rest the next two are a moment apart all the same', async () => {
    const turn = rateLimiter('core', 20, 10_000)
    await turn('P')
    await new Promise((resolve) => setTimeout(resolve, 120))
    const since = performance.now()
    await turn('P')
    await turn('P')
    expect(performance.now() - since).toBeGreaterThanOrEqual(48)
  })

  test('a wait that is cancelled is named; none leaves a listener behind', async () => {
    const turn = rateLimiter('core', 20, 60_000)
    await turn('P')
    const patient = new AbortController()
    await turn('P', patient.signal)
    expect(getEventListeners(patient.signal, 'abort').length).toBe(0)
    const aborted = turn('P', AbortSignal.abort())
    await expect(aborted).rejects.toMatchObject({ code: 'CALL_CANCELLED', facts: { target: 'P' } })
    const stop = new AbortController()
    const waiting = turn('P', stop.signal)
    await settled()
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'CALL_CANCELLED', facts: { target: 'P' } })
  })
})

describe('a standstill', () => {
  test('is a gap of more than five seconds, and recent for two', () => {
    const clock = { ms: 10_000 }
    jest.spyOn(performance, 'now').mockImplementation(() => clock.ms)
    const { recent } = watchStandstill()
    expect(recent()).toBe(false)
    clock.ms += 5000
    expect(recent()).toBe(false)
    clock.ms += 5001
    expect(recent()).toBe(true)
    clock.ms += 1999
    expect(recent()).toBe(true)
    clock.ms += 1
    expect(recent()).toBe(false)
  })

  test('is none where nobody asks for a while: a timer looks all the time', async () => {
    const clock = { ms: 10_000 }
    jest.spyOn(performance, 'now').mockImplementation(() => clock.ms)
    const { recent } = watchStandstill()
    clock.ms += 3000
    await new Promise((resolve) => setTimeout(resolve, 700))
    clock.ms += 3000
    expect(recent()).toBe(false)
  })
})
