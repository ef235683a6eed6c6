// Patterns of both dialects, ready to be matched in linear time.

import { type Failure, isFailure } from '../../error/failure.ts'
import { longest } from './automaton.ts'
import { backtracksWhy } from './backtracking.ts'
import { parseJsPattern } from './js-dialect.ts'
import { jsText } from './js-text.ts'
import { type Matcher, matcherOf } from './matcher.ts'
import { type Expression, patternRefused } from './syntax.ts'
import { parseXsdPattern } from './xsd-dialect.ts'

/** A pattern of XML Schema: it covers the whole text. */
export interface XsdPattern {
  matches(text: string): boolean
  /** The same for JSON Schema, anchored; undefined where JavaScript would need too many ranges. */
  readonly source: string | undefined
}

/**
 * The alternatives of one restriction as one pattern. `lengthMax`: the longest text, in characters, that will be asked for. Throws
 * PATTERN_REFUSED for what XML Schema does not know, and for a pattern that cannot be matched in bounded time.
 */
export function xsdPattern(patterns: readonly string[], lengthMax: number): XsdPattern {
  const expression: Expression = { kind: 'choice', branches: patterns.map(parseXsdPattern) }
  const matcher = matcherOf(expression, true)
  const asked = Math.min(lengthMax, longest(expression))
  if (!matcher || matcher.lengthMax < asked) {
    const pattern = patterns.join(' | ')
    throw patternRefused({ pattern }, `needs too many states for texts of ${asked} characters`)
  }
  const texts = expression.branches.map(jsText)
  const source = texts.includes(undefined) ? undefined : `^(?:${texts.join('|')})$`
  return { matches: matcher.matches, source }
}

const SOURCES_MAX = 1000
const known = new Map<string, Matcher | undefined>()

/**
 * A matcher for a pattern of JSON Schema, which matches where a part of the text does; undefined for one that is not regular. A text
 * that would take too long does not match.
 */
export function jsonPattern(source: string): Pick<Matcher, 'matches'> | undefined {
  if (known.has(source)) return known.get(source)
  if (known.size >= SOURCES_MAX) known.clear()
  const expression = regular(source)
  const matcher = expression && matcherOf(expression, false)
  known.set(source, matcher)
  return matcher
}

/** Undefined for a pattern that is not regular, or none at all: our reader takes some escapes that JavaScript refuses with the flag u. */
function regular(source: string): Expression | undefined {
  try {
    RegExp(source, 'u')
    return parseJsPattern(source, 'u')
  } catch (error) {
    if (!isFailure(error) && !(error instanceof SyntaxError)) throw error
    return undefined
  }
}

/**
 * PATTERN_REFUSED for a regular expression of JavaScript that is not proved to match in linear time: it looks around or back, or can
 * read one text in many ways.
 */
export function linearityMistake({ source, flags }: Pick<RegExp, 'source' | 'flags'>): Failure | undefined {
  try {
    const problem = backtracksWhy(parseJsPattern(source, flags))
    return problem === undefined ? undefined : patternRefused({ pattern: source }, problem)
  } catch (error) {
    if (!isFailure(error)) throw error
    return error
  }
}

/**
 * The length of the longest text that a pattern of JSON Schema takes, in characters; undefined where it takes texts of any length, or is
 * not regular.
 */
export function longestText(source: string): number | undefined {
  const expression = regular(source)
  if (!expression || !isBound(expression, 'start', 0) || !isBound(expression, 'end', -1)) return undefined
  const length = longest(expression)
  return Number.isFinite(length) ? length : undefined
}

/** Whether a match can only begin at the start of the text (`at` 0), or only end at its end (-1). */
function isBound(expression: Expression, kind: 'start' | 'end', at: 0 | -1): boolean {
  if (expression.kind === 'choice') return expression.branches.every((branch) => isBound(branch, kind, at))
  if (expression.kind !== 'sequence') return expression.kind === kind
  const outer = expression.parts.at(at)
  return outer !== undefined && isBound(outer, kind, at)
}
