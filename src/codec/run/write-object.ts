// Encoding from JavaScript objects: canonical bytes first (fill), then every value over them. Structure here, stretches of fields by chunks.

import { isObject, type JsonObject, type JsonValue } from '../../contract/json.ts'
import { failure } from '../../error/failure.ts'
import { writeHex } from '../kind/bytes.ts'
import { sizesOf } from '../plan/counter.ts'
import type { OutsideCount } from '../plan/geometry.ts'
import { keysOf } from '../plan/names.ts'
import type {
  ChoiceMember,
  Counter,
  FieldMember,
  FillMember,
  GroupMember,
  Member,
  Plan,
  TableMember,
  View,
} from '../plan/plan.ts'
import { type Chunks, type Structure, stretches } from './chunks.ts'
import { writeField } from './closure-chunks.ts'
import { counterAt, objectReader } from './read-object.ts'
import { factsOf, isRaw, memberOf, newRun, pathNow, type Run, typeWord } from './run.ts'

/** Writes a member whose scope's origin is `at` from an object; gives the origin of what follows. */
type Write = (run: Run, at: number, from: JsonObject) => number

/** Writes a record from `run.start` on into `run.source` (which grows); gives the length of its bytes. */
export function objectWriter(plan: Plan, chunks: Chunks): (run: Run, value: JsonObject) => number {
  const write = writeObject(plan.members, { plan, chunks }, '')
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
  readonly chunks: Chunks
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
  const steps = writeSteps(members, writing)
  const order = members.flatMap(keysOf)
  if (path === '' && writing.plan.residue) order.push('$residue')
  const known = new Set(order)
  return (run, at, from) => {
    let origin = at
    for (const step of steps) origin = step(run, origin, from)
    let i = 0
    for (const key of Object.keys(from)) {
      if (key !== order[i++] && !known.has(key)) throw unknownKey(key, path, run, writing.plan)
    }
    return origin
  }
}

function writeSteps(members: readonly Member[], writing: Writing): Write[] {
  const { chunks, plan } = writing
  return stretches(members, false).flatMap((part): Write[] => {
    if (!Array.isArray(part)) return writerOf(part, writing)
    const write = chunks.write(
      part.filter((one) => one.kind === 'field'),
      plan,
    )
    return [
      (run, at, from) => {
        write(run, at, from)
        return at
      },
    ]
  })
}

/** The name is the caller's: shown only as far as a name of ours could look. */
export function unknownKey(key: string, path: string, run: Run, plan: Plan) {
  const safe = /^[\w$-]{1,60}$/.test(key) ? key : '(another name)'
  const where = pathNow(path, run)
  return failure('VALUE_UNKNOWN', { path: where === '' ? safe : `${where}.${safe}`, record: plan.layout.name })
}

function writerOf(member: Structure, writing: Writing): Write[] {
  switch (member.kind) {
    case 'fill':
      return [writeFill(member)]
    case 'group':
      return [writeGroup(member, writing)]
    case 'table':
      return [writeTable(member, writing)]
    case 'choice':
      return [writeChoice(member, writing)]
  }
}

/** Lays down the canonical bytes of a stretch before its fields are written. */
export function writeFill({ offset, bytes }: FillMember): Write {
  return (run, at) => {
    reserve(run, at + offset + bytes.length)
    run.source.set(bytes, at + offset)
    return at
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
  const { stride, offset, maximum, depth, element, last } = member
  const write = writeOccurrence(member, element, writing)
  const writeLast = last && writeOccurrence(member, last, writing)
  const moving = isMoving(member)
  return (run, at, from) => {
    const list = listOf(member, from, run)
    const count = countOf(member, list, run, at)
    const steps = member.counter || member.outside ? count : Math.max(list.length, moving ? maximum : 0)
    if (element.kind === 'field') reserve(run, at + offset + count * stride)
    let position = at + offset
    for (let i = 0; i < steps; i++) {
      run.indexes[depth] = i
      position = (writeLast && i === maximum - 1 ? writeLast : write)(run, position, list[i])
    }
    return position + (count - steps) * stride - offset - maximum * stride
  }
}

function writeOccurrence(member: TableMember, element: TableMember['element'], writing: Writing): WriteElement {
  return element.kind === 'field' ? writeScalar(member, element, writing) : writeElement(member, element, writing)
}

type WriteElement = (run: Run, at: number, value: JsonValue | undefined) => number

function writeScalar({ stride }: TableMember, element: FieldMember, { plan }: Writing): WriteElement {
  return (run, at, value) => {
    writeField(element, value, run, at, plan.page.name)
    return at + stride
  }
}

function writeElement({ stride, hidden }: TableMember, element: GroupMember, writing: Writing): WriteElement {
  const write = writeObject(element.members, writing, element.path)
  return (run, at, value) => write(run, at, hidden ? empty : objectOf(element, value, run)) + stride
}

/** Whether the elements themselves vary in length, so that each must be written. */
export function isMoving({ element }: TableMember): boolean {
  return element.kind === 'group' && element.members.some((one) => one.kind === 'fill')
}

function listOf(member: TableMember, from: JsonObject, run: Run): readonly JsonValue[] {
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
  const { counter, outside, minimum, maximum, hidden } = member
  const got = list.length
  if (outside) return countOutside(member, outside, got, run)
  if (counter && hidden) return countHidden(member, counter, run, at)
  if (counter) {
    if (got < minimum || got > maximum) throw wrongSize(member, got, run)
    agree(member, counter, got, run, at)
    return got
  }
  if (got > maximum || (got < maximum && !hidden && isMoving(member))) throw wrongSize(member, got, run)
  return maximum
}

/** A table that JSON does not show has as many occurrences as its counter says, or the fewest. */
function countHidden(member: TableMember, counter: Counter, run: Run, at: number): number {
  const said = run.counted[counter.slot]
  const unsaid = said === 0 || said === 3
  const count = unsaid ? counter.least : counter.read(run.source, counterAt(member, run, at), run)
  agree(member, counter, count, run, at)
  return count
}

/** Makes the counter say a number of elements. Throws COUNTER_DISAGREES, COUNT_WITHOUT_VALUE, TABLE_SIZE_WRONG where it says another or cannot. */
function agree(member: TableMember, counter: Counter, count: number, run: Run, at: number): void {
  const position = counterAt(member, run, at)
  const said = run.counted[counter.slot]
  if (said === 0 || (said === 2 && counter.codes)) {
    if (!settle(counter, count, run, position)) throw countless(member, count, run)
    run.counted[counter.slot] = 2
  } else if (count !== (said === 3 ? counter.least : counter.read(run.source, position, run))) {
    const { path } = factsOf(member, run)
    const [field, table] = [counter.item.name ?? 'FILLER', member.item.name ?? 'FILLER']
    throw failure('COUNTER_DISAGREES', { field, table, path, got: count })
  }
}

/** Puts a number of elements into a counter that nobody gave; false where it cannot say that number, or not with what it says of other tables. */
function settle(counter: Counter, count: number, run: Run, position: number): boolean {
  const { codes, slot } = counter
  if (!codes) return counter.write(String(count), run.source, position)
  const possible = run.counted[slot] === 0 ? [...codes.keys()] : (run.codes[slot] ?? [])
  const fitting = possible.filter((code) => codes.get(code) === count)
  run.codes[slot] = fitting
  const [code] = fitting
  return code !== undefined && counter.write(code, run.source, position)
}

function countOutside(member: TableMember, { least, most }: OutsideCount, got: number, run: Run): number {
  if (member.hidden) return least
  if (got < least || got > most) throw wrongSize(member, got, run)
  return got
}

/** A counter that cannot say a number that its table allows. */
function countless(member: TableMember, got: number, run: Run) {
  if (!member.counter?.codes) return wrongSize(member, got, run)
  return failure('COUNT_WITHOUT_VALUE', { ...factsOf(member, run), counter: member.counter.item.name ?? 'FILLER', got })
}

function wrongSize(member: TableMember, got: number, run: Run) {
  const { field, path } = factsOf(member, run)
  const { least: minimum, most: maximum } = sizesOf(member)
  return failure('TABLE_SIZE_WRONG', { field, path, minimum, maximum, got })
}

function writeChoice(member: ChoiceMember, writing: Writing): Write {
  const views = member.views.map((view) => ({
    view,
    write: writeSteps(view.members, writing),
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
    if (first) {
      for (const step of first.write) step(run, at, from)
      checkRule(member, member.views.indexOf(first.view), run, at)
    } else writeMissing(member, views, run, at)
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
function writeUnchosen(member: ChoiceMember, value: JsonValue | undefined, run: Run, at: number): boolean {
  const { rule, policy, views, key } = member
  if (!rule) return false
  // A view that is one field goes by the same name, and may be null or raw itself.
  const own = views.flatMap(({ members }) => members).find((one) => one.kind === 'field' && one.key === key)
  const field = own?.kind === 'field' ? own : undefined
  if (value === null && (policy === 'null' || policy === 'zero')) {
    whenChosen(member, run, at, (index) => {
      if (field && views[index]?.members.includes(field)) run.source.set(field.store.initial, at + field.offset)
    })
    return true
  }
  if (!isRaw(value) || policy !== 'raw') return false
  if (writeHex(value.$raw, run.source, at + member.offset, member.length)) return true
  if (field) return false
  throw failure('VALUE_NOT_HEX', { ...factsOf(member, run), bytes: member.length })
}

interface ViewWriter {
  readonly view: View
  readonly write: readonly Write[]
}

/** No view was given: the one that the deciding field chooses is written with all its values left out, where they may be. */
function writeMissing(member: ChoiceMember, views: readonly ViewWriter[], run: Run, at: number): void {
  whenChosen(member, run, at, (index) => {
    const chosen = views[index]
    if (chosen ? chosen.view.required : member.required) {
      const path = member.path.replace(/[^.]*$/, chosen?.view.keys[0] ?? member.key)
      throw failure('VALUE_MISSING', { ...factsOf(member, run), path: pathNow(path, run) })
    }
    for (const step of chosen?.write ?? []) step(run, at, empty)
  })
}

/** Tells which view the deciding field chooses (the first without one), at the end where that field is written later. */
function whenChosen(member: ChoiceMember, run: Run, at: number, take: (index: number) => void): void {
  const { rule } = member
  const choose = () => take(rule ? rule.choose(run, at) : 0)
  if (!rule || rule.before) choose()
  else run.deferred.push(inPlace(run, choose))
}

/** Runs later as if at the indexes of now. */
function inPlace(run: Run, check: () => void): () => void {
  const indexes = run.indexes.slice()
  return () => {
    run.indexes.set(indexes)
    check()
  }
}

/** The deciding fields must choose the view that was given. */
function checkRule(member: ChoiceMember, index: number, run: Run, at: number): void {
  const { rule } = member
  if (!rule) return
  whenChosen(member, run, at, (chosen) => {
    if (chosen === index) return
    const check = () => {
      if (rule.choose(run, at) !== index) throw disagreeingView(member, index, rule.by, run)
    }
    run.unchosen.push(inPlace(run, check))
  })
}

function disagreeingView(member: ChoiceMember, index: number, by: string, run: Run) {
  const { field, path } = factsOf(member, run)
  const view = member.views[index]?.keys.join(', ') ?? ''
  return failure('VIEW_DISAGREES', { field, path, view, by })
}

/** Whether a view that was given beside the written one says the same as the bytes. */
function viewCheck(view: View, { plan, chunks }: Writing): (run: Run, at: number, from: JsonObject) => boolean {
  const read = objectReader({ ...plan, members: view.members }, chunks)
  return (run, at, from) => {
    const second = newRun(plan)
    Object.assign(second, { source: run.source, start: at, end: run.source.length, indexes: run.indexes })
    const value = read(second)
    return view.keys.every((key) => JSON.stringify(value[key]) === JSON.stringify(memberOf(from, key)))
  }
}
