// The encode kernel in memory of its own, laid out for one plan: code page, signs, fields, keys, lines, records.

import { isFailure } from '../../error/failure.ts'
import { webAssembly } from '../bulk/web-assembly.ts'
import { alphabetOf } from '../plan/kind-of-item.ts'
import type { FieldMember, Plan } from '../plan/plan.ts'
import { appendField, mostJson, QUOTE } from '../run/json-value.ts'
import { aimJson, newRun } from '../run/run.ts'
import { isAt, type Take, takeValue } from '../run/take-field.ts'
import { textTables } from '../text/text.ts'
import { kernelModule } from './encode-kernel-module.ts'
import { addressAt, type RecordField, recordFieldSize, recordFields } from './record-fields.ts'

/** Why a call of the kernel came back. */
export const stopped = { done: 0, leave: 1, more: 2 } as const

/** What encode-kernel.as exports. All numbers are addresses in its memory. */
interface EncodeExports {
  /** Of the line that the last call stopped at, or of the next one. */
  readonly line: { readonly value: number }
  /** Behind the values of that line. */
  readonly rest: { readonly value: number }
  /** Behind the records of the lines before. */
  readonly end: { readonly value: number }
  setPage(rows: number, signs: number, digits: number, blank: number): void
  /** Encodes the lines from `line` to `linesEnd` while there is room for their records; gives one of `stopped`. */
  encode(
    line: number,
    linesEnd: number,
    output: number,
    limit: number,
    recordLength: number,
    fields: number,
  ): (typeof stopped)[keyof typeof stopped]
}

/** Addresses are those of `memory`. */
export interface EncodeKernel {
  readonly exports: EncodeExports
  readonly memory: Uint8Array
  readonly fields: number
  /** Where the lines are laid, with zeros behind. */
  readonly input: number
  readonly output: number
  /** The end of the room for records. */
  readonly limit: number
  /** The values of views beside the first that the last call passed over; to be emptied before the next. Only where a residue may follow. */
  readonly passed: PassedValue[]
}

/** A value that says what the bytes of its field say, which were written before. */
interface PassedValue {
  /** Where it stands in its line. */
  readonly from: number
  /** Whether that is still so. */
  readonly stillHolds: () => boolean
}

const pageSize = 65_536
/** The kernel reads and writes up to so many bytes behind what it uses. */
const slack = 64
const rowsAt = 1024
const rowCount = 6
const firstRow = 0x20
const signsAt = rowsAt + rowCount * 16
const digitsAt = signsAt + 32
const fieldsAt = digitsAt + 32
/** Longer records gain little. */
const longestRecord = 256 * 1024

let compiled: object | undefined

/** For at most `inputBytes` of lines at once. Undefined where the kernel cannot write the records, or the process has no WebAssembly. */
export function startEncodeKernel(plan: Plan, inputBytes: number): EncodeKernel | undefined {
  const api = webAssembly()
  const fields = api && plan.length <= longestRecord ? recordFields(plan) : undefined
  if (!api || !fields) return undefined
  const dataAt = fieldsAt + fields.length * recordFieldSize
  const input = fields.reduce((sum, field) => sum + sizeOf(field), dataAt)
  const output = input + inputBytes + slack
  const limit = output + Math.max(inputBytes, plan.length)
  const memory = new api.Memory({ initial: Math.ceil((limit + slack) / pageSize) })
  const bytes = new Uint8Array(memory.buffer)
  writeFields(bytes, dataAt, fields)
  compiled ??= new api.Module(kernelModule())
  const passed: PassedValue[] = []
  const imports = { env: { memory, other: otherValue(plan, fields, bytes, passed) } }
  const exports = new api.Instance(compiled, imports).exports as EncodeExports
  const { fromAscii, blank } = textTables(plan.page)
  bytes.set(fromAscii.subarray(firstRow, firstRow + rowCount * 16), rowsAt)
  bytes.set(alphabetOf({ page: plan.page, options: plan.layout.options }).signs, signsAt)
  exports.setPage(rowsAt, signsAt, digitsAt, blank)
  return { exports, memory: bytes, fields: fieldsAt, input, output, limit, passed }
}

/** Of its key and its hidden bytes. */
const sizeOf = ({ key, hidden }: RecordField): number => key.length + 16 + (hidden ? hidden.length + 16 : 0)

function writeFields(memory: Uint8Array, dataAt: number, fields: readonly RecordField[]): void {
  const view = new DataView(memory.buffer)
  let keyAt = dataAt
  for (const [index, field] of fields.entries()) {
    const at = fieldsAt + index * recordFieldSize
    memory.set(field.bytes, at)
    view.setUint32(at + 12, keyAt, true)
    view.setUint32(at + 16, field.key.length, true)
    memory.set(field.key, keyAt)
    if (field.viewEnd !== undefined) view.setUint32(at + addressAt, fieldsAt + field.viewEnd * recordFieldSize, true)
    if (field.hidden) {
      const bytesAt = keyAt + field.key.length + 16
      view.setUint32(at + addressAt, bytesAt, true)
      memory.set(field.hidden, bytesAt)
    }
    keyAt += sizeOf(field)
  }
}

/** Writes the values that the kernel cannot, straight into its memory. 0 leaves the line to the codec. */
function otherValue(plan: Plan, fields: readonly RecordField[], memory: Uint8Array, passed: PassedValue[]) {
  const run = newRun(plan)
  run.source = memory
  aimJson(run, memory)
  const noting = (pass: Take): Take => {
    if (!plan.residue) return pass
    return (_, at, from) => {
      passed.push({ from, stillHolds: () => pass(run, at, from) >= 0 })
      return pass(run, at, from)
    }
  }
  const takes = fields.map(
    ({ member, isSecond }) => member && (isSecond ? noting(passValue(member, plan)) : takeQuoted(member)),
  )
  return (index: number, from: number, at: number): number => Math.max(0, takes[index]?.(run, at, from) ?? 0)
}

function takeQuoted(member: FieldMember): Take {
  const take = takeValue(member)
  return (run, at, from) => (run.out[from] === QUOTE ? take(run, at, from + 1) : -1)
}

/** Passes over a value that says exactly what the bytes say. */
function passValue(member: FieldMember, plan: Plan): Take {
  const second = newRun(plan)
  aimJson(second, new Uint8Array(mostJson(member) + 8))
  return (run, at, from) => {
    second.source = run.source
    try {
      const end = appendField(member, second, at, 0)
      return isAt(second.out.subarray(0, end), run, from) ? from + end : -1
    } catch (error) {
      if (!isFailure(error)) throw error
      return -1 // The codec meets the same mistake again.
    }
  }
}
