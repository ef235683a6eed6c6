// Patterns as XML Schema writes them (XSD Part 2, appendix F): the whole text matches, `^` and `$` are letters, classes subtract.

import { blockSet } from './blocks.ts'
import { anyCharacter, type CharSet, charactersOf, complement, subtract, union } from './char-set.ts'
import { insideText, outsideText, rangesText } from './js-text.ts'
import { type Cursor, type Expression, parsePattern, patternRefused, peek, taken } from './syntax.ts'
import { CATEGORY, lineEnds, nameCharacter, nameStart, propertySet, wordSet, xmlSpace } from './unicode.ts'

/** Throws PATTERN_REFUSED. */
export function parseXsdPattern(pattern: string): Expression {
  return parsePattern(pattern, [...pattern], { atom, lazy: false, literalBraces: false })
}

/** A set, and how JavaScript writes it inside of `[…]`; undefined where it can only be written out. */
interface Written {
  readonly set: CharSet
  readonly text: string | undefined
  /** The one character that it is, where it is one. */
  readonly single?: string
}

function atom(cursor: Cursor, inner: (cursor: Cursor) => Expression): Expression {
  const next = peek(cursor) ?? ''
  if (taken(cursor, '(')) {
    const group = inner(cursor)
    if (!taken(cursor, ')')) throw patternRefused(cursor, 'has a ( without its )')
    return group
  }
  if (taken(cursor, '[')) return classSet(cursor)
  if (taken(cursor, '.')) return { kind: 'set', set: subtract(anyCharacter, lineEnds), text: '[^\\n\\r]' }
  if ('?*+]'.includes(next)) throw patternRefused(cursor, `has a ${next} in a place where it means nothing`)
  if (next === '\\') {
    const { set, text, single } = escaped(cursor)
    return { kind: 'set', set, ...withText(single === undefined ? text && `[${text}]` : outsideText(single)) }
  }
  cursor.at += 1
  return { kind: 'set', set: charactersOf(next), text: outsideText(next) }
}

const withText = (text: string | undefined) => (text === undefined ? {} : { text })

const literals: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/** `\` and what follows it. */
function escaped(cursor: Cursor): Written {
  cursor.at += 1
  const letter = peek(cursor)
  if (letter === undefined) throw patternRefused(cursor, 'ends with a \\')
  cursor.at += 1
  if (letter === 'p' || letter === 'P') return property(cursor, letter === 'P')
  const small = named(letter.toLowerCase())
  if (small) return letter === letter.toLowerCase() ? small : { set: complement(small.set), text: negated(letter) }
  const single = literals[letter] ?? letter
  if (/[A-Za-z0-9]/.test(letter) && literals[letter] === undefined) {
    throw patternRefused(cursor, `has \\${letter}, which XML Schema does not know`)
  }
  return { set: charactersOf(single), text: insideText(single), single }
}

/** The escapes that stand for many characters. */
function named(letter: string): Written | undefined {
  switch (letter) {
    case 's':
      return { set: xmlSpace, text: ' \\t\\n\\r' }
    case 'd':
      return { set: propertySet('Nd') ?? [], text: '\\p{Nd}' }
    case 'w':
      return { set: wordSet(), text: '\\p{L}\\p{M}\\p{N}\\p{S}' }
    case 'i':
      return { set: nameStart, text: rangesText(nameStart) }
    case 'c':
      return { set: nameCharacter, text: rangesText(nameCharacter) }
    default:
      return undefined
  }
}

/** How JavaScript writes the complement inside of a class. */
function negated(letter: string): string | undefined {
  if (letter === 'D') return '\\P{Nd}'
  return letter === 'W' ? '\\p{P}\\p{Z}\\p{C}' : rangesText(complement(named(letter.toLowerCase())?.set ?? []))
}

function property(cursor: Cursor, not: boolean): Written {
  const end = cursor.units.indexOf('}', cursor.at)
  const name = peek(cursor) === '{' && end > 0 ? cursor.units.slice(cursor.at + 1, end).join('') : ''
  const isBlock = name.startsWith('Is')
  const set = isBlock ? blockSet(name.slice(2)) : CATEGORY.test(name) ? propertySet(name) : undefined
  if (!set) throw patternRefused(cursor, `has \\p{${name}}, which is not known`)
  cursor.at = end + 1
  const whole = not ? complement(set) : set
  return { set: whole, text: isBlock ? rangesText(whole) : `\\${not ? 'P' : 'p'}{${name}}` }
}

/** Behind `[`: a group, perhaps negated, perhaps less another class. */
function classSet(cursor: Cursor): Expression {
  const { set, text } = classBody(cursor)
  return { kind: 'set', set, ...withText(text) }
}

function classBody(cursor: Cursor): { readonly set: CharSet; readonly text: string | undefined } {
  if (++cursor.depth > 50) throw patternRefused(cursor, 'subtracts too often')
  const not = taken(cursor, '^')
  const items: Written[] = []
  let less: CharSet | undefined
  for (;;) {
    const next = peek(cursor)
    if (next === undefined) throw patternRefused(cursor, 'has a [ without its ]')
    if (taken(cursor, ']')) break
    if (items.length > 0 && taken(cursor, '-[')) {
      less = classBody(cursor).set
      if (!taken(cursor, ']')) throw patternRefused(cursor, 'goes on behind what a class subtracts')
      break
    }
    items.push(classItem(cursor))
  }
  cursor.depth -= 1
  if (items.length === 0) throw patternRefused(cursor, 'has an empty class')
  const group = union(...items.map((one) => one.set))
  const set = not ? complement(group) : group
  if (less) return { set: subtract(set, less), text: bracketed(rangesText(subtract(set, less))) }
  const texts = items.map(({ text }) => text)
  return { set, text: texts.includes(undefined) ? undefined : `[${not ? '^' : ''}${texts.join('')}]` }
}

/** `[]` is a class without characters; JavaScript takes it. */
const bracketed = (text: string | undefined) => (text === undefined ? undefined : `[${text}]`)

function classItem(cursor: Cursor): Written {
  const from = classCharacter(cursor)
  const isRange = from.single !== undefined && peek(cursor) === '-' && !'[]'.includes(peek(cursor, 1) ?? ']')
  if (!isRange) return from
  cursor.at += 1
  const to = classCharacter(cursor)
  const [low, high] = [from.single?.codePointAt(0) ?? 0, to.single?.codePointAt(0) ?? -1]
  if (high < low) throw patternRefused(cursor, 'has a range whose end is before its start')
  return { set: [low, high], text: `${from.text}-${to.text}` }
}

function classCharacter(cursor: Cursor): Written {
  const next = peek(cursor) ?? ''
  if (next === '\\') return escaped(cursor)
  if (next === '[') throw patternRefused(cursor, 'has a class inside of a class')
  cursor.at += 1
  return { set: charactersOf(next), text: insideText(next), single: next }
}
