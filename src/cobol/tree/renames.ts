// Level 66: a second name for the bytes from one item to another of the record before it.

import type { QualifiedName } from '../entry/entry.ts'
import { placeOf } from '../text/spot.ts'
import { byName, candidates, type NamedItems } from './counters.ts'
import { type Building, type Draft, type DraftRecord, isVariableTable, itemsOf } from './draft.ts'
import { storageOf } from './place.ts'

/** Resolves the renamings of a record whose items have their places. */
export function resolveRenames(record: DraftRecord, building: Building): void {
  if (record.renamings.length === 0) return
  const { mistakes, options } = building
  const items = [...itemsOf(record.root)]
  const named = byName(items)
  const variable = items.filter(isVariableTable)
  for (const { name, nameWord, clauses, mistaken } of record.renamings) {
    if (mistakes.full) return
    const said = clauses.renames
    if (said === undefined || name === undefined) {
      if (!mistaken) {
        mistakes.add(
          'CLAUSE_INCOMPLETE',
          { clause: 'RENAMES', expected: 'RENAMES at level 66', found: 'nothing' },
          nameWord,
        )
      }
      continue
    }
    const from = find(said.value.from, named, building)
    const through = find(said.value.through, named, building)
    if (from === undefined || through === undefined) continue
    const problem = problemOf(from, through, variable, options.dialect === 'ibm')
    if (problem !== undefined) {
      mistakes.add('RENAMES_INVALID', { name: said.value.from.name, problem }, said.value.from.word)
      continue
    }
    const { offset } = from
    const length = through.offset + storageOf(through) - offset
    record.renames.push({ name, from, through, offset, length, place: placeOf(nameWord) })
  }
}

function find(name: QualifiedName, named: NamedItems, { mistakes }: Building): Draft | undefined {
  const found = candidates(name, named)
  if (found.length === 1) return found[0]?.item
  mistakes.add(found.length === 0 ? 'RENAMES_NOT_FOUND' : 'NAME_AMBIGUOUS', { name: name.name }, name.word)
  return undefined
}

function problemOf(from: Draft, through: Draft, tables: readonly Draft[], isIbm: boolean): string | undefined {
  if (isIbm && (from.parent === undefined || through.parent === undefined)) return 'a record itself cannot be renamed'
  if (isInTable(from) || isInTable(through)) return 'an item of a table cannot be renamed'
  const end = through.offset + through.length
  if (through.offset < from.offset || end < from.offset + from.length) return 'the last item ends before the first'
  if (from !== through && isBelow(through, from)) return 'the last item is part of the first'
  const between = tables.some((table) => table.offset >= from.offset && table.offset < end)
  return between ? 'a table of variable length lies in between' : undefined
}

function isInTable(item: Draft): boolean {
  for (let above: Draft | undefined = item; above; above = above.parent) if (above.occurs) return true
  return false
}

function isBelow(item: Draft, group: Draft): boolean {
  for (let above = item.parent; above; above = above.parent) if (above === group) return true
  return false
}
