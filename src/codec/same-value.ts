// Whether two values of different messages are the same: an account that was asked for and the one that a reply names.

/** Numbers by their value, everything else letter by letter without its padding. A value that is not there is blank, or zero. */
export function sameValue(one: string | undefined, other: string | undefined, asNumbers: boolean): boolean {
  const [a, b] = [unpadded(one), unpadded(other)]
  if (a === b) return true
  if (!asNumbers) return false
  const [x, y] = [decimalOf(a), decimalOf(b)]
  return x !== undefined && x === y
}

function unpadded(text: string | undefined): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: low-values at the end of a text field are padding as blanks are.
  return text?.replace(/[\u0000 ]+$/, '') ?? ''
}

/** One text for each number; undefined for what is none. */
function decimalOf(text: string): string | undefined {
  const [, sign, whole = '', fraction = ''] = /^\s*([+-]?)(\d*)(?:\.(\d*))?\s*$/.exec(text) ?? []
  if (sign === undefined) return undefined
  const digits = whole.replace(/^0+/, '')
  const decimals = fraction.replace(/0+$/, '')
  if (digits === '' && decimals === '') return '0'
  return `${sign === '-' ? '-' : ''}${digits}.${decimals}`
}
