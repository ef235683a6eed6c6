// Records with OCCURS DEPENDING ON that end early: before a counter, inside of a table, behind it. An oracle of its own lays the bytes and says
// what is read of them, wherever they are cut.

import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { byteSink } from '../../../src/codec/byte-sink.ts'
import { jsonSchemaOf } from '../../../src/codec/json-schema.ts'
import { type CodecOptions, type RecordCodec, recordCodec } from '../../../src/codec/record-codec.ts'
import { typesOf } from '../../../src/codec/typescript-types.ts'
import { isObject, type JsonObject, type JsonValue } from '../../../src/contract/json.ts'
import { type Random, randomOf } from '../differential/random.ts'
import { layoutOf } from '../layouts.ts'

const ajv = new Ajv2020({ strict: false })
const tooShort = expect.objectContaining({ code: 'RECORD_TOO_SHORT' })

const table = `01 R. 05 A PIC X. 05 N PIC 9. 05 T OCCURS 1 TO 3 DEPENDING ON N. 10 B PIC X(2). 10 C PIC 9(2).
  05 Z PIC X(3). 05 Y PIC 9.`
const nested = `01 R. 05 N PIC 9. 05 T OCCURS 0 TO 2 DEPENDING ON N. 10 M PIC 9. 10 U PIC X(2) OCCURS 0 TO 3 DEPENDING ON M. 10 V PIC 9.
  05 Z PIC X.`

function codecOf(text: string, short: CodecOptions['short'], options: Partial<CodecOptions> = {}): RecordCodec {
  return recordCodec(layoutOf(text), { codePage: 'ascii', ...(short && { short }), ...options })
}

/** The value of bytes in each way, which all come back as the same bytes and obey the schemas. */
function everyWay(codec: RecordCodec, text: string, { reply, request } = schemasOf(codec)): JsonObject {
  // Bytes behind the record are those of another.
  const bytes = Buffer.from(`${text}2345678`, 'latin1')
  const value = codec.decode(bytes, 0, text.length)
  const json = byteSink(4)
  codec.decodeToJson(bytes, 0, text.length, json)
  const written = Buffer.from(json.bytes.subarray(0, json.length)).toString()
  expect(written).toBe(JSON.stringify(value))
  expect(Buffer.from(codec.encode(value)).toString('latin1')).toBe(text)
  const again = byteSink(4)
  codec.encodeJson(written, again)
  expect(Buffer.from(again.bytes.subarray(0, again.length)).toString('latin1')).toBe(text)
  for (const validate of [reply, request]) {
    validate(value)
    expect(validate.errors).toBeFalsy()
  }
  return value
}

function schemasOf({ plan }: RecordCodec) {
  return { reply: ajv.compile(jsonSchemaOf(plan, 'reply')), request: ajv.compile(jsonSchemaOf(plan, 'request')) }
}

describe('a table of varying number, and fields behind it', () => {
  const [first, second] = [
    { b: 'bb', c: '1' },
    { b: 'dd', c: '2' },
  ]
  test.each<[string, JsonObject]>([
    ['a', { a: 'a' }],
    ['a2', { a: 'a', n: '2' }],
    ['a2b', { a: 'a', n: '2', t: [{ b: 'b' }] }],
    ['a2bb', { a: 'a', n: '2', t: [{ b: 'bb' }] }],
    ['a2bb01', { a: 'a', n: '2', t: [first] }],
    ['a2bb01dd', { a: 'a', n: '2', t: [first, { b: 'dd' }] }],
    ['a2bb01dd02', { a: 'a', n: '2', t: [first, second] }],
    ['a2bb01dd02z', { a: 'a', n: '2', t: [first, second], z: 'z' }],
    ['a2bb01dd02zzz', { a: 'a', n: '2', t: [first, second], z: 'zzz' }],
  ])('absent: %j', (text, value) => {
    expect(everyWay(codecOf(table, 'absent'), text)).toEqual({ ...value, $residue: `=${text.length}` })
  })
  test.each<[string, JsonObject]>([
    ['a', { a: 'a', n: '1', t: [{ b: '', c: '0' }], z: '', y: '0' }],
    [
      'a2',
      {
        a: 'a',
        n: '2',
        t: [
          { b: '', c: '0' },
          { b: '', c: '0' },
        ],
        z: '',
        y: '0',
      },
    ],
    ['a2bb01dd', { a: 'a', n: '2', t: [first, { b: 'dd', c: '0' }], z: '', y: '0' }],
    ['a1bb01zzz', { a: 'a', n: '1', t: [first], z: 'zzz', y: '0' }],
  ])('blank: %j', (text, value) => {
    expect(everyWay(codecOf(table, 'blank'), text)).toEqual({ ...value, $residue: `=${text.length}` })
  })
  test('a whole record is read as before', () => {
    for (const short of [undefined, 'refuse', 'views', 'absent', 'blank'] as const) {
      expect(everyWay(codecOf(table, short), 'a1bb01zzz9')).toEqual({ a: 'a', n: '1', t: [first], z: 'zzz', y: '9' })
    }
  })
  test.each(['', 'a2bb0', 'a2bb01dd0'])('%j ends inside of a number', (text) => {
    for (const short of ['absent', 'blank'] as const) {
      expect(() => codecOf(table, short).decode(Buffer.from(text))).toThrow(tooShort)
    }
  })
  test.each(['a', 'a2', 'a2bb01', 'a2bb01dd02', 'a2bb01dd02zzz'])('views, and refuse: %j is too short', (text) => {
    for (const short of ['views', 'refuse', undefined] as const) {
      expect(() => codecOf(table, short).decode(Buffer.from(text))).toThrow(tooShort)
    }
  })
  test('a counter is checked before what lies behind it is missed', () => {
    expect(() => codecOf(table, 'absent').decode(Buffer.from('a4bb01'))).toThrow(
      expect.objectContaining({ code: 'COUNTER_OUT_OF_RANGE' }),
    )
  })
  test('no more and no fewer occurrences are written than the length has', () => {
    const codec = codecOf(table, 'absent')
    for (const t of [[], [first, second]]) {
      expect(() => codec.encode({ a: 'a', n: '2', t, $residue: '=6' })).toThrow()
    }
    expect(() => codec.encode({ a: 'a', n: '3', t: [first] })).toThrow(
      expect.objectContaining({ code: 'COUNTER_DISAGREES' }),
    )
  })
  test('its fields are read by their names as far as they are there', () => {
    const codec = codecOf(table, 'absent')
    const record = Buffer.from('a2bb01')
    expect(codec.field('N')(record)).toBe('2')
    expect(codec.field('C')(record, [1])).toBe('1')
    expect(() => codec.field('C')(record, [2])).toThrow(tooShort)
    const cut = Buffer.from('a2bb01d2345')
    expect(codec.field('B')(cut, [2], 0, 7)).toBe('d')
    expect(() => codecOf(table, 'refuse').field('B')(cut, [2], 0, 7)).toThrow(tooShort)
    expect(() => codec.field('C')(cut, [1], 0, 5)).toThrow(tooShort)
    expect(() => codec.field('Z')(record)).toThrow(tooShort)
  })
  test('types say what may be absent', () => {
    const types = typesOf(codecOf(table, 'absent').plan, 'R', 'reply')
    expect(types.match(/^ {2}readonly [$\w]+\??/gm)).toEqual(
      ['a', 'n?', 't?', 'z?', 'y?', '$residue?', 'b', 'c?'].map((one) => `  readonly ${one}`),
    )
    expect(typesOf(codecOf(table, 'blank').plan, 'R', 'reply')).toBe(
      typesOf(codecOf(table, 'refuse').plan, 'R', 'reply'),
    )
  })
})

test.each<[string, JsonObject]>([
  ['2', { n: '2' }],
  ['21', { n: '2', t: [{ m: '1' }] }],
  ['21u', { n: '2', t: [{ m: '1', u: ['u'] }] }],
  ['21uu', { n: '2', t: [{ m: '1', u: ['uu'] }] }],
  ['22uu', { n: '2', t: [{ m: '2', u: ['uu'] }] }],
  ['21uu9', { n: '2', t: [{ m: '1', u: ['uu'], v: '9' }] }],
  [
    '21uu90',
    {
      n: '2',
      t: [
        { m: '1', u: ['uu'], v: '9' },
        { m: '0', u: [] },
      ],
    },
  ],
  [
    '21uu903',
    {
      n: '2',
      t: [
        { m: '1', u: ['uu'], v: '9' },
        { m: '0', u: [], v: '3' },
      ],
    },
  ],
])('a table in a table: %j', (text, value) => {
  expect(everyWay(codecOf(nested, 'absent'), text)).toEqual({ ...value, $residue: `=${text.length}` })
})

test('FILLER behind a table is all that views may lack', () => {
  const codec = codecOf('01 R. 05 N PIC 9. 05 T PIC X OCCURS 0 TO 3 DEPENDING ON N. 05 FILLER PIC X(4).', 'views')
  expect(everyWay(codec, '2ab')).toEqual({ n: '2', t: ['a', 'b'], $residue: '=3' })
  expect(everyWay(codec, '0  ')).toEqual({ n: '0', t: [], $residue: '=3' })
  expect(() => codec.decode(Buffer.from('2a'))).toThrow(tooShort)
})

test('a view that a table comes before, and that the record ends with', () => {
  const codec = codecOf(
    `01 R. 05 K PIC X. 05 N PIC 9. 05 T PIC X OCCURS 0 TO 3 DEPENDING ON N.
     05 G. 10 A PIC X(6). 10 B REDEFINES A PIC 9(3).`,
    'views',
    { views: { A: { by: 'K', when: { A: 'A', B: 'B' } } } },
  )
  expect(everyWay(codec, 'B2xy123')).toEqual({ k: 'B', n: '2', t: ['x', 'y'], g: { b: '123' }, $residue: '=7' })
  expect(() => codec.decode(Buffer.from('A2xy123'))).toThrow(tooShort)
})

test('a counter that holds a code is never cut', () => {
  const text = '01 R. 05 K PIC X(2). 05 T PIC X OCCURS 1 TO 3 DEPENDING ON K. 05 Z PIC X.'
  const codec = codecOf(text, 'absent', { counters: { K: { AA: 1, AB: 3 } } })
  expect(everyWay(codec, 'ABx')).toEqual({ k: 'AB', t: ['x'], $residue: '=3' })
  expect(everyWay(codec, 'AAx')).toEqual({ k: 'AA', t: ['x'], $residue: '=3' })
  expect(() => codec.decode(Buffer.from('A'))).toThrow(tooShort)
})

test('a number of occurrences that is given from outside', () => {
  const text = '01 R. 05 A PIC X. 05 T PIC 9 OCCURS 0 TO 5 DEPENDING ON EIBCALEN.'
  const codec = codecOf(text, 'absent', { outsideCounters: { EIBCALEN: 4 } })
  expect(everyWay(codec, 'a12')).toEqual({ a: 'a', t: ['1', '2'], $residue: '=3' })
  const blank = codecOf(text, 'blank', { outsideCounters: { EIBCALEN: 4 } })
  expect(everyWay(blank, 'a12')).toEqual({ a: 'a', t: ['1', '2', '0', '0'], $residue: '=3' })
})

test('a counter that is hidden comes back by the residue', () => {
  const codec = codecOf(table, 'absent', { hide: ['N'] })
  for (const text of ['a2', 'a3bb01', 'a2bb01dd02', 'a1bb01']) everyWay(codec, text)
})

test.each<[string, string, string, Partial<CodecOptions>]>([
  ['a table', table, 'a2bb01', { hide: ['T'] }],
  [
    'a counter of codes',
    '01 R. 05 K PIC X. 05 T PIC X OCCURS 0 TO 1 DEPENDING ON K. 05 U PIC X OCCURS 0 TO 3 DEPENDING ON K. 05 Z PIC X.',
    'Atu',
    { hide: ['K'], counters: { T: { A: 1, B: 1 }, U: { A: 3, B: 1 } } },
  ],
])('%s that is hidden: nothing says where the record ended', (_, text, record, options) => {
  expect(() => codecOf(text, 'absent', options).decode(Buffer.from(record))).toThrow(tooShort)
})

describe('random layouts, cut everywhere', () => {
  test.each(Array.from({ length: 60 }, (_, index) => index + 1))('%i', (seed) => {
    const { copybook, record, read } = randomTables(randomOf(seed))
    const [absent, blank] = [codecOf(copybook, 'absent'), codecOf(copybook, 'blank')]
    const [forAbsent, forBlank] = [schemasOf(absent), schemasOf(blank)]
    for (let size = 1; size <= record.length; size++) {
      const text = record.slice(0, size)
      const expected = read(size)
      if (!expected) {
        expect(() => absent.decode(Buffer.from(text))).toThrow(tooShort)
        expect(() => blank.decode(Buffer.from(text))).toThrow(tooShort)
        continue
      }
      const residue = size < record.length ? { $residue: `=${size}` } : {}
      expect(everyWay(absent, text, forAbsent)).toEqual({ ...expected, ...residue })
      expect(everyWay(blank, text, forBlank)).toMatchObject(residue)
    }
  })
})

/** What a cut record has of a part: undefined where it may not end there, `absent` where it ended before. */
type Reading = JsonValue | undefined | typeof absent
const absent = Symbol('absent')
type Read = (size: number) => Reading

interface RandomTables {
  readonly copybook: string
  readonly record: string
  /** What a record of so many bytes is read as; undefined where it cannot end there. */
  readonly read: (size: number) => JsonObject | undefined
}

/** Declares an item and gives what lays it, as often as it occurs. */
type Lay = () => readonly (readonly [string, Read])[]

function randomTables(random: Random): RandomTables {
  let names = 0
  let record = ''
  const lines: string[] = []
  const field = (level: number): Lay => {
    const [key, width, isText] = [`f${++names}`, 1 + random.below(3), random.chance(0.5)]
    lines.push(`${level} ${key} PIC ${isText ? 'X' : '9'}(${width}).`)
    return () => [[key, isText ? layText(width) : layNumber(width)]]
  }
  const layText = (width: number): Read => {
    const start = record.length
    record += 'x'.repeat(width)
    return (size) => (size <= start ? absent : 'x'.repeat(Math.min(width, size - start)))
  }
  const layNumber = (width: number): Read => {
    const start = record.length
    const value = 1 + random.below(9)
    record += String(value).padStart(width, '0')
    return (size) => (size <= start ? absent : size < start + width ? undefined : String(value))
  }
  const group = (level: number): Lay => {
    const key = `g${++names}`
    lines.push(`${level} ${key}.`)
    const inner = items(level + 1)
    return () => {
      const read = objectOf(inner())
      return [[key, read]]
    }
  }
  const tableOf = (level: number, most: number, depending: string, count: () => number): Lay => {
    const key = `t${++names}`
    const isScalar = random.chance(0.3)
    const occurs = `OCCURS ${depending === '' ? '' : '0 TO '}${most}${depending}`
    lines.push(`${level} ${key}${isScalar ? ' PIC X(2)' : ''} ${occurs}.`)
    const inner = isScalar ? undefined : items(level + 1)
    return () => {
      const start = record.length
      const reads = Array.from({ length: count() }, () => (inner ? objectOf(inner()) : layText(2)))
      // A table without occurrences is there where it would begin.
      const isThere = (size: number) => size > start || (size === start && reads.length === 0)
      return [[key, (size) => (isThere(size) ? listed(reads.map((read) => read(size))) : absent)]]
    }
  }
  const varying = (level: number): Lay => {
    const key = `c${++names}`
    lines.push(`${level} ${key} PIC 9.`)
    let count = 0
    const layTable = tableOf(level, 3, ` DEPENDING ON ${key}`, () => count)
    return () => {
      const start = record.length
      count = random.below(4)
      const own = String(count)
      record += own
      return [[key, (size) => (size <= start ? absent : own)], ...layTable()]
    }
  }
  const fixed = (level: number): Lay => {
    const most = 1 + random.below(3)
    return tableOf(level, most, '', () => most)
  }
  const items = (level: number): Lay => {
    const kinds = level < 8 ? [field, field, group, varying, varying, fixed] : [field]
    const laid = [field(level), ...Array.from({ length: random.below(4) }, () => random.pick(kinds)(level))]
    return () => laid.flatMap((lay) => lay())
  }
  lines.push('01 R.')
  const root = items(5)
  const read = objectOf(root())
  return {
    copybook: lines.join('\n'),
    record,
    read: (size) => {
      const value = read(size)
      return isObject(value) ? value : undefined
    },
  }
}

/** What is there of an object; absent without any member. */
function objectOf(members: readonly (readonly [string, Read])[]): Read {
  return (size) => {
    const values = members.map(([key, read]) => [key, read(size)] as const)
    if (values.some(([, value]) => value === undefined)) return undefined
    const there = values.filter(([, value]) => value !== absent)
    return there.length === 0 ? absent : (Object.fromEntries(there) as JsonObject)
  }
}

function listed(values: readonly Reading[]): Reading {
  if (values.includes(undefined)) return undefined
  return values.filter((value): value is JsonValue => value !== absent && value !== undefined)
}
