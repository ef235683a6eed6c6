// Reads single fields of a record without decoding the rest. Where a field lies behind tables of varying number, only their counters are read.

import type { Item } from '../cobol/layout.ts'
import type { JsonValue } from '../contract/json.ts'
import { failure } from '../error/failure.ts'
import { plainBytes } from './kind/bytes.ts'
import type { Kind } from './kind/kind.ts'
import { kindOfBytes } from './plan/kind-of-item.ts'
import type { FieldMember, Plan } from './plan/plan.ts'
import { itemNamed } from './plan/record-items.ts'
import { invalidValue, jsonOf, newRun, type Run } from './run/run.ts'
import { cutText } from './run/short-record.ts'

/**
 * The value of one field of the record between `start` and `end`, as JSON has it. `subscripts` count from 1 as in COBOL, outermost first.
 * Throws RECORD_TOO_SHORT, SUBSCRIPT_OUT_OF_RANGE, COUNTER_OUT_OF_RANGE, FIELD_BYTES_INVALID.
 */
export type FieldReader = (bytes: Uint8Array, subscripts?: readonly number[], start?: number, end?: number) => JsonValue

/** A reader by COBOL name: an elementary item, a group (read as text), or a level 66. Throws FIELD_UNKNOWN, FIELD_AMBIGUOUS. */
export function fieldReader(plan: Plan, name: string): FieldReader {
  const member = memberNamed(plan, name)
  const { item, store } = member
  const place = plan.geometry.placeOf(item)
  const tables = tablesAround(item)
  const run = newRun(plan)
  return (bytes, subscripts = [], start = 0, end = bytes.length) => {
    const source = plainBytes(bytes)
    run.source = source
    run.start = start
    run.end = end
    setIndexes(plan, tables, subscripts, run)
    const at = place(run)
    const there = at + store.length > end ? { ...member, store: cutStore(plan, member, at, run) } : member
    const value = there.store.read(source, at, run.trace)
    return value === undefined ? invalidValue(there, at, run) : jsonOf(there, value)
  }
}

/** For what is there of a text that the record ends inside of, where records may end early. */
function cutStore(plan: Plan, member: FieldMember, at: number, { start, end }: Run): Kind {
  const mayCut = at < end && (plan.short === 'absent' || plan.short === 'blank')
  const cut = mayCut ? cutText(member, end - at, plan) : undefined
  if (cut) return cut
  const needed = at + member.store.length - start
  throw failure('RECORD_TOO_SHORT', { record: plan.layout.name, needed, got: end - start })
}

function memberNamed(plan: Plan, name: string): FieldMember {
  const renames = plan.layout.renames.find((one) => one.name === name.trim().toUpperCase())
  if (renames) {
    const { from, through, length } = renames
    const single = from === through && from.children.length === 0
    const context = { page: plan.page, options: plan.layout.options }
    return plainMember(from, single ? plan.storeOf(from) : kindOfBytes(length, context), renames.name)
  }
  const item = itemNamed(plan.layout, name)
  return plan.fields.get(item) ?? plainMember(item, plan.storeOf(item), name)
}

function plainMember(item: Item, store: FieldMember['store'], path: string): FieldMember {
  return {
    kind: 'field',
    key: path,
    item,
    offset: 0,
    store,
    policy: 'error',
    fieldClass: undefined,
    path,
    required: false,
    slot: undefined,
    values: undefined,
    asNumber: false,
  }
}

/** Tables that subscripts are for, outermost first. */
function tablesAround(item: Item): Item[] {
  const tables: Item[] = []
  for (let up: Item | undefined = item; up; up = up.parent) if (up.occurs) tables.unshift(up)
  return tables
}

function setIndexes(plan: Plan, tables: readonly Item[], subscripts: readonly number[], run: Run): void {
  if (subscripts.length !== tables.length) {
    throw failure('SUBSCRIPT_OUT_OF_RANGE', {
      field: tables.at(-1)?.name ?? plan.layout.name,
      expected: `${tables.length} subscripts`,
    })
  }
  for (const [depth, table] of tables.entries()) {
    const subscript = subscripts[depth] ?? 0
    const most = plan.geometry.countOf(table, run)
    if (!(Number.isInteger(subscript) && subscript >= 1 && subscript <= most)) {
      throw failure('SUBSCRIPT_OUT_OF_RANGE', { field: table.name ?? 'FILLER', expected: `1 to ${most}` })
    }
    run.indexes[depth] = subscript - 1
  }
}
