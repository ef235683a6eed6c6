// Expressions of conditional compilation: what >>IF, >>WHEN and >>DEFINE calculate and compare while the text is read.
//
//   or:       and [OR and]…                        relation: sum [IS] [NOT] = | < | EQUAL TO | … sum, or NAME [IS] [NOT] DEFINED
//   and:      not [AND not]…                       sum:      product [+|- product]…
//   not:      [NOT]… relation                      product:  operand [*|/ operand]…
//   operand:  [+|-]… integer, 'text', B'0', B'1', NAME, or ( or )
//
// IBM, Enterprise COBOL Language Reference: constant conditional expressions, compile-time arithmetic expressions.

import { integerResult } from '../integer-result.ts'
import type { TextMistakes } from '../mistakes.ts'
import { isRun, type Word } from './word.ts'

/** The categories of values: text, integer, boolean. */
export type Value = string | bigint | boolean

/** Gives the value, or undefined when a mistake was found (and told) on the way. */
export type Term = () => Value | undefined

/** The words of a directive, and what their names mean. */
export interface Terms {
  readonly words: readonly Word[]
  at: number
  readonly valueOf: (name: string) => Value | undefined
  readonly mistakes: TextMistakes
  /** Parentheses that may be open at once, and are. */
  readonly depthLimit: number
  depth: number
}

const DIGITS = 31
const INTEGER = /^[+-]?\d{1,31}$/
const NAME = /^(?=.*[A-Z])[A-Z0-9](?:[A-Z0-9_-]*[A-Z0-9_])?$/
const KEYWORDS = new Set(
  'AND OR NOT IS DEFINED EQUAL GREATER LESS THAN TO TRUE OTHER THRU THROUGH AS OFF OVERRIDE PARAMETER'.split(' '),
)

/** Takes the next word if it is this one. */
export function takeWord(terms: Terms, ...keys: readonly string[]): Word | undefined {
  const word = terms.words[terms.at]
  if (word?.kind !== 'run' || !keys.includes(word.key)) return undefined
  terms.at++
  return word
}

/** Takes the name of a compilation variable. */
export function takeVariable(terms: Terms): Word | undefined {
  const word = terms.words[terms.at]
  if (word?.kind !== 'run' || !NAME.test(word.key) || KEYWORDS.has(word.key)) return undefined
  terms.at++
  return word
}

/** Complains about the next word of a directive, or about its end. */
export function unexpected(terms: Terms, expected: string): undefined {
  const [first] = terms.words
  const word = terms.words[terms.at] ?? terms.words.at(-1) ?? first
  const found = terms.at < terms.words.length ? `'${word?.text}'` : 'the end of the line'
  if (word) terms.mistakes.add('DIRECTIVE_INVALID', { problem: `${expected} is expected, not ${found}` }, word)
  return undefined
}

/** A condition or a value; which of them it is shows when it is asked. */
export function readExpression(terms: Terms): Term | undefined {
  return readChain(terms, 'OR', () => readChain(terms, 'AND', () => readNot(terms)))
}

/** Operands joined by AND (all of them hold) or OR (one does); those behind the first that decides are not asked. */
function readChain(terms: Terms, joint: 'AND' | 'OR', readOperand: () => Term | undefined): Term | undefined {
  const operands: { word: Word | undefined; term: Term }[] = []
  do {
    const word = terms.words[terms.at]
    const term = readOperand()
    if (term === undefined) return undefined
    operands.push({ word, term })
  } while (takeWord(terms, joint))
  const [only] = operands
  if (operands.length === 1) return only?.term
  return () => {
    for (const { word, term } of operands) {
      const value = truth(terms, term(), word)
      if (value !== (joint === 'AND')) return value
    }
    return joint === 'AND'
  }
}

function readNot(terms: Terms): Term | undefined {
  let negations = 0
  while (takeWord(terms, 'NOT')) negations++
  const word = terms.words[terms.at]
  const term = readRelation(terms)
  if (negations === 0 || term === undefined) return term
  return () => {
    const value = truth(terms, term(), word)
    return value === undefined ? undefined : value !== (negations % 2 === 1)
  }
}

/** The value, if it is a condition. */
export function truth(terms: Terms, value: Value | undefined, word: Word | undefined): boolean | undefined {
  if (typeof value === 'boolean' || value === undefined) return value
  if (word) {
    const problem = `'${word.text}' is no condition: compare it, ask whether it is DEFINED, or give it the value B'1' or B'0'`
    terms.mistakes.add('DIRECTIVE_INVALID', { problem }, word)
  }
  return undefined
}

function readRelation(terms: Terms): Term | undefined {
  const defined = readDefined(terms)
  if (defined) return defined
  const left = readSum(terms)
  if (left === undefined) return undefined
  const start = terms.at
  takeWord(terms, 'IS')
  const not = takeWord(terms, 'NOT') !== undefined
  const operator = terms.words[terms.at]
  const comparison = readOperator(terms)
  if (comparison === undefined || operator === undefined) {
    return terms.at === start ? left : unexpected(terms, 'a comparison such as = or <, or DEFINED,')
  }
  const right = readSum(terms)
  return right && (() => compare(terms, left(), comparison, right(), { operator, not }))
}

/** `NAME [IS] [NOT] DEFINED`, or `SET` as GnuCOBOL and Micro Focus have it; nothing is taken when something else stands there. */
function readDefined(terms: Terms): Term | undefined {
  const start = terms.at
  const name = takeVariable(terms)
  takeWord(terms, 'IS')
  const not = takeWord(terms, 'NOT') !== undefined
  if (name && takeWord(terms, 'DEFINED', 'SET')) return () => (terms.valueOf(name.key) !== undefined) !== not
  terms.at = start
  return undefined
}

/** For which of less (-1), equal (0) and greater (1) a comparison holds. */
type AcceptedOrders = readonly number[]

const SYMBOLS = new Map<string, AcceptedOrders>([
  ['=', [0]],
  ['<>', [-1, 1]],
  ['>', [1]],
  ['<', [-1]],
  ['>=', [0, 1]],
  ['<=', [-1, 0]],
])

function readOperator(terms: Terms): AcceptedOrders | undefined {
  const word = takeWord(terms, ...SYMBOLS.keys(), 'EQUAL', 'GREATER', 'LESS')
  if (word === undefined) return undefined
  const symbol = SYMBOLS.get(word.key)
  if (symbol) return symbol
  if (word.key !== 'EQUAL') takeWord(terms, 'THAN')
  const orEqual = word.key !== 'EQUAL' && takeOrEqual(terms)
  if (word.key === 'EQUAL' || orEqual) takeWord(terms, 'TO')
  const strict = { EQUAL: 0, GREATER: 1, LESS: -1 }[word.key] ?? 0
  return orEqual ? [0, strict] : [strict]
}

/** `OR EQUAL` of `GREATER THAN OR EQUAL`; the OR that joins conditions is left standing. */
function takeOrEqual(terms: Terms): boolean {
  const follows = isRun(terms.words[terms.at], 'OR') && isRun(terms.words[terms.at + 1], 'EQUAL')
  if (follows) terms.at += 2
  return follows
}

function compare(
  terms: Terms,
  left: Value | undefined,
  comparison: AcceptedOrders,
  right: Value | undefined,
  { operator, not }: { operator: Word; not: boolean },
): boolean | undefined {
  if (left === undefined || right === undefined) return undefined
  const order = orderOf(left, right)
  const onlyEqual = comparison.length === 1 ? comparison[0] === 0 : !comparison.includes(0)
  if (order !== undefined && (typeof left === 'bigint' || onlyEqual)) return comparison.includes(order) !== not
  const problem =
    order === undefined ? `${kindOf(left)} is compared with ${kindOf(right)}` : `${kindOf(left)} is only equal or not`
  terms.mistakes.add('DIRECTIVE_INVALID', { problem }, operator)
  return undefined
}

/** -1, 0 or 1; texts and booleans are equal (0) or not (1). Undefined for values of two categories. */
export function orderOf(left: Value, right: Value): number | undefined {
  if (typeof left === 'bigint' && typeof right === 'bigint') return left < right ? -1 : left > right ? 1 : 0
  if (typeof left !== typeof right) return undefined
  // As in COBOL, the shorter text is filled with blanks.
  if (typeof left === 'string' && typeof right === 'string') return left.trimEnd() === right.trimEnd() ? 0 : 1
  return left === right ? 0 : 1
}

/** The category of a value, as messages name it. */
export function kindOf(value: Value): string {
  return typeof value === 'string' ? 'a text' : typeof value === 'bigint' ? 'an integer' : 'a boolean'
}

/** An arithmetic expression or a single value, without comparison. */
export function readSum(terms: Terms): Term | undefined {
  return readOperations(terms, ['+', '-'], () => readOperations(terms, ['*', '/'], () => readOperand(terms)))
}

function readOperations(terms: Terms, operators: readonly string[], read: () => Term | undefined): Term | undefined {
  const first = read()
  if (first === undefined) return undefined
  const steps: { operator: Word; term: Term }[] = []
  for (let operator = takeWord(terms, ...operators); operator; operator = takeWord(terms, ...operators)) {
    const term = read()
    if (term === undefined) return undefined
    steps.push({ operator, term })
  }
  if (steps.length === 0) return first
  return () => {
    let value = first()
    for (const { operator, term } of steps) value = calculate(terms, value, operator, term())
    return value
  }
}

function calculate(terms: Terms, left: Value | undefined, operator: Word, right: Value | undefined): Value | undefined {
  if (left === undefined || right === undefined) return undefined
  const result =
    typeof left === 'bigint' && typeof right === 'bigint' ? integerResult(operator.key, left, right) : undefined
  if (result !== undefined && String(result < 0n ? -result : result).length <= DIGITS) return result
  const wrong = typeof left === 'bigint' ? right : left
  const problem =
    typeof wrong !== 'bigint'
      ? `${kindOf(wrong)} is no integer to calculate with`
      : result === undefined
        ? 'the divisor is zero'
        : `the result has more than ${DIGITS} digits`
  terms.mistakes.add('DIRECTIVE_INVALID', { problem }, operator)
  return undefined
}

function readOperand(terms: Terms): Term | undefined {
  let sign: Word | undefined
  let negative = false
  for (let word = takeWord(terms, '+', '-'); word; word = takeWord(terms, '+', '-')) {
    sign = word
    negative = negative !== (word.key === '-')
  }
  const operand = readPrimary(terms)
  if (sign === undefined || operand === undefined) return operand
  const word = sign
  return () => calculate(terms, 0n, { ...word, key: negative ? '-' : '+' }, operand())
}

function readPrimary(terms: Terms): Term | undefined {
  const word = terms.words[terms.at]
  if (word?.kind === 'mark' && word.key === '(') return readParenthesis(terms, word)
  if (word?.kind === 'literal') {
    terms.at++
    return readText(terms, word)
  }
  if (word?.kind === 'run' && INTEGER.test(word.key)) {
    terms.at++
    const value = BigInt(word.key)
    return () => value
  }
  const next = terms.words[terms.at + 1]
  if (isRun(word, 'B') && next?.kind === 'literal' && !next.spaced && /^[01]$/.test(next.text)) {
    terms.at += 2
    return () => next.text === '1'
  }
  const name = takeVariable(terms)
  if (name === undefined) return unexpected(terms, 'an integer, a text, a name or B with 0 or 1 in quotes')
  return () => {
    const value = terms.valueOf(name.key)
    if (value === undefined) terms.mistakes.add('DIRECTIVE_VARIABLE_UNKNOWN', { name: name.key }, name)
    return value
  }
}

function readParenthesis(terms: Terms, opened: Word): Term | undefined {
  if (terms.depth >= terms.depthLimit) {
    terms.mistakes.add('DIRECTIVE_TOO_DEEP', { limit: terms.depthLimit }, opened)
    return undefined
  }
  terms.at++
  terms.depth++
  const inside = readExpression(terms)
  terms.depth--
  if (inside === undefined) return undefined
  const close = terms.words[terms.at]
  if (close?.kind !== 'mark' || close.key !== ')') return unexpected(terms, 'a closing parenthesis')
  terms.at++
  return inside
}

function readText(terms: Terms, { text, prefix, open }: Word): Term | undefined {
  if (prefix === '' && !open) return () => text
  terms.at--
  return unexpected(terms, 'a text in quotes, without a letter before them,')
}
