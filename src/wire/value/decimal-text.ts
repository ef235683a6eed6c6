// Decimal numbers as text: compared, counted and normalised without ever becoming a JavaScript number.

interface DecimalParts {
  readonly negative: boolean
  /** Without leading zeros; '' for none. */
  readonly whole: string
  /** As written. */
  readonly fraction: string
}

function partsOf(text: string): DecimalParts {
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.')
  return { negative: text.startsWith('-'), whole: whole.replace(/^0+/, ''), fraction }
}

/** Digits that count by XSD: no leading zeros, no trailing zeros of the fraction. */
export function digitsOf(text: string): { readonly total: number; readonly fraction: number } {
  const { whole, fraction } = partsOf(text)
  const needed = fraction.replace(/0+$/, '')
  const leading = whole === '' ? needed.replace(/^0+/, '') : needed
  return { total: Math.max(whole.length + leading.length, 1), fraction: needed.length }
}

/** Below 0, 0 or above 0. */
export function compareDecimals(one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)]
  const scale = Math.max(a.fraction.length, b.fraction.length)
  const difference = scaled(a, scale) - scaled(b, scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

function scaled({ negative, whole, fraction }: DecimalParts, scale: number): bigint {
  const magnitude = BigInt(`${whole}${fraction.padEnd(scale, '0')}` || '0')
  return negative ? -magnitude : magnitude
}

/** `+0012.50` → `12.50`, `.5` → `0.5`, `5.` → `5`, `-0.0` → `0.0`: the decimals stay as they were written. */
export function normalDecimal(text: string): string {
  const { negative, whole, fraction } = partsOf(text)
  const magnitude = `${whole || '0'}${fraction === '' ? '' : `.${fraction}`}`
  return negative && /[1-9]/.test(magnitude) ? `-${magnitude}` : magnitude
}
