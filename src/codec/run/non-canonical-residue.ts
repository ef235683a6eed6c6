// The `$residue` of a record of fixed length, from what was noted while it was read: only that is written again, not the whole record.

import type { Plan } from '../plan/plan.ts'
import { type Range, residueOf } from '../residue.ts'
import { readField, writeField } from './closure-chunks.ts'
import { type NonCanonical, newRun, type Run } from './run.ts'
import { reserve } from './write-object.ts'

/** Makes the function that turns `run.nonCanonical` into a residue; undefined where what was noted turns out to be said by the values. */
export function nonCanonicalResidue(plan: Plan): (run: Run) => string | undefined {
  const canonical = newRun(plan)
  const { length, page } = plan
  const write = ({ member, at }: NonCanonical, run: Run): Range => {
    const from = at - run.start + member.offset
    if (member.kind === 'hidden') canonical.source.set(member.bytes, from)
    else writeField(member, readField(member, run, at), canonical, at - run.start, page.name)
    return { from, to: from + (member.kind === 'hidden' ? member.bytes.length : member.store.length) }
  }
  return (run) => {
    const { source, start, end } = run
    reserve(canonical, length)
    canonical.source.set(source.subarray(start, start + length))
    const noted = run.nonCanonical.sort((one, other) => one.at + one.member.offset - other.at - other.member.offset)
    const ranges = noted.map((one) => write(one, run))
    if (end - start > length) ranges.push({ from: length, to: end - start })
    return residueOf(source, start, end, canonical.source, length, ranges)
  }
}
