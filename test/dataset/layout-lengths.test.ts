// Files without descriptors, whose records are as long as their type and their counters say; with headers, trailers, and bytes that are no records.

import { describe, expect, test } from '@jest/globals'
import { byteSink } from '../../src/codec/byte-sink.ts'
import { compileText } from '../../src/dataset/record/copybook.ts'
import { recordTypes } from '../../src/dataset/record/record-types.ts'
import { fileReader, fileWriter } from '../../src/frame/file-parts.ts'
import { folderOf, hex } from '../cli/data/copybooks.ts'
import { mainspan, objectsOf } from '../cli/mainspan.ts'
import { fc } from '../support/property.ts'
import { randomFile, randomFiles, randomTypes } from './random-record-types.ts'

const threeTypes = hex('F0F1C1C2C3F1 C1C1C1C1 | F0F1C1C2C3F2 F2 A7A7A7 A8A8A8 | F0F1C1C2C3F3 A9 | F0F1C1C2C3F2 F0')
/** Many records of the three types, and what they are in JSON. */
const copies = 20_000

const file = folderOf({
  'types.cpy': `
       01 REC1.
          05 ID1 PIC X(6).
          05 A PIC X(4).
       01 REC2.
          05 ID2 PIC X(6).
          05 N PIC 9.
          05 E PIC X(3) OCCURS 0 TO 5 DEPENDING ON N.
       01 REC3.
          05 ID3 PIC X(6).
          05 C PIC X(1).
`,
  'one.cpy': `
       01 REC.
          05 N PIC 9.
          05 E OCCURS 1 TO 3 DEPENDING ON N.
             10 M PIC 9.
             10 F PIC X OCCURS 0 TO 2 DEPENDING ON M.
          05 Z PIC X.
`,
  'parts.cpy': `
       01 HEAD.
          05 DAY1 PIC X(5).
       01 BODY.
          05 N PIC 9.
          05 E PIC X OCCURS 0 TO 4 DEPENDING ON N.
       01 TAIL.
          05 COUNT1 PIC 9(3).
       01 LOOSE.
          05 K PIC 9.
          05 L PIC X OCCURS 0 TO 4 DEPENDING ON K.
       01 OUTER.
          05 T PIC X OCCURS 0 TO 4 DEPENDING ON EIBCALEN.
`,
  'field.cpy': '       01 R.\n          05 LEN PIC 9(2).\n          05 D PIC X(4).\n',
  'packed.cpy': '       01 R.\n          05 LEN PIC 9(3) COMP-3.\n          05 D PIC X(4).\n',
  'maximum.json': '{"variable":"maximum"}',
  'described.json': JSON.stringify({
    prefix: 'ID',
    file: {
      format: 'by-layout',
      select: [1, 2, 3].map((number) => `REC${number}=0:'01ABC${number}'`),
      recordLength: { REC1: 8 },
      startOffset: 3,
      endOffset: '2',
    },
  }),
  'many.bin': Buffer.concat(Array.from({ length: copies }, () => threeTypes)),
})
const threeObjects = [
  { $record: 'REC1', id1: '01ABC1', a: 'AAAA' },
  { $record: 'REC2', id2: '01ABC2', n: '2', e: ['xxx', 'yyy'] },
  { $record: 'REC3', id3: '01ABC3', c: 'z' },
  { $record: 'REC2', id2: '01ABC2', n: '0', e: [] },
]
const types = ['--copybook', file('types.cpy')].concat(
  [1, 2, 3].flatMap((number) => ['--select', `REC${number}=0:'01ABC${number}'`]),
)
const parts = ['--copybook', file('parts.cpy'), '--format', 'by-layout']
const one = ['--copybook', file('one.cpy'), '--format', 'by-layout']

describe('files of binary FTP', () => {
  test.each<[string, readonly string[]]>([
    ['record types of different lengths, as goes without saying', types],
    ['the same when it is said', [...types, '--format', 'by-layout']],
  ])('%s', (_, args) => {
    const decoded = mainspan(['decode', ...args, '-'], threeTypes)
    expect(decoded).toMatchObject({ status: 0, errors: '' })
    expect(objectsOf(decoded)).toEqual(threeObjects)
    expect(mainspan(['encode', ...args], decoded.text).stdout).toEqual(threeTypes)
  })
  test.each(['1', '3'])('in %s threads', (threads) => {
    const { text, status } = mainspan(['decode', ...types, '--threads', threads, file('many.bin')])
    const lines = threeObjects.map((one) => `${JSON.stringify(one)}\n`).join('')
    expect(text === lines.repeat(copies)).toBe(true)
    expect(status).toBe(0)
  })
  test('one record type, whose counters tell the length', () => {
    const bytes = hex('F1 F0 C1 | F2 F2C2C3 F1C4 C5 | F3 F0 F0 F0 C6')
    const decoded = mainspan(['decode', ...one, '-'], bytes)
    expect(objectsOf(decoded)).toEqual([
      { n: '1', e: [{ m: '0', f: [] }], z: 'A' },
      {
        n: '2',
        e: [
          { m: '2', f: ['B', 'C'] },
          { m: '1', f: ['D'] },
        ],
        z: 'E',
      },
      { n: '3', e: Array(3).fill({ m: '0', f: [] }), z: 'F' },
    ])
    expect(mainspan(['encode', ...one], decoded.text).stdout).toEqual(bytes)
    expect(mainspan(['decode', ...one, '--skip', '1', '--count', '1', '-'], bytes).text).toBe(
      `${decoded.text.split('\n')[1]}\n`,
    )
  })
  test('record types that the file has longer and shorter than their layout', () => {
    const args = [...types, '--record-length', 'REC1=8', '--record-length', 'rec3=9']
    const bytes = hex('F0F1C1C2C3F1 C1C2 | F0F1C1C2C3F3 A94040 | F0F1C1C2C3F2 F0 | F0F1C1C2C3F1 C3C4')
    const decoded = mainspan(['decode', ...args, '-'], bytes)
    expect(objectsOf(decoded)).toMatchObject([{ id1: '01ABC1' }, { c: 'z' }, { n: '0' }, { $record: 'REC1' }])
    expect(mainspan(['encode', ...args], decoded.text).stdout).toEqual(bytes)
    expect(mainspan(['encode', ...args], '{"$record":"REC1","id1":"01ABC1","a":"ABCD"}').errors).toContain('8 bytes')
  })
  test('tables filled to their maximum, by record options', () => {
    const args = [...types, '--record-options', file('maximum.json')]
    const bytes = hex('F0F1C1C2C3F2 F1 A7A7A7 404040404040404040404040 | F0F1C1C2C3F3 A9')
    const decoded = mainspan(['decode', ...args, '-'], bytes)
    expect(objectsOf(decoded)).toMatchObject([{ n: '1', e: ['xxx'] }, { c: 'z' }])
    expect(mainspan(['encode', ...args], decoded.text).stdout).toEqual(bytes)
  })
})

describe('what the member file of record options says', () => {
  const args = ['--copybook', file('types.cpy'), '--record-options', file('described.json')]
  const records = hex('F0F1C1C2C3F1 C1C2 | F0F1C1C2C3F2 F0')
  const padded = Buffer.concat([hex('FFFFFF'), records, hex('1A1A')])
  test('counts as options do, there and back', () => {
    const decoded = mainspan(['decode', ...args, '-'], padded)
    expect(objectsOf(decoded)).toMatchObject([{ $record: 'REC1' }, { $record: 'REC2', n: '0' }])
    expect(mainspan(['encode', ...args], decoded.text).stdout).toEqual(records)
    expect(mainspan(['hex', ...args, '--number', '2', '-'], padded).text).toContain('REC2, record 2')
  })
  test('gives way to the command line', () => {
    expect(mainspan(['decode', ...args, '--start-offset', '11', '-'], padded)).toMatchObject({ status: 0 })
    expect(mainspan(['decode', ...args, '--select', 'REC1=*', '-'], padded).text).toMatch(/^(\{"\$record":"REC1".*\n)/)
  })
  test('does not hinder commands without files', () => {
    expect(mainspan(['schema', file('types.cpy'), ...args.slice(2)])).toMatchObject({ status: 0 })
  })
})

describe('headers, trailers and offsets', () => {
  const headAndTail = [...parts, '--select', 'HEAD=header', '--select', 'TAIL=trailer', '--select', 'BODY=*']
  const bytes = hex('F1F2F3F4F5 | F0 | F2 C1C2 | F0F0F2')
  const objects = [
    { $record: 'HEAD', day1: '12345' },
    { $record: 'BODY', n: '0', e: [] },
    { $record: 'BODY', n: '2', e: ['A', 'B'] },
    { $record: 'TAIL', count1: '2' },
  ]
  test('of lengths of their own', () => {
    const decoded = mainspan(['decode', ...headAndTail, '-'], bytes)
    expect(objectsOf(decoded)).toEqual(objects)
    expect(mainspan(['encode', ...headAndTail], decoded.text).stdout).toEqual(bytes)
    const hexOf = (number: string) => mainspan(['hex', ...headAndTail, '--number', number, '-'], bytes).text
    expect(hexOf('4')).toContain('TAIL, record 4 of standard input at offset 9, 3 bytes')
    expect(hexOf('1')).toContain('DAY1 PIC X(5) = "12345"')
  })
  test.each(['1', '3'])('bytes that are no records, in %s threads', (threads) => {
    const args = ['--start-offset', '3', '--end-offset', '2', '--threads', threads, '-']
    const padded = Buffer.concat([hex('FFFFFF'), bytes, hex('1A1A')])
    expect(objectsOf(mainspan(['decode', ...headAndTail, ...args], padded))).toEqual(objects)
    const fixed = hex('FFFFFF F1F2F3F4F5 F6F7F8F9F0 1A1A')
    const decoded = mainspan(['decode', '--copybook', file('parts.cpy'), '--record', 'HEAD', ...args], fixed)
    expect(objectsOf(decoded)).toEqual([{ day1: '12345' }, { day1: '67890' }])
    const inV = hex('FFFFFF 00090000 F1F2F3F4F5 1A1A')
    const variable = ['decode', '--copybook', file('parts.cpy'), '--record', 'HEAD', '--format', 'V', ...args]
    expect(objectsOf(mainspan(variable, inV))).toEqual([{ day1: '12345' }])
  })
  test('hex passes over the same bytes', () => {
    const args = ['hex', ...headAndTail, '--start-offset', '3', '--end-offset', '2', '--number', '3', '-']
    const padded = Buffer.concat([hex('FFFFFF'), bytes, hex('1A1A')])
    expect(mainspan(args, padded).text).toContain('BODY, record 3 of standard input at offset 9, 3 bytes')
  })
})

describe('a length field', () => {
  test('there and back', () => {
    const args = ['--copybook', file('field.cpy'), '--length-field', '0:2:zoned']
    const bytes = hex('F0F6 C1C2C3C4 | F0F4 C1C2 | F0F6 C4C3C2C1')
    const decoded = mainspan(['decode', ...args, '--threads', '2', '-'], bytes)
    expect(objectsOf(decoded).map(({ len }) => len)).toEqual(['6', '4', '6'])
    expect(mainspan(['encode', ...args], decoded.text).stdout).toEqual(bytes)
  })
  test.each([
    ['of no bytes', '006C C1C2C3C4 | 000C C1C2', 'in record 2 of standard input, at offset 6'],
    ['that is no number', 'C1C1 | 4040', 'in record 1 of standard input, at offset 0'],
  ])('%s', (_, bytes, place) => {
    const args = ['--copybook', file('packed.cpy'), '--length-field', '0:2:packed']
    const { errors, status } = mainspan(['decode', ...args, '-'], hex(bytes))
    expect(errors).toContain('FRAME_LENGTH_INVALID')
    expect(errors).toContain(place)
    expect(status).toBe(1)
  })
})

describe('mistakes are told with record and offset, behind the lines before them', () => {
  const first = 'F0F1C1C2C3F1 C1C1C1C1'
  const beginning = Buffer.concat(Array.from({ length: 30_000 }, () => hex(first)))
  test.each([
    ['an unknown type', 'F0F1C1C2C3F9 C1C1', 'RECORD_TYPE_UNKNOWN', 'add a rule for this type'],
    ['a counter out of range', 'F0F1C1C2C3F2 F6 C1C1C1', 'COUNTER_OUT_OF_RANGE', 'must be 0 to 5'],
    ['a counter that is no number', 'F0F1C1C2C3F2 40 C1C1C1', 'COUNTER_OUT_OF_RANGE', 'must be 0 to 5'],
    ['a table that runs past the end', 'F0F1C1C2C3F2 F5 C1C1C1', 'FRAME_INCOMPLETE', 'at least 22 bytes'],
    ['a record that does', 'F0F1C1C2C3F1 C1', 'FRAME_INCOMPLETE', 'at least 10 bytes'],
    ['a type that does', 'F0F1C1', 'FRAME_INCOMPLETE', 'at least 7 bytes'],
  ])('%s', (_, last, code, words) => {
    const input = Buffer.concat([beginning, hex(last)])
    for (const threads of code === 'FRAME_INCOMPLETE' ? ['1'] : ['1', '3']) {
      const args = ['decode', ...types, '--threads', threads, '--keep-going', '-']
      const { status, text, errors } = mainspan(args, input)
      expect(text === `${JSON.stringify(threeObjects[0])}\n`.repeat(30_000)).toBe(true)
      expect(errors).toContain(code)
      expect(errors).toContain(words)
      expect(errors).toContain('in record 30001 of standard input, at offset 300000')
      expect(status).toBe(1)
    }
  })
  test.each([
    ['a trailer cut off', 'F1F2F3F4F5 F0F0', 'FRAME_INCOMPLETE', 'at least 5 bytes'],
    ['a header cut off', 'F1F2F3 F0F0F2', 'FRAME_INCOMPLETE', 'at least 5 bytes'],
    ['neither there', 'F1F2', 'FRAME_INCOMPLETE', 'at least 3 bytes'],
  ])('%s', (_, bytes, code, words) => {
    const args = [...parts, '--select', 'HEAD=header', '--select', 'TAIL=trailer', '--select', 'BODY=*']
    const { status, errors } = mainspan(['decode', ...args, '-'], hex(bytes))
    expect(errors).toContain(code)
    expect(errors).toContain(words)
    expect(status).toBe(1)
  })
  test('with a trailer, of whose length as many bytes are held back', () => {
    const args = [...parts, '--select', 'TAIL=trailer', '--select', "BODY=0:'2'"]
    const { text, errors } = mainspan(['decode', ...args, '-'], hex('F2C1C2 F2C3C4 F3C5C6C7 F0F0F3'))
    expect(text).toBe('{"$record":"BODY","n":"2","e":["A","B"]}\n{"$record":"BODY","n":"2","e":["C","D"]}\n')
    expect(errors).toContain('in record 3 of standard input, at offset 6')
  })
  const good = '{"$record":"BODY","n":"2","e":["A","B"]}'
  test.each([
    [
      'a record that its rule would not find',
      3,
      `${good}\n{"$record":"BODY","n":"3","e":["A","B","C"]}`,
      'RECORD_TYPE_DISAGREES',
    ],
    ['a trailer that is none', 2, '{"$record":"TAIL","count1":"999"}', 'RECORD_TYPE_UNKNOWN'],
    ['a counter that says another length', 2, '{"$record":"TAIL","count1":"100"}', 'record 2 must have 2 bytes'],
    ['a value that does not fit', 3, `${good}\n{"$record":"BODY","n":"2","e":["AA","B"]}`, 'VALUE_TOO_LONG'],
    ['no trailer at the end', 4, undefined, 'record 4 is a trailer and must have 3 bytes'],
  ])('%s is not written, and told with its line', (_, line, wrong, words) => {
    const args = [...parts, '--select', 'TAIL=trailer', '--select', "BODY=0:'2'", '--select', "LOOSE=0:'1'"]
    const end = wrong === undefined ? '{"$record":"LOOSE","k":"1","l":["A"]}' : '{"$record":"TAIL","count1":"2"}'
    const { stdout, errors, status } = mainspan(['encode', ...args], [good, wrong ?? good, good, end].join('\n'))
    expect(errors).toContain(words)
    expect(errors).toContain(`in line ${line} of`)
    expect(stdout.subarray(0, 3)).toEqual(hex('F2C1C2'))
    expect(status).toBe(1)
  })
  test('hex shows what is there of a record that is cut off or whose counter cannot be', () => {
    const shown = (bytes: string) => mainspan(['hex', ...types, '--number', '2', '-'], hex(`${first} ${bytes}`))
    expect(shown('F0F1C1C2C3F2 F2 A7A7A7')).toMatchObject({ status: 1 })
    expect(shown('F0F1C1C2C3F2 F2 A7A7A7').text).toContain('the record ends at 10')
    expect(shown('F0F1C1C2C3F2 F9 A7A7A7').text).toContain('N must be 0 to 5')
    expect(shown('F0F1C1C2C3F9 F9 A7A7A7').errors).toContain('in record 2 of standard input, at offset 10')
    expect(shown('').errors).toContain('RECORD_NUMBER_UNKNOWN')
  })
})

describe('what would not be told by the bytes is refused before any is read', () => {
  test.each<[string, readonly string[], string]>([
    ['a rule that looks behind a shorter record', ["BODY=3:X'C1'", 'TAIL=*'], 'a record BODY may have 1'],
    ['a rule on a length', ['HEAD=length:5', 'TAIL=*'], 'its rule asks for its length'],
    ['a trailer of varying length', ['HEAD=*', 'LOOSE=trailer'], '--record-length LOOSE=N'],
    ['two kinds of header', ['HEAD=header', 'TAIL=header', 'BODY=*'], 'HEAD and TAIL are both the header'],
    ['a counter that is in no record', ['OUTER=*'], 'COUNTER_OUTSIDE'],
  ])('%s', (_, select, words) => {
    const rules = select.flatMap((rule) => ['--select', rule])
    const { status, errors } = mainspan(['decode', ...parts, ...rules, '-'], hex('F0'))
    expect(errors).toContain(words)
    expect(errors).toMatch(/^(RECORD_LENGTH_UNKNOWN|RECORD_SELECTION_INVALID|COUNTER_OUTSIDE) /)
    expect(status).toBe(1)
  })
  test.each<[readonly string[], string, number]>([
    [['--record-length', 'NONE=4'], 'RECORD_UNKNOWN', 1],
    [['--record-length', 'REC1=0'], 'it cannot have 0 bytes', 1],
    [['--record-length', 'REC1'], '--record-length takes NAME=BYTES', 2],
    [['--record-length', 'REC1=5', '--format', 'V'], '--record-length goes with --format by-layout', 2],
    [['--start-offset=-1'], '--start-offset takes 0 to', 2],
    [['--end-offset', 'x'], '--end-offset takes a whole number', 2],
  ])('%j', (options, words, status) => {
    const ended = mainspan(['decode', ...types, ...options, '-'], threeTypes)
    expect(ended.errors).toContain(words)
    expect(ended.status).toBe(status)
  })
})

describe('random record types', () => {
  test('come back byte for byte, read in pieces of any size', () => {
    fc.assert(
      fc.property(
        randomFiles,
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 9 }),
        ({ request, lines, bytes }, sizes) => {
          const types = recordTypes(compileText(request), request, {})
          const sink = byteSink()
          const placed = types.placed((buffer, start, end, _offset, place) => {
            types.decode(buffer, start, end, place, sink)
            sink.length += Buffer.from(sink.bytes.buffer).write('\n', sink.length)
          })
          const reader = fileReader({ ...types.parts, start: 0, end: 0 }, placed.take)
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const size = (sizes[turn % sizes.length] ?? 0) + (turn > 200 ? 50 : 0)
            reader.push(bytes.slice(at, at + size))
            at += size
          }
          reader.end()
          placed.end()
          expect(Buffer.from(sink.bytes.subarray(0, sink.length)).toString()).toBe(
            lines.map((one) => `${one}\n`).join(''),
          )
          const put: Uint8Array[] = []
          const writer = fileWriter(types.parts, (record) => put.push(record.slice()))
          for (const line of lines) {
            const record = byteSink()
            types.encode(Buffer.from(line), record)
            writer.write(record.bytes.subarray(0, record.length))
          }
          writer.end()
          expect(Buffer.concat(put).equals(bytes)).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })
  test('any bytes give records or a failure of the catalogue', () => {
    fc.assert(
      fc.property(
        randomFiles,
        fc.uint8Array({ maxLength: 60 }),
        fc.nat(),
        fc.integer({ min: 1, max: 40 }),
        (...given) => {
          const [{ request, bytes }, noise, where, size] = given
          const { parts } = recordTypes(compileText(request), request, {})
          const at = where % (bytes.length + 1)
          const damaged = Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)])
          let taken = 0
          const reader = fileReader({ ...parts, start: 0, end: 0 }, (_bytes, start, end) => {
            expect(end).toBeGreaterThan(start)
            taken += end - start
          })
          try {
            for (let from = 0; from < damaged.length; from += size) reader.push(damaged.subarray(from, from + size))
            reader.end()
            expect(taken).toBe(damaged.length)
          } catch (error) {
            expect(error).toMatchObject({
              name: 'Failure',
              code: expect.stringMatching(/^(FRAME_INCOMPLETE|RECORD_TYPE_UNKNOWN|COUNTER_OUT_OF_RANGE)$/),
            })
            expect(taken).toBeLessThanOrEqual(damaged.length)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
  const samples = [1, 2, 3].map((seed) =>
    randomFile(fc.sample(randomTypes, { numRuns: 1, seed })[0] ?? [], 20_000, seed, 3),
  )
  const place = folderOf(
    Object.fromEntries(
      samples.flatMap(({ request, bytes }, index) => [
        [`${index}.cpy`, request.copybook.source.text],
        [`${index}.bin`, bytes],
      ]),
    ),
  )
  test.each([...samples.entries()])(
    'give the same lines in one thread and three: file %i',
    (index, { request, lines, bytes }) => {
      const rules = request.select.flatMap((rule) => [
        '--select',
        `${rule.name}=${rule.place ?? `0:'${rule.at && 'text' in rule.at ? rule.at.text : ''}'`}`,
      ])
      const args = ['--copybook', place(`${index}.cpy`), '--format', 'by-layout', ...rules]
      const expected = lines.map((line) => `${line}\n`).join('')
      for (const threads of ['1', '3'])
        expect(mainspan(['decode', ...args, '--threads', threads, place(`${index}.bin`)]).text === expected).toBe(true)
      expect(mainspan(['encode', ...args], expected).stdout.equals(bytes)).toBe(true)
    },
  )
})
