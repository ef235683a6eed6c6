// Which record types stand below which: the segments of a hierarchical data base (IMS), or of a file that holds one.
//
//   COMPANY            a root: nothing is above it
//     ├ CONTACT        belongs to the COMPANY before it, whatever of the same company stands between
//     └ SITE
//         └ METER      belongs to the SITE before it, with other METERs of it between at most

import { failure } from '../../error/failure.ts'
import type { ParentRequest, SelectRequest } from '../record/request.ts'

/** The record types of a file, each with the one above it. */
export interface Hierarchy {
  /** Undefined for a root. */
  parentOf(record: string): string | undefined
  /** Whether records of other types stand below it. */
  hasChildren(record: string): boolean
}

/** Throws RECORD_PARENTS_INVALID. */
export function hierarchyOf(parents: readonly ParentRequest[], select: readonly SelectRequest[]): Hierarchy {
  const parentOf = new Map<string, string>()
  for (const { child, parent } of parents) {
    for (const name of [child, parent]) {
      if (!select.some((one) => one.name === name)) throw invalid(`no --select names ${name}`)
    }
    const known = parentOf.get(child) ?? parent
    if (known !== parent) throw invalid(`${child} has two parents, ${known} and ${parent}`)
    parentOf.set(child, parent)
  }
  for (const child of parentOf.keys()) checkAbove(child, parentOf)
  const above = new Set(parentOf.values())
  return { parentOf: (record) => parentOf.get(record), hasChildren: (record) => above.has(record) }
}

/** Going up must come to a root. */
function checkAbove(child: string, parentOf: ReadonlyMap<string, string>): void {
  let up = parentOf.get(child)
  for (let steps = 0; up !== undefined && steps <= parentOf.size; steps++) {
    if (up === child) throw invalid(`${child} stands below itself`)
    up = parentOf.get(up)
  }
}

function invalid(problem: string) {
  return failure('RECORD_PARENTS_INVALID', { problem })
}
