// A short text that a regular expression matches, for examples: `^[0-9]{10}$` → 1234567890, `^-?[0-9]{1,11}\.[0-9]{2}$` → 123.45.
// Knows what patterns of records use: literals, classes, groups, alternatives, quantifiers, escapes. Anything else gives nothing.
//
//   alternatives = sequence *( "|" sequence )     sequence = *( atom [ quantifier ] )
//   atom = "(" alternatives ")" / "[" class "]" / "\" escape / "." / character

import { jsonPattern } from '../../wire/pattern/pattern.ts'

interface Sampler {
  readonly pattern: string
  at: number
  readonly start: number
  /** Counts the characters drawn from classes, so that neighbours differ. */
  drawn: number
}

const repeatsWanted = 3

/** A text that matches the pattern, another one for another start; undefined where this sampler does not understand it. */
export function textLike(pattern: string, start = 0): string | undefined {
  const sampler: Sampler = { pattern, at: 0, start, drawn: start }
  const text = alternatives(sampler)
  return text !== undefined && sampler.at === pattern.length && matches(pattern, text) ? text : undefined
}

/** Whether the whole pattern takes a text; a pattern that is none takes nothing. */
export function matches(pattern: string, text: string): boolean {
  try {
    return jsonPattern(pattern)?.matches(text) ?? new RegExp(pattern, 'u').test(text)
  } catch {
    return false
  }
}

/** The last alternative: in patterns of numbers and amounts the first one is zero or nothing. */
function alternatives(sampler: Sampler): string | undefined {
  let chosen = sequence(sampler)
  while (chosen !== undefined && sampler.pattern[sampler.at] === '|') {
    sampler.at += 1
    sampler.drawn = sampler.start
    chosen = sequence(sampler)
  }
  return chosen
}

function sequence(sampler: Sampler): string | undefined {
  let text = ''
  for (;;) {
    const next = sampler.pattern[sampler.at]
    if (next === undefined || next === '|' || next === ')') return text
    if (next === '^' || next === '$') {
      sampler.at += 1
      continue
    }
    const start = sampler.at
    const drawn = sampler.drawn
    const once = atom(sampler)
    if (once === undefined) return undefined
    const times = quantifier(sampler)
    const end = sampler.at
    if (times === 0) sampler.drawn = drawn
    text += times === 0 ? '' : once
    for (let count = 1; count < times; count += 1) {
      sampler.at = start
      text += atom(sampler) ?? ''
    }
    sampler.at = end
  }
}

function quantifier(sampler: Sampler): number {
  const rest = sampler.pattern.slice(sampler.at)
  const match = /^(?:([?*+])|\{([0-9]+)(?:(,)([0-9]*))?\})\??/.exec(rest)
  if (match === null) return 1
  sampler.at += match[0].length
  const [, sign, least, comma, most] = match
  if (sign !== undefined) return sign === '?' ? 0 : repeatsWanted
  if (comma === undefined) return Number(least)
  const highest = most === '' ? Number.POSITIVE_INFINITY : Number(most)
  return Math.max(Number(least), Math.min(highest, repeatsWanted - 1))
}

function atom(sampler: Sampler): string | undefined {
  const character = sampler.pattern[sampler.at] ?? ''
  if (character === '(') return group(sampler)
  if (character === '[') return fromClass(sampler)
  if (character === '\\') return escaped(sampler)
  sampler.at += 1
  if (character === '.') return draw(sampler, [...'abcdef'])
  return '*+?{}'.includes(character) ? undefined : character
}

function group(sampler: Sampler): string | undefined {
  const opening = /^\((?:\?:|\?<[A-Za-z]\w*>)?(?!\?)/.exec(sampler.pattern.slice(sampler.at))?.[0]
  if (opening === undefined) return undefined
  sampler.at += opening.length
  const text = alternatives(sampler)
  if (text === undefined || sampler.pattern[sampler.at] !== ')') return undefined
  sampler.at += 1
  return text
}

function escaped(sampler: Sampler): string | undefined {
  const code = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/.exec(sampler.pattern.slice(sampler.at))
  if (code === null) return undefined
  sampler.at += code[0].length
  const [, short, long, letter = ''] = code
  const hex = short ?? long
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
  if (letter === 'd') return draw(sampler, [...'123456789'])
  if (letter === 'w') return draw(sampler, [...'abcdef'])
  return /[A-Za-z0-9]/.test(letter) ? undefined : letter
}

/** Draws from a class: letters where it has any, else digits in rising order. A negated class is not understood. */
function fromClass(sampler: Sampler): string | undefined {
  const body = /^\[((?:[^\]\\]|\\[\s\S])*)\]/.exec(sampler.pattern.slice(sampler.at))
  if (body === null || body[1]?.startsWith('^')) return undefined
  sampler.at += body[0].length
  for (const pool of ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz', '1234567890', ' -.,/:+']) {
    const fitting = [...pool].filter((character) => matches(`^${body[0]}$`, character))
    if (fitting.length > 0) return draw(sampler, fitting)
  }
  return undefined
}

function draw(sampler: Sampler, characters: readonly string[]): string {
  const drawn = characters[sampler.drawn % characters.length] ?? ''
  sampler.drawn += 1
  return drawn
}
