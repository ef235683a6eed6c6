// The table that drives the kernels: the plan of a fixed-length record, with tables unrolled and all punctuation between values written out.

import type { Item } from '../../cobol/layout.ts'
import { type CodePage, isShift, unmapped } from '../../codepage/page.ts'
import type { ChoiceMember, FieldMember, HiddenMember, Member, Plan, TableMember, View } from '../plan/plan.ts'
import { mostJson } from '../run/json-value.ts'

/** As in kernel.as. */
export const fieldKind = { text: 1, zoned: 2, packed: 3, binary: 4, blank: 5, end: 6, other: 7 } as const

/** One value of a record as the kernel reads it. Offsets and lengths in bytes, from the record's start. */
export interface TableField {
  readonly kind: (typeof fieldKind)[keyof typeof fieldKind]
  readonly offset: number
  readonly length: number
  readonly digits: number
  readonly scale: number
  readonly signed: boolean
  /** A binary value must be below this; 0n for any. */
  readonly limit: bigint
  /** All that stands before the value: the end of the one before, commas, brackets, the name. */
  readonly key: string
  /** Whose value it is; undefined for bytes that are only compared. */
  readonly member: FieldMember | undefined
  /** What the kernel has no code for, or a text that may have bytes that it has no character for. */
  readonly other: FieldMember | HiddenMember | undefined
  /** Whether another view notes its residue already. */
  readonly isNoted: boolean
  /** Of the first field of a view beside another: the index of the field behind that view. Only for `records`. */
  readonly viewEnd?: number
}

/** All that the kernel knows of a record, in the order of its bytes. */
export interface FieldTable {
  readonly fields: readonly TableField[]
  /** Bytes that the JSON line of a record never exceeds, its `$residue` included. */
  readonly longest: number
}

/** What a kernel writes: lines of JSON, or values alone as Latin-1. */
export type Form = 'lines' | 'values'

/** More fields than this would cost more to set up than they save. */
const mostFields = 20_000

/**
 * Undefined for a plan whose records do not all have the same fields at the same places. For `records`, which are written from lines, values have
 * their quotes, all bytes are those of a field, and the views beside the first may be left out.
 */
export function fieldTable(plan: Plan, form: Form | 'records'): FieldTable | undefined {
  if (!plan.fixed || plan.members.length === 0) return undefined
  const writer = new TableWriter(plan, form)
  writer.open('{')
  if (!writer.members(plan.members, 0) || !writer.fields.some(({ member }) => member)) return undefined
  writer.close('}\n')
  const longest = writer.fields.reduce(
    (sum, { key, other, length, kind }) => sum + key.length * 3 + mostOf(kind, length, other),
    64 + (plan.residue ? mostResidue(plan.length) : 0),
  )
  return { fields: writer.fields, longest }
}

/** A run of four bytes, the shortest, takes 14 characters: `100000:00*4 `. */
function mostResidue(length: number): number {
  return 4 * length + 32
}

function mostOf(kind: TableField['kind'], length: number, other: TableField['other']): number {
  if (other && 'store' in other) return mostJson(other) + 16
  return kind === fieldKind.text ? 6 * length + 32 : length * 3 + 48
}

/** Gathers punctuation until the next value. */
class TableWriter {
  readonly fields: TableField[] = []
  readonly #plan: Plan
  readonly #texts: Texts
  readonly #forRecords: boolean
  #pending = ''
  #first = true
  #isNoted = false

  constructor(plan: Plan, form: Form | 'records') {
    this.#plan = plan
    this.#forRecords = form === 'records'
    this.#texts = form === 'records' ? 'all' : textsOf(plan.page, form)
  }

  open(bracket: string): void {
    this.#pending += bracket
    this.#first = true
  }

  close(bracket: string): void {
    this.#pending += bracket
    this.#first = false
    if (bracket.endsWith('\n')) this.#put(fieldKind.end, 0, 0)
  }

  /** False when the kernel cannot do it. */
  members(members: readonly Member[], shift: number): boolean {
    return members.every((member) => this.#member(member, shift)) && this.fields.length < mostFields
  }

  #member(member: Member, shift: number): boolean {
    switch (member.kind) {
      case 'field':
        this.#key(member.key)
        return this.#value(member, member.offset + shift)
      case 'group':
        this.#key(member.key)
        return this.#object(member.members, shift)
      case 'table':
        return this.#table(member, shift)
      case 'choice':
        return this.#choice(member, shift)
      case 'hidden':
        return this.#hidden(member, shift)
      case 'fill':
        return true
    }
  }

  #object(members: readonly Member[], shift: number): boolean {
    this.open('{')
    const done = this.members(members, shift)
    this.close('}')
    return done
  }

  #table({ key, counter, hidden, maximum, offset, stride, element }: TableMember, shift: number): boolean {
    if (counter || hidden || maximum * this.fields.length > mostFields * 50) return false
    this.#key(key)
    this.open('[')
    for (let index = 0; index < maximum; index += 1) {
      const here = shift + index * stride
      this.#comma()
      const done =
        element.kind === 'group' ? this.#object(element.members, here + offset) : this.#value(element, here + offset)
      if (!done) return false
    }
    this.close(']')
    return true
  }

  /** Without a rule all views are shown or the first, which tells the bytes. A record with one that cannot be read is left to the caller. */
  #choice({ rule, views }: ChoiceMember, shift: number): boolean {
    if (rule) return false
    const outer = this.#isNoted
    const shown = this.#plan.views === 'first' ? views.slice(0, 1) : views
    const done = shown.every((view, index) => {
      this.#isNoted = outer || index > 0
      return this.#forRecords && index > 0 && !outer ? this.#viewBeside(view, shift) : this.members(view.members, shift)
    })
    this.#isNoted = outer
    return done
  }

  /** Nothing of its punctuation goes into the fields around it. */
  #viewBeside({ members }: View, shift: number): boolean {
    if (this.#first) return false
    this.#flush()
    const start = this.fields.length
    if (!this.members(members, shift)) return false
    this.#flush()
    const first = this.fields[start]
    if (first) this.fields[start] = { ...first, viewEnd: this.fields.length }
    return true
  }

  /** Punctuation alone, as a field without bytes. */
  #flush(): void {
    if (this.#pending !== '') this.#put(fieldKind.other, 0, 0)
  }

  #hidden(member: HiddenMember, shift: number): boolean {
    if (this.#isNoted || !(this.#plan.residue || this.#forRecords)) return true
    const blank = !this.#forRecords && member.bytes.every((byte) => byte === 0x40)
    if (blank) this.#put(fieldKind.blank, member.offset + shift, member.bytes.length, { other: member })
    else this.#put(fieldKind.other, member.offset + shift, member.bytes.length, { other: member })
    return true
  }

  #key(key: string): void {
    this.#comma()
    this.#pending += `${JSON.stringify(key)}:`
  }

  #comma(): void {
    if (!this.#first) this.#pending += ','
    this.#first = false
  }

  #value(member: FieldMember, offset: number): boolean {
    const { item, store } = member
    const kind = this.#forRecords ? fieldKind.other : kindOf(member, this.#plan, this.#texts)
    if (kind === fieldKind.other) this.#put(kind, offset, store.length, { member, other: member })
    else {
      this.#pending += '"'
      const other = kind === fieldKind.text && this.#texts === 'some' ? member : undefined
      this.#put(kind, offset, store.length, { member, other, ...numberOf(item) })
      this.#pending = '"'
    }
    return true
  }

  #put(kind: TableField['kind'], offset: number, length: number, more: Partial<TableField> = {}): void {
    const plain = { digits: 0, scale: 0, signed: false, limit: 0n, member: undefined, other: undefined }
    this.fields.push({ kind, offset, length, key: this.#pending, isNoted: this.#isNoted, ...plain, ...more })
    this.#pending = ''
  }
}

/** Which texts of a page the kernel writes: all; those without certain bytes; none. */
type Texts = 'all' | 'some' | 'none'

function textsOf(page: CodePage, form: Form): Texts {
  // Where many texts have two-byte characters, the caller reads each; a whole record would cost it more.
  if (!isEbcdic(page) || page.toUnicode[0x40] !== 0x20 || (form === 'values' && page.kind === 'mixed')) return 'none'
  return kernelCharacters(page).includes(noCharacter) ? 'some' : 'all'
}

/** In the tables of the kernel, a byte that it has no character for. */
const noCharacter = 0xffff

/** The character of each byte that stands for one and is written for it. */
export function kernelCharacters(page: CodePage): Uint16Array {
  return page.toUnicode.map((unit, byte) => {
    return isShift(page, byte) || unit === unmapped || page.fromUnicode(unit) !== byte ? noCharacter : unit
  })
}

function kindOf({ item, store, slot, asNumber }: FieldMember, plan: Plan, texts: Texts): TableField['kind'] {
  const { usage, picture, justified, blankWhenZero } = item
  if (!picture || asNumber || slot !== undefined || blankWhenZero) return fieldKind.other
  const { category, digits, scale } = picture
  if (store.shape.type === 'text' && usage === 'DISPLAY' && !justified && texts !== 'none') {
    return category === 'alphanumeric' || category === 'alphabetic' ? fieldKind.text : fieldKind.other
  }
  const plain = store.shape.type === 'decimal' && category === 'numeric' && scale >= 0 && scale < digits && digits <= 38
  if (!plain || plan.layout.options.numproc === 'PFD') return fieldKind.other
  if (usage === 'COMP-3') return fieldKind.packed
  if (usage === 'DISPLAY') return isPlainZoned(item, plan) ? fieldKind.zoned : fieldKind.other
  const whole = item.length === 2 || item.length === 4 || item.length === 8
  if (usage === 'COMP-4' && whole && digits <= 18) return fieldKind.binary
  return fieldKind.other
}

/** Digits of an EBCDIC page, the sign in the last one. */
function isPlainZoned({ sign }: Item, { page, layout }: Plan): boolean {
  if (sign && (sign.separate || sign.position === 'leading')) return false
  return isEbcdic(page) && layout.options.zonedata === 'PFD'
}

const isEbcdic = ({ kind }: CodePage): boolean => kind === 'single' || kind === 'mixed'

function numberOf({ picture }: Item): Partial<TableField> {
  if (picture?.category !== 'numeric') return {}
  const { digits, scale, signed } = picture
  return { digits, scale, signed, limit: 10n ** BigInt(digits) }
}
