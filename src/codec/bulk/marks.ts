// Where the kernel marks bytes of a record that its values do not say, ascending; from them it writes the `$residue`.
//
//     number of marks | address of a byte | address of a byte …

import type { FieldMember, HiddenMember, Plan } from '../plan/plan.ts'
import { readField, writeField } from '../run/closure-chunks.ts'
import { newRun, type Run } from '../run/run.ts'
import { reserve } from '../run/write-object.ts'

/** Marks what is not canonical in a field at `at`, or in bytes that JSON does not show. */
export type ResidueMarker = (member: FieldMember | HiddenMember, run: Run, at: number) => void

/** `words` is the kernel's memory from the number of marks on. */
export function marker(plan: Plan, words: Int32Array): ResidueMarker {
  const anew = newRun(plan)
  const bytesOf = (member: FieldMember | HiddenMember, run: Run, at: number): Uint8Array => {
    if (member.kind === 'hidden') return member.bytes
    reserve(anew, member.store.length)
    writeField(member, readField(member, run, at - member.offset), anew, -member.offset, plan.page.name)
    return anew.source.subarray(0, member.store.length)
  }
  return (member, run, at) => {
    for (const [index, byte] of bytesOf(member, run, at).entries()) {
      if (run.source[at + index] === byte) continue
      const count = (words[0] ?? 0) + 1
      words[0] = count
      words[count] = at + index
    }
  }
}
