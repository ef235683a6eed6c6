// Text that is not one byte a character: NATIONAL (UTF-16BE), DBCS, mixed SO/SI text, UTF-8. Each is a `Script`: bytes ⇄ string;
// trimming, padding and the check that a value gives its bytes back are the same for all.
//   PIC N(3) "AB":  00 41 00 42 00 20        PIC G(3):  two-byte characters of the page without SO and SI, padded with 40 40
//   mixed PIC X(6) "A国":  C1 0E 45 8F 0F 40

import type { CodePage } from '../../codepage/code-page.ts'
import { byteAt } from '../../codepage/element.ts'
import { isFailure } from '../../error/failure.ts'
import { type Finding, type Kind, type Refused, refused, type Trace } from '../kind/kind.ts'
import { text } from './text.ts'

/** How the characters of a field stand in bytes. */
export interface Script {
  /** Text of all bytes; undefined when they are not valid. */
  decode(bytes: Uint8Array, start: number, end: number): string | undefined
  /** Bytes of a text; undefined when a character does not exist. */
  encode(value: string): Uint8Array | undefined
  /** What stands behind the value: its bytes, and its character. */
  readonly pad: Uint8Array
  readonly padCharacter: string
  /** Bytes of the widest UTF-8 JSON that one stored byte may become. */
  readonly expansion: number
  readonly expected: string
}

/** PIC N and national-edited items: UTF-16, big-endian unless the source is little-endian. Unpaired surrogates are kept. */
export function national(positions: number, justified: boolean, little: boolean): Kind {
  return wide(2 * positions, positions, justified, nationalScript(little))
}

/** UTF-16, big-endian unless `little`; two bytes for each unit. */
export function nationalScript(little: boolean): Script {
  const low = little ? 0 : 1
  return {
    decode: (bytes, start, end) => {
      let value = ''
      for (let i = start; i < end; i += 2) {
        value += String.fromCharCode(byteAt(bytes, i + low) | (byteAt(bytes, i + 1 - low) << 8))
      }
      return value
    },
    encode: (value) => {
      const bytes = new Uint8Array(2 * value.length)
      for (let i = 0; i < value.length; i++) {
        const unit = value.charCodeAt(i)
        bytes[2 * i + low] = unit & 0xff
        bytes[2 * i + 1 - low] = unit >> 8
      }
      return bytes
    },
    pad: Uint8Array.from(little ? [0x20, 0x00] : [0x00, 0x20]),
    padCharacter: ' ',
    expansion: 3,
    expected: 'UTF-16',
  }
}

/** PIC G and USAGE DISPLAY-1: two bytes a character of the page's two-byte part. */
export function dbcs(positions: number, justified: boolean, page: Required<Pick<CodePage, 'double'>>): Kind {
  const { double } = page
  const ideographicSpace = '\u3000'
  return wide(2 * positions, positions, justified, {
    decode: (bytes, start, end) => guarded(() => double.decode(bytes, start, end)),
    encode: (value) => guarded(() => double.encode(value)),
    pad: Uint8Array.of(0x40, 0x40),
    padCharacter: ideographicSpace,
    expansion: 3,
    expected: `two-byte characters of ${double.name}`,
  })
}

/** PIC X in a page with shift-out and shift-in. Most texts have neither, and are read and written as in any page of one byte a character. */
export function mixedText(length: number, justified: boolean, page: CodePage): Kind {
  const mixed = wide(length, length, justified, pageScript(page))
  const { appendJson, read, write, writeJson } = text(length, page, justified)
  return {
    ...mixed,
    ...(appendJson && { appendJson }),
    ...(writeJson && { writeJson }),
    read: (source, at, trace) => read(source, at, trace) ?? mixed.read(source, at, trace),
    write: (value, out, at) => (write(value, out, at) === refused.none ? refused.none : mixed.write(value, out, at)),
  }
}

/** Text as it is in a page of any kind. */
export function pageScript(page: CodePage): Script {
  return {
    decode: (bytes, start, end) => guarded(() => page.decode(bytes, start, end)),
    encode: (value) => guarded(() => page.encode(value)),
    pad: Uint8Array.of(Math.max(0, page.fromUnicode(0x20))),
    padCharacter: ' ',
    expansion: 6,
    expected: `text of ${page.name}`,
  }
}

const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const utf8Encoder = new TextEncoder()

/** PIC U, and PIC X of records in UTF-8: `length` bytes, padded with blanks. A character is a code point: PIC U(3) holds three in 12 bytes. */
export function utf8Text(length: number, justified: boolean, characters: number): Kind {
  return wide(length, characters, justified, {
    decode: (bytes, start, end) => {
      try {
        return utf8Decoder.decode(bytes.subarray(start, end))
      } catch {
        return undefined
      }
    },
    encode: (value) => (/\p{Surrogate}/u.test(value) ? undefined : utf8Encoder.encode(value)),
    pad: Uint8Array.of(0x20),
    padCharacter: ' ',
    expansion: 6,
    expected: 'UTF-8',
  })
}

function guarded<T>(convert: () => T): T | undefined {
  try {
    return convert()
  } catch (error) {
    if (isFailure(error)) return undefined
    throw error
  }
}

function wide(length: number, characters: number, justified: boolean, script: Script): Kind {
  const valueAt = (source: Uint8Array, at: number): string | undefined => {
    const whole = script.decode(source, at, at + length)
    if (whole === undefined) return undefined
    return justified ? trimStart(whole, script.padCharacter) : trimEnd(whole, script.padCharacter)
  }
  const read: Kind['read'] = (source, at, trace) => {
    const value = valueAt(source, at)
    return value === undefined ? undefined : writtenAgain({ length, write }, value, source, at, trace)
  }
  const write = (value: string, out: Uint8Array, at: number): Refused => {
    if (value.length > length) return refused.tooLong
    const bytes = script.encode(value)
    if (!bytes) return refused.notInCodePage
    const room = length - bytes.length
    if (room < 0 || isLonger(value, characters)) return refused.tooLong
    out.set(bytes, justified ? at + room : at)
    padding(out, justified ? at : at + bytes.length, room, script.pad)
    return refused.none
  }
  const initial = new Uint8Array(length)
  padding(initial, 0, length, script.pad)
  return {
    length,
    shape: { type: 'text', maximum: characters },
    maximumText: script.expansion * length + 6,
    plain: false,
    read,
    write,
    initial,
    explain: (source, at): Finding =>
      isLonger(valueAt(source, at) ?? '', characters)
        ? { index: 0, expected: `at most ${characters}`, found: 'more characters' }
        : { index: 0, expected: script.expected, found: 'other bytes' },
  }
}

/**
 * The value that was read from `source` at `at`; undefined where it cannot be written. Writing it again shows whether its bytes are
 * the canonical ones: `trace` notes a residue where they are not.
 */
export function writtenAgain(
  { length, write }: Pick<Kind, 'length' | 'write'>,
  value: string,
  source: Uint8Array,
  at: number,
  trace: Trace,
): string | undefined {
  const again = new Uint8Array(length)
  if (write(value, again, 0) !== refused.none) return undefined
  for (let i = 0; i < length && !trace.residue; i++) if (again[i] !== source[at + i]) trace.residue = true
  return value
}

/** Whether a text has more than so many code points. */
function isLonger(text: string, characters: number): boolean {
  return text.length > characters && Array.from(text).length > characters
}

/** Fills `room` bytes from `at` on with the bytes of `pad`, over and over. */
export function padding(out: Uint8Array, at: number, room: number, pad: Uint8Array): void {
  for (let i = 0; i < room; i++) out[at + i] = byteAt(pad, i % pad.length)
}

/** Like the text of one byte a character: padding and NULs behind the value are not part of it. */
function trimEnd(value: string, pad: string): string {
  let end = value.length
  while (end > 0 && (value[end - 1] === pad || value[end - 1] === '\0')) end--
  return value.slice(0, end)
}

function trimStart(value: string, pad: string): string {
  let start = 0
  while (value[start] === pad) start++
  return value.slice(start)
}
