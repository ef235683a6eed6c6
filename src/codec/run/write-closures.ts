// Encoding by closures: canonical bytes first (fill), then every value over them. Used where code generation is forbidden.

import type { JsonObject, JsonValue } from '../../contract/json.ts'
import { failure } from '../../error/failure.ts'
import { writeHex } from '../kind/bytes.ts'
import { refused } from '../kind/kind.ts'
import type { ChoiceMember, FieldMember, FillMember, GroupMember, Member, Plan, TableMember, View } from '../plan.ts'
import { counterAt, deciderAt, objectReader } from './read-closures.ts'
import { factsOf, isObject, isRaw, newRun, pathNow, type Run, refusal, typeWord, writeOther } from './run.ts'

/** Writes a member whose scope's origin is `at` from an object; gives the origin of what follows. */
type Write = (run: Run, at: number, from: JsonObject) => number

/** Writes a record from `run.start` on into `run.source` (which grows); gives the length of its bytes. */
export function objectWriter(plan: Plan, codePage: string): (run: Run, value: JsonObject) => number {
  const write = writeObject(plan.members, { plan, codePage }, '')
  return (run, value) => {
    run.counted.fill(0)
    const origin = write(run, run.start, value)
    const length = origin - run.start + plan.length
    if (plan.variable === 'current' || length === plan.length) return length
    reserve(run, run.start + plan.length)
    run.source.fill(0, run.start + length, run.start + plan.length)
    return plan.length
  }
}

interface Writing {
  readonly plan: Plan
  readonly codePage: string
}

/** Makes room up to `end`. */
export function reserve(run: Run, end: number): void {
  if (end <= run.source.length) return
  const larger = new Uint8Array(Math.max(end, 2 * run.source.length))
  larger.set(run.source)
  run.source = larger
}

/** Writes all members and refuses names that the object does not have. */
function writeObject(members: readonly Member[], writing: Writing, path: string): Write {
  const steps = members.flatMap((member) => writerOf(member, writing) ?? [])
  const known = new Set(members.flatMap(keysOf))
  if (path === '' && writing.plan.residue) known.add('$residue')
  return (run, at, from) => {
    let origin = at
    for (const step of steps) origin = step(run, origin, from)
    for (const key of Object.keys(from)) if (!known.has(key)) throw unknownKey(key, path, run, writing.plan)
    return origin
  }
}

function keysOf(member: Member): readonly string[] {
  if (member.kind === 'hidden' || member.kind === 'fill') return []
  if (member.kind === 'choice') return member.views.flatMap((view) => view.keys)
  return [member.key]
}

/** The name is the caller's: shown only as far as a name of ours could look. */
export function unknownKey(key: string, path: string, run: Run, plan: Plan) {
  const safe = /^[\w$-]{1,60}$/.test(key) ? key : '(another name)'
  const where = pathNow(path, run)
  return failure('VALUE_UNKNOWN', { path: where === '' ? safe : `${where}.${safe}`, record: plan.layout.name })
}

/** Own members only: `constructor` and its like are names as any other. */
export function memberOf(from: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(from, key) ? from[key] : undefined
}

function writerOf(member: Member, writing: Writing): Write | undefined {
  switch (member.kind) {
    case 'hidden':
      return undefined
    case 'fill':
      return writeFill(member)
    case 'field': {
      const write = writeField(member, writing)
      return (run, at, from) => {
        write(run, at, memberOf(from, member.key))
        return at
      }
    }
    case 'group':
      return writeGroup(member, writing)
    case 'table':
      return writeTable(member, writing)
    case 'choice':
      return writeChoice(member, writing)
  }
}

export function writeFill({ offset, bytes }: FillMember): Write {
  return (run, at) => {
    reserve(run, at + offset + bytes.length)
    run.source.set(bytes, at + offset)
    return at
  }
}

function writeField(
  member: FieldMember,
  { codePage }: Writing,
): (run: Run, at: number, value: JsonValue | undefined) => void {
  const { store, offset, slot } = member
  return (run, at, value) => {
    if (slot !== undefined) run.counted[slot] = value === undefined ? 0 : 1
    if (typeof value !== 'string') return writeOther(member, value, at + offset, run)
    const verdict = store.write(value, run.source, at + offset)
    if (verdict !== refused.none) throw refusal(member, verdict, run, codePage)
  }
}

const empty: JsonObject = {}

function writeGroup(member: GroupMember, writing: Writing): Write {
  const write = writeObject(member.members, writing, member.path)
  return (run, at, from) => write(run, at, objectOf(member, memberOf(from, member.key), run))
}

/** The object of a group; an empty one where it may be left out. */
export function objectOf(member: GroupMember, value: JsonValue | undefined, run: Run): JsonObject {
  if (isObject(value)) return value
  if (value !== undefined) {
    throw failure('VALUE_TYPE_WRONG', { ...factsOf(member, run), expected: 'an object', found: typeWord(value) })
  }
  if (member.required) throw failure('VALUE_MISSING', factsOf(member, run))
  return empty
}

function writeTable(member: TableMember, writing: Writing): Write {
  const { stride, offset, maximum, depth, element, padding } = member
  const scalar = element.kind === 'field' ? writeField(element, writing) : undefined
  const group = element.kind === 'group' ? writeObject(element.members, writing, element.path) : undefined
  return (run, at, from) => {
    const list = listOf(member, from, run)
    const count = countOf(member, list, run, at)
    const steps = member.counter ? count : Math.max(list.length, isMoving(member) ? maximum : 0)
    let position = at + offset
    if (scalar) reserve(run, position + count * stride)
    for (let i = 0; i < steps; i++) {
      run.indexes[depth] = i
      if (scalar) {
        if (member.counter && padding) run.source.set(padding.bytes, position + padding.offset)
        scalar(run, position, list[i])
        position += stride
      } else if (element.kind === 'group' && group) {
        position = group(run, position, member.hidden ? empty : objectOf(element, list[i], run)) + stride
      }
    }
    if (steps < count) position += (count - steps) * stride
    return position - offset - maximum * stride
  }
}

/** Whether the elements themselves vary in length, so that each must be written. */
function isMoving({ element }: TableMember): boolean {
  return element.kind === 'group' && element.members.some((one) => one.kind === 'fill')
}

export function listOf(member: TableMember, from: JsonObject, run: Run): readonly JsonValue[] {
  if (member.hidden) return []
  const value = memberOf(from, member.key)
  if (Array.isArray(value)) return value
  if (value !== undefined) {
    throw failure('VALUE_TYPE_WRONG', { ...factsOf(member, run), expected: 'an array', found: typeWord(value) })
  }
  if (member.required) throw failure('VALUE_MISSING', factsOf(member, run))
  return []
}

/** Number of occurrences to write; puts it into the counter, or checks it against the counter that was given. */
export function countOf(member: TableMember, list: readonly JsonValue[], run: Run, at: number): number {
  const { counter, minimum, maximum, hidden } = member
  const got = list.length
  if (!counter) {
    if (got > maximum || (got < maximum && !hidden && isMoving(member))) throw wrongSize(member, got, run)
    return maximum
  }
  const position = counterAt(member, run, at)
  const said = run.counted[counter.slot]
  if (hidden) return said === 0 ? minimum : counter.read(run.source, position, run)
  if (got < minimum || got > maximum) throw wrongSize(member, got, run)
  if (said !== 0 && Number(counter.store.read(run.source, position, { residue: false })) !== got) {
    const { path } = factsOf(member, run)
    const [field, table] = [counter.item.name ?? 'FILLER', member.item.name ?? 'FILLER']
    throw failure('COUNTER_DISAGREES', { field, table, path, got })
  }
  if (said === 0 && !counter.write(got, run.source, position)) throw wrongSize(member, got, run)
  run.counted[counter.slot] = 2
  return got
}

function wrongSize(member: TableMember, got: number, run: Run) {
  const { field, path } = factsOf(member, run)
  const { minimum, maximum } = member
  return failure('TABLE_SIZE_WRONG', { field, path, minimum, maximum, got })
}

function writeChoice(member: ChoiceMember, writing: Writing): Write {
  const views = member.views.map((view) => ({
    view,
    write: view.members.flatMap((one) => writerOf(one, writing) ?? []),
  }))
  const others = member.views.map((view) => viewCheck(view, writing))
  return (run, at, from) => {
    if (writeUnchosen(member, memberOf(from, member.key), run, at)) return at
    const given = views.filter(({ view }) => view.keys.some((key) => memberOf(from, key) !== undefined))
    const [first, ...rest] = given
    if (rest.length > 0 && (member.rule || writing.plan.views !== 'all'))
      throw conflict(
        member,
        given.map((one) => one.view),
        run,
      )
    const chosen = first ?? missingView(member, run, at, views)
    for (const step of chosen?.write ?? []) step(run, at, from)
    if (first) checkRule(member, member.views.indexOf(first.view), run, at)
    for (const { view } of rest) {
      const matches = others[member.views.indexOf(view)]
      run.afterResidue.push(() => {
        if (!matches?.(run, at, from)) throw conflict(member, [first?.view ?? view, view], run)
      })
    }
    return at
  }
}

function conflict(member: ChoiceMember, views: readonly View[], run: Run) {
  const { field, path } = factsOf(member, run)
  return failure('VIEWS_CONFLICT', { field, path, views: views.flatMap((one) => one.keys).join(', ') })
}

/** Writes what `unknownView` gave; false where the value is that of a view. */
export function writeUnchosen(member: ChoiceMember, value: JsonValue | undefined, run: Run, at: number): boolean {
  if (value === null && (member.policy === 'null' || member.policy === 'zero') && member.rule) return true
  if (!isRaw(value) || member.policy !== 'raw') return false
  if (!writeHex(value.$raw, run.source, at + member.offset, member.length)) {
    throw failure('VALUE_NOT_HEX', { ...factsOf(member, run), bytes: member.length })
  }
  return true
}

/** No view was given: the one that the deciding field chooses is written with all its values left out, where they may be. */
function missingView<V extends { view: View }>(member: ChoiceMember, run: Run, at: number, views: readonly V[]) {
  const { rule } = member
  const chosen = rule?.before ? views[rule.choose(run.source, deciderAt(member, run, at))] : views[0]
  if (chosen ? chosen.view.required : member.required) {
    const path = member.path.replace(/[^.]*$/, chosen?.view.keys[0] ?? member.key)
    throw failure('VALUE_MISSING', { ...factsOf(member, run), path: pathNow(path, run) })
  }
  return rule && !rule.before ? undefined : chosen
}

/** The deciding field must choose the view that was given; checked at the end where it is written later. */
export function checkRule(member: ChoiceMember, index: number, run: Run, at: number): void {
  const { rule } = member
  if (!rule) return
  const facts = factsOf(member, run)
  const indexes = run.indexes.slice()
  const check = () => {
    run.indexes.set(indexes)
    if (rule.choose(run.source, deciderAt(member, run, at)) === index) return
    const view = member.views[index]?.keys.join(', ') ?? ''
    throw failure('VIEW_DISAGREES', { field: facts.field, path: facts.path, view, by: rule.by.name ?? 'FILLER' })
  }
  if (rule.before) check()
  else run.deferred.push(check)
}

/** Whether a view that was given beside the written one says the same as the bytes. */
function viewCheck(view: View, { plan }: Writing): (run: Run, at: number, from: JsonObject) => boolean {
  const read = objectReader({ ...plan, members: view.members })
  return (run, at, from) => {
    const second = newRun(plan)
    Object.assign(second, { source: run.source, start: at, end: run.source.length, indexes: run.indexes })
    const value = read(second)
    return view.keys.every((key) => JSON.stringify(value[key]) === JSON.stringify(memberOf(from, key)))
  }
}
