// The sets of characters that patterns name: properties of Unicode, white space, characters of XML names.

import { type CharSet, charactersOf, complement, setOf, union } from './char-set.ts'

/** Planes with characters of their own, and stretches in which all characters are alike. */
const PLANES: readonly (readonly [number, number])[] = [
  [0, 0xd7ff],
  [0xe000, 0x3ffff],
  [0xe0000, 0xe0fff],
]
const ALIKE: readonly (readonly [number, number])[] = [
  [0xd800, 0xdfff],
  [0x40000, 0xdffff],
  [0xe1000, 0xeffff],
  [0xf0000, 0xffffd],
  [0xffffe, 0xfffff],
  [0x100000, 0x10fffd],
  [0x10fffe, 0x10ffff],
]

let everything: string | undefined
const known = new Map<string, CharSet | undefined>()

/** The characters with a property (`Lu`, `Nd`, `Script=Greek`), by the tables of the engine; undefined for one that it does not know. */
export function propertySet(property: string): CharSet | undefined {
  if (known.has(property)) return known.get(property)
  const set = scanned(property)
  known.set(property, set)
  return set
}

function scanned(property: string): CharSet | undefined {
  const expression = propertyExpression(property)
  if (!expression) return undefined
  const ranges: number[] = []
  everything ??= PLANES.map(([from, to]) => textOf(from, to)).join('')
  for (const { 0: run } of everything.matchAll(expression)) {
    // The text leaves out the surrogates, so a run may go over that gap.
    const [from, to] = [run.codePointAt(0) ?? 0, run.codePointAt(run.length - (lastIsPair(run) ? 2 : 1)) ?? 0]
    ranges.push(...(from < 0xd800 && to > 0xdfff ? [from, 0xd7ff, 0xe000, to] : [from, to]))
  }
  for (const [from, to] of ALIKE) {
    expression.lastIndex = 0
    if (expression.test(String.fromCodePoint(from))) ranges.push(from, to)
  }
  return setOf(withoutGaps(ranges))
}

/** A run that goes over a stretch between two planes is cut there. */
function withoutGaps(ranges: readonly number[]): number[] {
  const cut: number[] = []
  for (let at = 0; at + 1 < ranges.length; at += 2) {
    let from = ranges[at] ?? 0
    const to = ranges[at + 1] ?? 0
    if (from <= 0x3ffff && to >= 0xe0000) {
      cut.push(from, 0x3ffff)
      from = 0xe0000
    }
    cut.push(from, to)
  }
  return cut
}

function propertyExpression(property: string): RegExp | undefined {
  if (!/^[A-Za-z0-9_=]+$/.test(property)) return undefined
  try {
    return new RegExp(`\\p{${property}}+`, 'gu')
  } catch {
    return undefined
  }
}

function lastIsPair(text: string): boolean {
  const unit = text.charCodeAt(text.length - 1)
  return unit >= 0xdc00 && unit <= 0xdfff
}

function textOf(from: number, to: number): string {
  const pieces: string[] = []
  for (let at = from; at <= to; at += 4096) {
    const points = Array.from({ length: Math.min(4096, to - at + 1) }, (_, index) => at + index)
    pieces.push(String.fromCodePoint(...points))
  }
  return pieces.join('')
}

/** The general categories that `\p{…}` of XML Schema knows (XSD Part 2, F.1.1). */
export const CATEGORY = /^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)$/

/** `NameStartChar` and `NameChar` of XML 1.0, fifth edition: what `\i` and `\c` stand for. */
export const nameStart: CharSet = setOf([
  ...[0x3a, 0x3a, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a, 0xc0, 0xd6, 0xd8, 0xf6, 0xf8, 0x2ff, 0x370, 0x37d],
  ...[0x37f, 0x1fff, 0x200c, 0x200d, 0x2070, 0x218f, 0x2c00, 0x2fef, 0x3001, 0xd7ff, 0xf900, 0xfdcf],
  ...[0xfdf0, 0xfffd, 0x10000, 0xeffff],
])
/** `NameChar` of XML 1.0, fifth edition: what `\c` stands for. */
export const nameCharacter: CharSet = union(
  nameStart,
  setOf([0x2d, 0x2e, 0x30, 0x39, 0xb7, 0xb7, 0x300, 0x36f, 0x203f, 0x2040]),
)

/** White space of XML: what `\s` of XML Schema stands for. */
export const xmlSpace: CharSet = charactersOf(' \t\n\r')
/** What `.` of XML Schema does not stand for. */
export const lineEnds: CharSet = charactersOf('\n\r')

/** `\w` of XML Schema: all but punctuation, separators and others. */
export function wordSet(): CharSet {
  return complement(union(...['P', 'Z', 'C'].map((category) => propertySet(category) ?? [])))
}
