// Hostile XML: bounded in time and memory, and never anything but a Failure or a reply that fits the schema.

import { describe, expect, jest, test } from '@jest/globals'
import { SaxesParser } from 'saxes'
import { isFailure } from '../../../src/error/failure.ts'
import { readXml } from '../../../src/wire/soap/xml.ts'
import { fc } from '../../support/property.ts'
import { bytes, enveloped, messageOf, minimal, post, posted, text, wireOf } from './ledger.ts'

const wire = wireOf(post)
const refused = (problem: string) => `XML_REFUSED: the XML is refused: ${problem}`
const malformed = refused('it is not well-formed')
const doctype = refused('it holds a DOCTYPE')
const entities = '<!DOCTYPE l [<!ENTITY a "0123456789"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

describe('attacks', () => {
  test.each<[string, Uint8Array, string]>([
    ['an external entity', bytes('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'), doctype],
    ['nested entities', bytes(`${entities}<l>&b;</l>`), doctype],
    ['a parameter entity', bytes('<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1/"> %p;]><a/>'), doctype],
    ['a bare DOCTYPE', bytes(`<!DOCTYPE e>${text(posted(minimal))}`), doctype],
    [
      'a DOCTYPE behind comments and instructions',
      bytes(`<?xml version="1.0"?><!-- < --><?a b?> <!DOCTYPE a><a/>`),
      doctype,
    ],
    ['a DOCTYPE inside', enveloped('<!DOCTYPE a><a/>'), malformed],
    ['a DOCTYPE in small letters', bytes('<!doctype a><a/>'), malformed],
    ['an entity that nobody defined', posted(`${minimal}<text>&nbsp;</text>`), malformed],
    ['64 kB of <', bytes('<'.repeat(65_536)), malformed],
    ['256 kB of <', bytes('<'.repeat(262_144)), malformed],
    ['256 kB of &', bytes(`<a>${'&'.repeat(262_000)}`), malformed],
    ['20,000 levels', bytes(`${'<a>'.repeat(20_000)}`), refused('it is nested deeper than 64')],
    ['60,000 elements', enveloped(`<a>${'<b/>'.repeat(60_000)}</a>`), refused('it has more than 20000 elements')],
    ['1 MB', bytes(`<a>${' '.repeat(1_048_576)}</a>`), refused('it is longer than 262144 bytes')],
    [
      '20,000 attributes',
      bytes(`<a ${Array.from({ length: 20_000 }, (_, index) => `a${index}=""`).join(' ')}/>`),
      'SOAP_REPLY_INVALID: the SOAP reply is no SOAP 1.2 envelope',
    ],
    ['an attribute twice', bytes('<a b="1" b="2"/>'), malformed],
    ['a prefix that nobody declared', bytes('<x:Envelope/>'), malformed],
    ['an end that does not fit', enveloped('<a></b>'), malformed],
    ['two roots', bytes('<a/><a/>'), malformed],
    ['text after the root', bytes(`${text(posted(minimal))}garbage`), malformed],
    ['a control character', posted(`${minimal}<text>\u0001</text>`), malformed],
    ['a reference to a control character', posted(`${minimal}<text>&#1;</text>`), malformed],
    ['a reference beyond Unicode', posted(`${minimal}<text>&#x110000;</text>`), malformed],
    ['a reference to half a character', posted(`${minimal}<text>&#xD800;</text>`), malformed],
    [
      'bytes that are no UTF-8',
      Uint8Array.from([...bytes('<a>'), 0xff, 0xfe, ...bytes('</a>')]),
      refused('it is not UTF-8'),
    ],
    ['UTF-16', new Uint8Array(Buffer.from('\ufeff<a/>', 'utf16le')), refused('it is not UTF-8')],
    [
      'another encoding declared',
      bytes('<?xml version="1.0" encoding="UTF-7"?><a/>'),
      refused('its encoding is not UTF-8'),
    ],
    ['nothing', new Uint8Array(), malformed],
    ['half a message', posted(minimal).subarray(0, 100), malformed],
  ])('%s', (_, attack, expected) => {
    expect(messageOf(() => wire.read(attack))).toBe(expected)
  })

  test.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString'])('an element named %s', (name) => {
    expect(messageOf(() => wire.read(posted(`${minimal}<${name}>x</${name}>`)))).toBe(
      'SOAP_REPLY_INVALID: the SOAP reply holds an element that is not known, out of order or repeated',
    )
    expect(messageOf(() => wire.read(enveloped(`<${name}/>`)))).toBe(
      'SOAP_REPLY_INVALID: Envelope.Body of the SOAP reply holds no Posted',
    )
    expect(({} as { x?: string }).x).toBeUndefined()
  })

  test('a parser has six handlers: with a seventh it takes two to three times as long', () => {
    const on = jest.spyOn(SaxesParser.prototype, 'on')
    try {
      wire.read(posted(minimal))
      expect(new Set(on.mock.calls.map(([name]) => name)).size).toBeLessThanOrEqual(6)
    } finally {
      on.mockRestore()
    }
  })

  test('50,000 character references are one text', () => {
    const { body } = wire.read(posted(`${minimal}<text>${'&#65;'.repeat(50_000)}</text>`))
    expect(body.text).toBe('A'.repeat(50_000))
  })

  test('the work grows with the length of the message, not faster', () => {
    // Counted, not timed: a regular expression or a search that starts over would be felt in the time, which is not stable
    // enough to test; so each attack is run at two sizes and must end within the time limit of the test.
    for (const size of [16_384, 262_000]) {
      for (const piece of ['<', '<a', '&', ']]>', '<!--', '<![CDATA[', '<?', 'a="', "<a b='"]) {
        expect(messageOf(() => wire.read(bytes(piece.repeat(Math.floor(size / piece.length)))))).toBe(malformed)
      }
    }
  }, 10_000)
})

describe('any message', () => {
  const schemaHolds = (body: Record<string, unknown>) =>
    /^-?\d+$/.test(String(body.number)) && /^-?\d+(\.\d+)?$/.test(String(body.balance)) && Array.isArray(body.line)

  /** A reply, or a Failure; anything else breaks the property. */
  function readsOrRefuses(message: Uint8Array): boolean {
    try {
      const { body } = wire.read(message)
      return 'fault' in body || schemaHolds(body)
    } catch (error) {
      return isFailure(error)
    }
  }

  test('random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), readsOrRefuses), { numRuns: 1000 })
  })

  const pieces = fc.constantFrom(
    '<',
    '>',
    '/',
    '"',
    '&',
    ';',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<?',
    '?>',
    '<!DOCTYPE',
    '&#',
    '&lt;',
    'status',
    'e:',
    'xmlns=""',
    '\u0000',
    '𝄞',
    ' ',
    '0',
  )

  test('a good reply with pieces cut out and put in', () => {
    const good = text(posted(`${minimal}<text>a</text><line>b</line><closed>2026-01-01</closed>`))
    const edit = fc.record({ at: fc.nat(good.length), cut: fc.nat(12), put: fc.array(pieces, { maxLength: 3 }) })
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let message = good
        for (const { at, cut, put } of edits) message = message.slice(0, at) + put.join('') + message.slice(at + cut)
        return readsOrRefuses(bytes(message))
      }),
      { numRuns: 3000 },
    )
  })

  test('any text that is written is read again as it was', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 60 })
    const escaped = (value: string) => value.replaceAll(/[\s\S]/gu, (character) => `&#${character.codePointAt(0)};`)
    fc.assert(
      fc.property(anyText, (value) => {
        const message = posted(`${minimal}<text>${escaped(value)}</text>`)
        try {
          return wire.read(message).body.text === value
        } catch (error) {
          return isFailure(error)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('what a request holds comes out of an independent reading of what was written', () => {
    const values = fc.record({
      name: fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
      tag: fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 3 }),
    })
    fc.assert(
      fc.property(values, ({ name, tag }) => {
        const request = {
          debtor: { id: 1, name, account: '1' },
          total: { currency: 'EUR', value: '1.50' },
          Line: [{ no: 1, Amount: '1.00' }],
          tag,
          urgent: true,
          on: '2026-11-23',
        }
        try {
          const written = wire.encode(request, { reference: 'R' })
          const root = readXml(written, { bytes: 100_000, elements: 100, depth: 10 })
          const message = root.children[0]?.children[0]
          const texts = (local: string) => message?.children.filter((one) => one.local === local).map((one) => one.text)
          const debtor = message?.children.find((one) => one.local === 'debtor')
          return debtor?.children[0]?.text === name && JSON.stringify(texts('tag')) === JSON.stringify(tag)
        } catch (error) {
          return isFailure(error) && error.code === 'SOAP_VALUE_INVALID'
        }
      }),
      { numRuns: 300 },
    )
  })
})
