// One field as JSON bytes.

import type { Trace } from '../kind/kind.ts'
import type { FieldMember } from '../plan/plan.ts'
import { appendJsonText } from '../text/json-text.ts'
import { invalidValue, jsonOf, type Run, room } from './run.ts'

const encoder = new TextEncoder()
/** The byte of `"`. */
export const QUOTE = 0x22

/** `,"key":` or, for an element of an array, `,`. */
export function keyBytes(key: string | undefined): Uint8Array {
  return encoder.encode(key === undefined ? ',' : `,${JSON.stringify(key)}:`)
}

/** Bytes that a value with its quotes never exceeds, whatever its policy makes of it. */
export function mostJson({ store }: FieldMember): number {
  return Math.max(store.maximumText, 2 * store.length + 12, 4) + 2
}

/** Appends a value behind its opening quote and gives the new end, or -1 for a value that is no valid string. */
export type AppendValue = (source: Uint8Array, at: number, out: Uint8Array, to: number, trace: Trace) => number

/** The function that writes valid bytes of a field in one go; undefined where values must be strings first. */
export function directAppend({ store, asNumber }: FieldMember): AppendValue | undefined {
  if (asNumber) return undefined
  return store.plain ? store.append : store.appendJson
}

/** Appends a field's value, of whatever kind, from `to` on: quotes included. */
export function appendField(member: FieldMember, run: Run, at: number, to: number): number {
  const direct = directAppend(member)
  const { out } = run
  out[to] = QUOTE
  const end = direct ? direct(run.source, at, out, to + 1, run.trace) : -1
  if (end >= 0) {
    out[end] = QUOTE
    return end + 1
  }
  return appendSlowly(member, run, at, to)
}

/** For values without a direct way, null, and bytes that are not valid. */
export function appendSlowly(member: FieldMember, run: Run, at: number, to: number): number {
  const read = member.store.read(run.source, at, run.trace)
  const value = read === undefined ? invalidValue(member, at, run) : jsonOf(member, read)
  if (typeof value === 'string') {
    const { out } = run
    out[to] = QUOTE
    const end = appendJsonText(value, out, to + 1)
    out[end] = QUOTE
    return end + 1
  }
  return appendLiteral(JSON.stringify(value), run, to)
}

/** ASCII text as it is. */
export function appendLiteral(text: string, run: Run, to: number): number {
  room(run, to + text.length)
  for (let i = 0; i < text.length; i++) run.out[to + i] = text.charCodeAt(i)
  return to + text.length
}
