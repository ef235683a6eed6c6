// The bulk encoder: lines of JSON, as this codec writes them → fixed-length records, with WebAssembly SIMD. Written in AssemblyScript, driven by
// a table of fields. test/codec/bulk/kernel.test.ts compiles it and holds encode-kernel-module.ts against the result.
//
// A field is 48 bytes, little-endian:
//
//    0       1        2       3       4        8        12       16       20      24                                       32 … 47
//   +-------+--------+-------+-------+--------+--------+--------+--------+-------+----------------------------------------+--------------------+
//   | kind  | digits | scale | flags | offset | length | key at | key    | index | DISPLAY: first digit, sign at, form of | where each digit   |
//   |       |        |       |       |        |        |        | length |       | sign, 0, +, -; hidden: its bytes at    | is taken from      |
//   +-------+--------+-------+-------+--------+--------+--------+--------+-------+----------------------------------------+--------------------+
//
// A key is all the punctuation between two values: `","balance":"`; behind the last one there may be more than `}`. The lanes say for each of
// sixteen digits, the last one in the last lane, how far in front of the closing quote it stands. Fields lie in the order of the bytes, without
// gaps: what one writes behind its end is written again. Loads may read up to 32 bytes behind what they use.

const fieldSize: i32 = 48

const kindText: u8 = 1
const kindZoned: u8 = 2
const kindPacked: u8 = 3
const kindBinary: u8 = 4
const kindHidden: u8 = 5
const kindEnd: u8 = 6
const kindOther: u8 = 7

const signed: u8 = 1
const signNibble: u8 = 2
const little: u8 = 4
/** A view begins, which may be left out. */
const optional: u8 = 8

const punched: u8 = 1
const separate: u8 = 2

/** Writes the value that begins with the quote at `from` where this kernel cannot, or sees to it that it says what is written; gives the position behind it, or 0 to leave the line. */
@external('env', 'other')
declare function other(index: i32, from: i32, at: i32): i32

/** The bytes of ASCII characters from X'20' on, six rows of sixteen; 0 for those that JSON escapes or the page lacks. */
let rowsAt: i32 = 0
/** Ten digits with a plus, ten with a minus. */
let signsAt: i32 = 0
/** Where the digits of a number are gathered, one a byte: the last sixteen, and the sixteen in front of them. */
let digitsAt: i32 = 0
let blanks: i32 = 0

export function setPage(rows: i32, signs: i32, digits: i32, blank: i32): void {
  rowsAt = rows
  signsAt = signs
  digitsAt = digits
  blanks = blank
}

/** Where the line begins that the last call stopped at, or where the next one does. */
export let line: i32 = 0
/** Where what is behind the values of that line begins. */
export let rest: i32 = 0
/** Behind the records; that of the line which it stopped at begins here. */
export let end: i32 = 0

const done: i32 = 0
const leave: i32 = 1
const more: i32 = 2

const iota: v128 = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

/**
 * Encodes the lines up to `linesEnd` while there is room up to `limit`. 1: it stopped at a line that it cannot read; 2: at one that has more
 * than its values, which are written.
 */
export function encode(from: i32, linesEnd: i32, output: i32, limit: i32, recordLength: i32, fields: i32): i32 {
  let stopped = done
  while (from < linesEnd && output + recordLength <= limit) {
    const next = encodeLine(from, output, fields)
    if (next == 0) {
      stopped = leave
      break
    }
    if (load<u16>(next) != 0x0a7d) {
      rest = next
      stopped = more
      break
    }
    from = next + 2
    output += recordLength
  }
  line = from
  end = output
  return stopped
}

/** Gives the position behind the last value, or 0. */
function encodeLine(start: i32, record: i32, field: i32): i32 {
  let from = start
  while (true) {
    const length = load<i32>(field, 16)
    if (!isKey(load<i32>(field, 12), length, from)) {
      if ((load<u8>(field, 3) & optional) == 0) return 0
      field = load<i32>(field, 24)
      continue
    }
    from += length
    const kind = load<u8>(field)
    const at = record + load<i32>(field, 4)
    if (kind == kindEnd) return from
    if (kind == kindHidden) hidden(field, at)
    else from = value(kind, field, from, at)
    if (from == 0) return 0
    field += fieldSize
  }
  return 0
}

@inline
function value(kind: u8, field: i32, from: i32, at: i32): i32 {
  let next = 0
  const first = from + 1
  if (kind == kindOther) return other(load<i32>(field, 20), from, at)
  if (load<u8>(from) != 0x22) return 0
  if (kind == kindText) next = text(field, first, at)
  else if (kind == kindZoned) next = zoned(field, first, at)
  else if (kind == kindPacked) next = packed(field, first, at)
  else if (kind == kindBinary) next = binary(field, first, at)
  return next != 0 ? next : other(load<i32>(field, 20), from, at)
}

@inline
function isKey(key: i32, length: i32, at: i32): bool {
  let compared = 0
  while (length - compared > 16) {
    if (v128.any_true(v128.xor(v128.load(at + compared), v128.load(key + compared)))) return false
    compared += 16
  }
  const needed = (1 << (length - compared)) - 1
  return (i8x16.bitmask(i8x16.eq(v128.load(at + compared), v128.load(key + compared))) & needed) == needed
}

@inline
function hidden(field: i32, at: i32): void {
  const length = load<i32>(field, 8)
  const bytes = load<i32>(field, 24)
  for (let copied = 0; copied < length; copied += 16) v128.store(at + copied, v128.load(bytes + copied))
}

@inline
function row(chars: v128, index: i32): v128 {
  return i8x16.swizzle(v128.load(rowsAt + (index << 4)), v128.xor(chars, i8x16.splat(<i8>((index + 2) << 4))))
}

/** Gives the position behind the quote, or 0 for a text that is too long or has other than plain characters. */
function text(field: i32, from: i32, at: i32): i32 {
  const length = load<i32>(field, 8)
  let size = 0
  while (size <= length) {
    const chars = v128.load(from + size)
    const low = v128.or(v128.or(row(chars, 0), row(chars, 1)), row(chars, 2))
    const bytes = v128.or(low, v128.or(v128.or(row(chars, 3), row(chars, 4)), row(chars, 5)))
    v128.store(at + size, bytes)
    const others = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0)))
    if (others != 0) {
      size += ctz<i32>(others)
      break
    }
    size += 16
  }
  if (size > length || load<u8>(from + size) != 0x22) return 0
  const blank = i8x16.splat(<i8>blanks)
  for (let filled = size; filled < length; filled += 16) v128.store(at + filled, blank)
  return from + size + 1
}

let isNegative: i32 = 0

/**
 * Gathers the digits of a decimal in the one form that this codec writes: all decimals of the scale, no more digits than the field has, no zeros
 * in front, no minus with zero. Gives the position behind the quote, or 0.
 */
function gather(field: i32, from: i32): i32 {
  const minus = i32(load<u8>(from) == 0x2d)
  if (minus > i32((load<u8>(field, 3) & signed) != 0)) return 0
  const first = from + minus
  const chars = v128.load(first)
  const quotes = i8x16.bitmask(i8x16.eq(chars, i8x16.splat(0x22)))
  if (quotes == 0) return gatherLong(field, first, chars, minus)
  const size = ctz<i32>(quotes)
  const digits = v128.xor(chars, i8x16.splat(0x30))
  const others = i8x16.bitmask(i8x16.gt_u(digits, i8x16.splat(9))) & ((1 << size) - 1)
  if (!isDecimal(field, first, size, others)) return 0
  const last = i8x16.swizzle(digits, i8x16.add(i8x16.splat(<i8>size), v128.load(field, 32)))
  if (minus & i32(!v128.any_true(last))) return 0
  isNegative = minus
  v128.store(digitsAt, last)
  v128.store(digitsAt, i8x16.splat(0), 16)
  return first + size + 1
}

/** The same for sixteen characters and more. */
function gatherLong(field: i32, first: i32, chars: v128, minus: i32): i32 {
  const behind = v128.load(first, 16)
  const quotes = i8x16.bitmask(i8x16.eq(behind, i8x16.splat(0x22)))
  if (quotes == 0) return 0
  const size = 16 + ctz<i32>(quotes)
  const digits = v128.xor(chars, i8x16.splat(0x30))
  const digitsBehind = v128.xor(behind, i8x16.splat(0x30))
  const nine = i8x16.splat(9)
  const others = i8x16.bitmask(i8x16.gt_u(digits, nine)) | (i8x16.bitmask(i8x16.gt_u(digitsBehind, nine)) << 16)
  if (!isDecimal(field, first, size, others & ((1 << size) - 1))) return 0
  const places = i8x16.add(i8x16.splat(<i8>size), v128.load(field, 32))
  const placesBehind = i8x16.sub(places, i8x16.splat(16))
  const last = v128.or(i8x16.swizzle(digits, places), i8x16.swizzle(digitsBehind, placesBehind))
  const point = i32(load<u8>(field, 2) != 0)
  const nibble = i32((load<u8>(field, 3) & signNibble) != 0)
  const front = i8x16.swizzle(digits, i8x16.add(iota, i8x16.splat(<i8>(size - 32 - point + nibble))))
  if (minus & i32(!v128.any_true(v128.or(last, front)))) return 0
  isNegative = minus
  v128.store(digitsAt, last)
  v128.store(digitsAt, front, 16)
  return first + size + 1
}

/** `others`: one bit for each character that is no digit. */
@inline
function isDecimal(field: i32, first: i32, size: i32, others: i32): bool {
  const scale: i32 = load<u8>(field, 2)
  const point = i32(scale != 0)
  const whole = size - scale - point
  if (whole < 1 || others != point << whole) return false
  if (point && load<u8>(first + whole) != 0x2e) return false
  if (load<u8>(first) == 0x30) return whole == 1
  return whole <= <i32>load<u8>(field, 1) - scale
}

function zoned(field: i32, from: i32, at: i32): i32 {
  const next = gather(field, from)
  if (next == 0) return 0
  const count: i32 = load<u8>(field, 1)
  const to = at + <i32>load<u8>(field, 24)
  const zeros = i8x16.splat(<i8>load<u8>(field, 27))
  const last = v128.or(v128.load(digitsAt), zeros)
  if (count <= 16) v128.store(to, i8x16.swizzle(last, i8x16.add(iota, i8x16.splat(<i8>(16 - count)))))
  else {
    const front = v128.or(v128.load(digitsAt, 16), zeros)
    v128.store(to, i8x16.swizzle(front, i8x16.add(iota, i8x16.splat(<i8>(32 - count)))))
    v128.store(to + count - 16, last)
  }
  const form = load<u8>(field, 26)
  const signAt = at + <i32>load<u8>(field, 25)
  if (form == punched) store<u8>(signAt, load<u8>(signsAt + (load<u8>(signAt) & 15) + 10 * isNegative))
  else if (form == separate) store<u8>(signAt, load<u8>(field + isNegative, 28))
  return next
}

/** Two digits in the low bytes of each lane of sixteen bits become one byte. */
@inline
function pairs(digits: v128): v128 {
  return v128.and(v128.or(i16x8.shl(digits, 4), i16x8.shr_u(digits, 8)), i16x8.splat(0xff))
}

function packed(field: i32, from: i32, at: i32): i32 {
  const next = gather(field, from)
  if (next == 0) return 0
  const flags = load<u8>(field, 3)
  const length = load<i32>(field, 8)
  let last = v128.load(digitsAt)
  if ((flags & signNibble) != 0) {
    last = i8x16.replace_lane(last, 15, (flags & signed) != 0 ? <i8>(0x0c + isNegative) : 0x0f)
  }
  const bytes = i8x16.narrow_i16x8_u(pairs(v128.load(digitsAt, 16)), pairs(last))
  v128.store(at, i8x16.swizzle(bytes, i8x16.add(iota, i8x16.splat(<i8>(16 - length)))))
  return next
}

/** Two's complement, 1, 2, 4 or 8 bytes. */
function binary(field: i32, from: i32, at: i32): i32 {
  const next = gather(field, from)
  if (next == 0) return 0
  const digits = v128.load(digitsAt)
  const tens = v128.and(digits, i16x8.splat(0xff))
  const twos = i16x8.add(i16x8.mul(tens, i16x8.splat(10)), i16x8.shr_u(digits, 8))
  const fours = i32x4.dot_i16x8_s(twos, i16x8(100, 1, 100, 1, 100, 1, 100, 1))
  const front = <i64>load<u8>(digitsAt, 30) * 10 + <i64>load<u8>(digitsAt, 31)
  const upper = front * 100000000 + <i64>i32x4.extract_lane(fours, 0) * 10000 + <i64>i32x4.extract_lane(fours, 1)
  const lower = <i64>i32x4.extract_lane(fours, 2) * 10000 + <i64>i32x4.extract_lane(fours, 3)
  const magnitude = upper * 100000000 + lower
  const whole = isNegative ? -magnitude : magnitude
  const length = load<i32>(field, 8)
  const isLittle = (load<u8>(field, 3) & little) != 0
  const bits = isLittle ? whole : <i64>bswap<u64>(<u64>whole << <u64>(64 - 8 * length))
  if (length == 8) store<i64>(at, bits)
  else if (length == 4) store<i32>(at, <i32>bits)
  else if (length == 2) store<i16>(at, <i16>bits)
  else store<i8>(at, <i8>bits)
  return next
}
