// Digits of a date or time as ISO text: each form is a regular expression with named parts, the calendar is JavaScript's.

import type { DateFormat } from '../../../src/contract/record.ts'

const forms: Readonly<Record<DateFormat, RegExp>> = {
  YYYYMMDD: /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)$/,
  DDMMYYYY: /^(?<day>\d\d)(?<month>\d\d)(?<year>\d{4})$/,
  MMDDYYYY: /^(?<month>\d\d)(?<day>\d\d)(?<year>\d{4})$/,
  YYMMDD: /^(?<shortYear>\d\d)(?<month>\d\d)(?<day>\d\d)$/,
  CYYMMDD: /^(?<since1900>\d{3})(?<month>\d\d)(?<day>\d\d)$/,
  YYYYDDD: /^(?<year>\d{4})(?<dayOfYear>\d{3})$/,
  YYDDD: /^(?<shortYear>\d\d)(?<dayOfYear>\d{3})$/,
  HHMMSS: /^(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)$/,
  HHMM: /^(?<hour>\d\d)(?<minute>\d\d)$/,
  YYYYMMDDHHMMSS: /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)$/,
}

export const dateFormats = Object.keys(forms) as DateFormat[]

/** How many digits a form has. */
export const digitsOfForm = (format: DateFormat): number => format.length

/** Null where there is none: a blank text, or a day of zeros. Undefined for no day or time. */
export function dateIn(value: string, format: DateFormat, isText: boolean): string | null | undefined {
  if (isText && value === '') return null
  const digits = isText ? value : value.padStart(digitsOfForm(format), '0')
  const parts = forms[format].exec(digits)?.groups
  if (!parts) return undefined
  const hasDay = !format.startsWith('HH')
  if (hasDay && /^0+$/.test(digits)) return null
  const day = hasDay ? dayIn(parts) : ''
  const time = format.includes('HH') ? timeIn(parts) : ''
  if (day === undefined || time === undefined) return undefined
  return day && time ? `${day}T${time}` : day + time
}

type Parts = Readonly<Record<string, string>>

function dayIn(parts: Parts): string | undefined {
  const { month = '01', day = '01', dayOfYear } = parts
  const date = new Date(0)
  date.setUTCFullYear(yearIn(parts), Number(month) - 1, Number(dayOfYear ?? day))
  const text = date.toISOString().slice(0, 10)
  // The calendar takes the 31st of April for the first of May.
  const isSame = dayOfYear === undefined ? text.endsWith(`-${month}-${day}`) : date.getUTCFullYear() === yearIn(parts)
  return isSame ? text : undefined
}

/** Years of two digits lie in 1950 to 2049. */
function yearIn({ year, shortYear, since1900 }: Parts): number {
  if (year !== undefined) return Number(year)
  if (since1900 !== undefined) return 1900 + Number(since1900)
  return Number(shortYear) + (Number(shortYear) < 50 ? 2000 : 1900)
}

function timeIn({ hour = '', minute = '', second }: Parts): string | undefined {
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined
  return second === undefined ? `${hour}:${minute}` : `${hour}:${minute}:${second}`
}
