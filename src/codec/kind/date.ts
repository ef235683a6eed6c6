// Dates and times kept as digits in a plain field, shown as ISO 8601. A date of all zeros (or a blank one in PIC X) is no date: null.

import type { DateFormat } from '../../contract/record.ts'
import { type Finding, type Kind, refused, type Shape, type Trace } from './kind.ts'

interface DateCoding {
  readonly digits: number
  /** Digits → ISO text; undefined when there is no such day or time. */
  readonly toIso: (digits: string) => string | undefined
  /** ISO text (matching `pattern`) → digits; undefined when the format cannot say it. */
  readonly fromIso: (parts: readonly number[]) => string | undefined
  readonly pattern: string
  readonly jsonFormat: string | undefined
  /** Zeros mean that there is no value. */
  readonly nullable: boolean
}

const datePattern = '^\\d{4}-\\d{2}-\\d{2}$'

const two = (n: number) => String(n).padStart(2, '0')
const part = (digits: string, from: number, to: number) => Number(digits.slice(from, to))

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
}

function isoDate(year: number, month: number, day: number): string | undefined {
  if (day < 1 || day > daysIn(year, month)) return undefined
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

function isoTime(hour: number, minute: number, second: number): string | undefined {
  return hour < 24 && minute < 60 && second < 60 ? `${two(hour)}:${two(minute)}:${two(second)}` : undefined
}

function isoOfDayOfYear(year: number, dayOfYear: number): string | undefined {
  let day = dayOfYear
  for (let month = 1; month <= 12; month++) {
    if (day <= daysIn(year, month)) return isoDate(year, month, day)
    day -= daysIn(year, month)
  }
  return undefined
}

function dayOfYear(year: number, month: number, day: number): string {
  let sum = day
  for (let before = 1; before < month; before++) sum += daysIn(year, before)
  return String(sum).padStart(3, '0')
}

/** Years of two digits lie in 1950–2049. */
const century = (year: number) => (year < 50 ? 2000 + year : 1900 + year)
const inCentury = (year: number) => year >= 1950 && year <= 2049

type DayParts = (year: number, month: number, day: number) => string | undefined

function dateFormat(digits: number, toIso: DateCoding['toIso'], write: DayParts): DateCoding {
  return {
    digits,
    toIso,
    fromIso: ([year = 0, month = 0, day = 0]) => (isoDate(year, month, day) ? write(year, month, day) : undefined),
    pattern: datePattern,
    jsonFormat: 'date',
    nullable: true,
  }
}

const year4 = (year: number) => String(year).padStart(4, '0')
const year2 = (year: number) => two(year % 100)

const formats: Readonly<Record<DateFormat, DateCoding>> = {
  YYYYMMDD: dateFormat(
    8,
    (d) => isoDate(part(d, 0, 4), part(d, 4, 6), part(d, 6, 8)),
    (y, m, d) => year4(y) + two(m) + two(d),
  ),
  DDMMYYYY: dateFormat(
    8,
    (d) => isoDate(part(d, 4, 8), part(d, 2, 4), part(d, 0, 2)),
    (y, m, d) => two(d) + two(m) + year4(y),
  ),
  MMDDYYYY: dateFormat(
    8,
    (d) => isoDate(part(d, 4, 8), part(d, 0, 2), part(d, 2, 4)),
    (y, m, d) => two(m) + two(d) + year4(y),
  ),
  YYMMDD: dateFormat(
    6,
    (d) => isoDate(century(part(d, 0, 2)), part(d, 2, 4), part(d, 4, 6)),
    (y, m, d) => (inCentury(y) ? year2(y) + two(m) + two(d) : undefined),
  ),
  CYYMMDD: dateFormat(
    7,
    (d) => isoDate(1900 + part(d, 0, 3), part(d, 3, 5), part(d, 5, 7)),
    (y, m, d) => (y >= 1900 && y <= 2899 ? String(y - 1900).padStart(3, '0') + two(m) + two(d) : undefined),
  ),
  YYYYDDD: dateFormat(
    7,
    (d) => isoOfDayOfYear(part(d, 0, 4), part(d, 4, 7)),
    (y, m, d) => year4(y) + dayOfYear(y, m, d),
  ),
  YYDDD: dateFormat(
    5,
    (d) => isoOfDayOfYear(century(part(d, 0, 2)), part(d, 2, 5)),
    (y, m, d) => (inCentury(y) ? year2(y) + dayOfYear(y, m, d) : undefined),
  ),
  HHMMSS: {
    digits: 6,
    toIso: (d) => isoTime(part(d, 0, 2), part(d, 2, 4), part(d, 4, 6)),
    fromIso: ([h = 0, m = 0, s = 0]) => isoTime(h, m, s)?.replaceAll(':', ''),
    pattern: '^\\d{2}:\\d{2}:\\d{2}$',
    jsonFormat: undefined,
    nullable: false,
  },
  HHMM: {
    digits: 4,
    toIso: (d) => isoTime(part(d, 0, 2), part(d, 2, 4), 0)?.slice(0, 5),
    fromIso: ([h = 0, m = 0]) => isoTime(h, m, 0)?.slice(0, 5).replace(':', ''),
    pattern: '^\\d{2}:\\d{2}$',
    jsonFormat: undefined,
    nullable: false,
  },
  YYYYMMDDHHMMSS: {
    digits: 14,
    toIso: (d) => {
      const date = isoDate(part(d, 0, 4), part(d, 4, 6), part(d, 6, 8))
      const time = isoTime(part(d, 8, 10), part(d, 10, 12), part(d, 12, 14))
      return date && time && `${date}T${time}`
    },
    fromIso: ([y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0]) => {
      const time = isoTime(h, mi, s)?.replaceAll(':', '')
      return isoDate(y, mo, d) && time && year4(y) + two(mo) + two(d) + time
    },
    pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$',
    jsonFormat: undefined,
    nullable: true,
  },
}

/** Digits that a format needs; the field must have at least as many, and no decimals. */
export function dateDigits(format: DateFormat): number {
  return formats[format].digits
}

/** Whether a text is the name of a date format that the codec knows. */
export function isDateFormat(name: string): name is DateFormat {
  return Object.hasOwn(formats, name)
}

/** Reads and writes a field of digits (numeric without decimals, or text) as a date or time. */
export function dated(inner: Kind, name: DateFormat): Kind {
  const format = formats[name]
  const isText = inner.shape.type === 'text'
  const shape: Shape = {
    type: 'date',
    pattern: format.pattern,
    format: format.jsonFormat,
    nullable: format.nullable || isText,
  }
  const pattern = new RegExp(format.pattern)
  return {
    length: inner.length,
    shape,
    maximumText: 24,
    plain: true,
    read: (source, at, trace) => readDate(inner, format, isText, source, at, trace),
    write: (value, out, at) => {
      if (!pattern.test(value)) return refused.notADate
      const digits = format.fromIso(value.split(/[-T:]/).map(Number))
      if (digits === undefined) return refused.notADate
      return inner.write(isText ? digits : digits.replace(/^0+(?=.)/, ''), out, at)
    },
    initial: inner.initial,
    explain: (source, at): Finding =>
      inner.read(source, at, { residue: false }) === undefined
        ? inner.explain(source, at)
        : { index: 0, expected: `a day or time as ${name}`, found: 'digits that are none' },
  }
}

function readDate(inner: Kind, format: DateCoding, isText: boolean, source: Uint8Array, at: number, trace: Trace) {
  const value = inner.read(source, at, trace)
  if (value === undefined || value === null) return value
  if (isText && value === '') return null
  if (!/^\d+$/.test(value)) return undefined
  const digits = isText ? value : value.padStart(format.digits, '0')
  if (digits.length !== format.digits) return undefined
  if (format.nullable && /^0+$/.test(digits)) {
    if (isText) trace.residue = true
    return null
  }
  return format.toIso(digits)
}
