// A simple type as the restriction of another, by its facets (XSD Part 2, chapter 4). What is not known is refused, never passed over.

import { failure, isFailure } from '../../error/failure.ts'
import { type XsdPattern, xsdPattern } from '../pattern/pattern.ts'
import type { Lexical } from '../value/typed-value.ts'
import { type Bound, DIGITS_MAX, problemOf, type SimpleType, treatWhiteSpace } from './simple-type.ts'
import type { XmlElement } from './xml.ts'

/** Longer texts do not come: a reply holds at most so many characters. */
const TEXT_MAX = 262_144

const known = new Set([
  ...['length', 'minLength', 'maxLength', 'pattern', 'enumeration', 'whiteSpace', 'totalDigits', 'fractionDigits'],
  ...['minInclusive', 'minExclusive', 'maxInclusive', 'maxExclusive'],
])
const ordered: readonly Lexical[] = ['decimal', 'integer', 'float', 'double', 'date']

/** `place`: where the type is used, for messages. Throws SOAP_WSDL_INVALID, SOAP_WSDL_UNSUPPORTED. */
export function restricted(from: SimpleType, restriction: XmlElement, place: string): SimpleType {
  const facets = restriction.children.filter(({ local }) => local !== 'annotation' && local !== 'simpleType')
  for (const { local } of facets) {
    if (!known.has(local)) throw failure('SOAP_WSDL_UNSUPPORTED', { name: place, construct: `the facet xs:${local}` })
  }
  const values = (facet: string) =>
    facets.filter(({ local }) => local === facet).map(({ attributes }) => attributes.get('value') ?? '')
  const count = (facet: string) => countOf(values(facet)[0], place)
  const bound = (inclusive: string, exclusive: string) =>
    boundOf(from, values(inclusive)[0], values(exclusive)[0], place)
  const length = count('length')
  const maxLength = count('maxLength') ?? length ?? from.maxLength
  const type = { ...from, whiteSpace: whiteSpaceOf(values('whiteSpace')[0]) ?? from.whiteSpace }
  const enumeration = values('enumeration').map((text) => treatWhiteSpace(type, text))
  return {
    ...type,
    enumeration: enumeration.length > 0 ? enumeration : from.enumeration,
    patterns: [...from.patterns, ...patternOf(values('pattern'), longestOf(from.lexical, maxLength), place)],
    minLength: count('minLength') ?? length ?? from.minLength,
    maxLength,
    totalDigits: count('totalDigits') ?? from.totalDigits,
    fractionDigits: count('fractionDigits') ?? from.fractionDigits,
    least: bound('minInclusive', 'minExclusive') ?? from.least,
    most: bound('maxInclusive', 'maxExclusive') ?? from.most,
  }
}

function whiteSpaceOf(text: string | undefined): SimpleType['whiteSpace'] | undefined {
  return text === 'preserve' || text === 'replace' || text === 'collapse' ? text : undefined
}

/** The longest text that is held against a pattern. */
function longestOf(lexical: Lexical, maxLength: number | undefined): number {
  if (lexical === 'decimal' || lexical === 'integer') return DIGITS_MAX
  return lexical === 'text' ? (maxLength ?? TEXT_MAX) : TEXT_MAX
}

/** One pattern for the alternatives of one restriction. */
function patternOf(patterns: readonly string[], lengthMax: number, place: string): readonly XsdPattern[] {
  if (patterns.length === 0) return []
  try {
    return [xsdPattern(patterns, lengthMax)]
  } catch (cause) {
    if (!isFailure(cause)) throw cause
    throw failure('SOAP_WSDL_UNSUPPORTED', { name: place, construct: `a pattern (${cause.what})` }, { cause })
  }
}

function boundOf(
  from: SimpleType,
  inclusive: string | undefined,
  exclusive: string | undefined,
  place: string,
): Bound | undefined {
  const written = inclusive ?? exclusive
  if (written === undefined) return undefined
  if (from.lexical === 'duration') {
    throw failure('SOAP_WSDL_UNSUPPORTED', { name: place, construct: 'a bound of a duration' })
  }
  const value = written.trim()
  // A bound may itself lie outside of the bounds of its base, if exclusive; it must be a value all the same.
  const unbounded = { ...from, least: undefined, most: undefined, enumeration: undefined, patterns: ownPatterns(from) }
  if (!ordered.includes(from.lexical) || problemOf(unbounded, value) !== undefined) {
    throw failure('SOAP_WSDL_INVALID', { name: place, problem: 'has a bound that is no value of its type' })
  }
  return { value, exclusive: inclusive === undefined }
}

/** Of a date, the pattern that every text of its kind has. */
function ownPatterns({ lexical, patterns }: SimpleType): readonly XsdPattern[] {
  return lexical === 'date' ? patterns.slice(0, 1) : []
}

/** Throws SOAP_WSDL_INVALID for a text that is no whole number. */
export function countOf(text: string | undefined, place: string): number | undefined {
  if (text === undefined) return undefined
  if (!/^\s*\+?\d{1,9}\s*$/.test(text)) {
    throw failure('SOAP_WSDL_INVALID', { name: place, problem: 'has a count that is no whole number' })
  }
  return Number(text)
}
