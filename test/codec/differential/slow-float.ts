// IBM hexadecimal floating point as the shortest decimal that reads back: tries one digit, then two …
//   C2 76 A0 00   sign 1 bit, characteristic 7 (excess 64, base 16), fraction 24 (or 56):   -0.76A (base 16) · 16^2 = -118.625

const decimals = 400
/** Numbers are counted in 10^-400: a whole number of them for each float, even the tiniest, 2^-312. */
const one = 10n ** BigInt(decimals)

export function floatIn(own: Uint8Array): string {
  const hex = Buffer.from(own).toString('hex')
  const places = hex.length - 2
  const first = Number.parseInt(hex.slice(0, 2), 16)
  let power = (first & 127) - 64
  let fraction = BigInt(`0x${hex.slice(2)}`)
  if (fraction === 0n) return '0'
  const least = 16n ** BigInt(places - 1)
  while (fraction < least && power > -64) {
    fraction *= 16n
    power--
  }
  // From this float to the next one; to the one before it is a sixteenth where a power of 16 lies between.
  const step = power < places ? one / 16n ** BigInt(places - power) : one * 16n ** BigInt(power - places)
  const value = fraction * step
  const low = value - (fraction === least && power > -64 ? step / 32n : step / 2n)
  const high = value + step / 2n
  // Halfway between two floats the even one is read.
  const readsBack = (given: bigint) =>
    fraction % 2n === 0n ? given >= low && given <= high : given > low && given < high
  for (let count = 1; ; count++) {
    const short = neighbours(value, count).find(readsBack)
    if (short !== undefined) return `${first > 127 ? '-' : ''}${written(short)}`
  }
}

/** The numbers of so many digits on both sides of a value, the nearer one first; of two as near the even one. */
function neighbours(value: bigint, count: number): bigint[] {
  const cut = 10n ** BigInt(value.toString().length - count)
  const rest = value % cut
  const down = value - rest
  const up = down + cut
  const isUp = 2n * rest > cut || (2n * rest === cut && (down / cut) % 2n === 1n)
  return isUp ? [up, down] : [down, up]
}

/** As JavaScript writes numbers: from 1e-6 on and below 1e21 without an exponent. */
function written(value: bigint): string {
  const text = value.toString()
  const exponent = text.length - 1 - decimals
  if (exponent >= -6 && exponent <= 20) {
    const padded = text.padStart(decimals + 1, '0')
    return `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`.replace(/\.?0+$/, '')
  }
  const rest = text.slice(1).replace(/0+$/, '')
  return `${text[0]}${rest && `.${rest}`}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`
}
