// Requests as XML: in schema order, escaped, valid for an independent validator; everything else refused with its path.

import { describe, expect, test } from '@jest/globals'
import type { JsonObject, JsonValue } from '../../../src/contract/json.ts'
import { fields, messageOf, post, request, text, wireOf } from './ledger.ts'

const wire = wireOf(post)

describe('request', () => {
  test('in the order of the schema, namespaces where they change, everything escaped', () => {
    const written = text(wire.encode(request, fields))
    expect(written).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>' +
        '<Post xmlns="urn:ledger"><reference>REF1</reference>' +
        '<debtor id="7"><name>A &amp; B &lt;"Ö"&gt;</name><iban>DE89370400440532013000</iban></debtor>' +
        '<total currency="EUR">1.50</total>' +
        '<Line><no>1</no><Amount>1.00</Amount></Line><Line><no>2</no><Amount>0.50</Amount></Line>' +
        '<urgent>false</urgent><on>2026-11-23</on></Post></e:Body></e:Envelope>',
    )
  })

  test('an unqualified element leaves the namespace, nil and choices are written', () => {
    const more = {
      ...request,
      bank: { id: 1, note: 'a "b"\n', name: 'N', account: ' 0001 ', bic: 'ABCD' },
      tag: ['', ' x '],
      comment: null,
      phone: '1',
    }
    const written = text(wire.encode(more, fields))
    expect(written).toContain(
      '<bank id="1" note="a &quot;b&quot;&#10;"><name>N</name><account> 0001 </account><bic xmlns="">ABCD</bic></bank>',
    )
    expect(written).toContain('<tag></tag><tag> x </tag>')
    expect(written).toContain(
      '<comment xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/><phone>1</phone>',
    )
  })

  const withTotal = (value: JsonValue) => ({ ...request, total: { currency: 'EUR', value } })
  test.each<[string, JsonObject, string]>([
    ['an unknown element', { ...request, extra: 1 }, 'extra is not known'],
    ['the reference, which is ours', { ...request, reference: 'MINE' }, 'reference is not known'],
    ['a key that libraries write as markup', { ...request, debtor: { $xml: '<evil/>' } }, 'debtor.$xml is not known'],
    ['a key of the prototype', JSON.parse('{"__proto__": {"a": 1}}'), '__proto__ is not known'],
    ['attributes as a library has them', { ...request, attributes: { id: 1 } }, 'attributes is not known'],
    ['a name with a slash and controls', { ...request, 'a/b\u0000ü': 1 }, 'a/b?? is not known'],
    ['a missing element', omit(request, 'on'), 'on is missing'],
    ['a missing attribute', { ...request, debtor: { name: 'N', iban: 'DE891234' } }, 'debtor.id is missing'],
    ['null where none may be', { ...request, on: null }, 'on must not be null'],
    ['both of a choice', { ...request, email: 'a', phone: 'b' }, 'the request must hold only one of email, phone'],
    ['none of a choice', { ...request, debtor: { id: 1, name: 'N' } }, 'debtor must hold one of iban, account'],
    ['one where a list is', { ...request, Line: { no: 1, Amount: '1' } }, 'Line must be an array'],
    ['an empty list', { ...request, Line: [] }, 'Line must hold at least 1'],
    ['too long a list', { ...request, tag: ['1', '2', '3', '4'] }, 'tag must hold at most 3'],
    ['a list where one is', { ...request, on: ['2026-01-01'] }, 'on must be a string'],
    ['an object where text is', { ...request, on: {} }, 'on must be a string'],
    ['text where an object is', { ...request, debtor: 'x' }, 'debtor must be an object'],
    ['an amount as a number', withTotal(1.5), 'total.value must be a string'],
    ['an amount with a comma', withTotal('12,5'), 'total.value is not a decimal number'],
    ['an amount with an exponent', withTotal('1e2'), 'total.value is not a decimal number'],
    ['three decimals', withTotal('1.505'), 'total.value has more than 2 decimals'],
    ['too many digits', withTotal('1234567890.12'), 'total.value has more than 11 digits'],
    ['nothing', withTotal('0.00'), 'total.value is too small'],
    ['white space around an amount', withTotal(' 1.50'), 'total.value holds white space that its type does not keep'],
    ['a million digits', withTotal('1'.repeat(1_000_000)), 'total.value has more than 100 characters'],
    [
      'a value that is not listed',
      { ...request, total: { currency: 'USD', value: '1' } },
      'total.currency is not one of the values allowed',
    ],
    [
      'a pattern that does not match',
      { ...request, debtor: { id: 1, name: 'N', iban: 'DE8' } },
      'debtor.iban does not match its pattern',
    ],
    [
      'a text that is too long',
      { ...request, debtor: { id: 1, name: 'N'.repeat(21), iban: 'DE891234' } },
      'debtor.name is longer than 20',
    ],
    ['an integer as text', { ...request, debtor: { id: '7', name: 'N', account: '' } }, 'debtor.id must be an integer'],
    [
      'a fraction as integer',
      { ...request, debtor: { id: 7.5, name: 'N', account: '' } },
      'debtor.id must be an integer',
    ],
    ['an integer too large', { ...request, Line: [{ no: 32_768, Amount: '1' }] }, 'Line.0.no is too large'],
    ['a truth as text', { ...request, urgent: 'true' }, 'urgent must be a boolean'],
    ['30 February', { ...request, on: '2026-02-30' }, 'on is not a date'],
    ['no date', { ...request, on: 'today' }, 'on does not match its pattern'],
    ['a control character', { ...request, comment: 'a\u0001b' }, 'comment holds a character that XML cannot carry'],
    ['half a character', { ...request, comment: 'a\ud800' }, 'comment holds a character that XML cannot carry'],
  ])('%s is refused', (_, wrong, expected) => {
    expect(messageOf(() => wire.encode(wrong, fields))).toBe(`SOAP_VALUE_INVALID: ${expected}`)
  })

  test('a missing reference is refused when the request is sent, not when it is checked', () => {
    expect(text(wire.encode(request))).toContain('<Post xmlns="urn:ledger"><debtor')
    expect(messageOf(() => wire.encode(request, {}))).toBe('SOAP_VALUE_INVALID: reference is missing')
  })
})

function omit(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name))
}
