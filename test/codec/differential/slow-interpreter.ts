// The obvious, slow reader of records: walks the items from left to right with a running position. What their bytes mean is in slow-values.ts.
// It shares no code with src/codec but the layout that it reads.

import type { Item, Layout } from '../../../src/cobol/layout.ts'
import type { DateFormat, InvalidPolicy, ViewChoice } from '../../../src/contract/record.ts'
import { isVarying, type RandomCopybook, storageOf } from './random.ts'
import { dateIn } from './slow-dates.ts'
import { hexOf, valueOfItem, zeroOf } from './slow-values.ts'

type Json = string | null | Json[] | { [key: string]: Json }

/** Thrown for records that cannot be read: only that it happens is compared. */
export class Unreadable extends Error {}

export interface SlowOptions {
  readonly toUnicode: Uint16Array
  readonly views: Readonly<Record<string, ViewChoice>>
  readonly choices: RandomCopybook['choices']
  readonly counters: RandomCopybook['counters']
  readonly dates: Readonly<Record<string, DateFormat>>
  readonly policy: InvalidPolicy
  /** What is shown of items that share storage where no view is declared. */
  readonly undeclaredViews: 'all' | 'first'
}

export function readSlowly(layout: Layout, bytes: Uint8Array, options: SlowOptions): Json {
  const positions = new Map<Item, number>()
  const limits = new Map<Item, [number, number]>()
  const gather = (item: Item) => {
    const { counter, minimum = 0, maximum = 0 } = item.occurs ?? {}
    if (counter) {
      const [low, high] = limits.get(counter) ?? [minimum, maximum]
      limits.set(counter, [Math.max(low, minimum), Math.min(high, maximum)])
    }
    for (const child of item.children) gather(child)
  }
  gather(layout.root)
  let at = 0

  function take(length: number): Uint8Array {
    if (at + length > bytes.length) throw new Unreadable('too short')
    at += length
    return bytes.subarray(at - length, at)
  }

  function count(item: Item): number {
    const { occurs } = item
    if (!occurs) return 1
    if (occurs.outside !== undefined) {
      return Math.min(occurs.maximum, Math.floor((bytes.length - at) / item.stride))
    }
    if (!occurs.counter) return occurs.maximum
    const from = positions.get(occurs.counter) ?? 0
    const text = valueIn(occurs.counter, bytes.subarray(from, from + occurs.counter.length))
    if (text === undefined && options.policy === 'error') throw new Unreadable('counter')
    const codes = options.counters[item.name ?? '']
    if (codes) return codes[text ?? leastCode(occurs.counter)] ?? 0
    return text === undefined ? (limits.get(occurs.counter)?.[0] ?? 0) : Number(text)
  }

  /** The tables that are counted by codes of a field. */
  const tablesOf = (counter: Item) =>
    (counter.parent?.children ?? []).flatMap((one) => {
      const codes = one.occurs?.counter === counter ? options.counters[one.name ?? ''] : undefined
      return codes ? [codes] : []
    })

  /** The first code with the fewest elements in all tables. */
  function leastCode(counter: Item): string {
    const total = (code: string) => tablesOf(counter).reduce((sum, codes) => sum + (codes[code] ?? 0), 0)
    return ['A', 'B', 'C'].sort((one, other) => total(one) - total(other))[0] ?? ''
  }

  /** A number outside of what all tables of a counter allow is no value, and no code that is not declared. */
  function valueIn(item: Item, own: Uint8Array): string | null | undefined {
    const value = asDate(item, valueOfItem(item, own, options.toUnicode))
    if (tablesOf(item).length > 0) return value === 'A' || value === 'B' || value === 'C' ? value : undefined
    const [low, high] = limits.get(item) ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    return limits.has(item) && !(Number(value) >= low && Number(value) <= high) ? undefined : value
  }

  /** What a value means where its field is declared a date. */
  function asDate(item: Item, value: string | undefined): string | null | undefined {
    const format = options.dates[item.name ?? '']
    return format && value !== undefined ? dateIn(value, format, item.picture?.category !== 'numeric') : value
  }

  function one(item: Item): Json {
    positions.set(item, at)
    if (isVarying(item)) return varying(item)
    if (item.children.length > 0) {
      const object: { [key: string]: Json } = {}
      members(item, object)
      return object
    }
    const own = take(item.length)
    const value = valueIn(item, own)
    if (value !== undefined) return value
    if (options.policy === 'error') throw new Unreadable('field')
    if (options.policy === 'raw') return { $raw: hexOf(own) }
    if (options.policy === 'zero' && tablesOf(item).length > 0) return leastCode(item)
    const least = limits.get(item)?.[0]
    if (least !== undefined && options.policy === 'zero') return String(least)
    return options.policy === 'null' ? null : (asDate(item, zeroOf(item)) ?? null)
  }

  function varying(item: Item): Json {
    const own = take(item.length)
    const most = own.length - 2
    const length = ((own[0] as number) << 8) | (own[1] as number)
    const text = Array.from(own.subarray(2, 2 + length), (byte) =>
      String.fromCharCode(options.toUnicode[byte] as number),
    )
    if (length <= most) return text.join('')
    if (options.policy === 'error') throw new Unreadable('length')
    return options.policy === 'raw' ? { $raw: hexOf(own) } : options.policy === 'null' ? null : ''
  }

  function all(item: Item, into: { [key: string]: Json }): void {
    take(item.slackBefore)
    content(item, into)
  }

  function content(item: Item, into: { [key: string]: Json }): void {
    if (!item.occurs) {
      if (item.name !== undefined && isShown(item)) into[keyOf(item)] = one(item)
      else if (item.children.length > 0) {
        positions.set(item, at)
        members(item, into)
      } else take(item.length)
      return
    }
    const list: Json[] = []
    const times = count(item)
    for (let i = 0; i < times; i++) {
      list.push(one(item))
      take(item.stride - item.length)
    }
    if (isShown(item)) into[keyOf(item)] = list
  }

  function members(group: Item, into: { [key: string]: Json }): void {
    for (const child of group.children) {
      if (child.redefines) continue
      const set = group.children.filter((other) => other === child || other.redefines === child)
      if (set.length === 1) all(child, into)
      else shared(child, set, into)
    }
  }

  function shared(first: Item, set: readonly Item[], into: { [key: string]: Json }): void {
    take(first.slackBefore)
    const start = at
    const length = Math.max(...set.map(storageOf))
    if (!set.some(isShown)) {
      take(length)
      return
    }
    if (!options.views[first.name ?? '']) {
      readable(set.filter(isShown), start, into)
      at = start
      take(length)
      return
    }
    const wanted = wantedView(first)
    const view = set.find((item) => item.name === wanted)
    const inner = view && one(view)
    if (view && isShown(view)) into[keyOf(view)] = inner ?? null
    else if (view) at = start
    else if (options.policy === 'error') throw new Unreadable('view')
    else {
      const raw = { $raw: hexOf(bytes.subarray(start, start + length)) }
      into[keyOf(first)] = options.policy === 'raw' ? raw : null
    }
    at = start
    take(length)
  }

  /** Every view that reads without an error, or the first of them. */
  function readable(views: readonly Item[], start: number, into: { [key: string]: Json }): void {
    let found = 0
    for (const view of views) {
      const inner: { [key: string]: Json } = {}
      at = start
      try {
        content(view, inner)
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error
        continue
      }
      Object.assign(into, inner)
      found++
      if (options.undeclaredViews === 'first') return
    }
    if (found === 0) throw new Unreadable('views')
  }

  /** The name of the view that the deciding field's value asks for. */
  function wantedView(first: Item): string | undefined {
    const rule = options.views[first.name ?? '']
    const choice = options.choices[first.name ?? '']
    if (choice) return choice.view(lastValueOf(choice.letter), lastValueOf(choice.digit))
    if (!rule || 'where' in rule) return undefined
    const value = lastValueOf(rule.by)
    return (value !== undefined && rule?.when[value]) || rule?.otherwise
  }

  function lastValueOf(name: string): string | undefined {
    const item = [...positions.keys()].find((one) => one.name === name)
    const where = (item && positions.get(item)) ?? 0
    return item && valueOfItem(item, bytes.subarray(where, where + item.length), options.toUnicode)
  }

  const value = one(layout.root)
  if (at !== bytes.length) throw new Unreadable('too long')
  return value
}

/** FILLER is hidden, and so is what holds nothing else. */
const isShown = (item: Item): boolean =>
  item.children.length === 0 ? item.name !== undefined : item.children.some(isShown)

const keyOf = (item: Item) => (item.name === undefined ? 'filler' : item.name.toLowerCase().replace('-', ''))
