// Stretches of plain fields, the bulk of every record: how they are read and written, by closures or by generated code.

import type { JsonObject, JsonValue } from '../../contract/json.ts'
import type { FieldMember, HiddenMember, Member, Plan } from '../plan/plan.ts'
import type { Run } from './run.ts'

/** A JSON object while it is filled. */
export type Filling = Record<string, JsonValue>

/** A member without structure. */
export type Simple = FieldMember | HiddenMember

/** All other members. */
export type Structure = Exclude<Member, Simple>

/** Makes the functions for a stretch of at most `chunkSize` members. `at` is the origin of their scope. */
export interface Chunks {
  readonly kind: 'generated' | 'closures'
  /** An object that already has the given keys, all with strings, in order. */
  blank(keys: readonly string[]): () => Filling
  readObject(members: readonly Simple[], plan: Plan): (run: Run, at: number, into: Filling) => void
  /** Appends `,"key":"value"` for each field to `run.out` from `to` on; gives the new end. */
  readJson(members: readonly Simple[], plan: Plan): (run: Run, at: number, to: number) => number
  /** Reads each field's `,"key":"value"` from `run.out`; gives the position behind them, or -1. */
  takeJson(members: readonly FieldMember[]): (run: Run, at: number, from: number) => number
  write(members: readonly FieldMember[], plan: Plan): (run: Run, at: number, from: JsonObject) => void
}

/** V8 optimises small functions; one function for all fields of a wide record is several times slower. */
export const chunkSize = 24

/** Members in order, with neighbours that have no structure gathered. Hidden members are left out unless `hidden`. */
export function stretches(members: readonly Member[], hidden: boolean): (Simple[] | Structure)[] {
  const parts: (Simple[] | Structure)[] = []
  for (const member of members) {
    if (member.kind === 'hidden' && !hidden) continue
    if (member.kind !== 'field' && member.kind !== 'hidden') {
      parts.push(member)
      continue
    }
    const last = parts.at(-1)
    if (Array.isArray(last) && last.length < chunkSize) last.push(member)
    else parts.push([member])
  }
  return parts
}
