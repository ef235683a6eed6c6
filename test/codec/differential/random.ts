// Random copybooks and random records of them, from a seed.

import type { Item, Layout } from '../../../src/cobol/layout.ts'
import type { ViewChoice } from '../../../src/contract/record.ts'

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

export interface RandomCopybook {
  readonly text: string
  readonly views: Readonly<Record<string, ViewChoice>>
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
  const counters: string[] = []
  const isForKernel = random.chance(0.4)
  let undeclared = 0
  let names = 0
  const name = () => `F-${++names}`
  const plain = (level: number, mayFill: boolean) => {
    const own = mayFill && random.chance(0.1) ? 'FILLER' : name()
    lines.push(`${level} ${own} ${clausesOf(random)}.`)
  }
  const shared = (level: number, depth: number) => {
    const start = lines.length
    if (isForKernel || random.chance(0.5)) sharedByAll(level, depth)
    else sharedByRule(level)
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
  items(5, 2 + random.below(12), 0)
  return { text: lines.join('\n'), views, undeclared }
}

function clausesOf(random: Random): string {
  const digits = 1 + random.below(18)
  const decimals = random.below(Math.min(digits, 4) + 1)
  const sign = random.chance(0.6) ? 'S' : ''
  const whole = digits - decimals
  const picture = `${sign}${whole > 0 ? `9(${whole})` : ''}${decimals > 0 ? `V9(${decimals})` : ''}`
  const separate = sign === '' ? '' : random.pick(['', '', ' LEADING', ' TRAILING SEPARATE', ' LEADING SEPARATE'])
  switch (random.below(9)) {
    case 0:
    case 1:
      return `PIC X(${1 + random.below(12)})${random.chance(0.1) ? ' JUST RIGHT' : ''}`
    case 2:
    case 3:
      return `PIC ${picture}${separate && ` SIGN${separate}`}`
    case 4:
    case 5:
      return `PIC ${picture} COMP-3`
    case 6:
      return `PIC ${picture} COMP${random.chance(0.2) ? ' SYNC' : ''}`
    case 7:
      return `PIC ${picture} COMP-5`
    default:
      return `PIC ${random.pick(['S9(3)PPP', 'SVPP9(3)', '9(2)P', 'VP9(4)'])}${random.pick(['', ' COMP-3', ' COMP'])}`
  }
}

/** Bytes of a record, laid one behind the other: numbers with every sign, text with blanks and NULs, anything in FILLER and slack. */
export function randomRecord(layout: Layout, views: RandomCopybook['views'], random: Random): Uint8Array {
  const bytes: number[] = []
  const values = new Map<string, number[]>()
  const put = (item: Item) => {
    for (let i = 0; i < item.slackBefore; i++) bytes.push(random.pick([0, 0, 0x40, random.below(256)]))
    const times = item.occurs?.counter
      ? countIn(values.get(item.occurs.counter.name ?? '') ?? [])
      : (item.occurs?.maximum ?? 1)
    for (let i = 0; i < times; i++) putOne(item)
  }
  const putOne = (item: Item) => {
    if (item.children.length === 0) {
      const own = layout.root.children.slice(0, 3).includes(item)
        ? counterBytes(item, random)
        : fieldBytes(item, random)
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
    const rule = views[first.name ?? '']
    const deciding = values.get(rule?.by ?? '')?.[0]
    const wanted = rule ? (deciding === 0xc1 ? first : (set[1] ?? first)) : random.pick(set)
    for (let i = 0; i < (wanted.occurs?.maximum ?? 1); i++) putOne(wanted)
    while (bytes.length < start + length) bytes.push(random.pick([0x40, 0x40, 0]))
  }
  put(layout.root)
  return Uint8Array.from(bytes)
}

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

function fieldBytes(item: Item, random: Random): number[] {
  const { length, usage, picture, name } = item
  if (name === undefined) return Array.from({ length }, () => random.pick([0x40, 0x40, 0x40, 0, random.below(256)]))
  if (usage === 'COMP-3') return packedBytes(item, random)
  if (usage === 'COMP-5') return Array.from({ length }, () => random.below(256))
  if (usage === 'COMP-4') return binaryBytes(item, random)
  return picture?.category === 'numeric' ? zonedBytes(item, random) : textBytes(length, random)
}

const digitOf = (random: Random) => (random.chance(0.3) ? 0 : random.below(10))

function packedBytes({ length, picture }: Item, random: Random): number[] {
  const bytes = Array.from({ length }, () => (digitOf(random) << 4) | digitOf(random))
  if ((picture?.digits ?? 0) % 2 === 0) bytes[0] = (bytes[0] as number) & 15
  const signs = picture?.signed ? [0xc, 0xc, 0xd, 0xd, 0xa, 0xb, 0xe, 0xf] : [0xf, 0xf, 0xf, 0xc, 0xa, 0xe]
  bytes[length - 1] = ((bytes[length - 1] as number) & 0xf0) | random.pick(signs)
  return bytes
}

function binaryBytes({ length, picture }: Item, random: Random): number[] {
  const limit = 10n ** BigInt(picture?.digits ?? 1)
  let value = (BigInt(random.below(2 ** 31)) * BigInt(random.below(2 ** 31))) % limit
  if (picture?.signed && random.chance(0.5)) value = BigInt.asUintN(8 * length, -value)
  return Array.from({ length }, (_, i) => Number((value >> BigInt(8 * (length - 1 - i))) & 0xffn))
}

function zonedBytes({ length, picture, sign }: Item, random: Random): number[] {
  const bytes = Array.from({ length }, () => 0xf0 + digitOf(random))
  const signed = picture?.signed === true
  const zones = signed ? [0xc0, 0xc0, 0xd0, 0xd0, 0xa0, 0xb0, 0xe0, 0xf0] : [0xf0, 0xf0, 0xf0, 0xc0, 0xa0]
  const at = sign?.position === 'leading' && signed ? 0 : length - 1
  bytes[at] = sign?.separate && signed ? random.pick([0x4e, 0x60]) : random.pick(zones) | digitOf(random)
  return bytes
}

function textBytes(length: number, random: Random): number[] {
  if (length === 1) return [random.pick([0xc1, 0xc2, 0xc2, 0x40, 0])]
  const used = random.below(length + 1)
  const characters = [0xc1, 0xd1, 0xe9, 0xf1, 0x40, 0x7f, 0xe0, 0x15, 0x00, 0x43, random.below(256)]
  return Array.from({ length }, (_, i) => (i < used ? random.pick(characters) : random.chance(0.05) ? 0 : 0x40))
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
