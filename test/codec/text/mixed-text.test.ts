// Texts in pages with shift-out and shift-in: what the page itself says of the bytes, trimmed and padded, is the value; those without
// two-byte characters, which are read in another way, included.

import { describe, expect, test } from '@jest/globals'
import { byteSink } from '../../../src/codec/byte-sink.ts'
import { recordCodec } from '../../../src/codec/record-codec.ts'
import { type CodePage, codePage } from '../../../src/codepage/code-page.ts'
import { fc } from '../../support/property.ts'
import { layoutOf } from '../layouts.ts'

const layout = layoutOf('01 R. 05 A PIC X(8). 05 B PIC X(8) JUSTIFIED RIGHT.')
const pages = ['cp930', 'cp933', 'cp935', 'cp937', 'cp939', 'cp1364', 'cp1371', 'cp1388', 'cp1390', 'cp1399']

/** What the page says of eight bytes: their text, and the bytes that are written for it; undefined where they are no text. */
function expected(page: CodePage, bytes: Uint8Array, justified: boolean): { text: string; again: Buffer } | undefined {
  try {
    const whole = page.decode(bytes)
    const text = justified ? whole.replace(/^ +/, '') : whole.replace(/[ \0]+$/, '')
    const written = page.encode(text)
    if (written.length > 8) return undefined
    const padding = Buffer.alloc(8 - written.length, 0x40)
    return { text, again: Buffer.concat(justified ? [padding, written] : [written, padding]) }
  } catch {
    return undefined
  }
}

describe.each(pages)('%s', (name) => {
  const page = codePage(name)
  const codec = recordCodec(layout, { codePage: page })
  const byte = fc.oneof(fc.constantFrom(0x00, 0x0e, 0x0f, 0x40, 0x42, 0x45, 0xc1, 0xf0), fc.nat(255))
  const run = fc.nat(2).map((count) => page.encode('\u4e00'.repeat(count)))
  const single = fc.uint8Array({ maxLength: 8 })
  const withRun = fc.tuple(single, run, single).map((parts) => Buffer.concat([...parts, Buffer.alloc(8, 0x40)]))
  const eight = fc.oneof(
    fc.array(byte, { minLength: 8, maxLength: 8 }).map((some) => Uint8Array.from(some)),
    withRun.map((bytes) => bytes.subarray(0, 8)),
  )

  test('any bytes', () => {
    const property = fc.property(eight, eight, (one, other) => {
      const record = Buffer.concat([one, other])
      const [a, b] = [expected(page, one, false), expected(page, other, true)]
      if (!a || !b) {
        expect(() => codec.decode(record)).toThrow('FIELD_BYTES_INVALID')
        return
      }
      const value = codec.decode(record)
      expect(value).toMatchObject({ a: a.text, b: b.text })
      expect('$residue' in value).toBe(!record.equals(Buffer.concat([a.again, b.again])))
      const sink = byteSink()
      codec.decodeToJson(record, 0, 16, sink)
      expect(Buffer.from(sink.bytes.subarray(0, sink.length)).toString()).toBe(JSON.stringify(value))
      expect(Buffer.from(codec.encode(value))).toEqual(record)
    })
    fc.assert(property, { numRuns: 1000 })
  })

  test('any text', () => {
    const character = fc.oneof(fc.constantFrom('A', '1', ' ', '\u4e00', '\u000e', '"', '\u00e9', '\uac00'), fc.string())
    const property = fc.property(fc.array(character, { maxLength: 6 }), (characters) => {
      const text = characters.join('').replace(/[ \0]+$/, '')
      const bytes = encodedOrNot(page, text)
      if (!bytes || bytes.length > 8)
        expect(() => codec.encode({ a: text, b: '' })).toThrow(/VALUE_TOO_LONG|VALUE_NOT_IN_CODE_PAGE/)
      else expect(codec.encode({ a: text, b: '' }).subarray(0, bytes.length)).toEqual(bytes)
    })
    fc.assert(property, { numRuns: 500 })
  })
})

function encodedOrNot(page: CodePage, text: string): Uint8Array | undefined {
  try {
    return page.encode(text)
  } catch {
    return undefined
  }
}
