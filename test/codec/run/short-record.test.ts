// Records that end before their layout does: what is read of them, and that the same bytes are written back.

import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { compileCopybook } from '../../../src/cobol/compile.ts'
import { byteSink } from '../../../src/codec/byte-sink.ts'
import { jsonSchemaOf } from '../../../src/codec/json-schema.ts'
import { type CodecOptions, type RecordCodec, recordCodec } from '../../../src/codec/record-codec.ts'
import { isFailure } from '../../../src/error/failure.ts'
import { type Random, randomCopybook, randomOf, randomRecord } from '../differential/random.ts'
import { layoutOf } from '../layouts.ts'

const ajv = new Ajv2020({ strict: false, validateFormats: false })

const party = layoutOf(`01 PARTY. 05 KIND PIC X.
 05 FIRM. 10 FIRM-NAME PIC X(6). 10 FIRM-TAX PIC 9(4).
 05 PERSON REDEFINES FIRM. 10 PHONE PIC X(5).`)
const views = { FIRM: { by: 'KIND', when: { F: 'FIRM', P: 'PERSON' } } }
const codecOf = (short: CodecOptions['short'], options: Partial<CodecOptions> = {}, layout = party) =>
  recordCodec(layout, { codePage: 'ascii', views, ...(short && { short }), ...options })

/** The value of bytes in both ways, which both come back. */
function bothWays(codec: RecordCodec, text: string) {
  const bytes = Buffer.from(text, 'latin1')
  const value = codec.decode(bytes)
  const json = byteSink(4)
  codec.decodeToJson(bytes, 0, bytes.length, json)
  const written = Buffer.from(json.bytes.subarray(0, json.length)).toString()
  expect(written).toBe(JSON.stringify(value))
  expect(Buffer.from(codec.encode(value)).toString('latin1')).toBe(text)
  const again = byteSink(4)
  expect(codec.encodeJson(written, again)).toBe(text.length)
  expect(Buffer.from(again.bytes.subarray(0, again.length)).toString('latin1')).toBe(text)
  return value
}

const tooShort = expect.objectContaining({ code: 'RECORD_TOO_SHORT' })

describe('with the shorter view of a REDEFINES', () => {
  const person = { kind: 'P', person: { phone: '55512' }, $residue: '=6' }
  test('is read as it is; a whole record too', () => {
    for (const short of ['views', 'absent', 'blank'] as const) {
      expect(bothWays(codecOf(short), 'P55512')).toEqual(person)
      expect(bothWays(codecOf(short), 'FACME  1234')).toEqual({
        kind: 'F',
        firm: { firmName: 'ACME', firmTax: '1234' },
      })
    }
  })
  test('without a rule, the views that are there are shown', () => {
    const byAll = recordCodec(party, { codePage: 'ascii', short: 'views' })
    expect(bothWays(byAll, 'P55512')).toEqual(person)
    const byFirst = recordCodec(party, { codePage: 'ascii', short: 'views', undeclaredViews: 'first' })
    expect(bothWays(byFirst, 'P55512')).toEqual(person)
  })
  test.each(['F55512', 'P5551', 'P555122', 'FACME  1', 'P', ''])('views: %j is too short', (text) => {
    expect(() => codecOf('views').decode(Buffer.from(text))).toThrow(tooShort)
  })
  test('whose end is in a group, nothing behind it is read', () => {
    const layout = layoutOf(
      '01 R. 05 KIND PIC X. 05 G. 10 A PIC X(6). 10 B REDEFINES A PIC X(5). 10 C REDEFINES A PIC X(3).',
    )
    const next = Buffer.from('PABCnext record')
    for (const undeclaredViews of ['all', 'first'] as const) {
      const codec = recordCodec(layout, { codePage: 'ascii', short: 'views', undeclaredViews })
      expect(codec.decode(next, 0, 4)).toEqual({ kind: 'P', g: { c: 'ABC' }, $residue: '=4' })
    }
    const declared = { A: { by: 'KIND', when: { Q: 'A', P: 'C' } } }
    const codec = recordCodec(layout, { codePage: 'ascii', short: 'views', views: declared, invalid: { '*': 'raw' } })
    expect(codec.decode(next, 0, 4)).toEqual({ kind: 'P', g: { c: 'ABC' }, $residue: '=4' })
    for (const kind of ['Q', 'Z']) {
      expect(() => codec.decode(Buffer.from(`${kind}ABCnext record`), 0, 4)).toThrow(tooShort)
    }
  })
  test('refuse, which is the default: every short record is', () => {
    for (const codec of [codecOf('refuse'), codecOf(undefined)]) {
      expect(() => codec.decode(Buffer.from('P55512'))).toThrow(tooShort)
    }
  })
})

describe('without its last fields', () => {
  test.each([
    ['F', { kind: 'F', $residue: '=1' }],
    ['FACME', { kind: 'F', firm: { firmName: 'ACME' }, $residue: '=5' }],
    ['FACME  ', { kind: 'F', firm: { firmName: 'ACME' }, $residue: '=7' }],
  ])('absent: %j', (text, value) => {
    expect(bothWays(codecOf('absent'), text)).toEqual(value)
  })
  test.each([
    ['F', { kind: 'F', firm: { firmName: '', firmTax: '0' }, $residue: '=1' }],
    ['FACME', { kind: 'F', firm: { firmName: 'ACME', firmTax: '0' }, $residue: '=5' }],
  ])('blank: %j', (text, value) => {
    expect(bothWays(codecOf('blank'), text)).toEqual(value)
  })
  test('a number is never cut: neither absent nor blank', () => {
    for (const short of ['absent', 'blank'] as const) {
      expect(() => codecOf(short).decode(Buffer.from('FACME  12'))).toThrow(tooShort)
    }
  })
  test('what must be there is still missed before the end of the record', () => {
    const layout = layoutOf('01 R. 05 A PIC 9. 05 B PIC 9. 05 C PIC 9.')
    const codec = codecOf('absent', { views: {} }, layout)
    expect(bothWays(codec, '12')).toEqual({ a: '1', b: '2', $residue: '=2' })
    expect(() => codec.encode({ a: '1', $residue: '=2' })).toThrow('B (b, PIC 9) is missing')
    expect(() => codec.encode({ a: '1', b: '2' })).toThrow('C (c, PIC 9) is missing')
  })
  test('FILLER alone may always be missing', () => {
    const layout = layoutOf('01 R. 05 A PIC X(2). 05 FILLER PIC X(70).')
    expect(bothWays(codecOf('views', { views: {} }, layout), 'AB')).toEqual({ a: 'AB', $residue: '=2' })
    expect(bothWays(codecOf('views', { views: {} }, layout), 'AB   ')).toEqual({ a: 'AB', $residue: '=5' })
    expect(bothWays(codecOf('views', { views: {} }, layout), 'ABxy')).toEqual({ a: 'AB', $residue: '=4 2:7879' })
  })
  test('of a table, whole occurrences', () => {
    const layout = layoutOf('01 R. 05 A PIC X. 05 T OCCURS 3. 10 B PIC 9(2). 05 Z PIC X.')
    const codec = codecOf('absent', { views: {} }, layout)
    expect(bothWays(codec, 'A0102')).toEqual({ a: 'A', t: [{ b: '1' }, { b: '2' }], $residue: '=5' })
    expect(bothWays(codec, 'A')).toEqual({ a: 'A', $residue: '=1' })
    expect(() => codec.decode(Buffer.from('A010'))).toThrow(tooShort)
    const blank = codecOf('blank', { views: {} }, layout)
    expect(bothWays(blank, 'A01')).toEqual({ a: 'A', t: [{ b: '1' }, { b: '0' }, { b: '0' }], z: '', $residue: '=3' })
  })
})

test('many lengths of one layout, as of texts whose blanks were cut', () => {
  const layout = layoutOf('01 R. 05 A PIC X. 05 B PIC X(200).')
  const codec = codecOf('absent', { views: {} }, layout)
  for (let length = 1; length < 200; length++) {
    expect(bothWays(codec, 'x'.repeat(length))).toMatchObject({ a: 'x', $residue: `=${length}` })
  }
})

test('random records, cut anywhere, come back or are refused, and obey their schemas', () => {
  let [read, varying] = [0, 0]
  for (let seed = 1; seed <= 100; seed++) {
    for (const short of ['views', 'absent', 'blank'] as const) {
      const { codec, values } = cutAnywhere(randomOf(seed), short)
      read += values.length
      if (!codec.plan.fixed) varying += values.length
    }
  }
  expect(read).toBeGreaterThan(300)
  expect(varying).toBeGreaterThan(60)
})

/** What is read of a random record that is cut at four places. */
function cutAnywhere(random: Random, short: CodecOptions['short']) {
  const copybook = randomCopybook(random)
  const { text, views: declared, counters, dates } = copybook
  const [layout] = compileCopybook({ name: 'R', text }, { format: 'free' }).layouts
  if (!layout) throw new Error(text)
  const record = Buffer.from(randomRecord(layout, copybook, random))
  const options = { views: declared, counters, dates, varchar: ['*'], invalid: { '*': 'raw' } } as const
  const codec = codecOf(short, { codePage: 'cp037', ...options }, layout)
  const sizes = Array.from({ length: 4 }, () => 1 + random.below(record.length))
  const values = sizes.flatMap(
    (size) => attempt(() => bothWays(codec, record.subarray(0, size).toString('latin1'))) ?? [],
  )
  // Of views that no rule chooses the schema does not know the raw bytes.
  const validate = ajv.compile(values.length > 0 ? jsonSchemaOf(codec.plan, 'reply') : {})
  const wrong = values.find((value) => !JSON.stringify(value).includes('$raw') && !validate(value))
  if (wrong) throw new Error(`${short} ${text} ${JSON.stringify([wrong, validate.errors])}`)
  return { codec, values }
}

/** What was read; undefined for a record that is too short. */
function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch (error) {
    if (!isFailure(error) || error.code !== 'RECORD_TOO_SHORT') throw error
    return undefined
  }
}
