// Finds items of a layout by the names that options use: `PE-STATUS`, or `PE-STATUS OF PE-REPLY` where a name stands twice.

import type { Item, Layout } from '../../cobol/layout.ts'
import { failure } from '../../error/failure.ts'

/** All items below (and with) an item, in the order of the copybook. */
export function* itemsOf(item: Item): Generator<Item> {
  yield item
  for (const child of item.children) yield* itemsOf(child)
}

/** Whether an item is `ancestor` or stands below it. */
export function isWithin(item: Item, ancestor: Item): boolean {
  for (let up: Item | undefined = item; up; up = up.parent) if (up === ancestor) return true
  return false
}

const known = new WeakMap<Layout, Map<string, Item>>()

/** The one item of a name; asked for with each call, so what was found is kept. Throws FIELD_UNKNOWN, FIELD_AMBIGUOUS. */
export function itemNamed(layout: Layout, name: string): Item {
  const names = known.get(layout) ?? new Map<string, Item>()
  known.set(layout, names)
  const item = names.get(name) ?? soughtItem(layout, name)
  names.set(name, item)
  return item
}

function soughtItem(layout: Layout, name: string): Item {
  const [own = '', ...groups] = name
    .trim()
    .toUpperCase()
    .split(/\s+(?:OF|IN)\s+/)
  const all = [...itemsOf(layout.root)]
  const found = all.filter((item) => item.name === own && hasAncestors(item, groups))
  const [only] = found
  if (!only) throw failure('FIELD_UNKNOWN', { field: name, record: layout.name, similar: similarName(own, all) })
  if (found.length > 1) {
    const group = found.map((item) => item.parent?.name ?? 'FILLER')
    throw failure('FIELD_AMBIGUOUS', { field: name, record: layout.name, groups: group.join(', ') })
  }
  return only
}

function hasAncestors(item: Item, groups: readonly string[]): boolean {
  let up = item.parent
  return groups.every((group) => {
    while (up && up.name !== group) up = up.parent
    return up !== undefined
  })
}

function similarName(name: string, all: readonly Item[]): string | undefined {
  const letters = (text: string) => text.replace(/[^A-Z0-9]/g, '')
  const wanted = letters(name)
  return all.find(
    (item) => item.name !== undefined && (letters(item.name) === wanted || item.name.endsWith(`-${name}`)),
  )?.name
}

/** The options of one kind by item; each name must exist. `*` is left out. */
export function byItem<T>(layout: Layout, options: Readonly<Record<string, T>> | undefined): Map<Item, T> {
  const map = new Map<Item, T>()
  for (const [name, value] of Object.entries(options ?? {})) if (name !== '*') map.set(itemNamed(layout, name), value)
  return map
}
