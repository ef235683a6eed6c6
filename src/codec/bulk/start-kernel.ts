// The kernel in memory of its own, laid out for one plan: code page, digits, fields, keys, records, JSON.

import type { FieldMember, HiddenMember, Plan } from '../plan/plan.ts'
import { appendField, QUOTE } from '../run/json-value.ts'
import { aimJson, newRun, type Run } from '../run/run.ts'
import { type FieldTable, type Form, fieldKind, fieldTable, kernelCharacters, type TableField } from './field-table.ts'
import { kernelModule } from './kernel-module.ts'
import { marker, type ResidueMarker } from './marks.ts'
import { type KernelExports, webAssembly } from './web-assembly.ts'

/** Addresses are those of `memory`. */
export interface Kernel {
  readonly table: FieldTable
  readonly exports: KernelExports
  readonly memory: Uint8Array
  /** The same memory, four bytes a number. Without keys, the outputs stand at multiples of four. */
  readonly words: Int32Array
  readonly fields: number
  readonly input: number
  readonly outputs: readonly number[]
}

const fieldSize = 48
const pageSize = 65_536
const slack = 64
/** Bytes of records that are decoded at once, and of an output, which has room for their JSON. */
export const inputBytes = 256 * 1024
/** Bytes of one output; a record whose JSON may be longer has no kernel. */
export const outputBytes = 4 * 1024 * 1024
/** How many outputs there are, with as much input for each: pages that are not written to take no memory. */
const outputCount = 8

let compiled: object | undefined

/** Undefined where records differ in their fields, are too long to gain anything, or the process has no WebAssembly. */
export function startKernel(plan: Plan, form: Form): Kernel | undefined {
  const api = webAssembly()
  const table = plan.length > 0 && plan.length <= inputBytes ? fieldTable(plan, form) : undefined
  if (!api || !table || table.longest > outputBytes) return undefined
  const { fields } = table
  const lines = form === 'lines'
  const keys = fields.map(({ key }) => new TextEncoder().encode(lines ? key : ''))
  const pageAt = 1024
  const scratchAt = pageAt + 256 + 512
  const marksAt = scratchAt + slack
  const fieldsAt = marksAt + 4 * (plan.length + 1)
  const keysAt = fieldsAt + fields.length * fieldSize
  const input = keysAt + keys.reduce((sum, key) => sum + key.length + 16, slack)
  const output = input + outputCount * inputBytes + slack
  const outputs = Array.from({ length: outputCount }, (_, index) => output + index * (outputBytes + slack))
  const size = output + outputCount * (outputBytes + slack)
  const memory = new api.Memory({ initial: Math.ceil(size / pageSize) })
  const bytes = new Uint8Array(memory.buffer)
  writePage(bytes, pageAt, plan, lines ? asciiRow : latinRow)
  writeFields(bytes, fieldsAt, keysAt, fields, keys, !plan.residue)
  compiled ??= new api.Module(kernelModule())
  const mark = marker(plan, new Int32Array(memory.buffer, marksAt))
  const other = lines ? otherField(plan, fields, bytes, mark) : otherValue(plan, fields, bytes, mark)
  const imports = { env: { memory, other } }
  const exports = new api.Instance(compiled, imports).exports as KernelExports
  exports.setPage(pageAt)
  exports.setScratch(scratchAt)
  exports.setMarks(marksAt)
  return { table, exports, memory: bytes, words: new Int32Array(memory.buffer), fields: fieldsAt, input, outputs }
}

/** What is not ASCII has its top bit set. */
const asciiRow = (char: number): number => Math.min(char, 0x80)

/** What is not Latin-1 is 0. */
const latinRow = (char: number): number => (char > 0xff ? 0 : char)

/** Sixteen rows for swizzles, then the characters themselves. */
function writePage(memory: Uint8Array, at: number, { page }: Plan, row: (char: number) => number): void {
  const view = new DataView(memory.buffer)
  for (const [byte, char] of kernelCharacters(page).entries()) {
    memory[at + byte] = row(char)
    view.setUint16(at + 256 + 2 * byte, char, true)
  }
}

function writeFields(
  memory: Uint8Array,
  fieldsAt: number,
  keysAt: number,
  fields: readonly TableField[],
  keys: readonly Uint8Array[],
  canonical: boolean,
): void {
  const view = new DataView(memory.buffer)
  let keyAt = keysAt
  for (const [index, field] of fields.entries()) {
    const at = fieldsAt + index * fieldSize
    const key = keys[index] ?? new Uint8Array(0)
    const digits = field.kind === fieldKind.packed ? 2 * field.length - 1 : field.digits
    memory.set(
      [field.kind, field.digits, field.scale, (field.signed ? 1 : 0) | (canonical || field.isNoted ? 2 : 0)],
      at,
    )
    for (const [slot, value] of [field.offset, field.length, keyAt, key.length, index].entries()) {
      view.setUint32(at + 4 + 4 * slot, value, true)
    }
    view.setBigUint64(at + 24, field.limit, true)
    const point = digits - field.scale
    for (let lane = 0; lane < 16; lane += 1)
      memory[at + 32 + lane] = lane < point ? lane : lane === point ? 15 : lane - 1
    memory.set(key, keyAt)
    keyAt += key.length + 16
  }
}

/** Writes the fields that the kernel has no code for, straight into its memory. 0 leaves the record to the codec. */
function otherField(plan: Plan, fields: readonly TableField[], memory: Uint8Array, mark: ResidueMarker) {
  const run = newRun(plan)
  run.source = memory
  run.end = memory.length
  aimJson(run, memory)
  return (index: number, record: number, output: number): number => {
    const field = fields[index]
    if (!field?.other) return 0
    run.start = record
    const at = record + field.offset
    run.trace.residue = field.other.kind === 'hidden'
    run.nonCanonical.length = 0
    try {
      const end = appendOther(field.other, field.kind, run, at, output)
      if (plan.residue && run.trace.residue && !field.isNoted) mark(field.other, run, at)
      return end
    } catch {
      // The codec meets the same mistake again, and tells it with the right path.
      return 0
    }
  }
}

/** The kernel wrote a text's quotes with its key. 0 hands the record to the codec: the value is null. */
function appendOther(
  other: FieldMember | HiddenMember,
  kind: TableField['kind'],
  run: Run,
  at: number,
  output: number,
): number {
  if (other.kind === 'hidden') return output
  if (kind !== fieldKind.text) return appendField(other, run, at, output)
  const end = appendField(other, run, at, output - 1)
  return run.out[output - 1] === QUOTE ? end - 1 : 0
}

/** The same for values alone: those that are not always Latin-1 text are left to who makes the object. */
function otherValue(plan: Plan, fields: readonly TableField[], memory: Uint8Array, mark: ResidueMarker) {
  const run = newRun(plan)
  run.source = memory
  return (index: number, record: number, output: number): number => {
    const field = fields[index]
    if (!field?.other) return 0
    const { other, offset, isNoted } = field
    const at = record + offset
    if (other.kind === 'hidden') {
      mark(other, run, at)
      return output
    }
    if (!other.store.append) return output
    run.trace.residue = false
    const end = other.store.append(memory, at, memory, output, run.trace)
    if (end < 0) return 0
    if (plan.residue && run.trace.residue && !isNoted) mark(other, run, at)
    return end
  }
}
