// The fast path of encoding: straight from JSON bytes, without objects between, for records of fixed length and JSON as this codec writes it,
// with all names in the order of the record and no white space. Anything else, errors included, falls back to the object encoder; both give
// the same bytes.
//
// The JSON lies in `run.out`, with zeros behind it, so that nothing needs to ask for its end. Every member begins with its comma; the bracket in
// front of the first was made one.

import type { ChoiceMember, GroupMember, Member, Plan, TableMember } from '../plan/plan.ts'
import { type Chunks, type Structure, stretches } from './chunks.ts'
import { keyBytes, QUOTE } from './json-value.ts'
import { jsonReader } from './read-json.ts'
import { aimJson, newRun, type Run } from './run.ts'
import { isAt, latin, type Take, takeField } from './take-field.ts'
import { writeFill } from './write-object.ts'

const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const COMMA = 0x2c

/** Room behind the JSON, for reads of several bytes at once. */
const zeros = 16

/** Lays the JSON into the run; gives its length. */
export function aimAt(run: Run, json: string | Uint8Array): number {
  const most = typeof json === 'string' ? 3 * json.length : json.length
  if (run.out.length < most + zeros) aimJson(run, new Uint8Array(2 * most + 1024))
  let length = most
  if (typeof json === 'string') length = encoder.encodeInto(json, run.out).written
  else run.out.set(json)
  run.out.fill(0, length, length + zeros)
  return length
}

const encoder = new TextEncoder()

/** Reads a record that begins at `from` up to its `$residue` or closing bracket; gives that position, or -1. Undefined where a plan is not for this way. */
export function jsonTaker(plan: Plan, chunks: Chunks): ((run: Run, from: number) => number) | undefined {
  if (!plan.fixed || plan.slots > 0 || [...plan.fields.values()].some((one) => one.asNumber)) return undefined
  const take = takeAll(plan.members, plan, chunks)
  return take && ((run, from) => (open(run, from, OPEN_OBJECT) ? take(run, run.start, from) : -1))
}

const residueKey = keyBytes('$residue')
const whiteSpace: readonly (number | undefined)[] = [0x20, 0x0a, 0x0d, 0x09]

/** What stands between the members and the end of the JSON: its `$residue` or, without one, ''. Undefined for anything else. */
export function residueIn(run: Run, at: number, length: number, allowed: boolean): string | undefined {
  const { out } = run
  let [start, end] = [at, at]
  if (allowed && isAt(residueKey, run, at)) {
    start = at + residueKey.length + 1
    end = out.indexOf(QUOTE, start)
    if (out[start - 1] !== QUOTE || end <= start) return undefined
  }
  let last = length - 1
  while (whiteSpace.includes(out[last])) last--
  if (last !== (end > at ? end + 1 : at) || out[last] !== CLOSE_OBJECT) return undefined
  const residue = latin(out, start, end)
  return /^[\w:*= ]*$/.test(residue) ? residue : undefined
}

/** Makes a bracket the comma in front of what follows it. */
function open({ out }: Run, at: number, bracket: number): boolean {
  if (out[at] !== bracket) return false
  out[at] = COMMA
  return true
}

function takeAll(members: readonly Member[], plan: Plan, chunks: Chunks): Take | undefined {
  const steps: Take[] = []
  for (const part of stretches(members, false)) {
    const step = Array.isArray(part)
      ? chunks.takeJson(part.filter((one) => one.kind === 'field'))
      : takeStructure(part, plan, chunks)
    if (!step) return undefined
    steps.push(step)
  }
  return (run, at, from) => {
    let next = from
    for (const step of steps) {
      if (next < 0) break
      next = step(run, at, next)
    }
    return next
  }
}

function takeStructure(member: Structure, plan: Plan, chunks: Chunks): Take | undefined {
  switch (member.kind) {
    case 'fill': {
      const fill = writeFill(member)
      return (run, at, from) => {
        fill(run, at, {})
        return from
      }
    }
    case 'group':
      return takeGroup(member, plan, chunks)
    case 'table':
      return takeTable(member, plan, chunks)
    case 'choice':
      return takeChoice(member, plan, chunks)
  }
}

function takeGroup({ key, members }: GroupMember, plan: Plan, chunks: Chunks): Take | undefined {
  const keys = keyBytes(key)
  const take = takeObject(members, plan, chunks)
  return take && ((run, at, from) => (isAt(keys, run, from) ? take(run, at, from + keys.length) : -1))
}

function takeObject(members: readonly Member[], plan: Plan, chunks: Chunks): Take | undefined {
  const take = takeAll(members, plan, chunks)
  if (!take || !members.some((one) => one.kind === 'field' || one.kind === 'group')) return undefined
  return (run, at, from) => {
    const end = open(run, from, OPEN_OBJECT) ? take(run, at, from) : -1
    return end >= 0 && run.out[end] === CLOSE_OBJECT ? end + 1 : -1
  }
}

const comma = keyBytes(undefined)

function takeTable(member: TableMember, plan: Plan, chunks: Chunks): Take | undefined {
  const { maximum, stride, offset, depth, key, element } = member
  const take =
    element.kind === 'field'
      ? takeField({ ...element, offset: 0 }, comma)
      : takeElement(takeObject(element.members, plan, chunks))
  if (!take) return undefined
  const keys = keyBytes(key)
  return (run, at, from) => {
    const start = from + keys.length
    if (!isAt(keys, run, from) || !open(run, start, OPEN_ARRAY)) return -1
    let next = start
    for (let i = 0; i < maximum && next >= 0; i++) {
      run.indexes[depth] = i
      next = take(run, at + offset + i * stride, next)
    }
    return next >= 0 && run.out[next] === CLOSE_ARRAY ? next + 1 : -1
  }
}

function takeElement(take: Take | undefined): Take | undefined {
  return take && ((run, at, from) => (run.out[from] === COMMA ? take(run, at, from + 1) : -1))
}

/** The view that the JSON has; others beside it must say what its bytes say. */
function takeChoice(member: ChoiceMember, plan: Plan, chunks: Chunks): Take | undefined {
  const { rule, views } = member
  const keys = views.flatMap((view) => view.keys)
  if ((rule && !rule.before) || new Set(keys).size < keys.length) return undefined
  const takes = views.map(({ keys: [first], members }) => {
    const take = takeAll(members, plan, chunks)
    return first !== undefined && take
      ? { first: keyBytes(first), take, again: comparer(members, plan, chunks) }
      : undefined
  })
  if (!takes.every((one) => one !== undefined)) return undefined
  const isAlone = rule !== undefined || plan.views !== 'all'
  const isChosen = (run: Run, at: number, index: number) => !rule || rule.choose(run, at) === index
  return (run, at, from) => {
    const chosen = takes.findIndex(({ first }) => isAt(first, run, from))
    let next = takes[chosen]?.take(run, at, from) ?? -1
    if (next < 0 || !isChosen(run, at, chosen)) return -1
    for (let i = chosen + 1; i < takes.length && next >= 0; i++) {
      const other = takes[i]
      if (other && isAt(other.first, run, next)) next = isAlone ? -1 : passed(other.again, run, at, next)
    }
    return next
  }
}

/** Passes over a view; a `$residue` may follow, which changes what the bytes say. */
function passed(again: Take, run: Run, at: number, from: number): number {
  const indexes = run.indexes.slice()
  run.compared.push(() => {
    run.indexes.set(indexes)
    return again(run, at, from) >= 0
  })
  return again(run, at, from)
}

/** Passes over members that say exactly what the bytes already say. */
function comparer(members: readonly Member[], plan: Plan, chunks: Chunks): Take {
  const other = newRun(plan)
  const read = jsonReader({ ...plan, members, residue: false }, chunks)
  return (run, at, from) => {
    other.source = run.source
    other.start = at
    other.end = run.source.length
    other.indexes.set(run.indexes)
    try {
      const end = read(other, 0)
      other.out[0] = COMMA
      return isAt(other.out.subarray(0, end), run, from) ? from + end : -1
    } catch {
      return -1
    }
  }
}
