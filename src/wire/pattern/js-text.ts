// An expression as JavaScript writes it, with the flag u: for JSON Schema, which has patterns of no other kind.

import type { CharSet } from './char-set.ts'
import type { Expression } from './syntax.ts'

const LENGTH_MAX = 4000

/** Undefined where a set would have to be written out in too many ranges, or the text would be too long. */
export function jsText(expression: Expression): string | undefined {
  const text = textOf(expression)
  return text !== undefined && text.length <= LENGTH_MAX ? text : undefined
}

function textOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'set': {
      if (expression.text !== undefined) return expression.text
      const ranges = rangesText(expression.set)
      return ranges === undefined ? undefined : `[${ranges}]`
    }
    case 'start':
      return '^'
    case 'end':
      return '$'
    case 'sequence':
      return joined(
        expression.parts.map((part) => (part.kind === 'choice' ? grouped(part) : textOf(part))),
        '',
      )
    case 'choice':
      return joined(expression.branches.map(textOf), '|')
    case 'repeat': {
      const of = expression.of.kind === 'set' ? textOf(expression.of) : grouped(expression.of)
      return of === undefined ? undefined : `${of}${countText(expression.min, expression.max)}`
    }
  }
}

function grouped(expression: Expression): string | undefined {
  const text = textOf(expression)
  return text === undefined ? undefined : `(?:${text})`
}

function joined(texts: readonly (string | undefined)[], by: string): string | undefined {
  return texts.includes(undefined) ? undefined : texts.join(by)
}

function countText(min: number, max: number): string {
  if (min === 0 && max === 1) return '?'
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`
  return min === max ? `{${min}}` : `{${min},${max}}`
}

const controls: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A character outside of a class. */
export function outsideText(character: string): string {
  if (/[\^$\\.*+?()[\]{}|/]/.test(character)) return `\\${character}`
  return controls[character] ?? character
}

/** A character inside of a class. */
export function insideText(character: string): string {
  return /[\\\][^-]/.test(character) ? `\\${character}` : (controls[character] ?? character)
}

const RANGES_MAX = 100

/** The inside of a class, in ranges; undefined where there would be too many. */
export function rangesText(set: CharSet): string | undefined {
  if (set.length > RANGES_MAX * 2) return undefined
  let text = ''
  for (let at = 0; at + 1 < set.length; at += 2) {
    const [from = 0, to = 0] = [set[at], set[at + 1]]
    text += to === from ? pointText(from) : `${pointText(from)}-${pointText(to)}`
  }
  return text
}

function pointText(point: number): string {
  return point >= 0x20 && point < 0x7f ? insideText(String.fromCodePoint(point)) : `\\u{${point.toString(16)}}`
}
