// Numeric items of USAGE NATIONAL: one UTF-16 unit a digit, the sign a unit of its own.   S9(3) SIGN TRAILING SEPARATE -42:  0030 0034 0032 002D

import type { Sign } from '../../cobol/layout.ts'
import { byteAt } from '../../codepage/element.ts'
import type { Finding, Kind } from '../kind/kind.ts'
import type { DecimalSpec } from './decimal.ts'
import { asciiZoned, zoned } from './zoned.ts'

const alphabet = asciiZoned('ascii')

/** A numeric national item: the bytes of a zoned ASCII item, each widened to a UTF-16 unit. */
export function nationalZoned(decimal: DecimalSpec, sign: Sign | undefined, little: boolean): Kind {
  const narrow = zoned(decimal, sign, alphabet)
  const units = narrow.length
  const low = little ? 0 : 1
  const bytes = new Uint8Array(units)
  /** Copies the low halves to `bytes`; the index of a unit that is no ASCII character, or -1. */
  const load = (source: Uint8Array, at: number): number => {
    for (let i = 0; i < units; i++) {
      if (source[at + 2 * i + 1 - low] !== 0) return i
      bytes[i] = byteAt(source, at + 2 * i + low)
    }
    return -1
  }
  const store = (out: Uint8Array, at: number) => {
    for (let i = 0; i < units; i++) {
      out[at + 2 * i + low] = byteAt(bytes, i)
      out[at + 2 * i + 1 - low] = 0
    }
  }
  const initial = new Uint8Array(2 * units)
  bytes.set(narrow.initial)
  store(initial, 0)
  const { shape, maximumText, plain, writeJson } = narrow
  return {
    length: 2 * units,
    shape,
    maximumText,
    plain,
    append: (source, at, out, to, trace) =>
      load(source, at) < 0 ? (narrow.append?.(bytes, 0, out, to, trace) ?? -1) : -1,
    read: (source, at, trace) => (load(source, at) < 0 ? narrow.read(bytes, 0, trace) : undefined),
    write: (value, out, at) => {
      const verdict = narrow.write(value, bytes, 0)
      store(out, at)
      return verdict
    },
    ...(writeJson && {
      writeJson: (json, from, out, at) => {
        const end = writeJson(json, from, bytes, 0)
        if (end >= 0) store(out, at)
        return end
      },
    }),
    initial,
    explain: (source, at): Finding => {
      const wrong = load(source, at)
      if (wrong >= 0) return { index: 2 * wrong, expected: 'a digit in UTF-16', found: 'another character' }
      const finding = narrow.explain(bytes, 0)
      return { ...finding, index: 2 * finding.index }
    },
  }
}
