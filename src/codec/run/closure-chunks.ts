// Stretches of fields by closures, one a field. What generated code must agree with, and what runs where none may be made.

import type { JsonObject } from '../../contract/json.ts'
import { refused } from '../kind/kind.ts'
import type { FieldMember, HiddenMember } from '../plan/plan.ts'
import type { Chunks, Simple } from './chunks.ts'
import { appendField, keyBytes, mostJson } from './json-value.ts'
import { invalidValue, jsonOf, memberOf, noteOdd, type Run, refusal, room, saidBy, writeOther } from './run.ts'
import { takeField } from './take-field.ts'

/** Chunks without generated code, for processes that forbid it. */
export const closureChunks: Chunks = {
  kind: 'closures',
  blank: () => () => ({}),
  readObject: (members) => {
    const steps = members.map((member) => {
      if (member.kind === 'hidden') return (run: Run, at: number) => compareHidden(member, run, at)
      return (run: Run, at: number, into: Record<string, unknown>) => {
        into[member.key] = readField(member, run, at)
      }
    })
    return (run, at, into) => {
      for (const step of steps) step(run, at, into)
    }
  },
  readJson: (members, { residue }) => {
    const steps = members.map((member) => jsonStep(member, residue))
    return (run, at, from) => {
      let to = from
      for (const step of steps) to = step(run, at, to)
      return to
    }
  },
  takeJson: (members) => {
    const steps = members.map((member) => takeField(member, keyBytes(member.key)))
    return (run, at, from) => {
      let next = from
      for (let i = 0; i < steps.length && next >= 0; i++) next = steps[i]?.(run, at, next) ?? -1
      return next
    }
  },
  write: (members, plan) => {
    const steps = members.map((member) => (run: Run, at: number, from: JsonObject) => {
      writeField(member, memberOf(from, member.key), run, at, plan.page.name)
    })
    return (run, at, from) => {
      for (const step of steps) step(run, at, from)
    }
  },
}

function jsonStep(member: Simple, residue: boolean): (run: Run, at: number, to: number) => number {
  if (member.kind === 'hidden') {
    return (run, at, to) => {
      compareHidden(member, run, at)
      return to
    }
  }
  const key = keyBytes(member.key)
  const most = key.length + mostJson(member)
  return (run, at, to) => {
    room(run, to + most)
    run.out.set(key, to)
    const end = appendField(member, run, at + member.offset, to + key.length)
    if (residue && run.trace.residue) noteOdd(member, run, at)
    return end
  }
}

/** Notes bytes that JSON does not show and that are not the canonical ones. */
export function compareHidden(member: HiddenMember, { source, nonCanonical }: Run, at: number): void {
  const { bytes } = member
  const from = at + member.offset
  let i = 0
  while (i < bytes.length && source[from + i] === bytes[i]) i++
  if (i < bytes.length) nonCanonical.push({ member, at })
}

/** Decodes one field; records it for `$residue` if encoding its value again would change its bytes. */
export function readField(member: FieldMember, run: Run, at: number) {
  const position = at + member.offset
  const read = member.store.read(run.source, position, run.trace)
  const value = read === undefined ? invalidValue(member, position, run) : jsonOf(member, read)
  if (run.trace.residue) noteOdd(member, run, at)
  return value
}

/** Writes one field from its JSON value. Throws a Failure with the field's path and picture for a value that does not fit. */
export function writeField(
  member: FieldMember,
  value: JsonObject[string] | undefined,
  run: Run,
  at: number,
  codePage: string,
): void {
  const { store, offset, slot } = member
  if (slot !== undefined) run.counted[slot] = saidBy(value)
  if (typeof value !== 'string') {
    writeOther(member, value, at + offset, run)
    return
  }
  const verdict = store.write(value, run.source, at + offset)
  if (verdict !== refused.none) throw refusal(member, verdict, run, codePage)
}
