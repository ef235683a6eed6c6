// One element of bytes or of a table of code units, at an index that the caller has checked: the only place where the compiler is told so.

/** The byte at `index`, 0 to 255; `index` lies inside of `bytes`. Typed arrays of bytes alone: an engine makes this fast for one kind of array. */
export function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] as number
}

/** The number at `index` of a table of 16 bits, or of answers with a sign; `index` lies inside of `table`. */
export function unitAt(table: Uint16Array | Int16Array | Int8Array, index: number): number {
  return table[index] as number
}
