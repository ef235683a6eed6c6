// Closing hours in zones, over midnight and over changes of the clocks.

import { describe, expect, test } from '@jest/globals'
import { closingHours } from '../../../src/backend/limit/hours.ts'

const until = (zone: string, closed: string[], now: string) =>
  closingHours('core', { zone, closed })(new Date(now))?.toISOString()

describe('closing hours', () => {
  test.each([
    ['open', 'Europe/London', ['23:30-00:15'], '2026-01-10T23:29:59.999Z', undefined],
    [
      'closed from the first minute',
      'Europe/London',
      ['23:30-00:15'],
      '2026-01-10T23:30:00Z',
      '2026-01-11T00:15:00.000Z',
    ],
    ['closed after midnight', 'Europe/London', ['23:30-00:15'], '2026-01-11T00:14:59Z', '2026-01-11T00:15:00.000Z'],
    ['open from the last minute', 'Europe/London', ['23:30-00:15'], '2026-01-11T00:15:00Z', undefined],
    [
      'in summer an hour earlier by UTC',
      'Europe/London',
      ['23:30-00:15'],
      '2026-07-10T22:45:00Z',
      '2026-07-10T23:15:00.000Z',
    ],
    ['in another zone', 'Asia/Kolkata', ['02:00-03:00'], '2026-01-10T20:45:00Z', '2026-01-10T21:30:00.000Z'],
    [
      'over the change to summer time',
      'Europe/London',
      ['00:30-03:00'],
      '2026-03-29T00:45:00Z',
      '2026-03-29T02:00:00.000Z',
    ],
    [
      'over the change to winter time',
      'Europe/London',
      ['00:30-03:00'],
      '2026-10-25T00:15:00Z',
      '2026-10-25T03:00:00.000Z',
    ],
    [
      'two spans, one after the other',
      'UTC',
      ['01:00-02:00', '02:00-02:30'],
      '2026-01-10T01:10:00Z',
      '2026-01-10T02:30:00.000Z',
    ],
    ['until the end of the day', 'UTC', ['22:00-24:00'], '2026-01-10T23:00:00Z', '2026-01-11T00:00:00.000Z'],
    ['none', 'UTC', [], '2026-01-10T23:00:00Z', undefined],
    ['none, whatever the zone is called', 'Mars/Olympus', [], '2026-01-10T23:00:00Z', undefined],
    [
      'open before the first minute of a span within the day',
      'UTC',
      ['10:00-11:00'],
      '2026-01-10T09:00:00Z',
      undefined,
    ],
    [
      'two spans that take more than half a day',
      'UTC',
      ['00:00-13:00', '13:00-14:00'],
      '2026-01-10T00:30:00Z',
      '2026-01-10T14:00:00.000Z',
    ],
    [
      'over a change to winter time at midnight',
      'Asia/Beirut',
      ['20:00-00:30'],
      '2026-10-24T17:00:00Z',
      '2026-10-24T22:30:00.000Z',
    ],
  ])('%s', (_, zone, closed, now, expected) => {
    expect(until(zone, closed, now)).toBe(expected)
  })

  test.each([
    ['no span', 'UTC', '23:30', "'23:30'"],
    ['no time of day', 'UTC', '25:00-26:00', "'25:00-26:00'"],
    ['nothing between', 'UTC', '10:00-10:00', "'10:00-10:00'"],
    ['past the end of the day', 'UTC', '10:00-24:30', "'10:00-24:30'"],
    ['no zone', 'Mars/Olympus', '10:00-11:00', "'Mars/Olympus'"],
  ])('%s is HOURS_INVALID', (_, zone, closed, named) => {
    expect(() => closingHours('core', { zone, closed: [closed] })).toThrow(`adapter core is closed at ${named}`)
  })
})
