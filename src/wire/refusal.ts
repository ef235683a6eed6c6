// Whether a record in which a program says no can be believed.

import type { Kind } from '../codec/kind/kind.ts'
import type { Extent } from '../codec/plan/geometry.ts'
import type { ChoiceMember, FieldMember, Member, Plan, TableMember } from '../codec/plan/plan.ts'
import { factsOf, newRun, type Run } from '../codec/run/run.ts'
import { type Failure, failure } from '../error/failure.ts'

/**
 * Throws FIELD_BYTES_INVALID for a field that neither holds a value of its picture nor is unfilled.
 *
 * A program that refuses fills its status and leaves the rest as it was initialised: each field is low-values, high-values, blanks
 * or zeros throughout, whatever its picture, also where its picture does not allow that (blanks in a packed number, a date of
 * zeros, a code that chooses no view). All that is allowed. What is not: bytes that are neither, which no program has moved there;
 * a status of two letters in front of them is chance, or the rest of something else. Text is letters, so control characters in it
 * are such bytes; behind the text low-values may stand for blanks. Where a rule chooses none of the views of an area, it is enough
 * that one of them can be read so.
 */
export function refusalCheck(plan: Plan): (bytes: Uint8Array) => void {
  const fillings = [0x00, 0xff, ...['0', ' '].flatMap((one) => [...plan.page.encode(one)])]
  const run = newRun(plan)
  return (bytes) => {
    run.source = bytes
    run.start = 0
    run.end = bytes.length
    const failed = ofAll(plan.members, { run, plan, fillings })
    if (failed) throw failed
  }
}

interface RefusalContext {
  readonly run: Run
  readonly plan: Plan
  /** The bytes that fill what nothing was moved to. */
  readonly fillings: readonly number[]
}

/** The first field that cannot be believed. */
function ofAll(members: readonly Member[], check: RefusalContext): Failure | undefined {
  for (const member of members) {
    const failed = ofMember(member, check)
    if (failed) return failed
  }
  return undefined
}

function ofMember(member: Member, check: RefusalContext): Failure | undefined {
  switch (member.kind) {
    case 'field':
      return ofField(member, check)
    case 'group':
      return ofAll(member.members, check)
    case 'table':
      return ofTable(member, check)
    case 'choice':
      return ofChoice(member, check)
    case 'hidden':
    case 'fill':
      return undefined
  }
}

function ofTable({ item, depth, element, hidden }: TableMember, check: RefusalContext): Failure | undefined {
  const { run, plan } = check
  const count = hidden ? 0 : plan.geometry.countOf(item, run)
  for (let i = 0; i < count; i++) {
    run.indexes[depth] = i
    const failed = ofMember(element, check)
    if (failed) return failed
  }
  return undefined
}

function ofChoice({ item, offset, rule, views, policy }: ChoiceMember, check: RefusalContext): Failure | undefined {
  if (policy !== 'error') return undefined
  const { run, plan } = check
  const chosen = rule ? views[rule.choose(run, plan.geometry.placeOf(item)(run) - offset)] : undefined
  if (chosen) return ofAll(chosen.members, check)
  const failures = views.map(({ members }) => ofAll(members, check))
  return failures.includes(undefined) ? undefined : failures[0]
}

function ofField(member: FieldMember, { run, plan, fillings }: RefusalContext): Failure | undefined {
  const { store, item, policy } = member
  const at = plan.geometry.placeOf(item)(run)
  if (policy !== 'error' || isUnfilled(run, at, store.length, fillings) || isValue(store, run.source, at)) {
    return undefined
  }
  return failure('FIELD_BYTES_INVALID', {
    ...factsOf(member, run),
    offset: at,
    expected: 'a value of its picture, or nothing but blanks, zeros, low-values or high-values,',
    found: 'other bytes',
  })
}

function isUnfilled({ source }: Extent, at: number, length: number, fillings: readonly number[]): boolean {
  const first = source[at]
  if (first === undefined || !fillings.includes(first)) return false
  for (let i = at + 1; i < at + length; i++) if (source[i] !== first) return false
  return true
}

function isValue(store: Kind, source: Uint8Array, at: number): boolean {
  const value = store.read(source, at, { residue: false })
  if (value === undefined) return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return value === null || store.shape.type !== 'text' || !/[\u0000-\u001f\u007f-\u009f]/.test(value)
}
