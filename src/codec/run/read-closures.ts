// Decoding by closures: one function a member, made once from the plan. Used where code generation is forbidden; generated code agrees with it.

import type { JsonObject, JsonValue } from '../../contract/json.ts'
import { type Failure, isFailure } from '../../error/failure.ts'
import type { ChoiceMember, FieldMember, HiddenMember, Member, Plan, TableMember } from '../plan.ts'
import { invalidValue, type Run, unknownView } from './run.ts'

/** A JSON object while it is filled. */
export type Filling = Record<string, JsonValue>

/** Reads a member whose scope's origin is `at` into an object; gives the origin of what follows. */
type Read = (run: Run, at: number, into: Filling) => number

/** Reads the record that starts at `run.start`. */
export function objectReader(plan: Plan): (run: Run) => JsonObject {
  const read = readAll(plan.members, plan)
  return (run) => {
    const into: Filling = {}
    read(run, run.start, into)
    return into
  }
}

function readAll(members: readonly Member[], plan: Plan): Read {
  const steps = members.flatMap((member) => readerOf(member, plan) ?? [])
  return (run, at, into) => {
    let origin = at
    for (const step of steps) origin = step(run, origin, into)
    return origin
  }
}

function readerOf(member: Member, plan: Plan): Read | undefined {
  switch (member.kind) {
    case 'fill':
      return undefined
    case 'hidden':
      return plan.residue ? compareHidden(member) : undefined
    case 'field': {
      const { key } = member
      const read = readField(member)
      return (run, at, into) => {
        into[key] = read(run, at)
        return at
      }
    }
    case 'group': {
      const { key } = member
      const read = readAll(member.members, plan)
      return (run, at, into) => {
        const inner: Filling = {}
        into[key] = inner
        return read(run, at, inner)
      }
    }
    case 'table':
      return readTable(member, plan)
    case 'choice':
      return member.rule ? readChoice(member, plan) : readUndeclared(member, plan)
  }
}

export function compareHidden({ offset, bytes }: HiddenMember): Read {
  return (run, at) => {
    const { source, trace } = run
    const from = at + offset
    for (let i = 0; i < bytes.length; i++) if (source[from + i] !== bytes[i]) trace.residue = true
    return at
  }
}

function readField(member: FieldMember): (run: Run, at: number) => JsonValue {
  const { store, offset } = member
  return (run, at) => {
    const value = store.read(run.source, at + offset, run.trace)
    return value === undefined ? invalidValue(member, at + offset, run) : value
  }
}

function readTable(member: TableMember, plan: Plan): Read {
  const { counter, maximum, stride, offset, depth, key, hidden, element, padding } = member
  const checkPadding = padding && plan.residue ? compareHidden(padding) : undefined
  const readScalar = element.kind === 'field' ? readField(element) : undefined
  const readGroup = element.kind === 'group' ? readAll(element.members, plan) : undefined
  return (run, at, into) => {
    const count = counter ? counter.read(run.source, counterAt(member, run, at), run) : maximum
    const list: JsonValue[] = []
    let position = at + offset
    for (let i = 0; i < count; i++) {
      run.indexes[depth] = i
      if (readScalar) {
        list.push(readScalar(run, position))
        checkPadding?.(run, position, into)
        position += stride
      } else {
        const inner: Filling = {}
        list.push(inner)
        position = (readGroup?.(run, position, inner) ?? position) + stride
      }
    }
    if (!hidden) into[key] = list
    return position - offset - maximum * stride
  }
}

/** Position of a table's counter in the record at hand. */
export function counterAt({ counter }: TableMember, run: Run, at: number): number {
  return counter?.offset === undefined ? (counter?.place(run) ?? 0) : at + counter.offset
}

/** Position of the field that decides about a view. */
export function deciderAt({ rule }: ChoiceMember, run: Run, at: number): number {
  return rule?.offset === undefined ? (rule?.place(run) ?? 0) : at + rule.offset
}

function readChoice(member: ChoiceMember, plan: Plan): Read {
  const { rule, key } = member
  const views = member.views.map((view) => readAll(view.members, plan))
  return (run, at, into) => {
    const view = views[rule?.choose(run.source, deciderAt(member, run, at)) ?? -1]
    if (view) view(run, at, into)
    else into[key] = unknownView(member, rule?.by.name ?? 'FILLER', at, run)
    return at
  }
}

/** Nothing says which view holds: shown is each that can be read, or the first of them. The first is the one that is written back. */
function readUndeclared(member: ChoiceMember, plan: Plan): Read {
  const views = member.views.map((view) => readAll(view.members, plan))
  return (run, at, into) => {
    let firstFailure: Failure | undefined
    let shown = false
    for (const view of views) {
      const inner: Filling = {}
      const before = run.trace.residue
      try {
        view(run, at, inner)
      } catch (error) {
        if (!isFailure(error)) throw error
        firstFailure ??= error
        run.trace.residue = before
        continue
      }
      if (shown) run.trace.residue = before
      Object.assign(into, inner)
      shown = true
      if (plan.views === 'first') break
    }
    if (!shown && firstFailure) throw firstFailure
    return at
  }
}
