// The reader of a zoned decimal as JavaScript made for its very length and scale: what appendZoned does, with every loop unrolled.

export interface ZonedShape {
  readonly digits: number
  readonly scale: number
  /** Index of the first digit. */
  readonly from: number
  /** Index of the separate sign, or of the last digit where that has a sign in its zone; the other is -1. */
  readonly separateAt: number
  readonly punchAt: number
  readonly plus: number
  readonly minus: number
}

/**
 * A program that gives the function, from the tables `ascii` (byte → its character, 0x80 where it is no digit) and `punch` (byte → digit,
 * | 0x10 minus, | 0x20 not the preferred sign; 0xff where it is none). For S9(2)V9:
 *
 *     const c0 = ascii[source[at + 0]], c1 = …, sign = punch[source[at + 2]], c2 = 48 | sign & 15
 *     if ((c0 | c1) & 0x80) return -1
 *     switch (c0 !== 48 ? 0 : 1) {                     from the first whole digit that is not zero on
 *       case 0: out[to++] = c0 …
 */
export function zonedSource({ digits, scale, from, separateAt, punchAt, plus, minus }: ZonedShape): string {
  const lines: string[] = []
  const chars = Array.from({ length: digits }, (_, place) => `c${place}`)
  const plain = chars.filter((_, place) => place !== punchAt)
  for (const [place, char] of chars.entries()) {
    if (place !== punchAt) lines.push(`const ${char} = ascii[source[at + ${from + place}]]`)
    else
      lines.push(`const sign = punch[source[at + ${place}]], ${char} = 48 | sign & 15`, 'if (sign === 255) return -1')
  }
  if (plain.length > 0) lines.push(`if ((${plain.join(' | ')}) & 0x80) return -1`)
  const isZero = `((${chars.join(' | ')}) & 15) === 0`
  const putMinus = `{ if (${isZero}) trace.residue = true; else out[to++] = 45 }`
  if (punchAt < 0) {
    lines.push(`const sign = source[at + ${separateAt}]`)
    lines.push(`if (sign === ${minus}) ${putMinus} else if (sign !== ${plus}) return -1`)
  } else lines.push('if (sign & 32) trace.residue = true', `if (sign & 16) ${putMinus}`)
  const whole = digits - scale
  if (whole > 1) {
    const tests = chars.slice(0, whole - 1).map((char, place) => `${char} !== 48 ? ${place} : `)
    const cases = chars.slice(0, whole).map((char, place) => `case ${place}: out[to++] = ${char}`)
    lines.push(`switch (${tests.join('')}${whole - 1}) {`, ...cases, '}')
  } else lines.push(`out[to++] = ${whole === 0 ? 48 : 'c0'}`)
  if (scale > 0) {
    lines.push('out[to] = 46')
    for (let place = 0; place < scale; place++) lines.push(`out[to + ${place + 1}] = c${whole + place}`)
  }
  lines.push(`return to + ${scale > 0 ? scale + 1 : 0}`)
  return `return (source, at, out, to, trace) => {\n  ${lines.join('\n  ')}\n}`
}
