// Records → bytes of a data set: the other direction of reader.ts.

import { failure } from '../error/failure.ts'
import { descriptorSize } from './blocks.ts'
import { countsItself, type Descriptor, longestVariable, type RecordFormat, type TextFormat } from './format.ts'

/** Takes the records of a file, from its first to its last. */
export interface RecordWriter {
  /** Adds one record. Throws FRAME_RECORD_TOO_LONG, or FRAME_LENGTH_INVALID where the format wants another length. */
  write(record: Uint8Array): void
  /** Where all records have one length: adds those up to the first of another one, which lie one behind the other; gives their number. */
  writeEqual?(bytes: Uint8Array, ends: Uint32Array): number
  /** Completes the last block. Call it once. */
  end(): void
}

/** What a format leaves open for those who write it. Lengths in bytes. */
export interface WriterOptions {
  /** BLKSIZE of blocked formats: no block is longer. Default 32 760. */
  readonly blockSize?: number
}

/** Writes records of a format; `put` gets pieces that belong together, each good for as long as what was handed in. */
export function recordWriter(
  format: RecordFormat,
  put: (bytes: Uint8Array) => void,
  options: WriterOptions = {},
): RecordWriter {
  const blockSize = options.blockSize ?? longestVariable
  switch (format.kind) {
    case 'fixed':
      return fixedWriter(put, format.length)
    case 'computed':
      return plainWriter(put, (record, number) => requireLength(record, number, lengthByRule(format, record, number)))
    case 'text':
      return textWriter(format, put)
    case 'variable':
      return variableWriter(format, put, blockSize)
    case 'spanned':
      return spannedWriter(format.block, put, blockSize)
  }
}

function fixedWriter(put: (bytes: Uint8Array) => void, length: number): RecordWriter {
  let number = 0
  return {
    write: (record) => {
      requireLength(record, ++number, length)
      put(record)
    },
    writeEqual: (bytes, ends) => {
      let count = 0
      while (count < ends.length && ends[count] === (count + 1) * length) count++
      number += count
      put(bytes.subarray(0, count * length))
      return count
    },
    end: () => undefined,
  }
}

function plainWriter(
  put: (bytes: Uint8Array) => void,
  check: (record: Uint8Array, number: number) => void,
): RecordWriter {
  let number = 0
  return {
    write: (record) => {
      check(record, ++number)
      put(record)
    },
    end: () => undefined,
  }
}

function requireLength(record: Uint8Array, number: number, wanted: number | undefined): void {
  if (record.length === wanted) return
  const problem = wanted === undefined ? 'no number' : `record ${number} must have ${wanted} bytes`
  throw failure('FRAME_LENGTH_INVALID', { offset: 0, length: record.length, problem })
}

function lengthByRule(
  { header, lengthOf }: Extract<RecordFormat, { kind: 'computed' }>,
  record: Uint8Array,
  number: number,
): number | undefined {
  return record.length < header ? undefined : lengthOf(record, 0, record.length, number)
}

function textWriter({ newline, blank }: TextFormat, put: (bytes: Uint8Array) => void): RecordWriter {
  return plainWriter((record) => {
    let end = record.length
    while (end > 0 && record[end - 1] === blank) end--
    const line = new Uint8Array(end + newline.length)
    line.set(record.subarray(0, end))
    line.set(newline, end)
    put(line)
  }, refuseNewline(newline))
}

/** A newline inside a record would make two of it when read. */
function refuseNewline(newline: readonly number[]): (record: Uint8Array, number: number) => void {
  return (record, number) => {
    const [first = -1, ...rest] = newline
    for (let at = record.indexOf(first); at >= 0; at = record.indexOf(first, at + 1)) {
      if (!rest.every((byte, index) => record[at + 1 + index] === byte)) continue
      const problem = `record ${number} holds a newline; write it in another format`
      throw failure('FRAME_LENGTH_INVALID', { offset: at, length: record.length, problem })
    }
  }
}

function variableWriter(
  format: Extract<RecordFormat, { kind: 'variable' }>,
  put: (bytes: Uint8Array) => void,
  blockSize: number,
): RecordWriter {
  const size = descriptorSize(format.record)
  const blocks = format.block ? blockWriter(format.block, put, blockSize) : undefined
  const maximum = Math.min(format.maximum ?? longestVariable, blocks?.room ?? Number.POSITIVE_INFINITY)
  let number = 0
  return {
    write: (record) => {
      number++
      const length = size + record.length
      if (length > maximum || length - format.record.adjust >= 256 ** format.record.size) {
        throw failure('FRAME_RECORD_TOO_LONG', { record: number, length: record.length, maximum: maximum - size })
      }
      const framed = new Uint8Array(length)
      putLength(framed, 0, length, format.record)
      framed.set(record, size)
      if (blocks) blocks.add(framed)
      else put(framed)
    },
    end: () => blocks?.flush(),
  }
}

function spannedWriter(
  block: Descriptor | undefined,
  put: (bytes: Uint8Array) => void,
  blockSize: number,
): RecordWriter {
  const blocks = block ? blockWriter(block, put, blockSize) : undefined
  const longest = blocks ? blocks.room : blockSize
  const segment = (record: Uint8Array, start: number, end: number): void => {
    const framed = new Uint8Array(4 + end - start)
    putLength(framed, 0, framed.length, countsItself)
    const [isFirst, isLast] = [start === 0, end === record.length]
    framed[2] = isFirst && isLast ? 0 : isFirst ? 1 : isLast ? 2 : 3
    framed.set(record.subarray(start, end), 4)
    if (blocks) blocks.add(framed)
    else put(framed)
  }
  return {
    write: (record) => {
      let start = 0
      do {
        // A segment of at least one byte must fit; else the next block takes it.
        const left = blocks && blocks.left() > 4 ? blocks.left() : longest
        const end = Math.min(record.length, start + left - 4)
        segment(record, start, end)
        start = end
      } while (start < record.length)
    },
    end: () => blocks?.flush(),
  }
}

/** Gathers framed records and puts them out as blocks of at most `blockSize` bytes. */
function blockWriter(block: Descriptor, put: (bytes: Uint8Array) => void, blockSize: number) {
  const size = descriptorSize(block)
  const buffer = new Uint8Array(blockSize)
  let length = size
  const flush = (): void => {
    if (length === size) return
    if (length - block.adjust > 0x7fff && block.size === 2) {
      putLength(buffer, 0, length + 0x80000000, { ...block, size: 4, reserved: 0 })
    } else putLength(buffer, 0, length, block)
    put(buffer.slice(0, length))
    length = size
  }
  return {
    room: blockSize - size,
    left: () => blockSize - length,
    add: (framed: Uint8Array): void => {
      if (length + framed.length > blockSize) flush()
      buffer.set(framed, length)
      length += framed.length
    },
    flush,
  }
}

function putLength(
  bytes: Uint8Array,
  at: number,
  length: number,
  { size, endian, reserved, adjust }: Descriptor,
): void {
  let left = length - adjust
  for (let index = 0; index < size; index++) {
    bytes[endian === 'big' ? at + size - 1 - index : at + index] = left % 256
    left = Math.floor(left / 256)
  }
  bytes.fill(0, at + size, at + size + reserved)
}
