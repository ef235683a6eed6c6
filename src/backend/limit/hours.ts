// When a core takes no calls: spans of local time such as '23:30-00:15' in the core's own zone.

import { failure } from '../../error/failure.ts'

export interface Hours {
  readonly zone: string
  readonly closed: readonly string[]
}

/** The instant at which the core opens, if it is closed now. */
export type ClosedUntil = (now: Date) => Date | undefined

interface Span {
  /** Minutes after local midnight; `to` may be smaller, then the span goes over midnight. */
  readonly from: number
  readonly to: number
}

const MINUTE = 60_000
const DAY = 24 * 60

/** Throws HOURS_INVALID. Spans hold every day, in local time: a change of the clocks moves them with it. */
export function closingHours(adapter: string, hours: Hours | undefined): ClosedUntil {
  if (!hours || hours.closed.length === 0) return () => undefined
  const spans = hours.closed.map((text) => span(adapter, text))
  const minuteOfDay = localMinute(adapter, hours.zone)
  /** The next instant at which the local clock shows `to`; corrected once, where the clocks change in between. */
  const next = (to: number, instant: number, minute: number) => {
    const guess = Math.floor(instant / MINUTE) * MINUTE + ((to - minute + DAY) % DAY) * MINUTE
    const off = (to - minuteOfDay(new Date(guess)) + DAY + DAY / 2) % DAY
    return guess + (off - DAY / 2) * MINUTE
  }
  return (now) => {
    let opens: number | undefined
    // One round for each span: adjoining ones follow each other.
    for (const _ of spans) {
      const minute = minuteOfDay(new Date(opens ?? now))
      const within = spans.find((one) => inside(one, minute))
      if (!within) break
      opens = next(within.to, opens ?? now.getTime(), minute)
    }
    return opens === undefined ? undefined : new Date(opens)
  }
}

function span(adapter: string, text: string): Span {
  const match = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/.exec(text)
  if (!match) throw failure('HOURS_INVALID', { adapter, value: text })
  const [from = 0, fromMinute = 0, to = 0, toMinute = 0] = match.slice(1).map(Number)
  const one = { from: from * 60 + fromMinute, to: to * 60 + toMinute }
  if (one.to > DAY || one.from === one.to % DAY) throw failure('HOURS_INVALID', { adapter, value: text })
  return { from: one.from, to: one.to % DAY }
}

function inside({ from, to }: Span, minute: number): boolean {
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}

function localMinute(adapter: string, zone: string): (instant: Date) => number {
  try {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      hour: '2-digit',
      minute: '2-digit',
    })
    return (instant) => {
      const [hour = 0, minute = 0] = format.format(instant).split(':').map(Number)
      return hour * 60 + minute
    }
  } catch {
    throw failure('HOURS_INVALID', { adapter, value: zone })
  }
}
