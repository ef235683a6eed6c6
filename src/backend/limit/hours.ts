// When a core takes no calls: spans of local time such as '23:30-00:15' in the core's own zone.

import { type ClosedSpan, closedSpan, minuteOfDayIn, type ServiceHours } from '../../contract/adapter.ts'
import { failure } from '../../error/failure.ts'

/** The instant at which the core opens, if it is closed now. */
export type ClosedUntil = (now: Date) => Date | undefined

const MINUTE = 60_000
const DAY = 24 * 60

/** Throws HOURS_INVALID. Spans hold every day, in local time: a change of the clocks moves them with it. */
export function closingHours(adapter: string, hours: ServiceHours | undefined): ClosedUntil {
  if (!hours || hours.closed.length === 0) return () => undefined
  const spans = hours.closed.map((value) => closedSpan(value) ?? invalid(adapter, value))
  const minuteOfDay = minuteOfDayIn(hours.zone) ?? invalid(adapter, hours.zone)
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

function inside({ from, to }: ClosedSpan, minute: number): boolean {
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}

function invalid(adapter: string, value: string): never {
  throw failure('HOURS_INVALID', { adapter, value })
}
