// The simple types of XSD: which text is valid, and what it is in JSON. Amounts, long integers and dates stay text.

import type { JsonSchema, JsonValue } from '../../contract/json.ts'
import { type CharSet, subtract } from '../pattern/char-set.ts'
import { rangesText } from '../pattern/js-text.ts'
import type { XsdPattern } from '../pattern/pattern.ts'
import { nameCharacter, nameStart } from '../pattern/unicode.ts'
import { digitsOf, normalDecimal } from '../value/decimal-text.ts'
import { compareValues, type Lexical, valueKey } from '../value/typed-value.ts'

/** A simple type with its facets (XML Schema Part 2, section 4.3), those of all its base types included. */
export interface SimpleType {
  readonly kind: 'simple'
  readonly lexical: Lexical
  readonly json: 'string' | 'integer' | 'boolean'
  readonly whiteSpace: 'preserve' | 'replace' | 'collapse'
  /** The whole text matches each of them: one for every step of restriction. */
  readonly patterns: readonly XsdPattern[]
  /** White space treated as the type does. */
  readonly enumeration: readonly string[] | undefined
  /** In characters; in bytes for binary types. */
  readonly minLength: number
  readonly maxLength: number | undefined
  readonly totalDigits: number | undefined
  readonly fractionDigits: number | undefined
  readonly least: Bound | undefined
  readonly most: Bound | undefined
}

/** The value of minInclusive or maxInclusive, or (`exclusive`) of minExclusive or maxExclusive, as text. */
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
/** A pattern of our own, in linear time by its form: no two of its parts begin alike. */
const like = (pattern: string): SimpleType => {
  const source = `^(?:${pattern})$`
  const expression = new RegExp(source, 'u')
  return { ...base, patterns: [{ matches: (text) => expression.test(text), source }] }
}

const ZONE = '(?:Z|[+-](?:(?:0\\d|1[0-3]):[0-5]\\d|14:00))?'
const YEAR = '-?(?:[1-9]\\d{4,17}|\\d{4})'
const MONTH = '(?:0[1-9]|1[0-2])'
const DAY = '(?:0[1-9]|[12]\\d|3[01])'
const TIME = '(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?|24:00:00(?:\\.0+)?)'
const DURATION_TIME = 'T(?:\\d+H(?:\\d+M)?(?:\\d+(?:\\.\\d+)?S)?|\\d+M(?:\\d+(?:\\.\\d+)?S)?|\\d+(?:\\.\\d+)?S)'
const DURATION_DATE = '(?:\\d+Y(?:\\d+M)?(?:\\d+D)?|\\d+M(?:\\d+D)?|\\d+D)'
const dated = (pattern: string): SimpleType => ({ ...like(`${pattern}${ZONE}`), lexical: 'date' })
const COLON: CharSet = [0x3a, 0x3a]
const classText = (set: CharSet) => `[${rangesText(set)}]`
const NAME = `${classText(nameStart)}${classText(nameCharacter)}*`
const NC_NAME = `${classText(subtract(nameStart, COLON))}${classText(subtract(nameCharacter, COLON))}*`

/** By local name in the namespace of XSD. Types whose text has no meaning without its document (QName, ENTITY) are left out. */
export const builtInTypes: ReadonlyMap<string, SimpleType> = new Map<string, SimpleType>([
  ['string', { ...base, whiteSpace: 'preserve' }],
  ['normalizedString', { ...base, whiteSpace: 'replace' }],
  ['token', base],
  ['language', like('[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*')],
  ['anyURI', base],
  ['NMTOKEN', like(`${classText(nameCharacter)}+`)],
  ['Name', like(NAME)],
  ['NCName', like(NC_NAME)],
  ['ID', like(NC_NAME)],
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
  ['double', { ...base, lexical: 'double' }],
  ['date', dated(`${YEAR}-${MONTH}-${DAY}`)],
  ['dateTime', dated(`${YEAR}-${MONTH}-${DAY}T${TIME}`)],
  ['time', dated(TIME)],
  ['gYear', dated(YEAR)],
  ['gYearMonth', dated(`${YEAR}-${MONTH}`)],
  ['gMonth', dated(`--${MONTH}`)],
  ['gMonthDay', dated(`--${MONTH}-${DAY}`)],
  ['gDay', dated(`---${DAY}`)],
  ['duration', { ...like(`-?P(?:${DURATION_DATE}(?:${DURATION_TIME})?|${DURATION_TIME})`), lexical: 'duration' }],
  ['base64Binary', { ...base, lexical: 'base64' }],
  ['hexBinary', { ...base, lexical: 'hex' }],
])

const FLOAT = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NaN)$/

const lexicals: Readonly<Partial<Record<Lexical, RegExp>>> = {
  decimal: /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/,
  integer: /^[+-]?\d+$/,
  float: FLOAT,
  double: FLOAT,
  boolean: /^(?:true|false|1|0)$/,
  hex: /^(?:[0-9A-Fa-f]{2})*$/,
}

const lexicalNames: Readonly<Partial<Record<Lexical, string>>> = {
  decimal: 'a decimal number',
  integer: 'a whole number',
  float: 'a number',
  double: 'a number',
  boolean: 'true or false',
  base64: 'base64',
  hex: 'hexadecimal',
}

function isLexical(lexical: Lexical, text: string): boolean {
  if (lexical === 'base64') return isBase64(text)
  return lexicals[lexical]?.test(text) ?? true
}

/** Groups of four, blanks between characters; the last character before the padding has no bits left over. */
function isBase64(text: string): boolean {
  const plain = text.replaceAll(' ', '')
  return plain.length % 4 === 0 && /^[A-Za-z0-9+/]*(?:[AQgw]==|[AEIMQUYcgkosw048]=)?$/.test(plain)
}

/** Longer numbers are refused before anything is computed with them. */
export const DIGITS_MAX = 100

/** What is wrong with a text of this type, white space treated; undefined when nothing is. */
export function problemOf(type: SimpleType, text: string): string | undefined {
  const { lexical, enumeration } = type
  if (!isLexical(lexical, text)) return `is not ${lexicalNames[lexical]}`
  const numeric = lexical === 'decimal' || lexical === 'integer'
  if (numeric && text.length > DIGITS_MAX) return `has more than ${DIGITS_MAX} characters`
  if (lexical === 'date' && !isDay(text)) return 'is not a date'
  if (enumeration && listedAs(type, text) === undefined) return 'is not one of the values allowed'
  const problem = numeric ? digitsProblem(type, text) : lengthProblem(type, text)
  if (problem !== undefined) return problem
  if (numeric) return boundProblem(type, text) ?? patternProblem(type, text)
  return patternProblem(type, text) ?? boundProblem(type, text)
}

/** The value of the list that a text is, as the list writes it. */
function listedAs({ lexical, enumeration }: SimpleType, text: string): string | undefined {
  if (enumeration?.includes(text)) return text
  const key = valueKey(lexical, text)
  return enumeration?.find((one) => valueKey(lexical, one) === key)
}

function patternProblem({ patterns }: SimpleType, text: string): string | undefined {
  return patterns.every((pattern) => pattern.matches(text)) ? undefined : 'does not match its pattern'
}

function boundProblem({ lexical, least, most }: SimpleType, text: string): string | undefined {
  // What has no order with a bound, as NaN, is not within it.
  if (least && (compareValues(lexical, text, least.value) ?? -1) < (least.exclusive ? 1 : 0)) return 'is too small'
  if (most && (compareValues(lexical, text, most.value) ?? 1) > (most.exclusive ? -1 : 0)) return 'is too large'
  return undefined
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

function digitsProblem({ totalDigits, fractionDigits }: SimpleType, text: string): string | undefined {
  const { total, fraction } = digitsOf(text)
  if (totalDigits !== undefined && total > totalDigits) return `has more than ${totalDigits} digits`
  if (fractionDigits !== undefined && fraction > fractionDigits) return `has more than ${fractionDigits} decimals`
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

/**
 * A valid text in JSON. Numbers lose a plus sign and needless leading zeros, never a decimal, unless a pattern wants them; base64
 * loses its blanks; a value of a list is written as the list does.
 */
export function jsonOf(type: SimpleType, text: string): JsonValue {
  const written = type.enumeration ? (listedAs(type, text) ?? text) : text
  if (type.json === 'boolean') return written === 'true' || written === '1'
  if (type.json === 'integer') return Number(written)
  if (type.lexical === 'base64') return written.replaceAll(' ', '')
  if (type.lexical !== 'decimal' && type.lexical !== 'integer') return written
  const normal = normalDecimal(written)
  return patternProblem(type, normal) === undefined ? normal : written
}

/** The text of a JSON value; undefined when its JSON type is not the one of the schema. */
export function textOf(type: SimpleType, value: JsonValue): string | undefined {
  if (type.json === 'boolean') {
    if (typeof value !== 'boolean') return undefined
    // A pattern may want `0|1`.
    const digit = value ? '1' : '0'
    return patternProblem(type, String(value)) !== undefined && !patternProblem(type, digit) ? digit : String(value)
  }
  if (type.json === 'integer')
    return typeof value === 'number' && Number.isSafeInteger(value) ? asPatternWants(type, String(value)) : undefined
  return typeof value === 'string' ? value : undefined
}

const ZEROS_MAX = 20

/** A whole number with as many zeros in front as its pattern wants (`[0-9]{3}`): JSON has none. The value is the same. */
function asPatternWants(type: SimpleType, text: string): string {
  for (let zeros = 0; zeros <= ZEROS_MAX; zeros += 1) {
    const padded = text.replace(/^-?/, (sign) => `${sign}${'0'.repeat(zeros)}`)
    if (patternProblem(type, padded) === undefined) return padded
  }
  return text
}

/** The JSON value of a text that comes from us (a reference, a value of another reply), not from a caller. */
export function ownJsonOf(type: SimpleType, text: string): JsonValue {
  return problemOf(type, text) === undefined ? jsonOf(type, text) : text
}

const FLOAT_SOURCE = '^(?:-?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-?INF|NaN)$'

const numberPatterns: Readonly<Partial<Record<Lexical, string>>> = {
  decimal: '^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?$',
  integer: '^-?(?:0|[1-9][0-9]*)$',
  float: FLOAT_SOURCE,
  double: FLOAT_SOURCE,
  base64: '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$',
  hex: '^(?:[0-9A-Fa-f]{2})*$',
}

/** Where the schema has a pattern for a number, that one says how it is written. */
const writtenAsPattern: Readonly<Partial<Record<Lexical, string>>> = {
  decimal: '^[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)$',
  integer: '^[+-]?[0-9]+$',
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
  const numbers =
    (type.patterns.length > 0 ? writtenAsPattern[type.lexical] : decimalPattern(type)) ?? numberPatterns[type.lexical]
  const patterns = [numbers, ...type.patterns.map(({ source }) => source)].filter((one) => one !== undefined)
  const textual = type.lexical === 'text'
  const isNumber = type.lexical === 'decimal' || type.lexical === 'integer'
  return {
    type: 'string',
    ...(textual && type.minLength > 0 && { minLength: type.minLength }),
    ...(textual && type.maxLength !== undefined && { maxLength: type.maxLength }),
    ...(isNumber && type.totalDigits === undefined && type.patterns.length === 0 && { maxLength: DIGITS_MAX }),
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
