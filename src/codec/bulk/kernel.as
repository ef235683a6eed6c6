// The bulk decoder: fixed-length records → lines of JSON, with WebAssembly SIMD. Written in AssemblyScript, driven by a table of fields, so that
// nothing is generated at run time. test/codec/bulk/kernel.test.ts compiles it and holds kernel-module.ts against the result.
//
// A field is 48 bytes, little-endian:
//
//    0       1        2       3       4        8        12       16       20        24       32 … 47
//   +-------+--------+-------+-------+--------+--------+--------+--------+---------+--------+------------------------------+
//   | kind  | digits | scale | flags | offset | length | key at | key    | index   | limit  | where each character of the  |
//   |       |        |       |       |        |        |        | length |         |        | number is taken from         |
//   +-------+--------+-------+-------+--------+--------+--------+--------+---------+--------+------------------------------+
//
// A key is all the punctuation between two values: `","balance":"`. A record that this cannot say exactly is left to the caller:
// decode() stops before it. Loads may read up to 16 bytes behind what they use; the caller leaves room.

const fieldSize: i32 = 48

const kindText: u8 = 1
const kindZoned: u8 = 2
const kindPacked: u8 = 3
const kindBinary: u8 = 4
const kindFiller: u8 = 5
const kindEnd: u8 = 6
const kindOther: u8 = 7

const signed: u8 = 1
/** Nothing is marked in this field: the caller wants values only, or another view tells its bytes. */
const quiet: u8 = 2

/** Writes the value of a field that this kernel has no code for at `output`; returns the new end, or 0 to leave the record. */
@external('env', 'other')
declare function other(index: i32, record: i32, output: i32): i32

/** Where the output ended after the last call. */
export let end: i32 = 0

/** 16-byte translation rows by high nibble (256 bytes), then 256 × u16 Unicode. */
let pageAt: i32 = 0

export function setPage(at: i32): void {
  pageAt = at
}

/** Bytes of the record at hand that its values do not say: their number, then the address of each, ascending. */
let marksAt: i32 = 0

export function setMarks(at: i32): void {
  marksAt = at
}

@inline
function marks(): i32 {
  return load<i32>(marksAt)
}

@inline
function markOf(index: i32): i32 {
  return load<i32>(marksAt + (index << 2))
}

/** Every number has its sign in the last byte. */
@inline
function markSign(field: i32, at: i32): void {
  mark(field, at + load<i32>(field, 8) - 1)
}

function mark(field: i32, at: i32): void {
  if ((load<u8>(field, 3) & quiet) != 0) return
  const count = marks()
  if (count != 0 && markOf(count) == at) return
  store<i32>(marksAt, count + 1)
  store<i32>(marksAt + ((count + 1) << 2), at)
}

const iota: v128 = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

/** Decodes up to `count` records; returns how many. Stops early where the output is full or a record needs the caller. */
export function decode(input: i32, count: i32, recordLength: i32, fields: i32, output: i32, limit: i32, longest: i32): i32 {
  for (let record = 0; record < count; record++) {
    if (output + longest > limit) {
      end = output
      return record
    }
    const next = decodeRecord(input, fields, output)
    if (next == 0) {
      end = output
      return record
    }
    output = next
    input += recordLength
  }
  end = output
  return count
}

function decodeRecord(record: i32, field: i32, start: i32): i32 {
  let out = start
  store<i32>(marksAt, 0)
  while (true) {
    out = copyKey(load<i32>(field, 12), load<i32>(field, 16), out)
    const at = record + load<i32>(field, 4)
    const kind = load<u8>(field)
    if (kind == kindText) out = text(field, record, at, out)
    else if (kind == kindEnd) return marks() == 0 ? out : residue(record, out - 2)
    else out = value(kind, field, record, at, out)
    if (out == 0) return 0
    field += fieldSize
  }
  return 0
}

@inline
function value(kind: u8, field: i32, record: i32, at: i32, out: i32): i32 {
  if (kind == kindPacked) return packed(field, at, out)
  if (kind == kindZoned) return zoned(field, at, out)
  if (kind == kindBinary) return binary(field, at, out)
  if (kind == kindFiller) return filler(field, at, out)
  return other(load<i32>(field, 20), record, out)
}

/**
 * As decode, but the values alone, one behind the other, one byte a character (Latin-1, no escapes). Behind a zero for each record, `ends` gets
 * where each of its values ends, and its residue, counted from the record's first byte.
 */
export function decodeValues(input: i32, count: i32, recordLength: i32, fields: i32, output: i32, limit: i32, longest: i32, ends: i32): i32 {
  let record = 0
  while (record < count && output + longest <= limit) {
    const next = recordValues(input, fields, output, ends)
    if (next == 0) break
    output = next
    ends = lastEnd
    input += recordLength
    record++
  }
  end = output
  return record
}

/** Behind the last end that recordValues wrote. */
let lastEnd: i32 = 0

function recordValues(record: i32, field: i32, start: i32, ends: i32): i32 {
  let out = start
  store<i32>(marksAt, 0)
  store<i32>(ends, 0)
  ends += 4
  while (true) {
    const at = record + load<i32>(field, 4)
    const kind = load<u8>(field)
    if (kind == kindText) out = latin(field, at, out)
    else if (kind == kindEnd) {
      if (marks() != 0) out = residueText(record, out)
      store<i32>(ends, out - start)
      lastEnd = ends + 4
      return out
    } else out = value(kind, field, record, at, out)
    if (out == 0) return 0
    store<i32>(ends, out - start)
    ends += 4
    field += fieldSize
  }
  return 0
}

@inline
function copyKey(key: i32, length: i32, out: i32): i32 {
  v128.store(out, v128.load(key))
  if (length > 16) {
    v128.store(out, v128.load(key, 16), 16)
    for (let done = 32; done < length; done += 16) v128.store(out + done, v128.load(key + done))
  }
  return out + length
}

/**
 * Trailing blanks are cut; 16 bytes at a time are translated by one swizzle for each row of the code page. What has bytes without a character
 * of their own, or two-byte characters, is the caller's.
 */
function text(field: i32, record: i32, at: i32, out: i32): i32 {
  const length = load<i32>(field, 8)
  const last = trimmed(at, length)
  if (last == 0) return out
  let odd = i8x16.splat(0)
  for (let done = 0; done < last; done += 16) {
    const bytes = v128.load(at + done)
    const chars = translate(bytes)
    v128.store(out + done, chars)
    const left = last - done
    const wrong = v128.or(
      v128.or(i8x16.lt_s(chars, i8x16.splat(0x20)), i8x16.eq(chars, i8x16.splat(0x22))),
      i8x16.eq(chars, i8x16.splat(0x5c)),
    )
    odd = v128.or(odd, left >= 16 ? wrong : v128.and(wrong, i8x16.lt_s(iota, i8x16.splat(<i8>left))))
  }
  if (!v128.any_true(odd)) return out + last
  const before = marks()
  const left = load<u8>(at + last - 1) != 0 ? last : withoutLowValues(field, at, last)
  const written = escapedText(at, left, out)
  if (written != 0) return written
  store<i32>(marksAt, before)
  return other(load<i32>(field, 20), record, out)
}

/** Text as it is. What the rows have no character for is 0. */
function latin(field: i32, at: i32, out: i32): i32 {
  const length = load<i32>(field, 8)
  const last = trimmed(at, length)
  if (last == 0) return out
  let odd = i8x16.splat(0)
  for (let done = 0; done < last; done += 16) {
    const chars = translate(v128.load(at + done))
    v128.store(out + done, chars)
    const left = last - done
    const wrong = i8x16.eq(chars, i8x16.splat(0))
    odd = v128.or(odd, left >= 16 ? wrong : v128.and(wrong, i8x16.lt_s(iota, i8x16.splat(<i8>left))))
  }
  if (!v128.any_true(odd)) return out + last
  if (load<u8>(at + last - 1) != 0) return oddLatin(at, last, out)
  return oddLatin(at, withoutLowValues(field, at, last), out)
}

function oddLatin(at: i32, length: i32, out: i32): i32 {
  for (let index = 0; index < length; index++) {
    const char = load<u16>(pageAt + 256 + (<i32>load<u8>(at + index) << 1))
    if (char > 0xff) return 0
    store<u8>(out + index, <u8>char)
  }
  return out + length
}

@inline
function trimmed(at: i32, length: i32): i32 {
  let left = length
  while (left >= 16) {
    const mask = i8x16.bitmask(i8x16.ne(v128.load(at + left - 16), i8x16.splat(0x40)))
    if (mask != 0) return left - 16 + 32 - clz<i32>(mask)
    left -= 16
  }
  const mask = i8x16.bitmask(i8x16.ne(v128.load(at), i8x16.splat(0x40))) & ((1 << left) - 1)
  return mask != 0 ? 32 - clz<i32>(mask) : 0
}

@inline
function row(bytes: v128, nibble: i32): v128 {
  return i8x16.swizzle(v128.load(pageAt + (nibble << 4)), v128.xor(bytes, i8x16.splat(<i8>(nibble << 4))))
}

/** Rows 0 to 3 hold control characters only: they become 0, which is looked at again. */
@inline
function translate(bytes: v128): v128 {
  const low = v128.or(v128.or(row(bytes, 4), row(bytes, 5)), v128.or(row(bytes, 6), row(bytes, 7)))
  const middle = v128.or(v128.or(row(bytes, 8), row(bytes, 9)), v128.or(row(bytes, 10), row(bytes, 11)))
  const high = v128.or(v128.or(row(bytes, 12), row(bytes, 13)), v128.or(row(bytes, 14), row(bytes, 15)))
  return v128.or(low, v128.or(middle, high))
}

/** Low-values at the end are no text, but not the same as blanks either. */
function withoutLowValues(field: i32, at: i32, length: i32): i32 {
  let left = length
  while (left > 0 && (load<u8>(at + left - 1) == 0 || load<u8>(at + left - 1) == 0x40)) left--
  markUnlessBlank(field, at + left, at + length)
  return left
}

function markUnlessBlank(field: i32, from: i32, to: i32): void {
  for (let at = from; at < to; at++) if (load<u8>(at) != 0x40) mark(field, at)
}

/** Character by character: JSON escapes and UTF-8. */
function escapedText(at: i32, length: i32, out: i32): i32 {
  for (let index = 0; index < length; index++) {
    const char: i32 = load<u16>(pageAt + 256 + (<i32>load<u8>(at + index) << 1))
    if (char == 0xffff) return 0
    if (char == 0x22 || char == 0x5c) {
      store<u8>(out, 0x5c)
      store<u8>(out, <u8>char, 1)
      out += 2
    } else if (char < 0x20) out = control(char, out)
    else if (char < 0x80) store<u8>(out++, <u8>char)
    else if (char < 0x800) {
      store<u8>(out, <u8>(0xc0 | (char >> 6)))
      store<u8>(out, <u8>(0x80 | (char & 0x3f)), 1)
      out += 2
    } else {
      store<u8>(out, <u8>(0xe0 | (char >> 12)))
      store<u8>(out, <u8>(0x80 | ((char >> 6) & 0x3f)), 1)
      store<u8>(out, <u8>(0x80 | (char & 0x3f)), 2)
      out += 3
    }
  }
  return out
}

/** The escapes that JSON.stringify writes: \b \t \n \f \r, else \u00XX in lower case. */
function control(char: i32, out: i32): i32 {
  store<u8>(out, 0x5c)
  let short: u8 = 0
  if (char == 8) short = 0x62
  else if (char == 9) short = 0x74
  else if (char == 10) short = 0x6e
  else if (char == 12) short = 0x66
  else if (char == 13) short = 0x72
  if (short != 0) {
    store<u8>(out, short, 1)
    return out + 2
  }
  store<u32>(out, 0x30303075, 1)
  store<u8>(out, <u8>(char < 16 ? 0x30 : 0x31), 4)
  const low = char & 15
  store<u8>(out, <u8>(low < 10 ? 0x30 + low : 0x57 + low), 5)
  return out + 6
}

/** One digit in each lane of `nibbles` (up to 16), the first `count` of them; writes the decimal without leading zeros. */
@inline
function number16(field: i32, at: i32, nibbles: v128, count: i32, negative: bool, out: i32): i32 {
  const scale: i32 = load<u8>(field, 2)
  const whole = count - scale
  const used = (1 << count) - 1
  const nonzero = i8x16.bitmask(i8x16.ne(nibbles, i8x16.splat(0))) & used
  // Without a branch, which would be guessed wrong half of the time.
  store<u8>(out, 0x2d)
  out += i32(negative) & i32(nonzero != 0)
  if (i32(negative) & i32(nonzero == 0)) markSign(field, at)
  const lead = ctz<i32>(nonzero | (1 << (whole - 1)))
  const ascii = v128.or(nibbles, i8x16.splat(0x30))
  if (scale == 0) {
    v128.store(out, i8x16.swizzle(ascii, i8x16.add(iota, i8x16.splat(<i8>lead))))
    return out + count - lead
  }
  if (count < 16) {
    // The point is taken from the last lane.
    const spread = i8x16.swizzle(i8x16.replace_lane(ascii, 15, 0x2e), v128.load(field, 32))
    v128.store(out, i8x16.swizzle(spread, i8x16.add(iota, i8x16.splat(<i8>lead))))
    return out + count + 1 - lead
  }
  v128.store(out, i8x16.swizzle(ascii, i8x16.add(iota, i8x16.splat(<i8>lead))))
  out += whole - lead
  store<u8>(out, 0x2e)
  v128.store(out, i8x16.swizzle(ascii, i8x16.add(iota, i8x16.splat(<i8>whole))), 1)
  return out + 1 + scale
}

/** Where the digits of a number of more than 16 are gathered, one in each byte. */
let scratchAt: i32 = 0

export function setScratch(at: i32): void {
  scratchAt = at
}

/** As number16, for digits in the scratch bytes. */
function numberLong(field: i32, at: i32, count: i32, negative: bool, out: i32): i32 {
  const whole = count - <i32>load<u8>(field, 2)
  let lead = 0
  while (lead < whole - 1 && load<u8>(scratchAt + lead) == 0) lead++
  if (negative) {
    let nonzero = lead
    while (nonzero < count && load<u8>(scratchAt + nonzero) == 0) nonzero++
    if (nonzero < count) store<u8>(out++, 0x2d)
    else markSign(field, at)
  }
  for (let index = lead; index < count; index++) {
    if (index == whole) store<u8>(out++, 0x2e)
    store<u8>(out++, 0x30 | load<u8>(scratchAt + index))
  }
  return out
}

function packedLong(field: i32, at: i32, count: i32, negative: bool, out: i32): i32 {
  for (let index = 0; index < count; index++) {
    const byte = load<u8>(at + (index >> 1))
    const digit = (index & 1) == 0 ? byte >> 4 : byte & 15
    if (digit > 9) return 0
    store<u8>(scratchAt + index, digit)
  }
  if (<i32>load<u8>(field, 1) < count && load<u8>(scratchAt) != 0) return 0
  return numberLong(field, at, count, negative, out)
}

/** A to F are signs; those that are written are C and D, and F where there is none. */
@inline
function isSign(field: i32, at: i32, sign: i32, negative: bool): bool {
  const isSigned = (load<u8>(field, 3) & signed) != 0
  if (sign < 10 || (negative && !isSigned)) return false
  const preferred = isSigned ? 0x3000 : 0x8000
  if (((preferred >> sign) & 1) == 0) markSign(field, at)
  return true
}

/** B or D. */
@inline
function isMinus(sign: i32): bool {
  return ((0x2800 >> sign) & 1) != 0
}

function packed(field: i32, at: i32, out: i32): i32 {
  const length = load<i32>(field, 8)
  const digits: i32 = load<u8>(field, 1)
  const count = length * 2 - 1
  const sign: i32 = load<u8>(at + length - 1) & 15
  const negative = isMinus(sign)
  if (!isSign(field, at, sign, negative)) return 0
  if (count > 16) return packedLong(field, at, count, negative, out)
  const bytes = v128.load(at)
  const high = i16x8.shr_u(bytes, 4)
  const mask = i8x16.splat(0x0f)
  const nibbles = v128.and(i8x16.shuffle(high, bytes, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), mask)
  const used = (1 << count) - 1
  if ((i8x16.bitmask(i8x16.gt_u(nibbles, i8x16.splat(9))) & used) != 0) return 0
  if (digits < count && (load<u8>(at) & 0xf0) != 0) return 0
  return number16(field, at, nibbles, count, negative, out)
}

function zoned(field: i32, at: i32, out: i32): i32 {
  const count: i32 = load<u8>(field, 1)
  const zone: i32 = load<u8>(at + count - 1) >> 4
  const negative = isMinus(zone)
  if (!isSign(field, at, zone, negative)) return 0
  if (count > 16) return zonedLong(field, at, count, negative, out)
  const used = (1 << count) - 1
  const bytes = v128.load(at)
  const zones = i8x16.bitmask(i8x16.eq(v128.and(bytes, i8x16.splat(<i8>0xf0)), i8x16.splat(<i8>0xf0)))
  const nibbles = v128.and(bytes, i8x16.splat(0x0f))
  const wrong = i8x16.bitmask(i8x16.gt_u(nibbles, i8x16.splat(9))) | (~zones & (used >> 1))
  if ((wrong & used) != 0) return 0
  return number16(field, at, nibbles, count, negative, out)
}

function zonedLong(field: i32, at: i32, count: i32, negative: bool, out: i32): i32 {
  for (let index = 0; index < count; index++) {
    const byte = load<u8>(at + index)
    const digit = byte & 15
    if (digit > 9 || (index < count - 1 && byte < 0xf0)) return 0
    store<u8>(scratchAt + index, digit)
  }
  return numberLong(field, at, count, negative, out)
}

/** Two's complement, big-endian, 2, 4 or 8 bytes. */
function binary(field: i32, at: i32, out: i32): i32 {
  const length = load<i32>(field, 8)
  const isSigned = (load<u8>(field, 3) & signed) != 0
  let whole: i64
  if (length == 2) {
    const raw = bswap<u16>(load<u16>(at))
    whole = isSigned ? <i64><i16>raw : <i64>raw
  } else if (length == 4) {
    const raw = bswap<u32>(load<u32>(at))
    whole = isSigned ? <i64><i32>raw : <i64>raw
  } else whole = <i64>bswap<u64>(load<u64>(at))
  const ones = isSigned ? whole >> 63 : 0
  const negative = ones != 0
  const value = <u64>((whole ^ ones) - ones)
  const limit = load<u64>(field, 24)
  if (limit != 0 && value >= limit) return 0
  if (value >= 10000000000000000) return bigBinary(field, value, negative, out)
  const high = <u32>(value / 100000000)
  const low = <u32>(value - <u64>high * 100000000)
  const nibbles = i64x2(<i64>eight(high), <i64>eight(low))
  return number16Right(field, nibbles, negative, out)
}

/** Eight digits of a number below 10⁸, one in each byte, the first digit in the lowest byte. */
@inline
function eight(value: u32): u64 {
  const upper = value / 10000
  const pair: u64 = <u64>upper | (<u64>(value - upper * 10000) << 32)
  const hundreds: u64 = ((pair * 10486) >> 20) & 0x0000007f0000007f
  const fours: u64 = hundreds | ((pair - hundreds * 100) << 16)
  const tens: u64 = ((fours * 103) >> 10) & 0x000f000f000f000f
  return tens | ((fours - tens * 10) << 8)
}

/** Sixteen digits, of which the whole part may be shorter than one digit more than the scale. */
@inline
function number16Right(field: i32, nibbles: v128, negative: bool, out: i32): i32 {
  const scale: i32 = load<u8>(field, 2)
  const whole = 16 - scale
  const nonzero = i8x16.bitmask(i8x16.ne(nibbles, i8x16.splat(0)))
  store<u8>(out, 0x2d)
  out += i32(negative)
  const lead = ctz<i32>(nonzero | (1 << (whole - 1)))
  const ascii = v128.or(nibbles, i8x16.splat(0x30))
  v128.store(out, i8x16.swizzle(ascii, i8x16.add(iota, i8x16.splat(<i8>lead))))
  out += whole - lead
  if (scale == 0) return out
  store<u8>(out, 0x2e)
  v128.store(out, i8x16.swizzle(ascii, i8x16.add(iota, i8x16.splat(<i8>whole))), 1)
  return out + 1 + scale
}

/** Seventeen to twenty digits. */
function bigBinary(field: i32, value: u64, negative: bool, out: i32): i32 {
  const scale: i32 = load<u8>(field, 2)
  if (negative) store<u8>(out++, 0x2d)
  let digits = 0
  for (let rest = value; rest != 0; rest /= 10) digits++
  const length = scale == 0 ? digits : digits + 1
  let at = out + length
  for (let index = 0; index < digits; index++) {
    if (index == scale && scale != 0) store<u8>(--at, 0x2e)
    store<u8>(--at, <u8>(0x30 + (value % 10)))
    value /= 10
  }
  return out + length
}

/** Unnamed bytes are blanks, or the record has something to say beside its values. */
function filler(field: i32, at: i32, out: i32): i32 {
  const length = load<i32>(field, 8)
  if (trimmed(at, length) != 0) markUnlessBlank(field, at, at + length)
  return out
}

/** Equal bytes between two marks that are cheaper to repeat than a new patch, and the least bytes that are written as a run. */
const bridge: i32 = 3
const shortestRun: i32 = 4

/** Puts what is marked between the last member of a record and the `}` at `at`, as residue.ts has it. */
function residue(record: i32, at: i32): i32 {
  store<u64>(at, 0x646973657224222c)
  store<u32>(at, 0x3a226575, 8)
  const start = at + 12
  const out = allPatches(record, start)
  store<u8>(start, 0x22)
  store<u32>(out, 0x000a7d22)
  return out + 3
}

/** The residue alone. */
function residueText(record: i32, at: i32): i32 {
  const before = load<u8>(at - 1)
  const out = allPatches(record, at - 1)
  store<u8>(at - 1, before)
  return out
}

/** One behind the other, a blank in front of each. */
function allPatches(record: i32, start: i32): i32 {
  let out = start
  let next = 1
  while (next <= marks()) {
    const from = markOf(next)
    let last = from
    while (next <= marks() && markOf(next) <= last + bridge) last = markOf(next++)
    out = patches(record, from, last + 1, out)
  }
  return out
}

/** Cuts a stretch into runs of one byte and plain bytes. */
function patches(record: i32, from: i32, to: i32, output: i32): i32 {
  let out = output
  let plain = from
  for (let at = from; at < to; ) {
    let end = at + 1
    while (end < to && load<u8>(end) == load<u8>(at)) end++
    if (end - at >= shortestRun) {
      out = patch(record, plain, at, out)
      out = patch(record, at, at + 1, out)
      store<u8>(out, 0x2a)
      out = decimal(end - at, out + 1)
      plain = end
    }
    at = end
  }
  return patch(record, plain, to, out)
}

/** ` 120:C1C2`, or nothing for no bytes. */
function patch(record: i32, from: i32, to: i32, output: i32): i32 {
  if (from == to) return output
  store<u8>(output, 0x20)
  let out = decimal(from - record, output + 1)
  store<u8>(out++, 0x3a)
  for (let at = from; at < to; at++) {
    store<u8>(out++, hexDigit(load<u8>(at) >> 4))
    store<u8>(out++, hexDigit(load<u8>(at) & 15))
  }
  return out
}

@inline
function hexDigit(nibble: u8): u8 {
  return nibble < 10 ? 0x30 + nibble : 0x37 + nibble
}

function decimal(value: i32, output: i32): i32 {
  let digits = 1
  for (let rest = value; rest >= 10; rest /= 10) digits++
  let left = value
  for (let at = output + digits - 1; at >= output; at--) {
    store<u8>(at, <u8>(0x30 + left % 10))
    left /= 10
  }
  return output + digits
}
