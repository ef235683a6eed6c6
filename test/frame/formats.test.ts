// Every format: the published examples, writing and reading back in any pieces, and going on from a place in the file.

import { describe, expect, test } from '@jest/globals'
import { countsItself, gnucobolVariable, lengthFieldFormat, type RecordFormat } from '../../src/frame/format.ts'
import type { Position } from '../../src/frame/framer.ts'
import { readRecords, recordReader } from '../../src/frame/reader.ts'
import { recordWriter } from '../../src/frame/writer.ts'
import { failureOf } from '../codepage/failure-of.ts'
import { fc } from '../support/property.ts'

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(/[\s|]/g, ''), 'hex'))
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase()

function written(format: RecordFormat, records: readonly Uint8Array[], blockSize?: number): Uint8Array {
  const parts: Uint8Array[] = []
  const writer = recordWriter(
    format,
    (bytes) => parts.push(bytes.slice()),
    blockSize === undefined ? {} : { blockSize },
  )
  for (const record of records) writer.write(record)
  writer.end()
  return Uint8Array.from(Buffer.concat(parts))
}

const fixed: RecordFormat = { kind: 'fixed', length: 3 }
const v: RecordFormat = { kind: 'variable', record: countsItself }
const vb: RecordFormat = { kind: 'variable', record: countsItself, block: countsItself }
const vs: RecordFormat = { kind: 'spanned' }
const vbs: RecordFormat = { kind: 'spanned', block: countsItself }
const little = { ...countsItself, endian: 'little' } as const
const vbLittle: RecordFormat = { kind: 'variable', record: little, block: little }
const vWithoutItself: RecordFormat = { kind: 'variable', record: { ...countsItself, adjust: 4 } }
const lines: RecordFormat = { kind: 'text', newline: [0x15], blank: 0x40 }
const crlf: RecordFormat = { kind: 'text', newline: [0x0d, 0x0a], blank: 0x20 }
const lf: RecordFormat = { kind: 'text', newline: [0x0a], optionalBefore: 0x0d, blank: 0x20, length: 4 }
/** C1 is a byte, C2 has two behind it, C3 a byte, a counter and as many bytes. */
const byType: RecordFormat = {
  kind: 'computed',
  header: 1,
  lengthOf: (bytes, start, end) => {
    const type = bytes[start]
    if (type === 0xc3) return end - start < 3 ? 3 : 3 + (bytes[start + 2] ?? 0)
    return type === 0xc1 ? 1 : type === 0xc2 ? 3 : undefined
  },
  maximum: 20,
}
const byField = lengthFieldFormat({ offset: 1, size: 2, as: 'binary', adjust: 3 })

describe('bytes and their records', () => {
  test.each([
    ['F', fixed, 'C1C2C3 C4C5C6', ['C1C2C3', 'C4C5C6']],
    ['V', v, '00050000 F1 | 00060000 F2F2', ['F1', 'F2F2']],
    [
      'VB, as IBM shows it',
      vb,
      `002D0000 | 00050000 F1 | 00060000 F2F2 | 001E0000 ${'C1'.repeat(26)}`,
      ['F1', 'F2F2', 'C1'.repeat(26)],
    ],
    ['VB with an extended BDW', vb, '80000009 00050000 F1', ['F1']],
    ['VB, little-endian', vbLittle, '0D000000 05000000 F1 04000000', ['F1', '']],
    ['VB, extended and little-endian', vbLittle, '09000080 05000000 F1', ['F1']],
    ['V whose lengths leave out the RDW', vWithoutItself, '00010000 F1 00020000 F2F2', ['F1', 'F2F2']],
    ['VBS', vbs, '00100000 00050000 F1 00070100 F2F3F4 | 000B0000 00070200 F5F6F7', ['F1', 'F2F3F4F5F6F7']],
    ['VS with a middle segment', vs, '00050100 F1 00050300 F2 00050200 F3', ['F1F2F3']],
    ['IMS segments', v, '00060000 C1C2 00040000', ['C1C2', '']],
    ['text', lines, 'C1C2 15 15 C3 15', ['C1C2', '', 'C3']],
    ['text, last line without newline', lines, 'C1 15 C2', ['C1', 'C2']],
    ['text with CR LF', crlf, '41 0D0A 0D 0D0A', ['41', '0D']],
    ['text with LF or CR LF, filled', lf, '41 0D0A 4243 0A', ['41202020', '42432020']],
    ['a length field', byField, 'AA0001 01 BB0000 CC0002 0102', ['AA000101', 'BB0000', 'CC00020102']],
    [
      'a zoned length of the whole',
      lengthFieldFormat({ offset: 0, size: 2, as: 'zoned', adjust: 0 }),
      'F0F3C1 F0F2',
      ['F0F3C1', 'F0F2'],
    ],
    [
      'a packed length',
      lengthFieldFormat({ offset: 0, size: 2, as: 'packed', adjust: 0 }),
      '003C C1 002F',
      ['003CC1', '002F'],
    ],
    [
      'a little-endian length',
      lengthFieldFormat({ offset: 0, size: 2, as: 'little-endian', adjust: 0 }),
      '0300 C1 0200',
      ['0300C1', '0200'],
    ],
    [
      'a length by record type and by a counter',
      byType,
      'C1 C2F1F2 C30003F1F2F3 C30000 C1',
      ['C1', 'C2F1F2', 'C30003F1F2F3', 'C30000', 'C1'],
    ],
    ['GnuCOBOL 0', gnucobolVariable(0), '00020000 4142 00000000', ['4142', '']],
    ['GnuCOBOL 1', gnucobolVariable(1), '00000002 4142', ['4142']],
    ['GnuCOBOL 2', gnucobolVariable(2), '02000000 4142', ['4142']],
    ['GnuCOBOL 3', gnucobolVariable(3), '0002 4142', ['4142']],
  ] as [string, RecordFormat, string, string[]][])('%s', (_, format, hex, records) => {
    expect(readRecords(format, bytesOf(hex)).map(hexOf)).toEqual(records)
  })

  test.each([
    [
      'VB in blocks of 14',
      vb,
      14,
      ['F1', 'F2F2', 'F3'],
      '000F0000 00050000F1 00060000F2F2 | 00090000 00050000F3'.replace('000F', '000F'),
    ],
  ] as [string, RecordFormat, number, string[], string][])('%s', (_, format, blockSize, records, hex) => {
    expect(hexOf(written(format, records.map(bytesOf), blockSize + 1))).toBe(hexOf(bytesOf(hex)))
  })

  test('a block longer than 32767 bytes gets an extended BDW', () => {
    const records = Array.from({ length: 4 }, () => new Uint8Array(10_000).fill(0xc1))
    const file = written(vb, records, 50_000)
    expect(hexOf(file.subarray(0, 8))).toBe('80009C54' + '27140000')
    expect(readRecords(vb, file)).toEqual(records)
  })

  test('text leaves out the blanks at the end of a record', () => {
    expect(hexOf(written(lines, ['C1C240C34040', '4040'].map(bytesOf)))).toBe('C1C240C3' + '15' + '15')
  })

  test('VBS cuts a long record into segments of blocks', () => {
    expect(hexOf(written(vbs, [bytesOf('F1F2F3F4F5F6')], 12))).toBe(
      hexOf(bytesOf('000C0000 00080100 F1F2F3F4 | 000A0000 00060200 F5F6')),
    )
  })
})

describe('bytes that are not the format', () => {
  test.each([
    ['F cut off', fixed, 'C1C2C3 C4', 'FRAME_INCOMPLETE', { offset: 3, needed: 3, got: 1 }],
    ['RDW cut off', v, '00050000 F1 0005', 'FRAME_INCOMPLETE', { offset: 5, needed: 4, got: 2 }],
    ['V cut off', v, '00090000 F1', 'FRAME_INCOMPLETE', { offset: 0, needed: 9, got: 5 }],
    ['block cut off', vb, '00100000 00050000 F1', 'FRAME_INCOMPLETE', { offset: 9 }],
    ['spanned cut off', vs, '00050100 F1', 'FRAME_INCOMPLETE', { offset: 5 }],
    ['RDW too small', v, '00050000 F1 0003 0000', 'FRAME_LENGTH_INVALID', { offset: 5, length: 3 }],
    ['RDW larger than the architecture', v, 'FFFF0000', 'FRAME_LENGTH_INVALID', { offset: 0, length: 65535 }],
    ['text read as V', v, 'C1C2C3C4 C5', 'FRAME_LENGTH_INVALID', { offset: 0, length: 49602 }],
    ['a record longer than its block', vb, '00090000 00060000 F1F2', 'FRAME_LENGTH_INVALID', { offset: 4, length: 6 }],
    ['an empty block', vb, '00040000', 'FRAME_LENGTH_INVALID', { offset: 0, length: 4 }],
    ['spanned read as V', v, '00050100 F1', 'FRAME_SPANNED', { offset: 0 }],
    ['a segment without its first', vs, '00050200 F1', 'FRAME_LENGTH_INVALID', { offset: 0 }],
    ['a record inside a record', vs, '00050100 F1 00050000 F2', 'FRAME_LENGTH_INVALID', { offset: 5 }],
    ['a wrong control byte', vs, '00050400 F1', 'FRAME_LENGTH_INVALID', { offset: 0 }],
    ['a segment of no descriptor', vs, '00030000', 'FRAME_LENGTH_INVALID', { offset: 0, length: 3 }],
    ['a segment longer than its block', vbs, '00090000 00060000 F1F2', 'FRAME_LENGTH_INVALID', { offset: 4 }],
    [
      'a spanned record without end',
      { kind: 'spanned', maximum: 2 },
      '00060100F1F2 00050300F3',
      'FRAME_LENGTH_INVALID',
      { length: 3 },
    ],
    ['a line without end', { ...lines, maximum: 2 }, 'C1C2C3', 'FRAME_LENGTH_INVALID', { offset: 0, length: 3 }],
    ['an unknown type', byType, 'C1 C4', 'FRAME_LENGTH_INVALID', { offset: 1, length: 0 }],
    ['a counter that runs past the end', byType, 'C1 C30004F1', 'FRAME_INCOMPLETE', { offset: 1, needed: 7, got: 4 }],
    ['a counter that is not there', byType, 'C1 C300', 'FRAME_INCOMPLETE', { offset: 1, needed: 3, got: 2 }],
    ['a counter that is too large', byType, 'C30012', 'FRAME_LENGTH_INVALID', { offset: 0, length: 21 }],
    ['records of no bytes', { ...byType, lengthOf: () => 0 }, 'C1', 'FRAME_LENGTH_INVALID', { offset: 0, length: 0 }],
    [
      'a length that is no number',
      lengthFieldFormat({ offset: 0, size: 2, as: 'packed', adjust: 0 }),
      'A03C',
      'FRAME_LENGTH_INVALID',
      { offset: 0 },
    ],
    [
      'a zoned length that is no number',
      lengthFieldFormat({ offset: 0, size: 1, as: 'zoned', adjust: 0 }),
      'FA',
      'FRAME_LENGTH_INVALID',
      { offset: 0 },
    ],
    ['a length before its own field', byField, 'AAFFFF', 'FRAME_INCOMPLETE', { needed: 65538 }],
    ['no length at all', { kind: 'fixed', length: 0 }, '00', 'FRAME_LENGTH_INVALID', { length: 0 }],
  ] as [string, RecordFormat, string, string, object][])('%s', (_, format, hex, code, facts) => {
    expect(failureOf(() => readRecords(format, bytesOf(hex)))).toMatchObject({ code, facts })
  })

  test.each([
    ['F', fixed, 'C1C2', 'FRAME_LENGTH_INVALID'],
    ['V', { ...v, maximum: 5 } as RecordFormat, 'C1C2', 'FRAME_RECORD_TOO_LONG'],
    [
      'a two-byte length',
      { kind: 'variable', record: { ...countsItself, adjust: 4 }, maximum: 1e6 },
      'C1'.repeat(65536),
      'FRAME_RECORD_TOO_LONG',
    ],
    ['a length field', byField, 'AA000501', 'FRAME_LENGTH_INVALID'],
    ['a length field cut off', byField, 'AA', 'FRAME_LENGTH_INVALID'],
    ['text', lines, 'C115C2', 'FRAME_LENGTH_INVALID'],
    ['CR LF text', crlf, '410D0A', 'FRAME_LENGTH_INVALID'],
  ] as [string, RecordFormat, string, string][])('%s cannot be written so', (_, format, hex, code) => {
    expect(failureOf(() => written(format, [bytesOf(hex)]))).toMatchObject({ code })
  })
})

/** A format, records that it can hold, and a block size. */
const cases = fc.oneof(
  fc.tuple(fc.constant(fixed), fc.array(fc.uint8Array({ minLength: 3, maxLength: 3 }), { maxLength: 50 })),
  fc.tuple(
    fc.constantFrom<RecordFormat>(
      v,
      vb,
      vbLittle,
      vWithoutItself,
      vs,
      vbs,
      gnucobolVariable(0),
      gnucobolVariable(1),
      gnucobolVariable(2),
      gnucobolVariable(3),
    ),
    fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 50 }),
  ),
  fc.tuple(
    fc.constantFrom<RecordFormat>(lines, crlf),
    fc.array(
      fc.array(fc.constantFrom(0xc1, 0x0d, 0x41), { maxLength: 30 }).map((one) => Uint8Array.from(one)),
      { maxLength: 50 },
    ),
  ),
  fc.tuple(
    fc.constant<RecordFormat>(byType),
    fc.array(
      fc.oneof(
        fc.constant(Uint8Array.of(0xc1)),
        fc.uint8Array({ minLength: 2, maxLength: 2 }).map((data) => Uint8Array.of(0xc2, ...data)),
        fc.uint8Array({ maxLength: 17 }).map((data) => Uint8Array.of(0xc3, 7, data.length, ...data)),
      ),
      { maxLength: 50 },
    ),
  ),
  fc.tuple(
    fc.constant<RecordFormat>(byField),
    fc.array(
      fc.uint8Array({ maxLength: 40 }).map((data) => Uint8Array.of(7, 0, data.length, ...data)),
      { maxLength: 50 },
    ),
  ),
)

test('what is written is read back, in pieces of any size', () => {
  fc.assert(
    fc.property(
      cases,
      fc.integer({ min: 48, max: 200 }),
      fc.array(fc.integer({ min: 0, max: 70 }), { minLength: 1, maxLength: 20 }),
      ([format, records], blockSize, sizes) => {
        const file = written(format, records, blockSize)
        const found: string[] = []
        const reader = recordReader(format, (buffer, start, end) => found.push(hexOf(buffer.subarray(start, end))))
        for (let at = 0, turn = 0; at < file.length; turn++) {
          const size = (sizes[turn % sizes.length] ?? 0) + (turn > 1000 ? 1 : 0)
          reader.push(file.subarray(at, at + size))
          at += size
        }
        reader.end()
        expect(found).toEqual(records.map(hexOf))
        expect(readRecords(format, file).map(hexOf)).toEqual(records.map(hexOf))
      },
    ),
    { numRuns: 500 },
  )
})

test('reading goes on from any position that it gave', () => {
  fc.assert(
    fc.property(cases, fc.integer({ min: 48, max: 200 }), fc.nat(), ([format, records], blockSize, cut) => {
      const file = written(format, records, blockSize)
      const found: string[] = []
      const take = (buffer: Uint8Array, start: number, end: number) => found.push(hexOf(buffer.subarray(start, end)))
      const first = recordReader(format, take)
      first.push(file.subarray(0, cut % (file.length + 1)))
      const position: Position = JSON.parse(JSON.stringify(first.position()))
      const second = recordReader(format, take, position)
      second.push(file.subarray(position.offset))
      second.end()
      expect(found).toEqual(records.map(hexOf))
    }),
    { numRuns: 500 },
  )
})

test('each record is handed out with its offset in the file', () => {
  const file = bytesOf('00100000 00050000 F1 00070100 F2F3F4 | 000B0000 00070200 F5F6F7')
  for (const size of [1, 5, 100]) {
    const offsets: number[] = []
    const reader = recordReader(vbs, (_bytes, _start, _end, offset) => offsets.push(offset))
    for (let at = 0; at < file.length; at += size) reader.push(file.subarray(at, at + size))
    expect(offsets).toEqual([4, 9])
  }
})

test('any bytes give records or a classified failure, holding back no more than one record', () => {
  const formats = [fixed, v, vb, vs, vbs, vbLittle, lines, crlf, lf, byField, byType, gnucobolVariable(1)]
  fc.assert(
    fc.property(
      fc.constantFrom(...formats),
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 1, max: 40 }),
      (format, bytes, size) => {
        let taken = 0
        const reader = recordReader(format, (_buffer, start, end) => {
          taken += end - start
        })
        try {
          for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
          reader.end()
        } catch (error) {
          expect(error).toMatchObject({ name: 'Failure', code: expect.stringMatching(/^FRAME_/) })
        }
        expect(taken).toBeLessThanOrEqual(bytes.length * (format === lf ? 4 : 1))
      },
    ),
    { numRuns: 2000 },
  )
})
