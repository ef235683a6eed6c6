// The records of a data set one after the other, and the place of one whose length cannot be told.

import { isFailure } from '../../error/failure.ts'
import { type FileParts, fileReader } from '../../frame/file-parts.ts'
import type { TakeRecord } from '../../frame/framer.ts'
import type { RecordReader } from '../../frame/reader.ts'
import { inContext, nameOf } from './streams.ts'

/**
 * Reads as `fileReader` does. Where only the records before it tell where one begins, a mistake in its length is told with its number and
 * offset. `onBroken` is called before a mistake is thrown: no record follows.
 */
export function locatedReader(
  path: string,
  parts: FileParts,
  take: TakeRecord,
  onBroken: () => void = () => undefined,
): RecordReader {
  const next = { number: 1, offset: parts.start }
  const reader = fileReader(parts, (bytes, start, end, offset) => {
    next.number++
    next.offset = offset + end - start
    take(bytes, start, end, offset)
  })
  const located = (read: () => void): void => {
    try {
      read()
    } catch (error) {
      onBroken()
      if (!isFailure(error) || error.excerpt !== undefined || parts.format.kind !== 'computed') throw error
      throw inContext(error, `  in record ${next.number} of ${nameOf(path)}, at offset ${next.offset}`)
    }
  }
  return {
    push: (bytes) => located(() => reader.push(bytes)),
    end: () => located(reader.end),
    position: reader.position,
  }
}
