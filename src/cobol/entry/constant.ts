// Constants: level 78 and `01 NAME CONSTANT AS`. Their values serve as picture repeats, in OCCURS and in VALUE.

import { integerResult } from '../integer-result.ts'
import type { Literal } from '../layout.ts'
import type { Word } from '../text/word.ts'
import { takeLiteral } from './literal.ts'
import { type EntryReader, incomplete, peek, startsEntry, take, takeName } from './reader.ts'

/** Reads from behind the name to the period, and remembers the constant. */
export function readConstant(reader: EntryReader, name: string | undefined, nameWord: Word): void {
  const global = take(reader, 'CONSTANT') !== undefined
  if (global) take(reader, 'IS')
  take(reader, 'GLOBAL')
  const value = take(reader, 'VALUE', 'VALUES', 'AS')
  take(reader, 'IS')
  const literal =
    value || global ? readValue(reader) : incomplete(reader, nameWord, 'VALUE', 'the value of the constant')
  if (literal !== undefined && name !== undefined) {
    const known = reader.constants.get(name)
    if (known) reader.mistakes.add('NAME_DUPLICATE', { name, line: known.line }, nameWord)
    else reader.constants.set(name, { literal, line: nameWord.line })
  }
  for (let word = peek(reader); word !== undefined && !startsEntry(reader); word = peek(reader)) {
    reader.at++
    if (word.kind === 'period') return
  }
  reader.mistakes.add('PERIOD_MISSING', {}, reader.words[reader.at - 1] ?? nameWord)
}

const OPERATORS = ['+', '-', '*', '/']

/** A literal, or whole numbers joined by + - * / and worked out from left to right, parentheses first. */
function readValue(reader: EntryReader, depth = 0): Literal | undefined {
  let value = readOperand(reader, depth)
  for (let operator = take(reader, ...OPERATORS); operator !== undefined; operator = take(reader, ...OPERATORS)) {
    const right = readOperand(reader, depth)
    const isWhole = (literal: Literal | undefined) => literal?.kind === 'number' && /^[+-]?\d{1,15}$/.test(literal.text)
    if (value?.kind !== 'number' || right?.kind !== 'number' || !isWhole(value) || !isWhole(right)) {
      return incomplete(reader, operator, 'VALUE', 'whole numbers on both sides')
    }
    const result = integerResult(operator.key, BigInt(value.text), BigInt(right.text))
    if (result === undefined) return incomplete(reader, operator, 'VALUE', 'a divisor that is not zero')
    value = { kind: 'number', text: String(result) }
  }
  return value
}

function readOperand(reader: EntryReader, depth: number): Literal | undefined {
  if (take(reader, 'LENGTH', 'BYTE-LENGTH')) return readLength(reader)
  const word = peek(reader)
  if (word?.kind !== 'mark' || word.key !== '(') return takeLiteral(reader, 'VALUE')
  reader.at++
  if (depth >= reader.options.limits.directiveDepth) {
    return incomplete(reader, word, 'VALUE', `no more than ${depth} parentheses in each other`)
  }
  const value = readValue(reader, depth + 1)
  const close = peek(reader)
  if (close?.key !== ')') return value && incomplete(reader, word, 'VALUE', 'a closing parenthesis')
  reader.at++
  return value
}

/** `LENGTH [OF] name`, `BYTE-LENGTH [OF] name`: the bytes of an item that stands before; or of a literal of one byte a character. */
function readLength(reader: EntryReader): Literal | undefined {
  take(reader, 'OF')
  const word = peek(reader)
  if (word?.kind === 'literal' && !/^[NGU]/.test(word.prefix)) return lengthOfLiteral(takeLiteral(reader, 'LENGTH OF'))
  const name = takeName(reader)
  const length = name && reader.lengthOf(name)
  if (length !== undefined) return { kind: 'number', text: String(length) }
  const last = name?.word ?? reader.words[reader.at - 1]
  return last && incomplete(reader, last, 'VALUE', 'the name of an item before, without mistakes, after LENGTH OF')
}

function lengthOfLiteral(literal: Literal | undefined): Literal | undefined {
  if (literal?.kind === 'bytes') return { kind: 'number', text: String(literal.hex.length / 2) }
  return literal?.kind === 'text' ? { kind: 'number', text: String(literal.text.length) } : undefined
}
