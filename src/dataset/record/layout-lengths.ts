// Files without descriptors whose records end where their layouts say: by the type that their first bytes tell, and by the counters of their
// tables. Binary FTP without SITE RDW leaves such files.
//
//   REC1 [01ABC1 A A A A]  REC2 [01ABC2 2 xxx yyy]  REC3 [01ABC3 z]

import type { Item, Layout } from '../../cobol/layout.ts'
import type { RecordCodec } from '../../codec/record-codec.ts'
import type { RecordOptions } from '../../contract/record.ts'
import { failure, isFailure } from '../../error/failure.ts'
import type { FileParts } from '../../frame/file-parts.ts'
import { longestByDefault } from '../../frame/format.ts'
import type { SelectionRule } from '../../frame/selection.ts'

/** Records that a rule selects, and what reads them. */
export interface RecordType {
  readonly rule: SelectionRule<string>
  readonly codec: RecordCodec
}

/** Gives a record's length as `ComputedFormat.lengthOf` does. */
type LengthOf = (bytes: Uint8Array, start: number, end: number) => number

/** A record type whose records are measured. Lengths in bytes. */
interface MeasuredType {
  readonly rule: SelectionRule<string>
  readonly minimum: number
  readonly maximum: number
  /** Bytes from a record's start that its rule looks at. */
  readonly window: number
  readonly values: readonly Uint8Array[]
  readonly lengthOf: LengthOf
}

/**
 * How records lie that are as long as their layouts say; `lengths` has those of record types that the file has longer or shorter. Throws
 * RECORD_UNKNOWN for a length of no type, RECORD_LENGTH_UNKNOWN and COUNTER_OUTSIDE where the bytes would not tell. The format throws
 * RECORD_TYPE_UNKNOWN where no record begins and COUNTER_OUT_OF_RANGE, each for the record that begins there.
 */
export function layoutLengths(
  types: readonly RecordType[],
  lengths: Readonly<Record<string, number>>,
  options: RecordOptions,
): Pick<FileParts, 'format' | 'trailers'> {
  requireKnown(types, lengths)
  const measured = types.map((type) => measuredType(type, lengths, options))
  requireTold(measured)
  const [first] = measured
  const headers = measured.filter(({ rule }) => rule.place === 'header').length
  const trailers = measured.filter(({ rule }) => rule.place === 'trailer').map(trailerLength)
  const minimum = Math.min(...measured.map((one) => one.minimum))
  const maximum = Math.max(...measured.map((one) => one.maximum))
  if (first && measured.length === 1 && !first.rule.place && !first.rule.at && minimum === maximum)
    return { format: { kind: 'fixed', length: maximum }, trailers }
  const lengthOf = (bytes: Uint8Array, start: number, end: number, number: number) =>
    lengthAt(measured, bytes, start, end, number <= headers ? 'header' : 'body')
  return { format: { kind: 'computed', header: Math.max(1, minimum), lengthOf, maximum }, trailers }
}

/** The first rule that holds decides. One that looks at more bytes than are there needs them; `requireTold` saw to it that the record has them. */
function lengthAt(
  types: readonly MeasuredType[],
  bytes: Uint8Array,
  start: number,
  end: number,
  place: 'header' | 'body',
): number {
  for (const { rule, window, values, lengthOf } of types) {
    if (rule.place !== undefined && rule.place !== place) continue
    if (start + window > end) return window
    const at = start + (rule.at?.offset ?? 0)
    if (values.length === 0 || values.some((value) => value.every((byte, index) => bytes[at + index] === byte)))
      return lengthOf(bytes, start, end)
  }
  throw failure('RECORD_TYPE_UNKNOWN', { length: undefined })
}

function measuredType(
  { rule, codec }: RecordType,
  lengths: Readonly<Record<string, number>>,
  options: RecordOptions,
): MeasuredType {
  const { at } = rule
  const window = at ? at.offset + at.size : 0
  const values = at ? at.values.map((hex) => Uint8Array.from(Buffer.from(hex, 'hex'))) : []
  const length = lengths[rule.name] ?? constantLength(codec.layout, options)
  if (length !== undefined) return { rule, window, values, minimum: length, maximum: length, lengthOf: () => length }
  requireInnerCounters(codec.layout, options)
  const { minimumLength: minimum, maximumLength: maximum } = codec
  return { rule, window, values, minimum, maximum, lengthOf: byCounters(codec) }
}

/** Undefined where counters tell the length. */
function constantLength({ minimumLength, maximumLength }: Layout, { variable }: RecordOptions): number | undefined {
  return minimumLength === maximumLength || variable === 'maximum' ? maximumLength : undefined
}

/** Until its counters are there, the bytes that a record needs at least. */
function byCounters(codec: RecordCodec): LengthOf {
  return (bytes, start, end) => {
    try {
      return codec.lengthOf(bytes, start, end)
    } catch (error) {
      if (isFailure(error) && error.code === 'RECORD_TOO_SHORT') return Number(error.facts.needed)
      throw error
    }
  }
}

function requireKnown(types: readonly RecordType[], lengths: Readonly<Record<string, number>>): void {
  const known = types.map(({ rule }) => rule.name)
  for (const [record, length] of Object.entries(lengths)) {
    if (!known.includes(record)) throw failure('RECORD_UNKNOWN', { record, known: known.join(', ') })
    if (length > 0 && length <= longestByDefault) continue
    throw unknown(record, `it cannot have ${length} bytes`, `a record has 1 to ${longestByDefault} bytes`)
  }
}

/** Refuses rules that would let bytes of another record decide about this one. */
function requireTold(types: readonly MeasuredType[]): void {
  for (const [index, { rule, window }] of types.entries()) {
    const { name, minimumLength, maximumLength } = rule
    if (minimumLength !== undefined || maximumLength !== undefined)
      throw unknown(name, 'its rule asks for its length', 'select it by its first bytes, or as header or trailer')
    const short = types.slice(index).find(({ minimum }) => minimum < window)
    if (!short) continue
    const problem = `its rule looks at ${window} bytes, and a record ${short.rule.name} may have ${short.minimum}`
    throw unknown(name, problem, `select it by bytes that every record has, or name it behind ${short.rule.name}`)
  }
}

/** A trailer is told by the end of the file, from which it must be found. */
function trailerLength({ rule: { name }, minimum, maximum }: MeasuredType): number {
  if (minimum === maximum) return maximum
  const problem = `a trailer needs one length, and its tables let it have ${minimum} to ${maximum} bytes`
  throw unknown(name, problem, `say which: --record-length ${name}=N`)
}

/** A counter of another record does not say where this one ends. */
function requireInnerCounters({ root }: Layout, { outsideCounters = {} }: RecordOptions): void {
  const declared = Object.keys(outsideCounters).map((name) => name.toUpperCase())
  const visit = ({ name, occurs, children }: Item): void => {
    const { outside, dependingOn: counter = '' } = occurs ?? {}
    if (outside !== undefined && !declared.includes(counter))
      throw failure('COUNTER_OUTSIDE', { table: name ?? 'FILLER', counter, outside })
    children.forEach(visit)
  }
  visit(root)
}

function unknown(record: string, problem: string, fix: string) {
  return failure('RECORD_LENGTH_UNKNOWN', { record, problem, fix })
}
