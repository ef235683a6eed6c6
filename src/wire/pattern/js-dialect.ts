// Patterns as JavaScript and JSON Schema write them, as far as they are regular: no look-around, no back references.

import {
  anyCharacter,
  type CharSet,
  charactersOf,
  complement,
  has,
  noCharacter,
  setOf,
  subtract,
  union,
} from './char-set.ts'
import { type Cursor, type Dialect, type Expression, parsePattern, patternRefused, peek, taken } from './syntax.ts'
import { propertySet } from './unicode.ts'

/** Throws PATTERN_REFUSED for what is not regular, and for flags that change what `^`, `$` and classes mean. */
export function parseJsPattern(pattern: string, flags: string): Expression {
  const unicode = flags.includes('u')
  if (/[mvy]/.test(flags)) throw patternRefused({ pattern }, `has the flags ${flags}, of which m, v and y are not read`)
  const dialect = dialectOf({ unicode, dotAll: flags.includes('s'), folds: flags.includes('i') })
  return parsePattern(pattern, unicode ? [...pattern] : pattern.split(''), dialect)
}

interface Flags {
  readonly unicode: boolean
  readonly dotAll: boolean
  readonly folds: boolean
}

const WORD = charactersOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_')
const DIGIT: CharSet = [0x30, 0x39]
const LINE_ENDS = charactersOf('\n\r\u2028\u2029')
const SPACE = setOf([
  ...[0x09, 0x0d, 0x20, 0x20, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f],
  ...[0x205f, 0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff],
])
const shorthands: Readonly<Record<string, CharSet>> = { d: DIGIT, s: SPACE, w: WORD }
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', v: '\v', f: '\f', '0': '\0' }

function dialectOf(flags: Flags): Dialect {
  const one = (set: CharSet): Expression => ({ kind: 'set', set: flags.folds ? folded(set) : set })
  const atom = (cursor: Cursor, inner: (cursor: Cursor) => Expression): Expression => {
    const next = peek(cursor) ?? ''
    if (next === '(') return group(cursor, inner)
    if (taken(cursor, '^')) return { kind: 'start' }
    if (taken(cursor, '$')) return { kind: 'end' }
    if (taken(cursor, '.')) return { kind: 'set', set: flags.dotAll ? anyCharacter : subtract(anyCharacter, LINE_ENDS) }
    if (taken(cursor, '[')) return { kind: 'set', set: classSet(cursor, flags) }
    if ('?*+'.includes(next)) throw patternRefused(cursor, `has a ${next} in a place where it means nothing`)
    if (next === '\\') return one(escaped(cursor, flags))
    cursor.at += 1
    return one(charactersOf(next))
  }
  return { atom, lazy: true, literalBraces: true }
}

function group(cursor: Cursor, inner: (cursor: Cursor) => Expression): Expression {
  for (const start of ['(?=', '(?!', '(?<=', '(?<!'])
    if (taken(cursor, start)) throw patternRefused(cursor, 'looks around')
  if (!taken(cursor, '(?:')) {
    const isNamed = taken(cursor, '(?<')
    if (isNamed) while (peek(cursor) !== undefined && !taken(cursor, '>')) cursor.at += 1
    else if (!taken(cursor, '(') || peek(cursor) === '?') throw patternRefused(cursor, 'changes flags inside')
  }
  const within = inner(cursor)
  if (!taken(cursor, ')')) throw patternRefused(cursor, 'has a ( without its )')
  return within
}

/** `\` and what follows it, outside and inside of classes. */
function escaped(cursor: Cursor, flags: Flags): CharSet {
  cursor.at += 1
  const letter = peek(cursor)
  if (letter === undefined) throw patternRefused(cursor, 'ends with a \\')
  cursor.at += 1
  if (/[1-9k]/.test(letter)) throw patternRefused(cursor, 'has a back reference')
  if (/[bB]/.test(letter)) throw patternRefused(cursor, 'asks where a word ends')
  const shorthand = shorthands[letter.toLowerCase()]
  if (shorthand) return letter === letter.toLowerCase() ? shorthand : complement(shorthand)
  if (flags.unicode && /[pP]/.test(letter)) return property(cursor, letter === 'P')
  return charactersOf(escapedCharacter(cursor, letter, flags))
}

function escapedCharacter(cursor: Cursor, letter: string, { unicode }: Flags): string {
  const control = controls[letter]
  if (control !== undefined) return control
  const rest = cursor.units.slice(cursor.at, cursor.at + 8).join('')
  const code =
    (letter === 'x' && /^[0-9A-Fa-f]{2}/.exec(rest)) ||
    (letter === 'u' && /^[0-9A-Fa-f]{4}/.exec(rest)) ||
    (letter === 'u' && unicode && /^\{[0-9A-Fa-f]{1,6}\}/.exec(rest)) ||
    (letter === 'c' && /^[A-Za-z]/.exec(rest))
  if (!code) return letter
  cursor.at += code[0].length
  if (letter === 'c') return String.fromCharCode(code[0].charCodeAt(0) % 32)
  const point = Number.parseInt(code[0].replace(/[{}]/g, ''), 16)
  if (point > 0x10ffff) throw patternRefused(cursor, 'has a character beyond Unicode')
  return String.fromCodePoint(point)
}

function property(cursor: Cursor, not: boolean): CharSet {
  const end = cursor.units.indexOf('}', cursor.at)
  const name = peek(cursor) === '{' && end > 0 ? cursor.units.slice(cursor.at + 1, end).join('') : ''
  const set = propertySet(name)
  if (!set) throw patternRefused(cursor, `has \\p{${name}}, which is not known`)
  cursor.at = end + 1
  return not ? complement(set) : set
}

function classSet(cursor: Cursor, flags: Flags): CharSet {
  const not = taken(cursor, '^')
  const items: CharSet[] = []
  while (!taken(cursor, ']')) {
    if (peek(cursor) === undefined) throw patternRefused(cursor, 'has a [ without its ]')
    items.push(classItem(cursor, flags))
  }
  const group = items.length === 0 ? noCharacter : union(...items)
  const set = flags.folds ? folded(group) : group
  return not ? complement(set) : set
}

function classItem(cursor: Cursor, flags: Flags): CharSet {
  const from = classCharacter(cursor, flags)
  if (peek(cursor) !== '-' || peek(cursor, 1) === ']' || peek(cursor, 1) === undefined || !isSingle(from)) return from
  cursor.at += 1
  const to = classCharacter(cursor, flags)
  if (!isSingle(to)) return union(from, to, charactersOf('-'))
  return [from[0] ?? 0, to[0] ?? 0]
}

const isSingle = (set: CharSet) => set.length === 2 && set[0] === set[1]

function classCharacter(cursor: Cursor, flags: Flags): CharSet {
  const next = peek(cursor) ?? ''
  if (next === '\\') {
    if (peek(cursor, 1) === 'b') {
      cursor.at += 2
      return charactersOf('\b')
    }
    return escaped(cursor, flags)
  }
  cursor.at += 1
  return charactersOf(next)
}

let cases: ReadonlyMap<number, readonly number[]> | undefined

/** With every character that differs from one of the set by its case alone. */
function folded(set: CharSet): CharSet {
  cases ??= casesOfAll()
  const more: number[] = []
  for (const [point, others] of cases) {
    if (has(set, point)) for (const other of others) more.push(other, other)
  }
  return more.length === 0 ? set : union(set, setOf(more))
}

/** Letters with their other cases, both ways. */
function casesOfAll(): ReadonlyMap<number, readonly number[]> {
  const all = new Map<number, number[]>()
  const note = (one: number, other: number) => all.set(one, [...(all.get(one) ?? []), other])
  for (let point = 0; point < 0x1e944; point += 1) {
    const letter = String.fromCodePoint(point)
    for (const other of [letter.toLowerCase(), letter.toUpperCase()]) {
      const [only, ...rest] = [...other].map((one) => one.codePointAt(0) ?? 0)
      if (only === undefined || rest.length > 0 || only === point) continue
      note(point, only)
      note(only, point)
    }
  }
  return all
}
