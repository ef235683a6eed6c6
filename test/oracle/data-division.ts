// Random data divisions: everything that GnuCOBOL lays out as IBM does. What it does otherwise is left out here and stands, each with IBM's
// rule, in deviations.test.ts.

import { type Draft, hasValues, type Renames } from './draft.ts'
import type { Chance } from './random.ts'
import type { Storage } from './record.ts'
import { slotPicture } from './values.ts'

/** What is being made: names are numbered, counters wait to be placed at the record's head. */
interface Making {
  readonly random: Chance
  next: number
  /** Elementary occurrences so far; bounds the size of the program. */
  weight: number
  readonly variable: boolean
  /** Whether it has usages that IBM has not: COMP-X, COMP-5 by bytes, COMP-6 with a sign, integers without a picture. */
  readonly extended: boolean
  readonly counters: Draft[]
}

const nothing: Omit<Draft, 'name' | 'clauses'> = {
  filler: false,
  storage: undefined,
  synchronized: false,
  times: undefined,
  children: [],
  views: [],
  chooser: undefined,
  conditions: [],
  renames: [],
  constant: undefined,
}

const nameOf = (making: Making, letter: string): string => `${letter}${making.next++}`

/** A random 01 or 77 record. */
export function randomRecord(random: Chance, number: number): Draft {
  const name = `REC${number}`
  const making: Making = {
    random,
    next: 1,
    weight: 0,
    variable: random.oneIn(3),
    extended: random.oneIn(4),
    counters: [],
  }
  if (random.oneIn(20)) return { ...field(making, false, false), name, filler: false, constant: undefined }
  const children = members(making, 1, random.between(1, 7), 1, false)
  // Counters stand ahead of all tables, as in IBM's examples.
  const renames = making.variable || random.oneIn(2) ? [] : renaming(making, children)
  return { ...nothing, name, clauses: '', children: [...making.counters, ...children], renames }
}

/** A second name for some neighbours without tables. */
function renaming(making: Making, children: readonly Draft[]): Renames[] {
  const fields = children.filter((child) => child.storage && !child.filler)
  const from = fields.length === 0 ? undefined : making.random.pick(fields)
  const through = fields.length === 0 ? undefined : making.random.pick(fields)
  if (!from || !through) return []
  const range = children.slice(children.indexOf(from), children.indexOf(through) + 1)
  if (range.length === 0 || range.some(isBarred)) return []
  return [{ name: nameOf(making, 'X'), from: from.name, through: through.name }]
}

/** Level 66 may not span tables, and GnuCOBOL forgets BLANK WHEN ZERO and the COMP-X of PIC X of what it spans. */
const isBarred = ({ times, clauses, children, views }: Draft): boolean =>
  times !== undefined || /BLANK|X\(\d\) COMP/.test(clauses) || children.some(isBarred) || views.some(isBarred)

const mostWeight = 60

function members(making: Making, depth: number, count: number, repeated: number, inView: boolean): Draft[] {
  const { random } = making
  const list: Draft[] = []
  for (let i = 0; i < count; i++) {
    const kind = random.below(12)
    if (kind < 2 && depth < 4) list.push(group(making, depth, repeated, inView))
    else if (kind === 2 && depth < 4) list.push(table(making, depth, repeated, inView))
    else if (kind === 3 && depth < 3 && !inView && !making.variable) list.push(...shared(making, depth, repeated))
    else list.push(field(making, list.length > 0 && repeated === 1 && !making.variable && !inView, true))
    making.weight += repeated
    if (making.weight > mostWeight) break
  }
  return list
}

function group(making: Making, depth: number, repeated: number, inView: boolean): Draft {
  const { random } = making
  const special = random.below(8)
  const name = nameOf(making, 'G')
  if (special === 0) {
    const [clause, characters] = random.pick([
      ['COMP-3', false],
      ['USAGE BINARY', false],
      ['DISPLAY', true],
    ] as const)
    return { ...nothing, name, clauses: clause, children: numbers(making, { characters, inherited: true }) }
  }
  if (special === 1) {
    const clauses = random.pick(['SIGN LEADING SEPARATE', 'SIGN IS TRAILING SEPARATE CHARACTER', 'SIGN LEADING'])
    return { ...nothing, name, clauses, children: numbers(making, { characters: true, inherited: true }) }
  }
  const filler = random.oneIn(8)
  return {
    ...nothing,
    name,
    filler,
    clauses: '',
    children: members(making, depth + 1, random.between(1, 4), repeated, inView),
  }
}

function numbers(making: Making, how: NumberHow): Draft[] {
  return Array.from({ length: making.random.between(1, 3) }, () => number(making, how))
}

function table(making: Making, depth: number, repeated: number, inView: boolean): Draft {
  const { random } = making
  const most = random.between(1, 4)
  const inner = making.weight + repeated * most
  const plain = random.oneIn(2) || inner > mostWeight
  const element = plain ? field(making, false, false) : group(making, depth, repeated * Math.max(2, most), inView)
  // A constant of a FILLER table cannot be told from a value; it gets a name.
  const item = { ...element, filler: false, constant: undefined }
  if (!making.variable || inView || random.oneIn(3)) {
    const index = random.oneIn(4) ? { index: `I${making.next++}` } : {}
    return { ...item, times: { least: most, most, counter: undefined, ...index } }
  }
  const counter = nameOf(making, 'N')
  making.counters.push(counterItem(random, counter))
  return { ...item, times: { least: random.below(Math.min(2, most)), most, counter } }
}

function counterItem(random: Chance, name: string): Draft {
  const [clauses, digits, characters, little] = random.pick([
    ['PIC 9(2)', 2, true, false],
    ['PIC 99 COMP-3', 2, false, false],
    ['PIC S9(4) COMP', 4, false, false],
    ['PIC 9(4) COMP-5', 4, false, true],
    ['PIC 9(9) BINARY', 9, false, false],
  ] as const)
  const signed = clauses.includes('S')
  return { ...nothing, name, clauses, storage: { kind: 'number', digits, scale: 0, signed, characters, little } }
}

/** A chooser, an item, and one or two items over its bytes. */
function shared(making: Making, depth: number, repeated: number): Draft[] {
  const { random } = making
  const chooser = nameOf(making, 'F')
  const one = (): Draft => {
    const drawn = random.oneIn(2) ? field(making, false, false) : group(making, depth + 1, repeated, true)
    const item = hasValues(drawn) ? drawn : field(making, false, false)
    return { ...item, filler: false, constant: undefined, synchronized: false }
  }
  const views = Array.from({ length: random.between(1, 2) }, one)
  const text: Storage = { kind: 'text', length: 1, justified: false, alphabetic: false }
  const choosing = {
    ...nothing,
    name: chooser,
    clauses: 'PIC X',
    storage: text,
    conditions: [`C${making.next++} VALUE 'A'`, `C${making.next++} VALUES 'B' THRU 'C'`],
  }
  return [choosing, { ...one(), views, chooser }]
}

function field(making: Making, maySync: boolean, mayFill: boolean): Draft {
  const { random } = making
  const kind = random.below(10)
  if (kind < 3) return text(making, mayFill)
  if (kind === 3) return edited(making)
  if (kind === 4 && random.oneIn(3)) {
    const clauses = random.pick(['COMP-1', 'USAGE IS COMP-2'])
    return { ...nothing, name: nameOf(making, 'F'), clauses, storage: { kind: 'float' } }
  }
  const how = { characters: random.oneIn(2), inherited: false }
  if (making.extended && random.oneIn(3)) return extendedNumber(making)
  const drawn = number(making, how)
  const { storage } = drawn
  const isBinary = / (COMP|BINARY|COMP-4|COMP-5|COMPUTATIONAL)$/.test(drawn.clauses)
  if (maySync && isBinary && storage?.kind === 'number' && storage.digits <= 9 && random.oneIn(2)) {
    return {
      ...drawn,
      clauses: `${drawn.clauses} ${random.pick(['SYNC', 'SYNCHRONIZED', 'SYNC LEFT'])}`,
      synchronized: true,
    }
  }
  if (mayFill && random.oneIn(8) && storage) {
    const { length } = slotPicture(storage)
    return { ...drawn, filler: true, conditions: [], constant: '+'.padEnd(length, '0') }
  }
  return drawn
}

const repeatedSymbol = (random: Chance, symbol: string, count: number): string =>
  count < 5 && random.oneIn(2) ? symbol.repeat(count) : `${symbol}(${count})`

function text(making: Making, mayFill: boolean): Draft {
  const { random } = making
  const length = random.between(1, random.oneIn(6) ? 60 : 12)
  const alphabetic = random.oneIn(5)
  const justified = length > 2 && random.oneIn(5)
  const picture = `PIC ${repeatedSymbol(random, alphabetic ? 'A' : 'X', length)}`
  const storage: Storage = { kind: 'text', length, justified, alphabetic }
  const name = nameOf(making, 'F')
  const conditions = random.oneIn(5) ? [`C${making.next++} VALUES 'A' SPACE`] : []
  if (!mayFill || justified || !random.oneIn(5)) {
    return { ...nothing, name, clauses: `${picture}${justified ? ' JUST RIGHT' : ''}`, storage, conditions }
  }
  const value = random.oneIn(2) ? '' : 'AB'.slice(0, length)
  const clauses = value ? `${picture} VALUE '${value}'` : picture
  return { ...nothing, name, filler: true, clauses, storage, constant: value.padEnd(length) }
}

/** Most digits that 1, 2 … 8 bytes hold for certain. */
const digitsOfBytes = [2, 4, 7, 9, 12, 14, 16, 18]

/** COMP-X and COMP-5 of so many bytes, COMP-X and COMP-6 of so many digits, integers without a picture. */
function extendedNumber(making: Making): Draft {
  const { random } = making
  const draftOf = (
    clauses: string,
    digits: number,
    more: { signed?: boolean; scale?: number; little?: boolean },
  ): Draft => {
    const { signed = false, scale = 0, little = false } = more
    const storage: Storage = { kind: 'number', digits, scale, signed, characters: false, little }
    return { ...nothing, name: nameOf(making, 'F'), clauses, storage }
  }
  const kind = random.below(4)
  const signed = random.oneIn(2)
  if (kind === 0) {
    const bytes = random.between(1, 8)
    const usage = random.pick(['COMP-X', 'COMPUTATIONAL-X', 'COMP-5'])
    return draftOf(`PIC X(${bytes}) ${usage}`, digitsOfBytes[bytes - 1] ?? 2, { little: usage === 'COMP-5' })
  }
  if (kind === 1) {
    const [size, digits] = random.pick([
      ['SHORT', 4],
      ['INT', 9],
      ['LONG', 18],
    ] as const)
    return draftOf(`${signed ? 'SIGNED' : 'UNSIGNED'}-${size}`, digits, { signed, little: true })
  }
  const digits = random.between(1, 18)
  const scale = random.oneIn(2) ? 0 : random.between(1, digits)
  const nines = scale === digits ? `V9(${scale})` : `9(${digits - scale})${scale ? `V9(${scale})` : ''}`
  if (kind === 2) return draftOf(`PIC ${nines} ${random.pick(['COMP-X', 'COMPUTATIONAL-X'])}`, digits, { scale })
  return draftOf(`PIC ${signed ? 'S' : ''}${nines} ${random.pick(['COMP-6', 'COMPUTATIONAL-6'])}`, digits, {
    signed,
    scale,
  })
}

interface NumberHow {
  readonly characters: boolean
  /** Usage and sign come from the group. */
  readonly inherited: boolean
}

/** COMP-5 of 1 or 2 digits is a deviation. */
const fewestDigits = (usage: string): number => (usage === 'COMP-5' ? 3 : 1)

function number(making: Making, { characters, inherited }: NumberHow): Draft {
  const { random } = making
  const usage =
    characters || inherited
      ? ''
      : random.pick(['COMP-3', 'PACKED-DECIMAL', 'COMP', 'BINARY', 'COMP-4', 'COMPUTATIONAL', 'COMP-5'])
  const packed = usage === 'COMP-3' || usage === 'PACKED-DECIMAL'
  const wide = (characters || packed) && random.oneIn(8)
  const digits = random.between(fewestDigits(usage), wide ? 31 : 18)
  const signed = random.oneIn(2)
  // P in COMP-3 is a deviation; at most 18 positions with P.
  const scaling = digits <= 14 && !packed && !inherited && random.oneIn(8) ? random.between(1, 4) : 0
  const scale =
    scaling === 0 ? (random.oneIn(2) ? 0 : random.between(0, digits)) : random.oneIn(2) ? -scaling : digits + scaling
  const nines = (count: number) => (count === 0 ? '' : repeatedSymbol(random, '9', count))
  const picture = (() => {
    if (scale < 0) return nines(digits) + repeatedSymbol(random, 'P', -scale)
    if (scale > digits)
      return `${random.oneIn(2) ? 'V' : ''}${repeatedSymbol(random, 'P', scale - digits)}${nines(digits)}`
    return scale === 0 ? nines(digits) : `${nines(digits - scale)}V${nines(scale)}`
  })()
  const signs = [
    'SIGN LEADING',
    'SIGN IS TRAILING',
    'SIGN LEADING SEPARATE',
    'SIGN TRAILING SEPARATE CHARACTER',
    'LEADING SEPARATE',
  ]
  const sign = characters && !inherited && signed && random.oneIn(2) ? random.pick(signs) : ''
  const value = random.oneIn(10) ? 'VALUE ZERO' : ''
  const clauses = [`PIC ${signed ? 'S' : ''}${picture}`, value, sign, usage].filter((clause) => clause !== '').join(' ')
  return {
    ...nothing,
    name: nameOf(making, 'F'),
    clauses,
    storage: { kind: 'number', digits, scale, signed, characters, little: usage === 'COMP-5' },
    conditions: scale === 0 && random.oneIn(8) ? [`C${making.next++} VALUE 1 THRU 5, 7`] : [],
  }
}

/** Pictures whose editing GnuCOBOL does as IBM: digits before and behind the point. */
const editedPictures = [
  ['Z,ZZZ,ZZ9.99-', 7, 2, true],
  ['$$,$$$,$$9.99CR', 7, 2, true],
  ['-(7)9.99', 7, 2, true],
  ['***,***,**9.99DB', 9, 2, true],
  ['ZZZ,ZZZ.ZZ', 6, 2, false],
  ['$ZZ,ZZ9.99', 5, 2, false],
  ['9(5)+', 5, 0, true],
  ['+9(4).9', 4, 1, true],
  ['99/99/9999', 8, 0, false],
  ['Z(5)9 BLANK WHEN ZERO', 6, 0, false],
  ['9(5) BLANK WHEN ZERO', 5, 0, false],
  ['***.**', 3, 2, false],
  ['+,+++,999.99', 6, 2, true],
] as const

function edited(making: Making): Draft {
  if (making.random.oneIn(5)) {
    const inserted: Storage = { kind: 'text', length: 6, justified: false, alphabetic: true }
    return { ...nothing, name: nameOf(making, 'F'), clauses: 'PIC XX/XX0BXX', storage: inserted }
  }
  const [picture, whole, scale, signed] = making.random.pick(editedPictures)
  const storage: Storage = { kind: 'edited', digits: whole + scale, scale, signed }
  return { ...nothing, name: nameOf(making, 'F'), clauses: `PIC ${picture}`, storage }
}
