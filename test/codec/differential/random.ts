// Random copybooks and random records of them, from a seed.

import type { Item, Layout } from '../../../src/cobol/layout.ts'
import type { DateFormat, ViewChoice } from '../../../src/contract/record.ts'
import { dateBytes, fieldBytes } from './random-bytes.ts'
import { clausesOf, dateClauses } from './random-clauses.ts'
import { dateFormats } from './slow-dates.ts'

export interface Random {
  /** 0 ≤ n < limit */
  below(limit: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
}

export function randomOf(seed: number): Random {
  let state = seed | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  return {
    below: (limit) => Math.floor(next() * limit),
    chance: (probability) => next() < probability,
    pick: (from) => from[Math.floor(next() * from.length)] as (typeof from)[number],
  }
}

/** Tells the view of a set from the values of its deciding fields: a letter, and a digit where it is one. */
export interface RandomChoice {
  readonly letter: string
  readonly digit: string
  view(letter: string | undefined, digit: string | undefined): string | undefined
}

export interface RandomCopybook {
  readonly text: string
  readonly views: Readonly<Record<string, ViewChoice>>
  /** For views that conditions choose: the same conditions, told without their text. */
  readonly choices: Readonly<Record<string, RandomChoice>>
  readonly counters: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly dates: Readonly<Record<string, DateFormat>>
  /** Sets of items that share storage without a declared view. */
  readonly undeclared: number
}

/**
 * A record of plain items, groups, tables (also of varying number, nested) and redefinitions, some with a declared view. In four of ten all
 * records have one length and no view is declared, so that the kernel takes them.
 */
export function randomCopybook(random: Random): RandomCopybook {
  const lines: string[] = ['01 R.']
  const views: Record<string, ViewChoice> = {}
  const choices: Record<string, RandomChoice> = {}
  const codes: Record<string, Record<string, number>> = {}
  const dates: Record<string, DateFormat> = {}
  const counters: string[] = []
  const isForKernel = random.chance(0.4)
  let undeclared = 0
  let names = 0
  const name = () => `F-${++names}`
  const pair = (level: number) => {
    lines.push(`${level} ${name()}.`)
    lines.push(`49 ${name()} PIC S9(4) COMP${random.pick(['', '-5'])}.`, `49 ${name()} PIC X(${1 + random.below(8)}).`)
  }
  const plain = (level: number, mayFill: boolean) => {
    if (random.chance(0.06)) {
      pair(level)
      return
    }
    const own = mayFill && random.chance(0.1) ? 'FILLER' : name()
    lines.push(`${level} ${own} ${plainOrDate(own, dates, random)}.`)
  }
  /** A table at the end of the record whose counter is no field of it. */
  const counted = () => {
    const occurs = `OCCURS 0 TO 4 DEPENDING ON EIBCALEN`
    if (random.chance(0.5)) lines.push(`05 ${name()} ${clausesOf(random)} ${occurs}.`)
    else {
      lines.push(`05 ${name()} ${occurs}.`)
      items(6, 1 + random.below(3), 2, false)
    }
  }
  const shared = (level: number, depth: number) => {
    const start = lines.length
    if (isForKernel || random.chance(0.4)) sharedByAll(level, depth)
    else random.pick([sharedByRule, sharedByConditions])(level)
    // What is redefined would have to stand on the boundary of the other.
    for (let i = start; i < lines.length; i++) lines[i] = lines[i]?.replace(' SYNC', '') ?? ''
  }
  const sharedByRule = (level: number) => {
    const [by, first, second] = [name(), name(), name()]
    lines.push(`${level} ${by} PIC X.`)
    view(`${level} ${first}`, level, 2, false)
    view(`${level} ${second} REDEFINES ${first}`, level, 2, false)
    const otherwise = random.chance(0.3) ? { otherwise: second } : {}
    views[first] = { by, when: { A: first, B: second }, ...otherwise }
  }
  const sharedByConditions = (level: number) => {
    const [letter, digit, first, second] = [name(), name(), name(), name()]
    lines.push(`${level} ${letter} PIC X.`, `${level} ${digit} PIC 9.`)
    view(`${level} ${first}`, level, 2, false)
    view(`${level} ${second} REDEFINES ${first}`, level, 2, false)
    const [one, other] = [conditionOn(letter, digit, random), conditionOn(letter, digit, random)]
    const otherwise = random.chance(0.3) ? first : undefined
    views[first] = { where: { [second]: one.text, [first]: other.text }, ...(otherwise && { otherwise }) }
    choices[first] = {
      letter,
      digit,
      view: (a, n) => (one.holds(a, n) ? second : other.holds(a, n) ? first : otherwise),
    }
  }
  const sharedByAll = (level: number, depth: number) => {
    const first = name()
    undeclared++
    view(`${level} ${first}`, level, depth, false)
    const others = 1 + random.below(3)
    for (let i = 0; i < others; i++) {
      const own = random.chance(0.2) ? 'FILLER' : name()
      view(`${level} ${own} REDEFINES ${first}`, level, depth, own !== 'FILLER')
    }
  }
  const view = (begin: string, level: number, depth: number, mayTable: boolean) => {
    const occurs = mayTable && random.chance(0.3) ? ` OCCURS ${1 + random.below(3)}` : ''
    if (random.chance(0.5)) lines.push(`${begin} ${clausesOf(random)}${occurs}.`)
    else {
      lines.push(`${begin}${occurs}.`)
      items(level + 1, 1 + random.below(3), depth + 1, false)
    }
  }
  const table = (level: number, depth: number) => {
    const counter = !isForKernel && random.chance(0.5) ? random.pick(counters) : undefined
    const most = 1 + random.below(4)
    const occurs = counter === undefined ? `OCCURS ${most}` : `OCCURS ${random.below(2)} TO 4 DEPENDING ON ${counter}`
    if (random.chance(0.3)) lines.push(`${level} ${name()} ${clausesOf(random)} ${occurs}.`)
    else {
      lines.push(`${level} ${name()} ${occurs}.`)
      items(level + 1, 1 + random.below(4), depth + 1, counter !== undefined)
    }
  }
  const items = (level: number, count: number, depth: number, mayTable = true) => {
    for (let i = 0; i < count; i++) {
      const kind = random.below(10)
      if (kind === 0 && depth < 3) {
        lines.push(`${level} ${random.chance(0.2) ? 'FILLER' : name()}.`)
        items(level + 1, 1 + random.below(4), depth + 1, mayTable)
      } else if (kind === 1 && depth < 3 && mayTable && counters.length > 0) table(level, depth)
      else if (kind === 2 && depth < 2) shared(level, depth)
      else plain(level, true)
    }
  }
  for (const clauses of ['PIC 9', 'PIC S9(4) COMP', 'PIC 9(3) COMP-3']) {
    const counter = name()
    counters.push(counter)
    lines.push(`05 ${counter} ${clauses}.`)
  }
  const code = name()
  lines.push(`05 ${code} PIC X.`)
  const coded = () => {
    const own = name()
    lines.push(`05 ${own} ${clausesOf(random)} OCCURS 0 TO 3 DEPENDING ON ${code}.`)
    codes[own] = { A: random.below(4), B: random.below(4), C: random.below(4) }
  }
  if (!isForKernel && random.chance(0.4)) for (let n = random.below(3); n >= 0; n--) coded()
  items(5, 2 + random.below(12), 0)
  if (!isForKernel && random.chance(0.2)) counted()
  return { text: lines.join('\n'), views, choices, counters: codes, dates, undeclared }
}

/** A condition, and the same in JavaScript: without a digit a number is neither smaller, equal nor larger. */
function conditionOn(letter: string, digit: string, random: Random) {
  const [a, n] = [random.pick(['A', 'B', 'C']), random.below(10)]
  type Holds = (letter: string | undefined, digit: string | undefined) => boolean
  const forms: readonly { readonly text: string; readonly holds: Holds }[] = [
    { text: `${letter} = '${a}' AND ${digit} >= ${n}`, holds: (x, y) => x === a && Number(y ?? -1) >= n },
    { text: `${digit} < ${n} or ${letter} is equal to "${a}"`, holds: (x, y) => x === a || Number(y ?? 99) < n },
    {
      text: `NOT (${letter} = '${a}' OR ${digit} = ${n})`,
      holds: (x, y) => x !== a && y !== undefined && Number(y) !== n,
    },
    {
      text: `${letter} = 'A' OR 'C' AND ${digit} NOT = ${n}`,
      holds: (x, y) => x === 'A' || (x === 'C' && y !== undefined && Number(y) !== n),
    },
    { text: `${letter} >= '${a}' AND <= 'C'`, holds: (x) => x !== undefined && x >= a && x <= 'C' && x.length === 1 },
  ]
  return random.pick(forms)
}

/** One in ten named fields is declared a date. */
function plainOrDate(name: string, dates: Record<string, DateFormat>, random: Random): string {
  if (name === 'FILLER' || !random.chance(0.1)) return clausesOf(random)
  const format = random.pick(dateFormats)
  dates[name] = format
  return dateClauses(format, random)
}

/** Bytes of a record, laid one behind the other: numbers with every sign, text with blanks and NULs, anything in FILLER and slack. */
export function randomRecord(
  layout: Layout,
  { views, choices, counters, dates }: RandomCopybook,
  random: Random,
): Uint8Array {
  const deciders = new Map(
    Object.values(choices).flatMap(({ letter, digit }) => [[letter, letters] as const, [digit, digits] as const]),
  )
  const bytes: number[] = []
  const values = new Map<string, number[]>()
  const put = (item: Item) => {
    for (let i = 0; i < item.slackBefore; i++) bytes.push(random.pick([0, 0, 0x40, random.below(256)]))
    const times = item.occurs?.outside === undefined ? timesOf(item) : random.below(5)
    for (let i = 0; i < times; i++) putOne(item)
  }
  const timesOf = ({ name, occurs }: Item) => {
    const counter = occurs?.counter && values.get(occurs.counter.name ?? '')
    const coded = counters[name ?? '']
    if (coded) return coded[textOf(counter) ?? ''] ?? 0
    return counter ? countIn(counter) : (occurs?.maximum ?? 1)
  }
  const bytesOf = (item: Item) => {
    const [, text] = item.parent && isVarying(item.parent) ? item.parent.children : []
    if (text && text !== item) return [0, random.below(text.length + 2)]
    if (layout.root.children.slice(0, 3).includes(item)) return counterBytes(item, random)
    if (item === layout.root.children[3] && Object.keys(counters).length > 0) return [random.pick(letters)]
    const own = deciders.get(item.name ?? '')
    if (own) return [random.pick(own)]
    const format = dates[item.name ?? '']
    return format ? dateBytes(item, format, random) : fieldBytes(item, random)
  }
  const putOne = (item: Item) => {
    if (item.children.length === 0) {
      const own = bytesOf(item)
      values.set(item.name ?? '', own)
      bytes.push(...own)
    }
    for (const child of item.children) {
      if (child.redefines) continue
      const set = item.children.filter((one) => one === child || one.redefines === child)
      if (set.length === 1) put(child)
      else putShared(set)
    }
    for (let i = item.length; item.occurs && i < item.stride; i++) bytes.push(random.pick([0, 0x40]))
  }
  const putShared = (set: readonly Item[]) => {
    const [first] = set as [Item]
    for (let i = 0; i < first.slackBefore; i++) bytes.push(0)
    const start = bytes.length
    const length = Math.max(...set.map(storageOf))
    const wanted = viewOf(first, set) ?? random.pick(set)
    for (let i = 0; i < (wanted.occurs?.maximum ?? 1); i++) putOne(wanted)
    while (bytes.length < start + length) bytes.push(random.pick([0x40, 0x40, 0]))
  }
  const viewOf = (first: Item, set: readonly Item[]): Item | undefined => {
    const rule = views[first.name ?? '']
    const choice = choices[first.name ?? '']
    const chosen = choice?.view(textOf(values.get(choice.letter)), textOf(values.get(choice.digit)))
    if (choice) return set.find(({ name }) => name === chosen)
    if (!rule || 'where' in rule) return undefined
    return values.get(rule.by)?.[0] === 0xc1 ? first : set[1]
  }
  put(layout.root)
  return Uint8Array.from(bytes)
}

const letters = [0xc1, 0xc2, 0xc3]
const digits = [0xf0, 0xf2, 0xf3, 0xf4, 0xf5, 0xf7, 0xf9]

/** A letter A to I or a digit; undefined for any other byte. */
function textOf([byte]: readonly number[] = []): string | undefined {
  if (byte === undefined || (byte & 15) > 9) return undefined
  if (byte >> 4 === 15) return String(byte & 15)
  return byte >> 4 === 12 && (byte & 15) > 0 ? String.fromCharCode(0x40 + (byte & 15)) : undefined
}

/** Whether a group is a text with its length before it. */
export const isVarying = ({ children }: Item): boolean =>
  children.length === 2 && children.every(({ level }) => level === 49)

/** Bytes of an item with all its occurrences. */
export const storageOf = ({ stride, occurs }: Item): number => stride * (occurs?.maximum ?? 1)

function countIn(bytes: readonly number[]): number {
  const [first = 0, second = 0] = bytes
  if (bytes.length === 1) return first & 15
  return bytes.length === 2 && first === 0 && second < 16 ? ((second & 15) === 0x0f ? 0 : second) : second >> 4
}

/** 1 to 4 as PIC 9, S9(4) COMP or 9(3) COMP-3. */
function counterBytes(item: Item, random: Random): number[] {
  const count = 1 + random.below(4)
  if (item.usage === 'DISPLAY') return [0xf0 + count]
  return item.usage === 'COMP-3' ? [0, (count << 4) | 0x0f] : [0, count]
}

/** Changes a few bytes. */
export function corrupted(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice()
  const times = 1 + random.below(4)
  for (let i = 0; i < times && copy.length > 0; i++) {
    copy[random.below(copy.length)] = random.pick([0, 0x40, 0xff, 0xf0, 0x0c, random.below(256)])
  }
  return copy
}
