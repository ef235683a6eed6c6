// Decoding to JSON bytes: the same structure as read-object.ts, written from left to right. Every member begins with its comma; the first comma
// of an object or array becomes its opening bracket.

import type { ChoiceMember, FieldMember, GroupMember, Member, Plan, TableMember } from '../plan/plan.ts'
import { type Chunks, type Structure, stretches } from './chunks.ts'
import { appendField, appendLiteral, keyBytes, mostJson } from './json-value.ts'
import { countNow, readableViews } from './read-object.ts'
import { noteOdd, type Run, room, unknownView } from './run.ts'

/** Appends the members of a scope whose origin is `at` to `run.out` from `to` on; gives the new end. Leaves the origin of what follows in `run.origin`. */
type Append = (run: Run, at: number, to: number) => number

/** Appends the record that starts at `run.start` from `to` on, without the closing bracket; gives the new end. */
export function jsonReader(plan: Plan, chunks: Chunks): (run: Run, to: number) => number {
  const append = appendAll(plan.members, plan, chunks)
  return (run, to) => {
    const end = append(run, run.start, to)
    room(run, end + 1)
    run.out[to] = OPEN_OBJECT
    return end === to ? to + 1 : end
  }
}

const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const COMMA = 0x2c

function appendAll(members: readonly Member[], plan: Plan, chunks: Chunks): Append {
  const steps = stretches(members, plan.residue).flatMap((part): Append[] => {
    if (!Array.isArray(part)) return structureAppender(part, plan, chunks)
    const append = chunks.readJson(part, plan)
    return [
      (run, at, to) => {
        run.origin = at
        return append(run, at, to)
      },
    ]
  })
  return (run, at, from) => {
    let to = from
    run.origin = at
    for (const step of steps) to = step(run, run.origin, to)
    return to
  }
}

function structureAppender(member: Structure, plan: Plan, chunks: Chunks): Append[] {
  switch (member.kind) {
    case 'group':
      return [appendGroup(member, plan, chunks)]
    case 'table':
      return [appendTable(member, plan, chunks)]
    case 'choice':
      return [member.rule ? appendChoice(member, plan, chunks) : appendUndeclared(member, plan, chunks)]
    case 'fill':
      return []
  }
}

function appendGroup({ key, members }: GroupMember, plan: Plan, chunks: Chunks): Append {
  const keys = keyBytes(key)
  const append = appendObject(members, plan, chunks)
  return (run, at, to) => {
    room(run, to + keys.length)
    run.out.set(keys, to)
    return append(run, at, to + keys.length)
  }
}

function appendObject(members: readonly Member[], plan: Plan, chunks: Chunks): Append {
  const append = appendAll(members, plan, chunks)
  return (run, at, from) => {
    const end = append(run, at, from)
    room(run, end + 2)
    run.out[from] = OPEN_OBJECT
    const to = end === from ? from + 1 : end
    run.out[to] = CLOSE_OBJECT
    return to + 1
  }
}

function appendTable(member: TableMember, plan: Plan, chunks: Chunks): Append {
  const { maximum, stride, offset, depth, key, hidden, element } = member
  const keys = hidden ? new Uint8Array(0) : keyBytes(key)
  const appendElement =
    element.kind === 'group' ? appendObject(element.members, plan, chunks) : appendScalar(element, plan)
  return (run, at, from) => {
    const count = countNow(member, run, at)
    room(run, from + keys.length + 1)
    run.out.set(keys, from)
    const start = from + keys.length
    let to = start
    let position = at + offset
    for (let i = 0; i < count; i++) {
      run.indexes[depth] = i
      room(run, to + 1)
      run.out[to++] = COMMA
      to = appendElement(run, position, to)
      position = run.origin + stride
    }
    run.origin = position - offset - maximum * stride
    if (hidden) return from
    room(run, to + 2)
    run.out[start] = OPEN_ARRAY
    if (to === start) to++
    run.out[to] = CLOSE_ARRAY
    return to + 1
  }
}

function appendScalar(element: FieldMember, { residue }: Plan): Append {
  const most = mostJson(element)
  return (run, at, to) => {
    room(run, to + most)
    const end = appendField(element, run, at, to)
    if (residue && run.trace.residue) noteOdd(element, run, at)
    run.origin = at
    return end
  }
}

function appendChoice(member: ChoiceMember, plan: Plan, chunks: Chunks): Append {
  const { rule, key } = member
  const keys = keyBytes(key)
  const views = member.views.map((view) => appendAll(view.members, plan, chunks))
  return (run, at, to) => {
    const view = views[rule?.choose(run, at) ?? -1]
    if (view) {
      const end = view(run, at, to)
      run.origin = at
      return end
    }
    const value = unknownView(member, rule?.by ?? '', at, run)
    room(run, to + keys.length)
    run.out.set(keys, to)
    return appendLiteral(JSON.stringify(value), run, to + keys.length)
  }
}

function appendUndeclared(member: ChoiceMember, plan: Plan, chunks: Chunks): Append {
  const views = member.views.map((view) => appendAll(view.members, plan, chunks))
  return (run, at, from) => {
    let to = from
    readableViews(run, plan, views, (view) => {
      const end = view(run, at, to)
      return () => {
        to = end
      }
    })
    run.origin = at
    return to
  }
}
