// Encodes lines of JSON to the records of a data set on standard output.

import { append, byteSink } from '../codec/byte-sink.ts'
import { type Failure, isFailure } from '../error/failure.ts'
import { recordWriter } from '../frame/writer.ts'
import { inContext, nameOf, putWhole } from './file/streams.ts'
import { wholeLinesOf } from './file/whole-lines.ts'
import { compileText, pageOf } from './record/copybook.ts'
import { dataFormat } from './record/data-format.ts'
import { type RecordTypes, recordTypes } from './record/record-types.ts'
import type { EncodeRequest } from './record/request.ts'
import { rootFlattening } from './segment/flatten-roots.ts'
import { hierarchyOf } from './segment/hierarchy.ts'

/** Bytes gathered before they are written. */
const enough = 256 * 1024

const lineFeed = 0x0a
const blanks: readonly (number | undefined)[] = [0x20, 0x09, 0x0d]

/** Throws what a line has wrong, with its number; the records before it are written. `mistakes` gets those of the copybook but the last. */
export async function encodeFile(request: EncodeRequest, mistakes: (mistake: Failure) => void): Promise<void> {
  const { path, blockSize } = request
  const copybook = compileText(request, mistakes)
  const page = pageOf(copybook, request.codec.codePage)
  const types = recordTypes(copybook, request, request)
  const out = byteSink(enough)
  const format = dataFormat(request.format, page, types.longest)
  const writer = recordWriter(format, (bytes) => append(out, bytes), blockSize === undefined ? {} : { blockSize })
  const flush = async (): Promise<void> => {
    await putWhole(out.bytes.subarray(0, out.length))
    out.length = 0
  }
  const recordsOf = recordsOfLine(types, request)
  let number = 0
  try {
    for (const lines of wholeLinesOf(path)) {
      for (let at = 0; at < lines.length; ) {
        const newline = lines.indexOf(lineFeed, at)
        const end = newline < 0 ? lines.length : newline
        number++
        for (const record of recordsOf(lines.subarray(at, end))) writer.write(record)
        if (out.length > enough) await flush()
        at = end + 1
      }
    }
    writer.end()
  } catch (error) {
    if (!isFailure(error)) throw error
    throw inContext(error, `  in line ${number} of ${nameOf(path)}`)
  } finally {
    await flush()
  }
}

/** Of a line: none, one record, or those of a root. */
function recordsOfLine(
  types: RecordTypes,
  { parents, select }: EncodeRequest,
): (json: Uint8Array) => readonly Uint8Array[] {
  const isNested = parents.length > 0
  const encode = isNested
    ? rootFlattening(types, hierarchyOf(parents, select))
    : (json: Uint8Array) => [types.encode(json)]
  return (line) => (isBlank(line) ? [] : encode(line))
}

function isBlank(line: Uint8Array): boolean {
  for (let at = 0; at < line.length; at++) if (!blanks.includes(line[at])) return false
  return true
}
