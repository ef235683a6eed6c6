// JavaScript objects from the values of a record as the kernel wrote them, one behind the other: each is a piece of one string.

import type { JsonValue } from '../../contract/json.ts'
import type { FieldMember, Member, Plan, TableMember } from '../plan/plan.ts'
import type { Filling } from '../run/chunks.ts'
import { type Chunks, chunkSize } from '../run/chunks.ts'
import { readField } from '../run/closure-chunks.ts'
import { jsonOf, type Run } from '../run/run.ts'
import { fieldKind, type TableField } from './field-table.ts'

/** The record at hand. */
export interface Values {
  text: string
  /** The value of slot n stands from ends[first + n] to ends[first + n + 1]; a slot is the index of a field of the kernel's table. */
  readonly ends: Int32Array
  first: number
  /** Aimed at the record, for what is read from its bytes. */
  readonly run: Run
}

/** Makes a value whose first piece starts at ends[i]. */
type Make<V> = (values: Values, i: number) => V

/** A member of an object; `slot` counts from the first of the object. */
interface MemberPart {
  readonly key: string
  readonly slot: number
  /** Undefined for a piece of the text as it is. */
  readonly make: Make<JsonValue> | undefined
}

/** Makes the object of a record. Throws where the record codec throws; what it does not say is noted in the run. */
export function objectBuilder(plan: Plan, fields: readonly TableField[], chunks: Chunks): (values: Values) => Filling {
  const make = new Parts(plan, fields, chunks).object(plan.members)
  return (values) => make(values, values.first)
}

/** Walks the plan beside the kernel's fields, which are in the same order, with what is only compared between them. */
class Parts {
  readonly #plan: Plan
  readonly #fields: readonly TableField[]
  readonly #chunks: Chunks
  #next = 0

  constructor(plan: Plan, fields: readonly TableField[], chunks: Chunks) {
    this.#plan = plan
    this.#fields = fields
    this.#chunks = chunks
  }

  object(members: readonly Member[]): Make<Filling> {
    const parts = this.#parts(members, this.#next)
    const blank = this.#chunks.blank(parts.map(({ key }) => key))
    return this.#chunks.kind === 'generated' ? generatedObject(parts, blank) : closureObject(parts, blank)
  }

  #parts(members: readonly Member[], first: number): MemberPart[] {
    return members.flatMap((member): MemberPart[] => {
      const slot = this.#next - first
      switch (member.kind) {
        case 'field':
          return [{ key: member.key, slot: this.#slotOf(member) - first, make: this.#maker(member) }]
        case 'group':
          return [{ key: member.key, slot, make: this.object(member.members) }]
        case 'table':
          return [{ key: member.key, slot, make: this.#list(member) }]
        case 'choice': {
          const views = this.#plan.views === 'first' ? member.views.slice(0, 1) : member.views
          return views.flatMap((view) => this.#parts(view.members, first))
        }
        default:
          return []
      }
    })
  }

  #slotOf(member: FieldMember): number {
    const slot = this.#find(member, this.#next)
    this.#next = slot + 1
    return slot
  }

  #find(member: FieldMember, from: number): number {
    let slot = from
    while (slot < this.#fields.length && this.#fields[slot]?.member !== member) slot += 1
    return slot
  }

  #maker(member: FieldMember): Make<JsonValue> | undefined {
    const { kind } = this.#fields[this.#next - 1] ?? {}
    if (kind !== fieldKind.other) return undefined
    if (member.store.append) return member.asNumber ? (values, i) => jsonOf(member, piece(values, i)) : undefined
    return ({ run, first }, i) => {
      const { offset } = this.#fields[i - first] ?? member
      return readField(member, run, run.start + offset - member.offset)
    }
  }

  /** The slots of all occurrences are as far apart as those of the first two. */
  #list({ element, maximum }: TableMember): Make<JsonValue[]> {
    const first = this.#next
    const make = element.kind === 'group' ? this.object(element.members) : this.#element(element)
    const used = this.#fields.slice(first, this.#next).find(({ member }) => member)?.member
    const stride = used && maximum > 1 ? this.#find(used, this.#next) - this.#find(used, first) : 0
    this.#next += stride * (maximum - 1)
    // Copied, for the reason that objects are: see Chunks.blank.
    const blank: JsonValue[] = Array.from({ length: maximum }, () => '')
    return (values, i) => {
      const list = blank.slice()
      for (let index = 0, at = i; index < maximum; index++, at += stride) list[index] = make(values, at)
      return list
    }
  }

  #element(member: FieldMember): Make<JsonValue> {
    const before = this.#next
    const slot = this.#slotOf(member) - before
    const make = this.#maker(member) ?? piece
    return (values, i) => make(values, i + slot)
  }
}

function piece({ text, ends }: Values, i: number): string {
  return text.substring(ends[i] ?? 0, ends[i + 1])
}

function closureObject(parts: readonly MemberPart[], blank: () => Filling): Make<Filling> {
  return (values, i) => {
    const into = blank()
    for (const { key, slot, make } of parts) into[key] = (make ?? piece)(values, i + slot)
    return into
  }
}

/** The same as generated JavaScript, made of numbers and of names quoted by JSON.stringify; in functions of a few members. */
function generatedObject(parts: readonly MemberPart[], blank: () => Filling): Make<Filling> {
  const fillers = Array.from({ length: Math.ceil(parts.length / chunkSize) }, (_, chunk) =>
    generatedFiller(parts.slice(chunk * chunkSize, (chunk + 1) * chunkSize)),
  )
  const names = fillers.map((_, index) => `fill${index}`)
  const body = `'use strict'
    return (values, i) => {
      const into = blank()
      ${names.map((name) => `${name}(values, i, into)`).join('\n      ')}
      return into
    }`
  return new Function('blank', ...names, body)(blank, ...fillers)
}

/**
 *     const { text, ends } = values, e0 = ends[i + 0], e1 = ends[i + 1]
 *     into["name"] = text.substring(e0, e1)
 *     into["entries"] = make1(values, i + 1)
 */
function generatedFiller(parts: readonly MemberPart[]): (values: Values, i: number, into: Filling) => void {
  const ends = new Set(parts.flatMap(({ slot, make }) => (make ? [] : [slot, slot + 1])))
  const loads = Array.from(ends, (slot) => `, e${slot} = ends[i + ${slot}]`)
  const stores = parts.map(({ key, slot, make }, index) => {
    const value = make ? `make${index}(values, i + ${slot})` : `text.substring(e${slot}, e${slot + 1})`
    return `into[${JSON.stringify(key)}] = ${value}`
  })
  const body = `'use strict'
    return (values, i, into) => {
      const { text, ends } = values${loads.join('')}
      ${stores.join('\n      ')}
    }`
  return new Function(...parts.map((_, index) => `make${index}`), body)(...parts.map(({ make }) => make))
}
