// Strings of Latin-1 bytes, and the words for classes of bytes that messages use instead of the bytes.

import { byteAt } from '../../codepage/element.ts'

/**
 * Every array of bytes that the codec works on is a plain Uint8Array: with Buffers among them V8 would see two classes in each loop, and be
 * slower by half. This gives one over the same memory.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Bytes to write to, and the strings of what was written. */
export interface TextStage {
  readonly bytes: Uint8Array
  readonly text: Buffer
}

/** A stage of `size` bytes; `text` is a Buffer over the same memory. */
export function textStage(size: number): TextStage {
  const bytes = new Uint8Array(size)
  return { bytes, text: Buffer.from(bytes.buffer) }
}

const scratch = textStage(4096)

/** Makes the reader of a kind from its `append`: text is staged in one shared buffer. */
export function reader(
  append: (source: Uint8Array, at: number, out: Uint8Array, to: number, trace: { residue: boolean }) => number,
  maximumText: number,
): (source: Uint8Array, at: number, trace: { residue: boolean }) => string | undefined {
  const { bytes, text } = maximumText <= scratch.bytes.length ? scratch : textStage(maximumText)
  return (source, at, trace) => {
    const end = append(source, at, bytes, 0, trace)
    return end < 0 ? undefined : text.toString('latin1', 0, end)
  }
}

/** The class of a byte, safe to show: `a blank`, `LOW-VALUE`, `a digit` … */
export function classOfByte(byte: number | undefined, blank = 0x40): string {
  if (byte === undefined) return 'the end of the record'
  if (byte === 0x00) return 'LOW-VALUE'
  if (byte === 0xff) return 'HIGH-VALUE'
  if (byte === blank) return 'a blank'
  const zone = byte >> 4
  const digit = byte & 0x0f
  if (blank === 0x40) {
    if (zone === 0x0f && digit <= 9) return 'a digit'
    if (zone >= 0x0a && digit <= 9) return `a digit with zone ${zone.toString(16).toUpperCase()}`
    return byte < 0x40 ? 'a control byte' : 'another character'
  }
  if (zone === 3 && digit <= 9) return 'a digit'
  if (byte === 0x7b || byte === 0x7d || (zone === 4 && digit >= 1) || (zone === 5 && digit <= 2)) {
    return 'a letter, as when EBCDIC signs were translated as text'
  }
  return byte < 0x20 ? 'a control byte' : 'another character'
}

/** Two upper-case hexadecimal digits for each byte. */
export function hexOf(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = ''
  for (let at = start; at < end; at++) text += (byteAt(bytes, at) | 0x100).toString(16).slice(1)
  return text.toUpperCase()
}

/** Writes hexadecimal text to `out`; false when it is not `length` bytes of hexadecimal. */
export function writeHex(text: string, out: Uint8Array, at: number, length: number): boolean {
  if (text.length !== 2 * length || !/^[0-9A-Fa-f]*$/.test(text)) return false
  for (let i = 0; i < length; i++) out[at + i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return true
}
