// The simple types of XSD: which text is valid, and what it is in JSON. Amounts, long integers and dates stay text.

import type { JsonSchema, JsonValue } from '../../contract/json.ts'
import { compareDecimals, digitsOf, normalDecimal } from './decimal-text.ts'

/** What the text of a type is; several types of XSD share one. */
export type Lexical = 'text' | 'decimal' | 'integer' | 'float' | 'boolean' | 'base64' | 'hex' | 'date' | 'pattern'

/** A simple type with its facets (XML Schema Part 2, section 4.3), those of all its base types included. */
export interface SimpleType {
  readonly kind: 'simple'
  readonly lexical: Lexical
  readonly json: 'string' | 'integer' | 'boolean'
  readonly whiteSpace: 'preserve' | 'replace' | 'collapse'
  /** The whole text matches each of them: one for every step of restriction. */
  readonly patterns: readonly RegExp[]
  readonly enumeration: readonly string[] | undefined
  /** In characters; in bytes for binary types. */
  readonly minLength: number
  readonly maxLength: number | undefined
  readonly totalDigits: number | undefined
  readonly fractionDigits: number | undefined
  readonly least: Bound | undefined
  readonly most: Bound | undefined
}

/** The value of minInclusive or maxInclusive, or (`exclusive`) of minExclusive or maxExclusive: a decimal as text. */
export interface Bound {
  readonly value: string
  readonly exclusive: boolean
}

const base: SimpleType = {
  kind: 'simple',
  lexical: 'text',
  json: 'string',
  whiteSpace: 'collapse',
  patterns: [],
  enumeration: undefined,
  minLength: 0,
  maxLength: undefined,
  totalDigits: undefined,
  fractionDigits: undefined,
  least: undefined,
  most: undefined,
}

const whole = (least?: string, most?: string, json: 'string' | 'integer' = 'string'): SimpleType => ({
  ...base,
  lexical: 'integer',
  json,
  fractionDigits: 0,
  least: least === undefined ? undefined : { value: least, exclusive: false },
  most: most === undefined ? undefined : { value: most, exclusive: false },
})
const like = (pattern: string): SimpleType => ({
  ...base,
  lexical: 'pattern',
  patterns: [new RegExp(`^(?:${pattern})$`, 'u')],
})

const ZONE = '(?:Z|[+-](?:0\\d|1[0-4]):[0-5]\\d)?'
const DATE = '-?\\d{4,18}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])'
const TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,12})?'
const dated = (pattern: string): SimpleType => ({ ...like(pattern), lexical: 'date' })

/** By local name in the namespace of XSD. Types whose text has no meaning without its document (QName, ENTITY) are left out. */
export const builtInTypes: ReadonlyMap<string, SimpleType> = new Map<string, SimpleType>([
  ['string', { ...base, whiteSpace: 'preserve' }],
  ['normalizedString', { ...base, whiteSpace: 'replace' }],
  ['token', base],
  ['language', like('[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*')],
  ['anyURI', base],
  ['NMTOKEN', like('[\\p{L}\\p{N}._:\\-]+')],
  ['Name', like('[\\p{L}_:][\\p{L}\\p{N}._:\\-]*')],
  ['NCName', like('[\\p{L}_][\\p{L}\\p{N}._\\-]*')],
  ['ID', like('[\\p{L}_][\\p{L}\\p{N}._\\-]*')],
  ['boolean', { ...base, lexical: 'boolean', json: 'boolean' }],
  ['decimal', { ...base, lexical: 'decimal' }],
  ['integer', whole()],
  ['nonNegativeInteger', whole('0')],
  ['positiveInteger', whole('1')],
  ['nonPositiveInteger', whole(undefined, '0')],
  ['negativeInteger', whole(undefined, '-1')],
  ['long', whole('-9223372036854775808', '9223372036854775807')],
  ['unsignedLong', whole('0', '18446744073709551615')],
  ['int', whole('-2147483648', '2147483647', 'integer')],
  ['short', whole('-32768', '32767', 'integer')],
  ['byte', whole('-128', '127', 'integer')],
  ['unsignedInt', whole('0', '4294967295', 'integer')],
  ['unsignedShort', whole('0', '65535', 'integer')],
  ['unsignedByte', whole('0', '255', 'integer')],
  ['float', { ...base, lexical: 'float' }],
  ['double', { ...base, lexical: 'float' }],
  ['date', dated(`${DATE}${ZONE}`)],
  ['dateTime', dated(`${DATE}T${TIME}${ZONE}`)],
  ['time', like(`${TIME}${ZONE}`)],
  ['gYear', like(`-?\\d{4,18}${ZONE}`)],
  ['gYearMonth', like(`-?\\d{4,18}-(?:0[1-9]|1[0-2])${ZONE}`)],
  ['gMonth', like(`--(?:0[1-9]|1[0-2])${ZONE}`)],
  ['gMonthDay', like(`--(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])${ZONE}`)],
  ['gDay', like(`---(?:0[1-9]|[12]\\d|3[01])${ZONE}`)],
  ['duration', like('-?P(?=.)(?:\\d+Y)?(?:\\d+M)?(?:\\d+D)?(?:T(?=.)(?:\\d+H)?(?:\\d+M)?(?:\\d+(?:\\.\\d+)?S)?)?')],
  ['base64Binary', { ...base, lexical: 'base64' }],
  ['hexBinary', { ...base, lexical: 'hex' }],
])

const lexicals: Readonly<Partial<Record<Lexical, RegExp>>> = {
  decimal: /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/,
  integer: /^[+-]?\d+$/,
  float: /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NaN)$/,
  boolean: /^(?:true|false|1|0)$/,
  // Groups of four; the last character before the padding has no bits left over.
  base64: /^(?:(?:[A-Za-z0-9+/] ?){4})*(?:[A-Za-z0-9+/] ?[AQgw] ?= ?=|(?:[A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=)?$/,
  hex: /^(?:[0-9A-Fa-f]{2})*$/,
}

const lexicalNames: Readonly<Partial<Record<Lexical, string>>> = {
  decimal: 'a decimal number',
  integer: 'a whole number',
  float: 'a number',
  boolean: 'true or false',
  base64: 'base64',
  hex: 'hexadecimal',
  date: 'a date',
}

/** Longer numbers are refused before anything is computed with them. */
const DIGITS_MAX = 100

/** What is wrong with a text of this type, white space treated; undefined when nothing is. */
export function problemOf(type: SimpleType, text: string): string | undefined {
  const wanted = lexicalNames[type.lexical]
  if (lexicals[type.lexical]?.test(text) === false) return `is not ${wanted}`
  if (type.lexical === 'date' && !isDay(text)) return 'is not a date'
  if (type.enumeration && !type.enumeration.includes(text)) return 'is not one of the values allowed'
  const numeric = type.lexical === 'decimal' || type.lexical === 'integer'
  const problem = numeric ? numberProblem(type, text) : lengthProblem(type, text)
  if (problem !== undefined) return problem
  return type.patterns.every((pattern) => pattern.test(text)) ? undefined : 'does not match its pattern'
}

function lengthProblem(type: SimpleType, text: string): string | undefined {
  const length = lengthOf(type, text)
  if (length < type.minLength) return `is shorter than ${type.minLength}`
  if (type.maxLength !== undefined && length > type.maxLength) return `is longer than ${type.maxLength}`
  return undefined
}

function lengthOf(type: SimpleType, text: string): number {
  if (type.lexical === 'hex') return text.length / 2
  if (type.lexical === 'base64') return Math.floor((text.replaceAll(/[ =]/g, '').length * 3) / 4)
  let length = 0
  for (const _ of text) length += 1
  return length
}

function numberProblem(type: SimpleType, text: string): string | undefined {
  if (text.length > DIGITS_MAX) return `has more than ${DIGITS_MAX} characters`
  const { total, fraction } = digitsOf(text)
  if (type.totalDigits !== undefined && total > type.totalDigits) return `has more than ${type.totalDigits} digits`
  if (type.fractionDigits !== undefined && fraction > type.fractionDigits) {
    return `has more than ${type.fractionDigits} decimals`
  }
  const { least, most } = type
  if (least && compareDecimals(text, least.value) < (least.exclusive ? 1 : 0)) return 'is too small'
  if (most && compareDecimals(text, most.value) > (most.exclusive ? -1 : 0)) return 'is too large'
  return undefined
}

/** Whether the day exists: no 30 February. */
function isDay(text: string): boolean {
  const match = /^(-?\d{4,18})-(\d\d)-(\d\d)/.exec(text)
  if (!match) return true
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number)
  const instant = new Date(0)
  instant.setUTCFullYear(year % 400 === 0 ? 2000 : year % 400, month - 1, day)
  return instant.getUTCDate() === day
}

/** Text after the facet whiteSpace: kept, or each blank character a space, or runs of them one space and none at the ends. */
export function treatWhiteSpace(type: SimpleType, text: string): string {
  if (type.whiteSpace === 'preserve') return text
  const replaced = text.replaceAll(/[\t\n\r]/g, ' ')
  return type.whiteSpace === 'replace' ? replaced : replaced.replaceAll(/ +/g, ' ').replaceAll(/^ | $/g, '')
}

/** A valid text in JSON. Numbers lose a plus sign and needless leading zeros, never a decimal. */
export function jsonOf(type: SimpleType, text: string): JsonValue {
  if (type.json === 'boolean') return text === 'true' || text === '1'
  if (type.json === 'integer') return Number(text)
  return type.lexical === 'decimal' || type.lexical === 'integer' ? normalDecimal(text) : text
}

/** The text of a JSON value; undefined when its JSON type is not the one of the schema. */
export function textOf(type: SimpleType, value: JsonValue): string | undefined {
  if (type.json === 'boolean') return typeof value === 'boolean' ? String(value) : undefined
  if (type.json === 'integer')
    return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined
  return typeof value === 'string' ? value : undefined
}

/** The JSON value of a text that comes from us (a reference, a value of another reply), not from a caller. */
export function ownJsonOf(type: SimpleType, text: string): JsonValue {
  return problemOf(type, text) === undefined ? jsonOf(type, text) : text
}

const numberPatterns: Readonly<Partial<Record<Lexical, string>>> = {
  decimal: '^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?$',
  integer: '^-?(?:0|[1-9][0-9]*)$',
  float: '^(?:-?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-?INF|NaN)$',
  base64: '^[A-Za-z0-9+/]*={0,2}$',
  hex: '^(?:[0-9A-Fa-f]{2})*$',
}

/** The JSON Schema of values of a simple type. A facet that JSON Schema cannot say is left out; `problemOf` checks them all. */
export function simpleSchema(type: SimpleType): JsonSchema {
  if (type.json === 'boolean') return { type: 'boolean' }
  if (type.enumeration) {
    return { type: type.json, enum: type.enumeration.map((text) => ownJsonOf(type, text)) }
  }
  if (type.json === 'integer') {
    return {
      type: 'integer',
      ...(type.least && { [type.least.exclusive ? 'exclusiveMinimum' : 'minimum']: Number(type.least.value) }),
      ...(type.most && { [type.most.exclusive ? 'exclusiveMaximum' : 'maximum']: Number(type.most.value) }),
    }
  }
  const patterns = [
    ...(numberPatterns[type.lexical] === undefined ? [] : [decimalPattern(type) ?? numberPatterns[type.lexical]]),
    ...type.patterns.map(({ source }) => source),
  ]
  const textual = type.lexical === 'text' || type.lexical === 'pattern'
  return {
    type: 'string',
    ...(textual && type.minLength > 0 && { minLength: type.minLength }),
    ...(textual && type.maxLength !== undefined && { maxLength: type.maxLength }),
    ...(patterns.length === 1 && { pattern: patterns[0] }),
    ...(patterns.length > 1 && { allOf: patterns.map((pattern) => ({ pattern })) }),
  }
}

function decimalPattern({ lexical, totalDigits, fractionDigits }: SimpleType): string | undefined {
  if (lexical !== 'decimal' && lexical !== 'integer') return undefined
  if (totalDigits === undefined && fractionDigits === undefined) return undefined
  const before = totalDigits === undefined ? '*' : `{0,${totalDigits - 1}}`
  const after =
    fractionDigits === 0 ? '' : `(?:\\.[0-9]${fractionDigits === undefined ? '+' : `{1,${fractionDigits}}`})?`
  return `^-?(?:0|[1-9][0-9]${before})${after}$`
}
