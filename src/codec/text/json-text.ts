// Text inside of JSON strings, in UTF-8, escaped as JSON.stringify does it.

const hexDigits = '0123456789abcdef'

/** The letter behind the backslash: \b \t \n \f \r. */
const shortEscapes: Readonly<Record<number, number>> = { 8: 0x62, 9: 0x74, 10: 0x6e, 12: 0x66, 13: 0x72 }

/** One UTF-16 unit that is no half of a pair. At most 6 bytes. */
export function appendJsonUnit(unit: number, out: Uint8Array, to: number): number {
  let next = to
  if (unit >= 0x800) {
    out[next++] = 0xe0 | (unit >> 12)
    out[next++] = 0x80 | ((unit >> 6) & 0x3f)
    out[next++] = 0x80 | (unit & 0x3f)
  } else if (unit >= 0x80) {
    out[next++] = 0xc0 | (unit >> 6)
    out[next++] = 0x80 | (unit & 0x3f)
  } else if (unit >= 0x20) {
    if (unit === 0x22 || unit === 0x5c) out[next++] = 0x5c
    out[next++] = unit
  } else {
    const short = shortEscapes[unit]
    if (short === undefined) return appendUnicodeEscape(unit, out, next)
    out[next++] = 0x5c
    out[next++] = short
  }
  return next
}

function appendUnicodeEscape(unit: number, out: Uint8Array, to: number): number {
  out[to] = 0x5c
  out[to + 1] = 0x75
  for (let i = 0; i < 4; i++) out[to + 2 + i] = hexDigits.charCodeAt((unit >> (12 - 4 * i)) & 15)
  return to + 6
}

/** A whole string without its quotes. At most 6 bytes a unit; halves of pairs that stand alone are escaped. */
export function appendJsonText(text: string, out: Uint8Array, to: number): number {
  let next = to
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0xd800 || unit > 0xdfff) {
      next = appendJsonUnit(unit, out, next)
      continue
    }
    const codePoint = text.codePointAt(i) ?? unit
    if (codePoint === unit) {
      next = appendUnicodeEscape(unit, out, next)
      continue
    }
    i++
    out[next++] = 0xf0 | (codePoint >> 18)
    out[next++] = 0x80 | ((codePoint >> 12) & 0x3f)
    out[next++] = 0x80 | ((codePoint >> 6) & 0x3f)
    out[next++] = 0x80 | (codePoint & 0x3f)
  }
  return next
}
