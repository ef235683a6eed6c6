// The fields of a record as the encode kernel knows them: which it writes itself, and what it needs to know of each.

import { fieldKind, fieldTable, type TableField } from '../bulk/field-table.ts'
import { signPlaces } from '../number/zoned.ts'
import { alphabetOf } from '../plan/kind-of-item.ts'
import type { FieldMember, Plan } from '../plan/plan.ts'

/** As in encode-kernel.as. */
const kinds = { text: 1, zoned: 2, packed: 3, binary: 4, hidden: 5, end: 6, other: 7 } as const
const flagBits = { signed: 1, signNibble: 2, little: 4, optional: 8 } as const
const signForms = { none: 0, punched: 1, separate: 2 } as const

type KernelKind = (typeof kinds)[keyof typeof kinds]

/** Bytes of one field in the kernel's memory. */
export const recordFieldSize = 48
/** Where a field has the address of its hidden bytes, or of the field behind the view that begins with it. */
export const addressAt = 24
/** As many characters are looked at to find the end of a number. */
const mostCharacters = 31
const mostScale = 15

/** One field of a record, in the order of the bytes. */
export interface RecordField {
  /** All that stands in front of the value. */
  readonly key: Uint8Array
  /** The canonical bytes of what JSON does not show. */
  readonly hidden: Uint8Array | undefined
  readonly member: FieldMember | undefined
  /** Whether its bytes are those of a field before it, so that its value must say the same. */
  readonly isSecond: boolean
  /** The index of the field behind the view that begins with it and may be left out. */
  readonly viewEnd: number | undefined
  /** As the kernel has it, without addresses. */
  readonly bytes: Uint8Array
}

/** Undefined where the kernel cannot write the records of a plan. */
export function recordFields(plan: Plan): readonly RecordField[] | undefined {
  if (plan.slots > 0 || [...plan.fields.values()].some(({ asNumber }) => asNumber)) return undefined
  const fields = fieldTable(plan, 'records')?.fields
  return fields && isGapless(fields, plan.length)
    ? fields.map((field, index) => fieldOf(field, index, plan))
    : undefined
}

/** Whether each field begins where the one before ends, but for those whose bytes are there already. */
function isGapless(fields: readonly TableField[], length: number): boolean {
  let end = 0
  for (const field of fields) {
    if (field.length === 0) continue
    if (field.isNoted ? field.offset + field.length > end : field.offset !== end) return false
    if (!field.isNoted) end += field.length
  }
  return end === length
}

const encoder = new TextEncoder()

/** Behind the values of a line there may be more than its end. */
const lineEnd = '}\n'

function fieldOf(field: TableField, index: number, plan: Plan): RecordField {
  const { member, isNoted, offset, length, key, viewEnd } = field
  const kind = kindOf(field)
  const bytes = new Uint8Array(recordFieldSize)
  const view = new DataView(bytes.buffer)
  bytes[0] = kind
  view.setUint32(4, offset, true)
  view.setUint32(8, length, true)
  view.setUint32(20, index, true)
  if (member && isNumber(kind)) writeNumber(bytes, kind, member, plan)
  if (viewEnd !== undefined) bytes[3] = flagBits.optional
  const hidden = field.other?.kind === 'hidden' ? field.other.bytes : undefined
  const before = kind === kinds.end ? key.slice(0, -lineEnd.length) : key
  return { key: encoder.encode(before), hidden, member, isSecond: isNoted, viewEnd, bytes }
}

const isNumber = (kind: KernelKind): boolean => kind === kinds.zoned || kind === kinds.packed || kind === kinds.binary

function kindOf({ kind, member, isNoted }: TableField): KernelKind {
  if (kind === fieldKind.end) return kinds.end
  if (!member) return kinds.hidden
  return isNoted ? kinds.other : kindOfValue(member)
}

/** What has no writer from JSON is not for the kernel. */
function kindOfValue({ store, item }: FieldMember): KernelKind {
  const { shape, writeJson, length } = store
  if (!writeJson) return kinds.other
  if (shape.type === 'text') return kinds.text
  const { digits = 0, scale = 0 } = item.picture ?? {}
  const characters = scale > 0 ? Math.max(digits - scale, 1) + 1 + scale : digits
  if (digits === 0 || characters > mostCharacters || scale > mostScale) return kinds.other
  switch (item.usage) {
    case 'DISPLAY':
      return kinds.zoned
    case 'COMP-3':
    case 'COMP-6':
      return kinds.packed
    case 'COMP-4':
    case 'COMP-5':
    case 'COMP-X':
      return [1, 2, 4, 8].includes(length) ? kinds.binary : kinds.other
    default:
      return kinds.other
  }
}

function writeNumber(bytes: Uint8Array, kind: KernelKind, { item }: FieldMember, plan: Plan): void {
  const { digits = 0, scale = 0, signed = false } = item.picture ?? {}
  const { options } = plan.layout
  const hasNibble = item.usage === 'COMP-3'
  const isLittle = item.usage === 'COMP-5' && options.endian === 'little'
  const flags =
    (signed ? flagBits.signed : 0) | (hasNibble ? flagBits.signNibble : 0) | (isLittle ? flagBits.little : 0)
  bytes.set([digits, scale, flags], 1)
  for (let lane = 0; lane < 16; lane += 1) bytes[32 + lane] = placeOf(15 - lane - (hasNibble ? 1 : 0), scale)
  if (kind !== kinds.zoned) return
  const { separateAt, punchAt, from } = signPlaces({ digits, scale, signed }, item.sign)
  const { zero, plus, minus } = alphabetOf({ page: plan.page, options })
  const form = separateAt >= 0 ? signForms.separate : signed ? signForms.punched : signForms.none
  bytes.set([from, Math.max(separateAt, punchAt), form, zero, plus, minus], 24)
}

/** Where the digit with so many behind it stands, counted from the quote; of the sign nibble, nowhere. */
function placeOf(behind: number, scale: number): number {
  if (behind < 0) return -100
  return -1 - behind - (scale > 0 && behind >= scale ? 1 : 0)
}
