// A data division as a tree of entries: its COBOL text, its record for the oracle, and the smaller ones that a failure is shrunk to.

import type { Chance } from './random.ts'
import type { Item, OracleRecord, Storage, Times } from './record.ts'

/** An entry before it has a level. `clauses` come after the name, without REDEFINES and OCCURS. */
export interface Draft {
  readonly name: string
  readonly filler: boolean
  readonly clauses: string
  readonly storage: Storage | undefined
  readonly synchronized: boolean
  readonly times: (Times & { readonly index?: string }) | undefined
  readonly children: readonly Draft[]
  readonly views: readonly Draft[]
  /** Name of the item whose value chooses among this item and its views. */
  readonly chooser: string | undefined
  /** Level 88 entries below it. */
  readonly conditions: readonly string[]
  /** Level 66 entries at the record's end. */
  readonly renames: readonly Renames[]
  /** Of a FILLER: what VALUE or nothing gives, as the input slot. */
  readonly constant: string | undefined
}

export interface Renames {
  readonly name: string
  readonly from: string
  readonly through: string
}

/** The values of a chooser for the first, second … view. */
export const chooserValues = ['A', 'B', 'C']

/** Whether JSON has anything of it: a view without values could not be told. */
export const hasValues = (draft: Draft): boolean =>
  draft.storage ? !draft.filler : [...draft.children, ...draft.views].some(hasValues)

function occursWords(times: Draft['times']): string[] {
  if (!times) return []
  const { least, most, counter, index } = times
  const occurs = counter === undefined ? `${most} TIMES` : `${least} TO ${most} TIMES DEPENDING ON ${counter}`
  return [`OCCURS ${occurs}`, index === undefined ? '' : `INDEXED BY ${index}`]
}

/** IBM's phrase, which GnuCOBOL does not have. */
function withNative(clauses: string, random: Chance): string {
  const isUsage = /(?:\bCOMP|COMPUTATIONAL|BINARY|PACKED-DECIMAL)[-\d]*$/.test(clauses)
  return isUsage && random.oneIn(6) ? `${clauses} NATIVE` : clauses
}

/** The COBOL text. GnuCOBOL gets names for FILLER, so that each can be filled. */
export function textOf(root: Draft, forGnuCobol: boolean, random: Chance): string {
  const lines: string[] = []
  const write = (draft: Draft, level: number, redefined: string | undefined): void => {
    const name = draft.filler && !forGnuCobol ? random.pick(['FILLER', '']) : draft.name
    const words = [
      String(level).padStart(2, '0'),
      name,
      redefined === undefined ? '' : `REDEFINES ${redefined}`,
      ...occursWords(draft.times),
      forGnuCobol ? draft.clauses : withNative(draft.clauses, random),
    ]
    lines.push(...statement(`${words.filter((word) => word !== '').join(' ')}.`))
    for (const condition of draft.conditions) lines.push(...statement(`88 ${condition}.`))
    const below = level + random.between(1, 9)
    for (const child of draft.children) {
      write(child, below, undefined)
      for (const view of child.views) write(view, below, child.name)
    }
  }
  const single = root.children.length === 0 && random.oneIn(2)
  write(root, single ? 77 : 1, undefined)
  for (const { name, from, through } of root.renames) {
    lines.push(...statement(`66 ${name} RENAMES ${from}${from === through ? '' : ` THRU ${through}`}.`))
  }
  return lines.join('\n')
}

/** The last blank that a line can end at and whose next word does not begin with $. */
function breakBefore(text: string, room: number): number {
  let at = text.lastIndexOf(' ', room)
  while (text.charAt(at + 1) === '$') at = text.lastIndexOf(' ', at - 1)
  return at
}

/** Fixed format, columns 8 to 72. */
function statement(text: string): string[] {
  const column = text.startsWith('01') || text.startsWith('77') ? 7 : 11
  const room = 72 - column
  if (text.length <= room) return [' '.repeat(column) + text]
  // A line that begins with $ is a directive for GnuCOBOL.
  const at = breakBefore(text, room)
  return [' '.repeat(column) + text.slice(0, at), ...statement(text.slice(at + 1))]
}

function itemOf(draft: Draft): Item {
  const { filler, name, storage, times, chooser, constant } = draft
  const values = chooserValues.slice(0, 1 + draft.views.length)
  return {
    // A FILLER group has no name for either; a FILLER field has one for GnuCOBOL, with a constant.
    name,
    storage,
    times,
    children: draft.children.map(itemOf),
    views: draft.views.map(itemOf),
    choice: chooser === undefined ? undefined : { by: chooser, values },
    key: filler ? undefined : name.toLowerCase(),
    constant,
  }
}

export function recordOf(draft: Draft, text: string, length: number): OracleRecord {
  return { root: itemOf(draft), text, length, renames: draft.renames.map(({ name }) => name) }
}

export function* draftsOf(draft: Draft): Generator<Draft> {
  yield draft
  for (const one of [...draft.children, ...draft.views]) yield* draftsOf(one)
}

/** Records with one item less, for shrinking a failure; only such that are still what this file would make. */
export function* smaller(root: Draft): Generator<Draft> {
  for (const one of without(root)) if (isWhole(one)) yield one
}

function* without(draft: Draft): Generator<Draft> {
  const { children, views } = draft
  for (const at of children.keys()) {
    const rest = children.toSpliced(at, 1)
    if (rest.length > 0) yield { ...draft, children: rest }
  }
  for (const at of views.keys()) {
    const rest = views.toSpliced(at, 1)
    yield { ...draft, views: rest, chooser: rest.length > 0 ? draft.chooser : undefined }
  }
  if (draft.times) yield { ...draft, times: undefined }
  if (draft.renames.length > 0) yield { ...draft, renames: [] }
  if (draft.conditions.length > 0) yield { ...draft, conditions: [] }
  for (const [at, child] of children.entries()) {
    for (const one of without(child)) yield { ...draft, children: children.with(at, one) }
  }
  for (const [at, view] of views.entries()) {
    for (const one of without(view)) yield { ...draft, views: views.with(at, one) }
  }
}

function isWhole(root: Draft): boolean {
  const all = [...draftsOf(root)]
  const names = new Set(all.map(({ name }) => name))
  const needed = all.flatMap(({ times, chooser, renames }) => [
    times?.counter ?? root.name,
    chooser ?? root.name,
    ...renames.flatMap(({ from, through }) => [from, through]),
  ])
  const told = all.every((one) => one.views.length === 0 || [{ ...one, views: [] }, ...one.views].every(hasValues))
  return told && needed.every((name) => names.has(name)) && all.every(({ children }) => !children[0]?.synchronized)
}
