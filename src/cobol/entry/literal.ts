// Literals of VALUE clauses: numbers, texts, hexadecimal and national ones, figurative constants, and constants of level 78.

import { figuratives } from '../figurative.ts'
import type { Literal } from '../layout.ts'
import { isRun, type Word } from '../text/word.ts'
import { type EntryReader, found, peek, startsEntry, take } from './reader.ts'

const NUMBER = /^[+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)(?:E[+-]?\d+)?$/

/** Whether the next word begins a literal. */
export function beginsLiteral(reader: EntryReader): boolean {
  const word = peek(reader)
  if (word === undefined || word.kind === 'period' || startsEntry(reader)) return false
  if (word.kind === 'literal') return true
  if (word.kind !== 'run') return false
  if (isBaseLiteral(reader)) return true
  return NUMBER.test(word.key) || figuratives.has(word.key) || word.key === 'ALL' || reader.constants.has(word.key)
}

/** `H'FF'` and `B'101'` of other dialects: numbers. */
function isBaseLiteral(reader: EntryReader): boolean {
  const [base, digits] = [peek(reader), peek(reader, 1)]
  if (digits?.kind !== 'literal' || digits.spaced || digits.prefix !== '') return false
  return (
    (isRun(base, 'H') && /^[0-9A-F]{1,16}$/i.test(digits.text)) ||
    (isRun(base, 'B') && /^[01]{1,64}$/.test(digits.text))
  )
}

/** Takes one literal; concatenation with & included. Undefined after a mistake. */
export function takeLiteral(reader: EntryReader, clause: string): Literal | undefined {
  let literal = takeSingle(reader, clause)
  while (literal !== undefined && take(reader, '&')) {
    const next = takeSingle(reader, clause)
    literal = next === undefined ? undefined : concatenate(literal, next)
  }
  return literal
}

function takeSingle(reader: EntryReader, clause: string): Literal | undefined {
  const word = peek(reader)
  if (word === undefined || !beginsLiteral(reader)) {
    const spot = word ?? reader.words[reader.at - 1]
    if (spot) reader.mistakes.add('LITERAL_EXPECTED', { clause, found: found(reader).replaceAll("'", '') }, spot)
    return undefined
  }
  const base = isBaseLiteral(reader) ? peek(reader, 1) : undefined
  reader.at++
  if (base) {
    reader.at++
    return { kind: 'number', text: String(BigInt(`${word.key === 'H' ? '0x' : '0b'}${base.text}`)) }
  }
  if (word.kind === 'literal') return quoted(reader, word)
  if (word.key === 'ALL') {
    const literal = takeSingle(reader, 'ALL')
    return literal?.kind === 'figurative' ? literal : literal && { kind: 'all', literal }
  }
  const figurative = figuratives.get(word.key)
  if (figurative) return { kind: 'figurative', name: figurative }
  const constant = reader.constants.get(word.key)
  return constant?.literal ?? { kind: 'number', text: word.key.replace(',', '.') }
}

function quoted(reader: EntryReader, word: Word): Literal | undefined {
  if (word.open) {
    reader.mistakes.add('LITERAL_NOT_CLOSED', {}, word)
    return undefined
  }
  if (!word.prefix.endsWith('X')) return { kind: 'text', text: word.prefix === 'Z' ? `${word.text}\0` : word.text }
  const hex = word.text.toUpperCase()
  const problem = !/^[0-9A-F]*$/.test(hex)
    ? 'has a character that is no hexadecimal digit'
    : hex.length % 2
      ? 'has an odd number of digits'
      : hex === ''
        ? 'is empty'
        : ''
  if (problem === '') return { kind: 'bytes', hex }
  reader.mistakes.add('LITERAL_HEX_INVALID', { problem }, word)
  return undefined
}

function concatenate(left: Literal, right: Literal): Literal {
  if (left.kind === 'bytes' && right.kind === 'bytes') return { kind: 'bytes', hex: left.hex + right.hex }
  const text = (literal: Literal) => (literal.kind === 'text' || literal.kind === 'number' ? literal.text : '')
  return { kind: 'text', text: text(left) + text(right) }
}
