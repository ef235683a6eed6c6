// The three files that codec speed is measured on: fixed-length cp037 records from a seed, the same bytes for the same seed.
// Bytes are laid by code of their own here, so that the codec is measured on data it has not made.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compileCopybook } from '../src/cobol/compile.ts'
import type { Item, Layout } from '../src/cobol/layout.ts'

export const corpusNames = ['text', 'packed', 'wide'] as const
export type CorpusName = (typeof corpusNames)[number]

export interface Corpus {
  readonly name: CorpusName
  readonly layout: Layout
  readonly recordLength: number
  readonly records: number
  readonly bytes: Buffer
}

/** Whole records, about `size` bytes of them. */
export function corpus(name: CorpusName, size: number, seed = 20261123): Corpus {
  const file = fileURLToPath(new URL(`./corpora/${name}.cpy`, import.meta.url))
  const { layouts, failures } = compileCopybook({ name: `${name}.cpy`, text: readFileSync(file, 'latin1') })
  const [layout] = layouts
  if (!layout || failures.length > 0) throw failures[0] ?? new Error(`${name}.cpy gives no record`)
  const recordLength = layout.maximumLength
  const records = Math.max(1, Math.floor(size / recordLength))
  const bytes = Buffer.alloc(records * recordLength, 0x40)
  const write = name === 'text' ? writePlainText : writeItem
  const random = randomFrom(seed)
  const fields = fieldsOf(layout.root, 0)
  for (let at = 0; at < bytes.length; at += recordLength) {
    for (const field of fields) write(bytes, at + field.offset, field.item, random)
  }
  return { name, layout, recordLength, records, bytes }
}

type Random = (below: number) => number

/** xorshift32: small, and the same everywhere. */
function randomFrom(seed: number): Random {
  let state = seed | 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

interface Field {
  readonly item: Item
  readonly offset: number
}

/** Elementary items, tables unrolled; redefinitions are left out, their bytes are written once. */
function fieldsOf(item: Item, shift: number): Field[] {
  const occurrences = item.occurs?.maximum ?? 1
  const fields: Field[] = []
  for (let index = 0; index < occurrences; index += 1) {
    const here = shift + index * item.stride
    if (item.children.length === 0) fields.push({ item, offset: item.offset + here })
    else for (const child of item.children) if (!child.redefines) fields.push(...fieldsOf(child, here))
  }
  return fields
}

/** EBCDIC A–Z and 0–9: the same in every Latin page. */
const letters = [
  ...Array.from({ length: 9 }, (_, index) => 0xc1 + index),
  ...Array.from({ length: 9 }, (_, index) => 0xd1 + index),
  ...Array.from({ length: 8 }, (_, index) => 0xe2 + index),
  ...Array.from({ length: 10 }, (_, index) => 0xf0 + index),
]

function writeLetters(bytes: Buffer, at: number, count: number, random: Random): void {
  let blank = true
  for (let index = 0; index < count; index += 1) {
    const last = index === count - 1
    blank = !blank && !last && random(7) === 0
    bytes[at + index] = blank ? 0x40 : (letters[random(36)] ?? 0x40)
  }
}

function writePlainText(bytes: Buffer, at: number, _item: Item, random: Random): void {
  writeLetters(bytes, at, 25 + random(11), random)
}

function writeItem(bytes: Buffer, at: number, item: Item, random: Random): void {
  const { picture, usage } = item
  if (picture?.category !== 'numeric') {
    writeLetters(bytes, at, Math.min(item.length, Math.ceil(item.length * (0.3 + random(60) / 100))), random)
    return
  }
  const isPackedFile = item.parent?.name === 'PACKED-REC'
  const digits = randomDigits(picture.digits, random, isPackedFile)
  const negative = picture.signed && random(2) === 0
  if (usage === 'COMP-3')
    writePacked(bytes, at, item, digits, signNibble(picture.signed, negative, isPackedFile, random))
  else if (usage === 'COMP-4') writeBinary(bytes, at, item, BigInt(digits), negative)
  else writeZoned(bytes, at, digits, picture.signed ? signNibble(true, negative, false, random) : 0xf)
}

/** Leading zeros are usual, as in real amounts; packed.cpy has all its digits. */
function randomDigits(length: number, random: Random, full: boolean): string {
  const used = full ? length : 1 + random(length)
  let text = ''
  for (let index = 0; index < used; index += 1) text += String(random(10))
  return text.padStart(length, '0')
}

/** packed.cpy has the preferred signs only; wide.cpy has now and then an F. */
function signNibble(signed: boolean, negative: boolean, preferred: boolean, random: Random): number {
  if (!signed) return 0xf
  if (negative) return 0xd
  return !preferred && random(8) === 0 ? 0xf : 0xc
}

function writePacked(bytes: Buffer, at: number, item: Item, digits: string, sign: number): void {
  const nibbles = `${digits.padStart(item.length * 2 - 1, '0')}${sign.toString(16)}`
  bytes.write(nibbles, at, 'hex')
}

function writeBinary(bytes: Buffer, at: number, item: Item, value: bigint, negative: boolean): void {
  let rest = BigInt.asUintN(item.length * 8, negative ? -value : value)
  for (let index = item.length - 1; index >= 0; index -= 1) {
    bytes[at + index] = Number(rest & 0xffn)
    rest >>= 8n
  }
}

function writeZoned(bytes: Buffer, at: number, digits: string, sign: number): void {
  for (let index = 0; index < digits.length; index += 1) bytes[at + index] = 0xf0 | Number(digits[index])
  const last = at + digits.length - 1
  bytes[last] = (sign << 4) | ((bytes[last] ?? 0) & 0x0f)
}
