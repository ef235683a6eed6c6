// Random values for a record, each in two spellings: what COBOL moves (a slot of the input) and what JSON says.

import type { JsonObject, JsonValue } from '../../src/contract/json.ts'
import { charactersOfCp037 } from '../mainframe/host.ts'
import { type Chance, chance } from './random.ts'
import { hasValues, type Item, itemsOf, type Storage } from './record.ts'

/** One place that COBOL fills from the input: an occurrence of an item, or the number of the view that holds. */
export interface Slot {
  readonly name: string
  readonly picture: string
  readonly length: number
}

/** Where the values of one record go. `slots` in the order in which they are asked for. */
export interface Filled {
  readonly json: JsonObject
  readonly input: readonly string[]
}

export function slotPicture(storage: Storage): { picture: string; length: number } {
  if (storage.kind === 'text') {
    const length = storage.justified ? Math.max(1, storage.length - 2) : storage.length
    return { picture: `PIC X(${length})`, length }
  }
  if (storage.kind === 'float') return { picture: 'PIC S9(6)V9(4) SIGN LEADING SEPARATE', length: 11 }
  const whole = Math.max(0, storage.digits - storage.scale)
  const decimals = Math.max(0, storage.scale)
  const picture = `PIC S${whole ? `9(${whole})` : ''}${decimals ? `V9(${decimals})` : ''} SIGN LEADING SEPARATE`
  return { picture, length: 1 + whole + decimals }
}

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz']
/** Everything in cp037 that a terminal shows, and is one code in Latin-1. */
const printable = charactersOfCp037.filter((one) => /[ -~\u00a1-\u00ff]/.test(one))

/** Long texts of random characters; values are cut from them, which is faster than to draw each character. */
const meadow = (from: readonly string[]): string => {
  const random = chance(from.length)
  return Array.from({ length: 1 << 16 }, () => random.pick(from)).join('')
}
const meadows = { letters: meadow(letters), printable: meadow(printable) }

function randomText(storage: Storage & { kind: 'text' }, random: Chance): { slot: string; json: string } {
  const { length } = slotPicture(storage)
  const used = !storage.justified && random.oneIn(4) ? random.below(length + 1) : length
  const from = storage.alphabetic ? meadows.letters : meadows.printable
  const start = random.below(from.length - used)
  const text = from.slice(start, start + used)
  if (storage.justified) return { slot: text, json: text.padStart(storage.length).trimStart() }
  return { slot: text.padEnd(length), json: text.replace(/ +$/, '') }
}

/** Mostly full, sometimes few digits or zero: `stored` are the digits without P. */
function randomDigits(count: number, random: Chance): string {
  if (random.oneIn(8)) return '0'.repeat(count)
  if (random.oneIn(6)) return '9'.repeat(count)
  return random.digits(random.between(1, count)).padStart(count, '0')
}

function decimalText(digits: string, scale: number, negative: boolean): string {
  const padded = scale < 0 ? digits + '0'.repeat(-scale) : digits.padStart(scale + 1, '0')
  const point = padded.length - Math.max(0, scale)
  const whole = padded.slice(0, point).replace(/^0+(?=\d)/, '')
  const text = scale > 0 ? `${whole}.${padded.slice(point)}` : whole
  return negative && /[1-9]/.test(text) ? `-${text}` : text
}

function numberSlot(digits: string, scale: number, negative: boolean, length: number): string {
  const stored = scale < 0 ? digits + '0'.repeat(-scale) : digits
  return (negative && /[1-9]/.test(digits) ? '-' : '+') + stored.padStart(length - 1, '0')
}

/** At most 6 digits: no shorter decimal gives the same bits. */
function randomFloat(random: Chance): { slot: string; json: string } {
  const quarters = random.oneIn(8) ? 0 : random.below(40_000)
  const sign = quarters > 0 && random.oneIn(2) ? '-' : ''
  const slot = `${sign || '+'}${String(quarters >> 2).padStart(6, '0')}${String((quarters & 3) * 25).padStart(2, '0')}00`
  return { slot, json: `${sign}${quarters / 4}` }
}

function randomDate(format: 'YYYYMMDD' | 'HHMMSS', random: Chance): { digits: string; json: JsonValue } {
  const two = (most: number, least = 0) => String(random.between(least, most)).padStart(2, '0')
  if (format === 'HHMMSS') {
    const parts = [two(23), two(59), two(59)]
    return { digits: parts.join(''), json: parts.join(':') }
  }
  if (random.oneIn(8)) return { digits: '00000000', json: null }
  const parts = [String(random.between(1900, 2199)), two(12, 1), two(28, 1)]
  return { digits: parts.join(''), json: parts.join('-') }
}

/** The counts and views that hold while a record is filled. */
interface Filling {
  readonly random: Chance
  readonly input: string[]
  /** Counter → count. */
  readonly counts: ReadonlyMap<string, number>
  /** Decider → the value it must have. */
  readonly chosen: Map<string, string>
  /** What is filled is not there: another view holds, or the table is shorter. */
  readonly idle: boolean
}

/** Random values for all of the record. The order of `input` is that of `slotsOf` in cobol-program.ts. */
export function fill(root: Item, random: Chance): Filled {
  const counts = new Map<string, number>()
  for (const { times } of itemsOf(root)) {
    if (times?.counter === undefined) continue
    counts.set(times.counter, random.between(times.least, times.most))
  }
  const filling: Filling = { random, input: [], counts, chosen: new Map(), idle: false }
  const json: Record<string, JsonValue> = {}
  if (root.children.length === 0) fillItem(root, filling, json)
  else fillChildren(root, filling, json)
  return { json, input: filling.input }
}

function fillChildren(group: Item, filling: Filling, into: Record<string, JsonValue>): void {
  for (const child of group.children) {
    const { choice } = child
    if (choice) filling.chosen.set(choice.by, filling.random.pick(choice.values.filter((value) => value !== '')))
  }
  for (const child of group.children) {
    if (child.views.length === 0) {
      fillItem(child, filling, into)
      continue
    }
    const by = child.choice ? filling.chosen.get(child.choice.by) : undefined
    const view = child.choice?.values.indexOf(by ?? '') ?? 0
    filling.input.push(String(view + 1))
    for (const [at, one] of [child, ...child.views].entries()) {
      const holds = at === view
      fillItem({ ...one, views: [] }, holds ? filling : { ...filling, idle: true }, holds ? into : {})
    }
  }
}

function fillItem(item: Item, filling: Filling, into: Record<string, JsonValue>): void {
  const { times } = item
  if (!times) {
    const value = fillOnce(item, filling, into)
    if (value !== undefined && item.key !== undefined && hasValues(item)) into[item.key] = value
    return
  }
  const count = times.counter === undefined ? times.most : (filling.counts.get(times.counter) ?? 0)
  const list: JsonValue[] = []
  for (let at = 0; at < times.most; at++) {
    const value = fillOnce(item, at < count ? filling : { ...filling, idle: true }, {})
    if (at < count && value !== undefined) list.push(value)
  }
  if (item.key !== undefined && hasValues(item)) into[item.key] = list
}

/** The value of one occurrence; undefined where the members of a FILLER group went straight into `into`. */
function fillOnce(item: Item, filling: Filling, into: Record<string, JsonValue>): JsonValue | undefined {
  if (item.storage) return fillField(item, item.storage, filling)
  if (item.key === undefined) {
    fillChildren(item, filling, into)
    return undefined
  }
  const inner: Record<string, JsonValue> = {}
  fillChildren(item, filling, inner)
  return inner
}

function fillField(item: Item, storage: Storage, filling: Filling): JsonValue | undefined {
  const { random, input, counts, chosen, idle } = filling
  if (item.name === undefined) return undefined
  const { length } = slotPicture(storage)
  if (idle) {
    input.push(storage.kind === 'text' ? ' '.repeat(length) : '+'.padEnd(length, '0'))
    return null
  }
  if (item.constant !== undefined) {
    input.push(item.constant)
    return undefined
  }
  const fixed = chosen.get(item.name) ?? counts.get(item.name)?.toString()
  if (storage.kind === 'text') {
    const { slot, json } =
      fixed === undefined ? randomText(storage, random) : { slot: fixed.padEnd(length), json: fixed }
    input.push(slot)
    return json
  }
  if (storage.kind === 'float') {
    const { slot, json } = randomFloat(random)
    input.push(slot)
    return json
  }
  if (item.date) {
    const { digits, json } = randomDate(item.date, random)
    input.push(numberSlot(digits.padStart(storage.digits, '0'), 0, false, length))
    return json
  }
  const digits = fixed === undefined ? randomDigits(storage.digits, random) : fixed.padStart(storage.digits, '0')
  const negative = storage.signed && fixed === undefined && random.oneIn(2)
  input.push(numberSlot(digits, storage.scale, negative, length))
  return decimalText(digits, storage.scale, negative)
}
