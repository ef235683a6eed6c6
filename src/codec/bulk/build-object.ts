// JavaScript objects from the values of a record as the kernel wrote them, one behind the other: each is a piece of one string.

import type { JsonObject, JsonValue } from '../../contract/json.ts'
import type { FieldMember, Member, Plan, TableMember } from '../plan/plan.ts'
import { type Chunks, chunkSize } from '../run/chunks.ts'
import { readField } from '../run/closure-chunks.ts'
import type { Filling } from '../run/read-object.ts'
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
interface Part {
  readonly key: string
  readonly slot: number
  /** Undefined for a piece of the text as it is. */
  readonly make: Make<JsonValue> | undefined
}

/** Makes the object of a record. Throws where the record codec throws; what it does not say is noted in the run. */
export function objectBuilder(
  plan: Plan,
  fields: readonly TableField[],
  chunks: Chunks,
): (values: Values) => JsonObject {
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
    const fillers = Array.from({ length: Math.ceil(parts.length / chunkSize) }, (_, chunk) => {
      const some = parts.slice(chunk * chunkSize, (chunk + 1) * chunkSize)
      return this.#chunks.kind === 'generated' ? generatedFiller(some) : closureFiller(some)
    })
    const [only] = fillers
    return (values, i) => {
      const into = blank()
      if (only && fillers.length === 1) only(values, i, into)
      else for (const fill of fillers) fill(values, i, into)
      return into
    }
  }

  #parts(members: readonly Member[], first: number): Part[] {
    return members.flatMap((member): Part[] => {
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
    return (values, i) => {
      const list: JsonValue[] = []
      for (let index = 0, at = i; index < maximum; index++, at += stride) list.push(make(values, at))
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

type Filler = (values: Values, i: number, into: Filling) => void

function closureFiller(parts: readonly Part[]): Filler {
  return (values, i, into) => {
    for (const { key, slot, make } of parts) into[key] = (make ?? piece)(values, i + slot)
  }
}

/** The same as generated JavaScript, made of numbers and of names quoted by JSON.stringify. */
function generatedFiller(parts: readonly Part[]): Filler {
  const stores = parts.map(({ key, slot, make }, index) => {
    const value = make
      ? `makes[${index}](values, i + ${slot})`
      : `text.substring(ends[i + ${slot}], ends[i + ${slot + 1}])`
    return `into[${JSON.stringify(key)}] = ${value}`
  })
  const body = `'use strict'
    return (values, i, into) => {
      const { text, ends } = values
      ${stores.join('\n      ')}
    }`
  return new Function('makes', body)(parts.map(({ make }) => make)) as Filler
}
