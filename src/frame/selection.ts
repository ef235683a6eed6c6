// Files of several record types: which record is read by which layout, told by its place in the file, its bytes or its length.

import { hexOf } from './format.ts'
import type { TakeRecord } from './framer.ts'

/** A condition on a record; all that are given must hold. */
export interface SelectionRule<Name> {
  readonly name: Name
  /** Bytes at an offset, in upper-case hexadecimal: one of them. */
  readonly at?: { readonly offset: number; readonly size: number; readonly values: readonly string[] }
  readonly minimumLength?: number
  readonly maximumLength?: number
  /** The first records of the file, or its last ones. */
  readonly place?: 'header' | 'trailer' | 'body'
}

/** The name of the first rule that a record meets, or undefined. */
export function selectRecord<Name>(
  rules: readonly SelectionRule<Name>[],
  bytes: Uint8Array,
  start: number,
  end: number,
  place: 'header' | 'trailer' | 'body',
): Name | undefined {
  const length = end - start
  return rules.find(({ at, minimumLength = 0, maximumLength = length, place: wanted = place }) => {
    if (wanted !== place || length < minimumLength || length > maximumLength) return false
    if (!at) return true
    return at.offset + at.size <= length && at.values.includes(hexOf(bytes, start + at.offset, at.size))
  })?.name
}

/** Takes a record and where in the file it stands. */
export type TakePlaced = (
  bytes: Uint8Array,
  start: number,
  end: number,
  offset: number,
  place: 'header' | 'trailer' | 'body',
) => void

/** Takes the records of a file in their order, and the end of the file. */
export interface RecordPlacer {
  readonly take: TakeRecord
  end(place?: 'body' | 'trailer'): void
}

/**
 * Tells the first `headers` and the last `trailers` records of a file from the others. A record is only known to be no trailer when as many
 * follow: so many are copied and held back; `end` hands them out, as trailers where the file ended as it should.
 */
export function placeRecords(headers: number, trailers: number, take: TakePlaced): RecordPlacer {
  const held: { bytes: Uint8Array; offset: number; number: number }[] = []
  let number = 0
  return {
    take: (bytes, start, end, offset) => {
      number++
      if (trailers === 0 || number <= headers) {
        take(bytes, start, end, offset, number <= headers ? 'header' : 'body')
        return
      }
      held.push({ bytes: bytes.slice(start, end), offset, number })
      const oldest = held.length > trailers ? held.shift() : undefined
      if (oldest) take(oldest.bytes, 0, oldest.bytes.length, oldest.offset, 'body')
    },
    end: (place = 'trailer') => {
      for (const { bytes, offset } of held.splice(0)) take(bytes, 0, bytes.length, offset, place)
    },
  }
}
