// One JSON object for each root → records in the order of a file: each record before those in its $children.

import { jsonObjectOf } from '../../codec/record-codec.ts'
import { isObject, type JsonObject, type JsonValue } from '../../contract/json.ts'
import { failure, isFailure } from '../../error/failure.ts'
import { inContext } from '../file/streams.ts'
import type { RecordTypes } from '../record/record-types.ts'
import type { Hierarchy } from './hierarchy.ts'

/** Gives the records of a line: all of them, or it throws and gives none. */
export function rootFlattening(types: RecordTypes, hierarchy: Hierarchy): (json: Uint8Array) => readonly Uint8Array[] {
  return (json) => {
    const records: Uint8Array[] = []
    flatten(jsonObjectOf(json), { types, hierarchy, records }, undefined, '')
    return records
  }
}

interface Flattening {
  readonly types: RecordTypes
  readonly hierarchy: Hierarchy
  readonly records: Uint8Array[]
}

/** `path` says where in the JSON of the root the record is: `$children[0].$children[2]`. */
function flatten(value: JsonObject, into: Flattening, parent: string | undefined, path: string): void {
  const { $children = [], ...own } = value
  const record = inPath(path, () => addRecord(own, into, parent))
  const children = inPath(path, () => childrenOf(record, $children, into.hierarchy))
  for (const [index, child] of children.entries()) {
    const where = `${path === '' ? '' : `${path}.`}$children[${index}]`
    flatten(
      inPath(where, () => objectOf(child)),
      into,
      record,
      where,
    )
  }
}

/** Adds the bytes of a record by itself; gives its name. */
function addRecord(own: JsonObject, { types, hierarchy, records }: Flattening, parent: string | undefined): string {
  const { $record } = own
  const record = typeof $record === 'string' ? $record.toUpperCase() : undefined
  const wanted = record === undefined ? undefined : hierarchy.parentOf(record)
  if (record !== undefined && wanted !== parent) {
    throw wanted === undefined
      ? failure('RECORD_CHILD_WRONG', { record, parent: parent ?? '' })
      : failure('RECORD_PARENT_MISSING', { record, parent: wanted })
  }
  records.push(types.encodeObject(own).slice())
  return record ?? ''
}

function childrenOf(record: string, given: JsonValue, hierarchy: Hierarchy): readonly JsonValue[] {
  if (!Array.isArray(given)) throw wrongChildren('an array')
  if (given.length > 0 && !hierarchy.hasChildren(record)) {
    throw failure('RECORD_CHILD_WRONG', { record: 'another record', parent: record })
  }
  return given
}

function objectOf(child: JsonValue): JsonObject {
  if (isObject(child)) return child
  throw wrongChildren('an array of objects')
}

function wrongChildren(expected: string) {
  const facts = { field: '$children', path: '$children', picture: undefined }
  return failure('VALUE_TYPE_WRONG', { ...facts, expected, found: 'anything else' })
}

/** What is wrong with a record is told with its place in the root. */
function inPath<T>(path: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (!isFailure(error) || path === '') throw error
    throw inContext(error, `  in ${path}`)
  }
}
