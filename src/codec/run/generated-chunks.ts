// Stretches of fields as generated JavaScript: constant offsets, keys as constant stores, no closure between fields.
// The text that is compiled is made of numbers and of names quoted by JSON.stringify; nothing else of a layout enters it.

import type { JsonObject } from '../../contract/json.ts'
import { textStage } from '../kind/bytes.ts'
import { type Kind, refused, type Special } from '../kind/kind.ts'
import type { FieldMember, Plan } from '../plan/plan.ts'
import type { Chunks, Filling, Simple } from './chunks.ts'
import { closureChunks, compareHidden, readField } from './closure-chunks.ts'
import { type AppendValue, appendSlowly, directAppend, keyBytes, mostJson } from './json-value.ts'
import { memberOf, noteOdd, type Run, refusal, room, saidBy, writeOther } from './run.ts'
import { takeSlowly } from './take-field.ts'

/** Generated code where it is allowed, else closures. */
export function generatedChunks(): Chunks {
  return mayGenerate() ? generated : closureChunks
}

/** Whether this process may make functions from text (`--disallow-code-generation-from-strings`, a content security policy). */
export function mayGenerate(): boolean {
  try {
    return new Function('return true')() === true
  } catch {
    return false
  }
}

const generated: Chunks = {
  kind: 'generated',
  // Copied, since V8 gives objects of a literal to the old generation for ever once some have lived long, and their strings with them.
  blank: (keys) =>
    compile<() => Filling>(
      [],
      `const blank = { ${keys.map((key) => `${quoted(key)}: ''`).join(', ')} }\nreturn () => ({ ...blank })`,
      [],
    ),
  readObject: (members, plan) => objectChunk(members, plan),
  readJson: (members, plan) => jsonChunk(members, plan),
  takeJson: (members) => takeChunk(members),
  write: (members, plan) => writeChunk(members, plan),
}

const quoted = (name: string): string => JSON.stringify(name)

/** Compiles `body`, a program that returns a function, with values under names. */
function compile<F>(names: readonly string[], body: string, values: readonly unknown[]): F {
  return new Function(...names, `'use strict'\n${body}`)(...values)
}

type Name = (value: unknown, prefix: string) => string

/** Values that the generated text refers to, each under a name. */
function references(): { name: Name; nameOf: ReadonlyMap<unknown, string> } {
  const nameOf = new Map<unknown, string>()
  const name: Name = (value, prefix) => {
    const known = nameOf.get(value) ?? `${prefix}${nameOf.size}`
    nameOf.set(value, known)
    return known
  }
  return { name, nameOf }
}

const specials = new Map<string, { readonly tables: readonly unknown[]; readonly made: unknown }[]>()

/** The function of a program; made once. */
function specialOf<F>(special: Special): F {
  const [program, names, tables] = [special.program(), Object.keys(special.tables), Object.values(special.tables)]
  const same = specials.get(program) ?? []
  specials.set(program, same)
  const known = same.find((one) => one.tables.every((table, i) => table === tables[i]))
  if (known) return known.made as F
  const made = compile<F>(names, program, tables)
  same.push({ tables, made })
  return made
}

/** What reads a field into text: made for it where its kind says how. */
const appendOf = ({ store: { append, special } }: FieldMember): AppendValue | undefined =>
  special ? specialOf(special) : append

/** What writes a field from JSON, in the same way. */
const writeJsonOf = ({ writeJson, specialWrite }: Kind): Kind['writeJson'] =>
  specialWrite ? specialOf(specialWrite) : writeJson

const scratch = textStage(65_536)

/**
 *     const e0 = append0(source, at + 0, text, 0, trace), p0 = e0 < 0 ? 0 : e0       the texts of all fields, one behind the other
 *     const all = strings.latin1Slice(0, p0)                                         one string
 *     into["name"] = e0 < 0 ? bad1(run, at) : all.substring(0, e0)
 */
function objectChunk(members: readonly Simple[], { residue }: Plan): (run: Run, at: number, into: Filling) => void {
  const texts = members.filter((one): one is FieldMember => one.kind === 'field' && one.store.append !== undefined)
  const needed = texts.reduce((sum, { store }) => sum + store.maximumText, 0)
  const stage = needed <= scratch.bytes.length ? scratch : textStage(needed)
  const { nameOf, name } = references()
  const appends: string[] = []
  const stores: string[] = []
  let end = '0'
  for (const [i, member] of members.entries()) {
    if (member.kind === 'hidden') {
      appends.push(`${name((run: Run, at: number) => compareHidden(member, run, at), 'compare')}(run, at)`)
      continue
    }
    const slow = name((run: Run, at: number) => readField(member, run, at), 'read')
    const append = member.asNumber ? undefined : appendOf(member)
    if (!append) {
      stores.push(`into[${quoted(member.key)}] = ${slow}(run, at)`)
      continue
    }
    appends.push(`const e${i} = ${name(append, 'append')}(source, at + ${member.offset}, text, ${end}, trace)`)
    if (residue) appends.push(noteIfOdd(member, name))
    appends.push(`const p${i} = e${i} < 0 ? ${end} : e${i}`)
    stores.push(`into[${quoted(member.key)}] = e${i} < 0 ? ${slow}(run, at) : all.substring(${end}, e${i})`)
    end = `p${i}`
  }
  const all = texts.length > 0 ? `const all = strings.latin1Slice(0, ${end})` : ''
  const body = `return (run, at, into) => {
    const source = run.source, trace = run.trace
    ${[...appends, all, ...stores].join('\n    ')}
  }`
  return compile([...nameOf.values(), 'text', 'strings'], body, [...nameOf.keys(), stage.bytes, stage.text])
}

/** Keys are stored four bytes at a time; the value is written over what the last store has too much. */
function jsonChunk(members: readonly Simple[], { residue }: Plan): (run: Run, at: number, to: number) => number {
  const { nameOf, name } = references()
  const lines: string[] = []
  let most = 4
  for (const member of members) {
    if (member.kind === 'hidden') {
      lines.push(`${name((run: Run, at: number) => compareHidden(member, run, at), 'compare')}(run, at)`)
      continue
    }
    const key = keyBytes(member.key)
    most += key.length + mostJson(member)
    const usual = directAppend(member)
    const direct = usual && usual === member.store.append ? appendOf(member) : usual
    const slow = name((run: Run, at: number, to: number) => appendSlowly(member, run, at, to), 'slow')
    const at = `at + ${member.offset}`
    lines.push(...keyStores(direct ? [...key, 0x22] : [...key]))
    if (direct) {
      const start = key.length + 1
      lines.push(`end = ${name(direct, 'append')}(source, ${at}, out, to + ${start}, trace)`)
      lines.push(`if (end < 0) to = ${slow}(run, ${at}, to + ${key.length}); else { out[end] = 34; to = end + 1 }`)
    } else lines.push(`to = ${slow}(run, ${at}, to + ${key.length})`)
    if (residue) lines.push(noteIfOdd(member, name))
  }
  const body = `return (run, at, to) => {
    room(run, to + ${most})
    const source = run.source, trace = run.trace, out = run.out, view = run.view
    let end = 0
    ${lines.join('\n    ')}
    return to
  }`
  return compile([...nameOf.values(), 'room'], body, [...nameOf.keys(), room])
}

/** What goes behind the reading of a field. */
function noteIfOdd(member: FieldMember, name: Name): string {
  return `if (trace.residue) ${name((run: Run, at: number) => noteOdd(member, run, at), 'note')}(run, at)`
}

function keyStores(bytes: readonly number[]): string[] {
  const stores: string[] = []
  for (let i = 0; i < bytes.length; i += 4) {
    stores.push(`view.setUint32(to + ${i}, ${wordAt(bytes, i)})`)
  }
  return stores
}

type WriteChunk = (run: Run, at: number, from: JsonObject) => void

/** What is wrong is left to the way that writes one field after the other, so that the first mistake is told. */
function writeChunk(members: readonly FieldMember[], plan: Plan): WriteChunk {
  const isLong = (one: FieldMember) => isUsual(one) && one.store.maximumText > mostShort
  const long = members.filter(isLong)
  const each = writeEach(members, plan)
  if (long.length < leastTogether) return each
  const together = writeTogether(long)
  const others = writeEach(
    members.filter((one) => !isLong(one)),
    plan,
  )
  return (run, at, from) => {
    if (together(run, at, from)) others(run, at, from)
    else each(run, at, from)
  }
}

const isUsual = ({ store, asNumber, slot }: FieldMember) => store.writeJson && !asNumber && slot === undefined

/** Fewer fields gain nothing by being written together, nor do shorter ones. */
const leastTogether = 3
const mostShort = 20
const encoder = new TextEncoder()

/** Lays a short value into the stage, with a quote behind it; gives its length, or -1 for one that is not short or not ASCII. */
function lay(value: string): number {
  const { length } = value
  if (length > mostShort) return -1
  const { bytes } = scratch
  let seen = 0
  for (let i = 0; i < length; i++) {
    const unit = value.charCodeAt(i)
    seen |= unit
    bytes[i] = unit
  }
  bytes[length] = 0x22
  return seen < 0x80 ? length : -1
}

/**
 * The characters of a string are slow to come by one by one: all values become one string, and that the bytes `value"value"…`, which are read as
 * JSON is. Each field takes up to one quote, so that all is well where they come out at the end. False where the fields must be written one by one.
 *
 *     const v0 = from["name"], v1 = …
 *     if (!(typeof v0 === 'string' && …) || v0.length + … > most) return false
 *     const all = v0 + '"' + v1 + '"', { read, written } = encoder.encodeInto(all, text)
 *     if ((end = write0(text, 0, out, at + 0)) < 0 && (end = slow0(v0, 0, out, at + 0)) < 0) return false
 *     if ((end = write1(text, end + 1, …
 *     return end + 1 === written && read === all.length
 */
function writeTogether(members: readonly FieldMember[]): (run: Run, at: number, from: JsonObject) => boolean {
  const needed = members.reduce((sum, { store }) => sum + store.maximumText + 1, 16)
  const { bytes } = needed <= scratch.bytes.length ? scratch : textStage(needed)
  const { nameOf, name } = references()
  const lines = members.map(({ store, offset }, i) => {
    const write = name(writeJsonOf(store), 'write')
    const slow = name(
      (value: string, start: number, out: Uint8Array, at: number) =>
        store.write(value, out, at) === refused.none ? bytes.indexOf(0x22, start) : -1,
      'slow',
    )
    const start = i === 0 ? '0' : 'end + 1'
    return `start = ${start}
    if ((end = ${write}(text, start, out, at + ${offset})) < 0 && (end = ${slow}(v${i}, start, out, at + ${offset})) < 0) return false`
  })
  const body = `return (run, at, from) => {
    const out = run.source
    const ${members.map(({ key }, i) => `v${i} = ${memberAt(key)}`).join(', ')}
    if (!(${members.map((_, i) => `typeof v${i} === 'string'`).join(' && ')})) return false
    if (${members.map((_, i) => `v${i}.length`).join(' + ')} > ${needed}) return false
    const all = ${members.map((_, i) => `v${i} + '"'`).join(' + ')}
    const { read, written } = encoder.encodeInto(all, text)
    let start = 0, end = 0
    ${lines.join('\n    ')}
    return end + 1 === written && read === all.length
  }`
  return compile([...nameOf.values(), 'text', 'encoder', 'memberOf'], body, [
    ...nameOf.keys(),
    bytes,
    encoder,
    memberOf,
  ])
}

/** Own members only. */
const memberAt = (key: string): string =>
  key in Object.prototype ? `memberOf(from, ${quoted(key)})` : `from[${quoted(key)}]`

function writeEach(members: readonly FieldMember[], plan: Plan): WriteChunk {
  const { nameOf, name } = references()
  const lines: string[] = []
  for (const member of members) {
    const { key, store, offset, slot } = member
    lines.push(`value = ${memberAt(key)}`)
    if (slot !== undefined) lines.push(`run.counted[${slot}] = saidBy(value)`)
    const write = name(store.write, 'write')
    const refuse = name(
      (run: Run, verdict: Parameters<typeof refusal>[1]) => refusal(member, verdict, run, plan.page.name),
      'refuse',
    )
    const other = name(
      (run: Run, value: JsonObject[string] | undefined, at: number) => writeOther(member, value, at, run),
      'other',
    )
    const isShort = isUsual(member) && store.maximumText <= mostShort
    const unless = isShort
      ? `if ((size = lay(value)) < 0 || ${name(writeJsonOf(store), 'take')}(text, 0, out, at + ${offset}) !== size)`
      : ''
    lines.push(`if (typeof value === 'string') {
      ${unless} if ((verdict = ${write}(value, out, at + ${offset})) !== ${refused.none}) throw ${refuse}(run, verdict)
    } else ${other}(run, value, at + ${offset})`)
  }
  const body = `return (run, at, from) => {
    const out = run.source
    let value, verdict = 0, size = 0
    ${lines.join('\n    ')}
  }`
  return compile([...nameOf.values(), 'memberOf', 'saidBy', 'lay', 'text'], body, [
    ...nameOf.keys(),
    memberOf,
    saidBy,
    lay,
    scratch.bytes,
  ])
}

/** Keys, with the quote that opens the value, are compared four bytes at a time, the last four may overlap. */
function takeChunk(members: readonly FieldMember[]): (run: Run, at: number, from: number) => number {
  const { nameOf, name } = references()
  const lines: string[] = []
  for (const { key, store, offset } of members) {
    const bytes = [...keyBytes(key), 0x22]
    const starts = bytes.flatMap((_, i) => (i % 4 === 0 ? [Math.min(i, bytes.length - 4)] : []))
    const unlike = starts.map((i) => `view.getUint32(from + ${i}) !== ${wordAt(bytes, i)}`)
    const at = `at + ${offset}`
    lines.push(`if (${unlike.join(' || ')}) return -1`)
    const slow = `${name((run: Run, at: number, from: number) => takeSlowly(store, run, at, from), 'slow')}(run, ${at}, from + ${bytes.length})`
    const write = writeJsonOf(store)
    if (write) {
      lines.push(`end = ${name(write, 'write')}(json, from + ${bytes.length}, out, ${at})`)
      lines.push(`if (end < 0 && (end = ${slow}) < 0) return -1`)
    } else lines.push(`if ((end = ${slow}) < 0) return -1`)
    lines.push('from = end + 1')
  }
  const body = `return (run, at, from) => {
    const json = run.out, view = run.view, out = run.source
    let end = 0
    ${lines.join('\n    ')}
    return from
  }`
  return compile([...nameOf.values()], body, [...nameOf.keys()])
}

/** Four bytes as the number that `getUint32` reads. */
const wordAt = (bytes: readonly number[], at: number): number =>
  [0, 1, 2, 3].reduce((sum, i) => sum * 256 + (bytes[at + i] ?? 0), 0)
