// The look at the clock before anything of a call leaves: to the millisecond, and by whichever end comes first.

import { afterEach, expect, jest, test } from '@jest/globals'
import { overdue } from '../../../src/backend/connection/overdue.ts'
import { call } from '../cics-peer.ts'

afterEach(() => {
  jest.restoreAllMocks()
})

const since = 1000
const overdueAt = (now: number, limits: { readonly until?: number; readonly signal?: AbortSignal }) => {
  jest.spyOn(performance, 'now').mockReturnValue(now)
  return overdue('core', call({ deadlineMs: 500, ...limits }), since)
}

test.each<[string, number, { until?: number; signal?: AbortSignal }, object | undefined]>([
  ['before the deadline', 1499.9, {}, undefined],
  ['at the deadline', 1500, {}, { code: 'CALL_OVERDUE', facts: { adapter: 'core', target: 'PROG', afterMs: 500 } }],
  ['before the end of the whole call', 1200, { until: 1200.1 }, undefined],
  ['at the end of the whole call', 1200.4, { until: 1200.4 }, { code: 'CALL_OVERDUE', facts: { afterMs: 200 } }],
  ['past the deadline, with time left for the whole call', 1500, { until: 9999 }, { code: 'CALL_OVERDUE' }],
  ['of a cancelled call', 1000, { signal: AbortSignal.abort() }, { code: 'CALL_CANCELLED', facts: { target: 'PROG' } }],
])('%s', (_, now, limits, expected) => {
  const why = overdueAt(now, limits)
  if (expected === undefined) expect(why).toBeUndefined()
  else expect(why).toMatchObject(expected)
})
