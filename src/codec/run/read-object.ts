// Decoding to JavaScript objects: structure here, stretches of plain fields by chunks.

import type { JsonValue } from '../../contract/json.ts'
import { type Failure, isFailure } from '../../error/failure.ts'
import type { Extent } from '../plan/geometry.ts'
import type { ChoiceMember, GroupMember, Member, Plan, TableMember } from '../plan/plan.ts'
import { type Chunks, type Filling, type Structure, stretches } from './chunks.ts'
import { readField } from './closure-chunks.ts'
import { type Run, unknownView } from './run.ts'

/** Reads a member whose scope's origin is `at` into an object; gives the origin of what follows. */
type ReadMember = (run: Run, at: number, into: Filling) => number

/** Reads the members of a JSON object; gives the origin of what follows in `run.origin`. */
type ReadObject = (run: Run, at: number) => Filling

/** Reads the record that starts at `run.start`. */
export function objectReader(plan: Plan, chunks: Chunks): (run: Run) => Filling {
  const read = readMembers(plan.members, plan, chunks)
  return (run) => read(run, run.start)
}

function readMembers(members: readonly Member[], plan: Plan, chunks: Chunks): ReadObject {
  const blank = chunks.blank(fixedKeys(members))
  const read = readAll(members, plan, chunks)
  return (run, at) => {
    const into = blank()
    run.origin = read(run, at, into)
    return into
  }
}

/** Keys that are always there, up to the first that may not be. */
function fixedKeys(members: readonly Member[]): string[] {
  const keys: string[] = []
  for (const member of members) {
    if (member.kind === 'choice') break
    if (member.kind !== 'hidden' && member.kind !== 'fill' && !(member.kind === 'table' && member.hidden))
      keys.push(member.key)
  }
  return keys
}

function readAll(members: readonly Member[], plan: Plan, chunks: Chunks): ReadMember {
  const steps = stretches(members, plan.residue).flatMap((part): ReadMember[] => {
    if (!Array.isArray(part)) return structureReader(part, plan, chunks)
    const read = chunks.readObject(part, plan)
    return [
      (run, at, into) => {
        read(run, at, into)
        return at
      },
    ]
  })
  const [only] = steps
  if (only && steps.length === 1) return only
  return (run, at, into) => {
    let origin = at
    for (const step of steps) origin = step(run, origin, into)
    return origin
  }
}

function structureReader(member: Structure, plan: Plan, chunks: Chunks): ReadMember[] {
  switch (member.kind) {
    case 'group':
      return [readGroup(member, plan, chunks)]
    case 'table':
      return [readTable(member, plan, chunks)]
    case 'choice':
      return [member.rule ? readChoice(member, plan, chunks) : readUndeclared(member, plan, chunks)]
    case 'fill':
      return []
  }
}

function readGroup({ key, members }: GroupMember, plan: Plan, chunks: Chunks): ReadMember {
  const read = readMembers(members, plan, chunks)
  return (run, at, into) => {
    into[key] = read(run, at)
    return run.origin
  }
}

/** Copied for every table, for the reason that objects are: V8 may give a list of a literal to the old generation. */
const none: JsonValue[] = []

function readTable(member: TableMember, plan: Plan, chunks: Chunks): ReadMember {
  const { maximum, stride, offset, depth, key, hidden, element, last } = member
  const readElement = element.kind === 'group' ? readMembers(element.members, plan, chunks) : undefined
  const readLast = last && readOccurrence(last, plan, chunks)
  return (run, at, into) => {
    const count = countNow(member, run, at)
    const list = none.slice()
    let position = at + offset
    const whole = readLast ? count - 1 : count
    for (let i = 0; i < whole; i++) {
      run.indexes[depth] = i
      if (readElement) {
        list.push(readElement(run, position))
        position = run.origin + stride
      } else if (element.kind === 'field') {
        list.push(readField(element, run, position))
        position += stride
      }
    }
    if (readLast) {
      run.indexes[depth] = whole
      list.push(readLast(run, position))
      position += stride
    }
    if (!hidden) into[key] = list
    return position - offset - maximum * stride
  }
}

function readOccurrence(
  element: TableMember['element'],
  plan: Plan,
  chunks: Chunks,
): (run: Run, at: number) => JsonValue {
  if (element.kind === 'group') return readMembers(element.members, plan, chunks)
  return (run, at) => readField(element, run, at)
}

/** The number of occurrences that the record at hand has. */
export function countNow(member: TableMember, run: Extent, at: number): number {
  const { counter, outside, maximum, offset } = member
  if (outside) return outside.count(run, at + offset)
  return counter ? counter.read(run.source, counterAt(member, run, at), run) : maximum
}

/** Position of a table's counter in the record at hand. */
export function counterAt({ counter }: TableMember, run: Extent, at: number): number {
  return counter?.offset === undefined ? (counter?.place(run) ?? 0) : at + counter.offset
}

function readChoice(member: ChoiceMember, plan: Plan, chunks: Chunks): ReadMember {
  const { rule, key } = member
  const views = member.views.map((view) => readAll(view.members, plan, chunks))
  return (run, at, into) => {
    const view = views[rule?.choose(run, at) ?? -1]
    if (view) view(run, at, into)
    else into[key] = unknownView(member, rule?.by ?? '', at, run)
    return at
  }
}

/** Nothing says which view holds: shown is each that can be read, or the first of them. The first is the one that is written back. */
function readUndeclared(member: ChoiceMember, plan: Plan, chunks: Chunks): ReadMember {
  const views = member.views.map((view) => readAll(view.members, plan, chunks))
  return (run, at, into) => {
    readableViews(run, plan, views, (view) => {
      const inner: Filling = {}
      view(run, at, inner)
      return () => Object.assign(into, inner)
    })
    return at
  }
}

/**
 * Tries the views in order; `attempt` reads one and gives what makes it shown. Only the first that reads counts for the residue. Throws the first
 * failure when none reads.
 */
export function readableViews<V>(run: Run, plan: Plan, views: readonly V[], attempt: (view: V) => () => void): void {
  let firstFailure: Failure | undefined
  let shown = false
  for (const view of views) {
    const before = run.nonCanonical.length
    try {
      attempt(view)()
      if (shown) run.nonCanonical.length = before
      shown = true
      if (plan.views === 'first') return
    } catch (error) {
      if (!isFailure(error)) throw error
      firstFailure ??= error
      run.nonCanonical.length = before
      run.trace.residue = false
    }
  }
  if (!shown && firstFailure) throw firstFailure
}
