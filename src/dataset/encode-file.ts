// Encodes lines of JSON to the records of a data set on standard output.

import { append, byteSink } from '../codec/byte-sink.ts'
import { type Failure, isFailure } from '../error/failure.ts'
import { fileWriter } from '../frame/file-parts.ts'
import { inContext, nameOf, putWhole } from './file/streams.ts'
import { wholeLinesOf } from './file/whole-lines.ts'
import { compileText } from './record/copybook.ts'
import { recordTypes } from './record/record-types.ts'
import type { EncodeRequest } from './record/request.ts'

/** Bytes gathered before they are written. */
const enough = 256 * 1024

const lineFeed = 0x0a
const blanks: readonly (number | undefined)[] = [0x20, 0x09, 0x0d]

/**
 * Throws what a line has wrong, with its number. The records before it are written, but for as many as there are trailers, which are only known
 * at the end. `mistakes` gets those of the copybook but the last.
 */
export async function encodeFile(request: EncodeRequest, mistakes: (mistake: Failure) => void): Promise<void> {
  const { path, blockSize } = request
  const types = recordTypes(compileText(request, mistakes), request, request)
  const out = byteSink(enough)
  const writer = fileWriter(types.parts, (bytes) => append(out, bytes), blockSize === undefined ? {} : { blockSize })
  const flush = async (): Promise<void> => {
    await putWhole(out.bytes.subarray(0, out.length))
    out.length = 0
  }
  /** Lines whose records are held back until they are known to be no trailers; the line whose record is being written. */
  const waiting: number[] = []
  let written = 0
  const write = (json: Uint8Array): void => {
    written = number
    const record = types.encode(json)
    waiting.push(number)
    written = waiting.length > types.parts.trailers.length ? (waiting.shift() ?? number) : number
    writer.write(record)
  }
  let number = 0
  try {
    for (const lines of wholeLinesOf(path)) {
      for (let at = 0; at < lines.length; ) {
        const newline = lines.indexOf(lineFeed, at)
        const end = newline < 0 ? lines.length : newline
        number++
        if (!isBlank(lines, at, end)) write(lines.subarray(at, end))
        if (out.length > enough) await flush()
        at = end + 1
      }
    }
    written = number
    writer.end()
  } catch (error) {
    if (!isFailure(error)) throw error
    throw inContext(error, `  in line ${written} of ${nameOf(path)}`)
  } finally {
    await flush()
  }
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!blanks.includes(bytes[at])) return false
  return true
}
