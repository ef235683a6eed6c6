// Dates, times and durations of XML Schema as values: which two texts are the same moment, and which comes first.

/** A point on the time line; where the text names no zone, in local time. */
export interface Moment {
  readonly seconds: bigint
  /** Digits behind the point, without zeros at the end. */
  readonly fraction: string
  readonly zoned: boolean
}

/** date, dateTime, time, gYear, gYearMonth, gMonth, gMonthDay, gDay: each names a part of `YYYY-MM-DDThh:mm:ss`, then perhaps a zone. */
const MOMENT =
  /^(?:(-?\d{4,})(?:-(\d\d)(?:-(\d\d))?)?|--(\d\d)(?:-(\d\d))?|---(\d\d))?T?(?:(\d\d):(\d\d):(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?$/

const DAY = 86_400n
/** A zone lies at most so far from UTC, in seconds. */
const ZONE_MAX = 14n * 3600n

/** Undefined for a text that is none. What a text does not name is that of 31 December 1972, a leap year, or the first of its month. */
export function momentOf(text: string): Moment | undefined {
  const match = text === '' ? null : MOMENT.exec(text)
  if (!match) return undefined
  const [, year, month, day, monthOnly, dayOfMonth, dayOnly, hour, minute, second, fraction = '', zone] = match
  const isTime = year === undefined && monthOnly === undefined && dayOnly === undefined
  const named = day ?? dayOfMonth ?? dayOnly
  const days = daysOf(
    BigInt(year ?? 1972),
    BigInt(month ?? monthOnly ?? (year === undefined ? 12 : 1)),
    BigInt(named ?? (isTime ? 31 : 1)),
  )
  // 24:00:00 is the first moment of the next day; of a time alone, the first of any.
  const hours = isTime && hour === '24' ? 0n : BigInt(hour ?? 0)
  const seconds = days * DAY + hours * 3600n + BigInt(minute ?? 0) * 60n + BigInt(second ?? 0) - offsetOf(zone)
  return { seconds, fraction: fraction.replace(/0+$/, ''), zoned: zone !== undefined }
}

/** In seconds east of UTC. */
function offsetOf(zone: string | undefined): bigint {
  if (zone === undefined || zone === 'Z') return 0n
  const seconds = BigInt(zone.slice(1, 3)) * 3600n + BigInt(zone.slice(4, 6)) * 60n
  return zone.startsWith('-') ? -seconds : seconds
}

/** Days from 1 March of the year 0, in the Gregorian calendar throughout. */
function daysOf(year: bigint, month: bigint, day: bigint): bigint {
  const [shifted, months] = month > 2n ? [year, month - 3n] : [year - 1n, month + 9n]
  const centuries = floored(shifted, 100n)
  return shifted * 365n + floored(shifted, 4n) - centuries + floored(centuries, 4n) + (months * 153n + 2n) / 5n + day
}

function floored(value: bigint, by: bigint): bigint {
  const quotient = value / by
  return value % by < 0n ? quotient - 1n : quotient
}

/** Below 0, 0 or above 0; undefined where only one names a zone and they lie less than a zone apart. */
export function compareMoments(one: Moment, other: Moment): number | undefined {
  if (one.zoned === other.zoned) return order(one, other)
  const local = one.zoned ? other : one
  const earliest = order(one, other, local === one ? -ZONE_MAX : ZONE_MAX)
  const latest = order(one, other, local === one ? ZONE_MAX : -ZONE_MAX)
  return earliest === latest && earliest !== 0 ? earliest : undefined
}

function order(one: Moment, other: Moment, shift = 0n): number {
  const difference = one.seconds + shift - other.seconds
  if (difference !== 0n) return difference < 0n ? -1 : 1
  const length = Math.max(one.fraction.length, other.fraction.length)
  const [a, b] = [one.fraction.padEnd(length, '0'), other.fraction.padEnd(length, '0')]
  return a === b ? 0 : a < b ? -1 : 1
}

/** One text for each moment. */
export function momentKey({ seconds, fraction, zoned }: Moment): string {
  return `${seconds}.${fraction}${zoned ? 'Z' : ''}`
}

const DURATION = /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?$/

/** One text for each duration: months and seconds do not become each other. Undefined for a text that is none. */
export function durationKey(text: string): string | undefined {
  const match = DURATION.exec(text)
  if (!match) return undefined
  const [, sign, ...parts] = match
  const [years = 0n, months = 0n, days = 0n, hours = 0n, minutes = 0n, seconds = 0n] = parts
    .slice(0, 6)
    .map((part) => BigInt(part ?? 0))
  const fraction = parts[6]?.replace(/0+$/, '') ?? ''
  const whole = days * DAY + hours * 3600n + minutes * 60n + seconds
  const isNothing = years + months + whole === 0n && fraction === ''
  return `${sign !== undefined && !isNothing ? '-' : ''}${years * 12n + months}M${whole}.${fraction}`
}
