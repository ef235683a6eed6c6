// The reader of a packed decimal as JavaScript made for its very length and scale: what appendPacked does, with every loop unrolled.

/** What the text depends on. `signs`: sign nibble → 0 plus, 1 minus, | 2 not the preferred one, 4 not valid; undefined without a sign. */
export interface PackedShape {
  readonly length: number
  readonly digits: number
  readonly scale: number
  readonly signs: readonly number[] | undefined
}

/**
 * A program that gives the function, from a table `pairs` (byte → its two characters, 0x8000 where a nibble is no digit). For S9(3)V99:
 *
 *     const b0 = source[at], p0 = pairs[b0] …           12 34 5D: p0 '1' '2', p1 '3' '4', the last digit beside the sign
 *     if ((p0 | p1) & 0x8000) return -1
 *     switch (b0 > 15 ? 0 : b0 !== 0 ? 1 : 2) {         from the first whole digit that is not zero on
 *       case 0: out[to++] = p0 & 255 …
 */
export function packedSource({ length, digits, scale, signs }: PackedShape): string {
  const pairsEnd = signs ? length - 1 : length
  const pairNumbers = Array.from({ length: pairsEnd }, (_, i) => i)
  const pad = pairsEnd + length - digits
  const lines = pairNumbers.map((i) => `const b${i} = source[at + ${i}], p${i} = pairs[b${i}]`)
  if (pairsEnd > 0) lines.push(`if ((${pairNumbers.map((i) => `p${i}`).join(' | ')}) & 0x8000) return -1`)
  if (pad > 0) lines.push('if (b0 > 15) return -1')
  if (signs) lines.push(...signLines(pairsEnd))
  const digit = (place: number): string => {
    const nibble = place + pad
    const pair = nibble >> 1
    if (pair === pairsEnd) return '48 | last >> 4'
    return nibble & 1 ? `p${pair} >> 8` : `p${pair} & 255`
  }
  const whole = digits - scale
  if (whole > 1) {
    const tests = Array.from({ length: whole - 1 }, (_, place) => {
      const nibble = place + pad
      return `b${nibble >> 1} ${nibble & 1 ? '!== 0' : '> 15'} ? ${place} : `
    })
    const cases = Array.from({ length: whole }, (_, place) => `case ${place}: out[to++] = ${digit(place)}`)
    lines.push(`switch (${tests.join('')}${whole - 1}) {`, ...cases, '}')
  } else lines.push(`out[to++] = ${whole === 0 ? 48 : digit(0)}`)
  if (scale > 0) {
    lines.push('out[to] = 46')
    for (let place = 0; place < scale; place++) lines.push(`out[to + ${place + 1}] = ${digit(whole + place)}`)
  }
  lines.push(`return to + ${scale > 0 ? scale + 1 : 0}`)
  const table = signs ? `const signs = new Uint8Array([${signs.join(', ')}])\n` : ''
  return `${table}return (source, at, out, to, trace) => {\n  ${lines.join('\n  ')}\n}`
}

function signLines(pairsEnd: number): string[] {
  const bytes = Array.from({ length: pairsEnd }, (_, i) => `b${i} | `).join('')
  return [
    `const last = source[at + ${pairsEnd}], sign = signs[last & 15]`,
    'if (last > 0x9f || sign === 4) return -1',
    'if (sign & 2) trace.residue = true',
    `if (sign & 1) { if ((${bytes}last >> 4) === 0) trace.residue = true; else out[to++] = 45 }`,
  ]
}
