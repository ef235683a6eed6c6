// What changed between two versions of a record, in its bytes and in its JSON, and whether that breaks those who use it.

import type { Item, Layout, Literal } from '../../cobol/layout.ts'

/** One difference between two versions of a record. */
export interface Change {
  readonly class: 'breaking' | 'non-breaking'
  /** Where it shows: in the bytes, or in JSON, schemas and types. */
  readonly in: 'layout' | 'api'
  readonly record: string
  /** Names from the record down, `REPLY.STATUS`; the record's own name for the whole. */
  readonly item: string
  readonly what: string
}

type ReportChange = (rank: Change['class'], where: Change['in'], item: string, what: string) => void

interface ItemAtPath {
  readonly path: string
  readonly item: Item
}

/** All changes from the old records to the new ones, by record and offset. */
export function compareLayouts(before: readonly Layout[], after: readonly Layout[]): Change[] {
  const changes: Change[] = []
  const find = (layouts: readonly Layout[], name: string) => layouts.find((one) => one.name === name)
  for (const old of before) {
    const report: ReportChange = (rank, where, item, what) =>
      changes.push({ class: rank, in: where, record: old.name, item, what })
    const now = find(after, old.name) ?? (before.length === 1 && after.length === 1 ? after[0] : undefined)
    if (!now) report('breaking', 'api', old.name, 'the record is gone')
    else compareRecords(old, now, report)
  }
  for (const { name } of after.length === 1 && before.length === 1 ? [] : after) {
    if (find(before, name)) continue
    changes.push({ class: 'non-breaking', in: 'api', record: name, item: name, what: 'the record is new' })
  }
  return changes
}

function compareRecords(before: Layout, after: Layout, report: ReportChange): void {
  if (before.name !== after.name) report('breaking', 'api', before.name, `the record is now ${after.name}`)
  const lengths = ({ minimumLength, maximumLength }: Layout) =>
    minimumLength === maximumLength ? `${maximumLength}` : `${minimumLength} to ${maximumLength}`
  if (lengths(before) !== lengths(after)) {
    report('breaking', 'layout', before.name, `the length was ${lengths(before)} bytes and is ${lengths(after)}`)
  }
  const old = namedItems(before.root)
  const now = namedItems(after.root)
  const gone = old.filter(({ path }) => !now.some((one) => one.path === path))
  const added = now.filter(({ path }) => !old.some((one) => one.path === path))
  for (const one of old) {
    const other = now.find(({ path }) => path === one.path)
    if (other) compareItems(one, other.item, report)
  }
  const renamed = new Set<ItemAtPath>()
  for (const one of gone) {
    const heir = added.find((other) => !renamed.has(other) && isHeir(one, other, old, now))
    if (heir) {
      renamed.add(heir)
      report('breaking', 'api', one.path, `it is now called ${heir.path}`)
    } else report('breaking', 'api', one.path, 'it is gone')
  }
  for (const one of added) {
    if (!renamed.has(one)) reportAdded(one, old, before, report)
  }
}

/** Whether an item took over the place of one that is gone: the same storage at the same offset, or behind the same neighbour. */
function isHeir(one: ItemAtPath, other: ItemAtPath, old: readonly ItemAtPath[], now: readonly ItemAtPath[]): boolean {
  if (!isSameStorage(one.item, other.item)) return false
  const neighbour = (list: readonly ItemAtPath[], of: ItemAtPath) => list[list.indexOf(of) - 1]?.path
  return one.item.offset === other.item.offset || neighbour(old, one) === neighbour(now, other)
}

/** A new item over what was FILLER, or beside others of a REDEFINES, moves nothing. */
function reportAdded(
  { path, item }: ItemAtPath,
  old: readonly ItemAtPath[],
  before: Layout,
  report: ReportChange,
): void {
  const end = item.offset + item.length
  const covered = old.some(
    ({ item: other }) => other.children.length === 0 && other.offset < end && item.offset < other.offset + other.length,
  )
  const where = item.redefines ? `, a view of ${item.redefines.name ?? 'FILLER'}` : covered ? '' : ', where FILLER was'
  report('non-breaking', 'api', path, `it is new${end > before.maximumLength ? ', behind the old end' : where}`)
}

function compareItems({ path, item: old }: ItemAtPath, now: Item, report: ReportChange): void {
  if (old.offset !== now.offset) report('breaking', 'layout', path, `it was at ${old.offset} and is at ${now.offset}`)
  if (!isSameStorage(old, now)) {
    report('breaking', 'layout', path, `it was ${described(old)} and is ${described(now)}`)
    if (old.children.length === 0 && !isSameValue(old, now)) report('breaking', 'api', path, 'its JSON value changes')
  } else if (old.picture?.text !== now.picture?.text) {
    report('non-breaking', 'layout', path, `its picture is written ${now.picture?.text}, which means the same`)
  }
  compareOccurs(path, old, now, report)
  if (old.redefines?.name !== now.redefines?.name) {
    report('breaking', 'api', path, `it ${redefinition(old)} and now ${redefinition(now)}`)
  }
  compareConditions(path, old, now, report)
}

function compareOccurs(path: string, old: Item, now: Item, report: ReportChange): void {
  const text = ({ occurs }: Item) =>
    !occurs
      ? 'one'
      : occurs.dependingOn === undefined
        ? `${occurs.maximum}`
        : `${occurs.minimum} to ${occurs.maximum} by ${occurs.dependingOn}`
  if (text(old) === text(now)) return
  const onlyMinimum = old.occurs?.maximum === now.occurs?.maximum && old.occurs?.dependingOn === now.occurs?.dependingOn
  const what = `its occurrences were ${text(old)} and are ${text(now)}`
  report(onlyMinimum ? 'non-breaking' : 'breaking', onlyMinimum ? 'api' : 'layout', path, what)
}

/** Values that level 88 names: one less may be sent no longer; one more may surprise a reader but breaks no writer. */
function compareConditions(path: string, old: Item, now: Item, report: ReportChange): void {
  const before = valuesOf(old)
  const after = valuesOf(now)
  for (const value of before)
    if (!after.has(value)) report('breaking', 'api', path, `the value ${value} is no longer named`)
  for (const value of after) {
    if (before.has(value)) continue
    const isFirst = before.size === 0
    report(
      isFirst ? 'breaking' : 'non-breaking',
      'api',
      path,
      `the value ${value} is ${isFirst ? 'one of those now allowed' : 'new'}`,
    )
  }
}

function valuesOf({ conditions }: Item): Set<string> {
  const text = (literal: Literal): string => {
    if (literal.kind === 'all') return `ALL ${text(literal.literal)}`
    if (literal.kind === 'bytes') return `X'${literal.hex}'`
    return literal.kind === 'figurative' ? literal.name : literal.kind === 'text' ? `'${literal.text}'` : literal.text
  }
  const ranges = conditions.flatMap(({ values }) => values)
  return new Set(ranges.map(({ from, through }) => (through ? `${text(from)} THRU ${text(through)}` : text(from))))
}

function redefinition({ redefines }: Item): string {
  return redefines ? `redefines ${redefines.name ?? 'FILLER'}` : 'stands for itself'
}

function described({ picture, usage, sign, length, children }: Item): string {
  if (children.length > 0) return `a group of ${length} bytes`
  const signed = sign ? ` SIGN ${sign.position.toUpperCase()}${sign.separate ? ' SEPARATE' : ''}` : ''
  return `${picture ? `PIC ${picture.text} ` : ''}${usage}${signed}, ${length} bytes`
}

function isSameStorage(old: Item, now: Item): boolean {
  if (old.length !== now.length || old.children.length > 0 !== now.children.length > 0) return false
  if (old.children.length > 0) return true
  const facts = ({ usage, sign, justified, blankWhenZero, picture }: Item) =>
    JSON.stringify([usage, sign, justified, blankWhenZero, meaning({ picture })])
  return facts(old) === facts(now)
}

/** What a picture means: two texts may write the same. */
function meaning({ picture }: Pick<Item, 'picture'>): unknown {
  if (!picture) return undefined
  const { category, digits, scale, signed, positions, expanded } = picture
  return [category, digits, scale, signed, positions, category.endsWith('edited') ? expanded : undefined]
}

/** Whether JSON shows the same kind of value: the same decimals and length, however stored. */
function isSameValue(old: Item, now: Item): boolean {
  const value = ({ picture }: Item) =>
    JSON.stringify(picture && [picture.category, picture.digits, picture.scale, picture.signed, picture.positions])
  return value(old) === value(now)
}

/** Every named item below the record; names of groups without a name are left out of the path, as JSON leaves them out. */
function namedItems(root: Item): ItemAtPath[] {
  const walk = (item: Item, prefix: string): ItemAtPath[] =>
    item.children.flatMap((child) => {
      const path = child.name === undefined ? prefix : prefix === '' ? child.name : `${prefix}.${child.name}`
      return [...(child.name === undefined ? [] : [{ path, item: child }]), ...walk(child, path)]
    })
  return root.children.length === 0 ? [{ path: root.name ?? 'FILLER', item: root }] : walk(root, '')
}
