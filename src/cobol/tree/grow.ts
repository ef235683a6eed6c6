// Entries become trees by their level numbers; conditions (88) and renamings (66) are hung onto what they belong to.

import type { Entry } from '../entry/entry.ts'
import { placeOf } from '../text/spot.ts'
import { type Building, type Draft, type DraftRecord, nameOf } from './draft.ts'

interface Growing {
  readonly copybook: string
  readonly building: Building
  readonly records: DraftRecord[]
  /** The item that the last entry made. */
  last: Draft | undefined
  /** The record that stands for entries before the first 01, once there is one. */
  implied: Draft | undefined
}

/** One record for each level 01 or 77; entries that come before the first 01 stand under a record of the copybook's name. */
export function growRecords(entries: readonly Entry[], copybook: string, building: Building): DraftRecord[] {
  const growing: Growing = { copybook, building, records: [], last: undefined, implied: undefined }
  for (const entry of entries) {
    building.mistakes.scope = entry.scope
    const record = growing.records.at(-1)
    // The level 01 that it belongs to could not be read.
    if (!beginsRecord(entry) && record && record.scope !== entry.scope) continue
    if (entry.level === 88) addCondition(growing.last, entry, building)
    else if (entry.level === 66) addRenaming(record, entry, building)
    else growing.last = addItem(growing, entry)
  }
  return growing.records
}

function beginsRecord({ level }: Entry): boolean {
  return level === 1 || level === 77
}

function addItem(growing: Growing, entry: Entry): Draft {
  const { building, last } = growing
  const item = draftOf(entry, building)
  if (beginsRecord(entry)) addRecord(growing, item, entry)
  else {
    if (last?.level === 77) {
      const problem = 'cannot stand below a level 77'
      building.mistakes.scope = undefined
      building.mistakes.add('LEVEL_MISPLACED', { level: entry.level, problem }, entry.levelWord)
    }
    hang(item, parentOf(last, entry) ?? impliedRecord(growing, entry), entry, building)
  }
  addParts(item, entry, building)
  return item
}

/** What a precompiler puts below an item. */
function addParts(item: Draft, entry: Entry, building: Building): void {
  const { parts } = entry.clauses
  for (const { suffix, picture, usage } of parts?.value ?? []) {
    const word = parts?.word ?? entry.nameWord
    const clauses = { implied: { value: picture, word }, usage: { value: usage, word } }
    const part = { ...entry, level: 49, name: entry.name && `${entry.name}${suffix}`, clauses }
    hang(draftOf(part, building), item, part, building)
  }
}

function addRecord({ records }: Growing, root: Draft, { scope }: Entry): void {
  records.push({ root, scope, renamings: [], renames: [] })
}

/** The record of the copybook's name, made when the copybook begins below level 01. */
function impliedRecord(growing: Growing, entry: Entry): Draft {
  if (growing.implied) return growing.implied
  const record: Entry = { ...entry, level: 1, name: growing.copybook, clauses: {} }
  growing.implied = draftOf(record, growing.building)
  addRecord(growing, growing.implied, entry)
  return growing.implied
}

/** The nearest item before with a lower level number. */
function parentOf(last: Draft | undefined, entry: Entry): Draft | undefined {
  let parent = last?.level === 77 ? undefined : last
  while (parent && parent.level >= entry.level) parent = parent.parent
  return parent
}

function hang(item: Draft, parent: Draft, entry: Entry, { mistakes, entryOf }: Building): void {
  const first = parent.children[0]
  if (first && first.level !== item.level && parent.children.at(-1)?.level !== item.level) {
    mistakes.note(`level ${item.level} stands beside level ${first.level}: check the level numbers`, entry.levelWord)
  }
  const clauses = entryOf.get(parent)?.clauses
  const picture = clauses?.picture ?? clauses?.implied
  if (picture && parent.children.length === 0) mistakes.add('PICTURE_ON_GROUP', { name: nameOf(parent) }, picture.word)
  item.parent = parent
  parent.children.push(item)
}

function draftOf(entry: Entry, { entryOf }: Building): Draft {
  const { clauses, level, name, nameWord } = entry
  const draft: Draft = {
    level,
    name,
    picture: undefined,
    usage: 'DISPLAY',
    sign: undefined,
    justified: clauses.justified !== undefined,
    blankWhenZero: clauses.blankWhenZero !== undefined,
    synchronized: false,
    offset: 0,
    length: 0,
    stride: 0,
    slackBefore: 0,
    variablyLocated: false,
    occurs: undefined,
    redefines: undefined,
    value: clauses.values?.value[0]?.from,
    conditions: [],
    children: [],
    parent: undefined,
    place: placeOf(nameWord),
  }
  entryOf.set(draft, entry)
  return draft
}

function addCondition(item: Draft | undefined, entry: Entry, { mistakes }: Building): void {
  const { name, nameWord, clauses } = entry
  if (item === undefined) {
    mistakes.add('LEVEL_MISPLACED', { level: 88, problem: 'has no item before it' }, entry.levelWord)
    return
  }
  const misplaced = Object.entries(clauses).find(([key]) => key !== 'values')?.[1]
  if (misplaced) mistakes.add('CLAUSE_MISPLACED', { clause: misplaced.word.key, where: 'at level 88' }, misplaced.word)
  if (clauses.values === undefined) {
    if (!entry.mistaken)
      mistakes.add(
        'CLAUSE_INCOMPLETE',
        { clause: 'VALUE', expected: 'values for the condition', found: 'nothing' },
        nameWord,
      )
    return
  }
  if (name !== undefined) item.conditions.push({ name, values: clauses.values.value, place: placeOf(nameWord) })
}

/** GnuCOBOL takes it behind a level 77 as well. */
function addRenaming(record: DraftRecord | undefined, entry: Entry, { mistakes, options }: Building): void {
  if (record === undefined || (record.root.level === 77 && options.dialect === 'ibm')) {
    mistakes.add('LEVEL_MISPLACED', { level: 66, problem: 'has no record before it' }, entry.levelWord)
  } else record.renamings.push(entry)
}
