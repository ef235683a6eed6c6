// Entries become trees by their level numbers; conditions (88) and renamings (66) are hung onto what they belong to.

import type { Entry } from '../entry/entry.ts'
import { placeOf } from '../text/spot.ts'
import { type Building, type Draft, type DraftRecord, nameOf } from './draft.ts'

/** One record for each level 01 or 77; entries that come before the first 01 stand under a record of the copybook's name. */
export function growRecords(entries: readonly Entry[], copybook: string, building: Building): DraftRecord[] {
  const records: DraftRecord[] = []
  let last: Draft | undefined
  for (const entry of entries) {
    if (entry.level === 88) addCondition(last, entry, building)
    else if (entry.level === 66) addRenaming(records.at(-1), entry, building)
    else last = addItem(records, last, entry, copybook, building)
  }
  return records
}

function addItem(
  records: DraftRecord[],
  last: Draft | undefined,
  entry: Entry,
  copybook: string,
  building: Building,
): Draft {
  const item = draftOf(entry, building)
  const starts = entry.level === 1 || entry.level === 77
  if (starts) {
    records.push({ root: item, renamings: [], renames: [] })
    return item
  }
  const parent = parentOf(last, entry) ?? records.find(({ root }) => isImplied(root, building))?.root
  if (parent !== undefined) {
    hang(item, parent, entry, building)
    return item
  }
  if (last?.level === 77) {
    building.mistakes.add(
      'LEVEL_MISPLACED',
      { level: entry.level, problem: 'cannot stand below a level 77' },
      entry.levelWord,
    )
  }
  const root = { ...draftOf(entry, building), level: 1, name: copybook }
  building.entryOf.set(root, { ...entry, level: 1, name: copybook, clauses: {} })
  records.push({ root, renamings: [], renames: [] })
  hang(item, root, entry, building)
  return item
}

/** Whether a record stands for a copybook that begins below level 01. */
function isImplied(root: Draft, { entryOf }: Building): boolean {
  return entryOf.get(root)?.levelWord.key.replace(/^0/, '') !== String(root.level)
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
    if (!mistakes.failures.length)
      mistakes.add(
        'CLAUSE_INCOMPLETE',
        { clause: 'VALUE', expected: 'values for the condition', found: 'nothing' },
        nameWord,
      )
    return
  }
  if (name !== undefined) item.conditions.push({ name, values: clauses.values.value, place: placeOf(nameWord) })
}

function addRenaming(record: DraftRecord | undefined, entry: Entry, { mistakes }: Building): void {
  if (record === undefined || record.root.level === 77) {
    mistakes.add('LEVEL_MISPLACED', { level: 66, problem: 'has no record before it' }, entry.levelWord)
  } else record.renamings.push(entry)
}
