// Literals of VALUE clauses and level 88 → bytes of an item.

import type { Condition, Literal } from '../../cobol/layout.ts'
import type { CodePage } from '../../codepage/code-page.ts'
import { byteAt } from '../../codepage/element.ts'
import { type Kind, refused } from '../kind/kind.ts'

/** The bytes that a literal gives an item; undefined when it does not fit the item. */
export function literalBytes(literal: Literal, store: Kind, page: CodePage): Uint8Array | undefined {
  const bytes = store.initial.slice()
  switch (literal.kind) {
    case 'bytes':
      return fill(bytes, hexBytes(literal.hex))
    case 'figurative':
      return figurative(literal.name, store, page)
    case 'all': {
      const one = oneTime(literal.literal, page)
      if (!one || one.length === 0) return undefined
      return bytes.map((_, i) => byteAt(one, i % one.length))
    }
    case 'number':
      if (store.shape.type !== 'decimal') break
      return store.write(plainNumber(literal.text), bytes, 0) === refused.none ? bytes : undefined
  }
  return store.write(literal.text, bytes, 0) === refused.none ? bytes : undefined
}

function fill(bytes: Uint8Array, from: Uint8Array): Uint8Array | undefined {
  if (from.length > bytes.length) return undefined
  bytes.set(from)
  return bytes
}

function hexBytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function figurative(name: string, store: Kind, page: CodePage): Uint8Array | undefined {
  const bytes = store.initial.slice()
  const { type } = store.shape
  switch (name) {
    case 'LOW-VALUE':
    case 'NULL':
      return bytes.fill(0)
    case 'HIGH-VALUE':
      return bytes.fill(0xff)
    case 'SPACE':
      return type === 'text' ? bytes : bytes.fill(Math.max(0, page.fromUnicode(0x20)))
    case 'QUOTE':
      return bytes.fill(Math.max(0, page.fromUnicode(0x22)))
    default: {
      const zeros = type === 'text' ? '0'.repeat(store.shape.type === 'text' ? store.shape.maximum : 0) : '0'
      return store.write(zeros, bytes, 0) === refused.none ? bytes : undefined
    }
  }
}

function oneTime(literal: Literal, page: CodePage): Uint8Array | undefined {
  if (literal.kind === 'bytes') return hexBytes(literal.hex)
  if (literal.kind !== 'text' && literal.kind !== 'number') return undefined
  const bytes = Array.from(literal.text, (character) => page.fromUnicode(character.codePointAt(0) ?? 0))
  return bytes.includes(-1) ? undefined : Uint8Array.from(bytes)
}

/** `+007.50` → `7.50`. */
function plainNumber(text: string): string {
  const [, sign = '', whole = '', decimals = ''] = /^([+-]?)(\d*)((?:\.\d+)?)$/.exec(text.replace(',', '.')) ?? []
  return `${sign === '-' ? '-' : ''}${whole.replace(/^0+(?=\d)/, '') || '0'}${decimals}`
}

/** The single values of level 88 items, as JSON shows them; undefined where a range or a value outside of the item's text is among them. */
export function singleValues(
  conditions: readonly Pick<Condition, 'values'>[],
  store: Kind,
  page: CodePage,
): string[] | undefined {
  if (conditions.length === 0) return undefined
  const values = new Set<string>()
  for (const { from, through } of conditions.flatMap((one) => one.values)) {
    const bytes = through ? undefined : literalBytes(from, store, page)
    const trace = { residue: false }
    const value = bytes && store.read(bytes, 0, trace)
    if (typeof value !== 'string' || trace.residue) return undefined
    values.add(value)
  }
  return [...values]
}

/** Whether the bytes of an item satisfy a level 88: numbers are compared as numbers, anything else byte by byte. */
export function conditionTest(
  { values }: Condition,
  store: Kind,
  page: CodePage,
): (source: Uint8Array, at: number) => boolean {
  const ranges = values.map(({ from, through }) => ({
    from: literalBytes(from, store, page),
    through: literalBytes(through ?? from, store, page),
  }))
  const numeric = store.shape.type === 'decimal'
  const trace = { residue: false }
  return (source, at) =>
    ranges.some(({ from, through }) => {
      if (!from || !through) return false
      if (!numeric) return compareBytes(source, at, from) >= 0 && compareBytes(source, at, through) <= 0
      const [value, low, high] = [
        store.read(source, at, trace),
        store.read(from, 0, trace),
        store.read(through, 0, trace),
      ]
      if (typeof value !== 'string' || typeof low !== 'string' || typeof high !== 'string') {
        return compareBytes(source, at, from) === 0
      }
      return scaled(value) >= scaled(low) && scaled(value) <= scaled(high)
    })
}

/** Decimals of one item have the same scale, so their digits compare as integers. */
const scaled = (text: string) => BigInt(text.replace('.', ''))

/** The order of the bytes at `at` and others. */
export function compareBytes(source: Uint8Array, at: number, other: Uint8Array): number {
  for (let i = 0; i < other.length; i++) {
    const difference = byteAt(source, at + i) - byteAt(other, i)
    if (difference !== 0) return difference
  }
  return 0
}

/** How JSON shows a value that an option names: `'01'` of a PIC 99 is `1`. Text that no such field can hold stays as it is. */
export function jsonValueOf(text: string, store: Kind, page: CodePage): string {
  const kind = store.shape.type === 'decimal' ? 'number' : 'text'
  const bytes = literalBytes({ kind, text }, store, page)
  const value = bytes && store.read(bytes, 0, { residue: false })
  return typeof value === 'string' ? value : text
}
