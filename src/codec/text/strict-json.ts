// JSON text → value, strictly: RFC 8259 with the restrictions of I-JSON (RFC 7493). What JSON.parse lets pass silently
// is a mistake here: a name given twice, a lone surrogate, the name __proto__, a number that a double cannot hold.

import type { JsonValue } from '../../contract/json.ts'
import { failure } from '../../error/failure.ts'

const depthMax = 32

/** A number of the text that loses digits as a JavaScript number: where it stands. */
export interface InexactNumber {
  /** JSON Pointer. */
  readonly path: string
}

/** A parsed text, and the numbers in it that JavaScript cannot hold exactly. */
export interface JsonText {
  readonly value: JsonValue
  readonly inexact: readonly InexactNumber[]
}

interface JsonCursor {
  readonly text: string
  at: number
  readonly inexact: InexactNumber[]
}

/** Reads one JSON value. Throws BODY_MALFORMED with line and column (from 1), never with the text itself. */
export function readJson(bytes: Uint8Array): JsonText {
  const reader: JsonCursor = { text: utf8(bytes), at: 0, inexact: [] }
  const value = readValue(reader, '', 0)
  skipBlanks(reader)
  if (reader.at < reader.text.length) throw malformed(reader, 'nothing may follow the value')
  return { value, inexact: reader.inexact }
}

/** A JSON Pointer (RFC 6901) one step longer. */
export function pointer(parent: string, step: string | number): string {
  return `${parent}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw failure('BODY_MALFORMED', { problem: 'the body is not UTF-8', line: 1, column: 1 }, { cause })
  }
}

function malformed(reader: JsonCursor, problem: string, at = reader.at) {
  const before = reader.text.slice(0, at)
  const line = before.split('\n').length
  return failure('BODY_MALFORMED', { problem, line, column: at - before.lastIndexOf('\n') })
}

function skipBlanks(reader: JsonCursor): void {
  for (;;) {
    const code = reader.text.charCodeAt(reader.at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
    reader.at += 1
  }
}

function readValue(reader: JsonCursor, path: string, depth: number): JsonValue {
  skipBlanks(reader)
  const first = reader.text[reader.at]
  if (first === '"') return readString(reader)
  if (first === '{' || first === '[') {
    if (depth === depthMax) throw malformed(reader, `more than ${depthMax} levels deep`)
    return first === '{' ? readObject(reader, path, depth + 1) : readArray(reader, path, depth + 1)
  }
  if (first === 't') return readWord(reader, 'true', true)
  if (first === 'f') return readWord(reader, 'false', false)
  if (first === 'n') return readWord(reader, 'null', null)
  return readNumber(reader, path)
}

function readWord<T>(reader: JsonCursor, word: string, value: T): T {
  if (!reader.text.startsWith(word, reader.at)) throw malformed(reader, 'a value is expected')
  reader.at += word.length
  return value
}

function readObject(reader: JsonCursor, path: string, depth: number): JsonValue {
  const members: Record<string, JsonValue> = {}
  reader.at += 1
  for (let first = true; ; first = false) {
    skipBlanks(reader)
    if (first && reader.text[reader.at] === '}') break
    const start = reader.at
    if (reader.text[start] !== '"') throw malformed(reader, 'a name in double quotes is expected')
    const name = readString(reader)
    if (name === '__proto__') throw malformed(reader, 'this name is not allowed', start)
    if (Object.hasOwn(members, name)) throw malformed(reader, 'this name was given before in the same object', start)
    expect(reader, ':', 'a colon is expected')
    members[name] = readValue(reader, pointer(path, name), depth)
    if (closes(reader, '}')) return members
  }
  reader.at += 1
  return members
}

function readArray(reader: JsonCursor, path: string, depth: number): JsonValue {
  const elements: JsonValue[] = []
  reader.at += 1
  skipBlanks(reader)
  if (reader.text[reader.at] === ']') {
    reader.at += 1
    return elements
  }
  for (;;) {
    elements.push(readValue(reader, pointer(path, elements.length), depth))
    if (closes(reader, ']')) return elements
  }
}

function expect(reader: JsonCursor, character: string, problem: string): void {
  skipBlanks(reader)
  if (reader.text[reader.at] !== character) throw malformed(reader, problem)
  reader.at += 1
}

/** Takes a comma (false) or the closing bracket (true). */
function closes(reader: JsonCursor, bracket: string): boolean {
  skipBlanks(reader)
  const character = reader.text[reader.at]
  if (character !== ',' && character !== bracket) throw malformed(reader, `a comma or ${bracket} is expected`)
  reader.at += 1
  return character === bracket
}

function readString(reader: JsonCursor): string {
  const { text, at: start } = reader
  let end = start + 1
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1
  if (end >= text.length) throw malformed(reader, 'a string is not closed')
  reader.at = end + 1
  const value = unescaped(text.slice(start, reader.at))
  if (value === undefined) throw malformed(reader, 'a string has a raw control character or a bad escape', start)
  if (/\p{Surrogate}/u.test(value)) throw malformed(reader, 'half of a surrogate pair is not a character', start)
  return value
}

function unescaped(token: string): string | undefined {
  try {
    return JSON.parse(token)
  } catch {
    return undefined
  }
}

const numberToken = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y

function readNumber(reader: JsonCursor, path: string): number {
  numberToken.lastIndex = reader.at
  const token = numberToken.exec(reader.text)?.[0]
  if (token === undefined) throw malformed(reader, 'a value is expected')
  reader.at += token.length
  const value = Number(token)
  if (token.length > 100 || !Number.isFinite(value) || digitsOf(token) !== digitsOf(String(value)))
    reader.inexact.push({ path })
  return value
}

/** The same text for the same decimal value, however written: significant digits, then the power of ten. */
function digitsOf(number: string): string {
  const [mantissa = '', exponent = '0'] = number.replace(/^-/, '').toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  return `${significant}e${BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - significant.length)}`
}
