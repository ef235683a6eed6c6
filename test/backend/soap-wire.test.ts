import { describe, expect, test } from '@jest/globals'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { soapWires } from '../../src/backend/soap-wire.ts'
import type { JsonObject, JsonValue } from '../../src/contract/json.ts'
import { isFailure } from '../../src/error/failure.ts'
import { document, enveloped, fields, minimal, post, posted, request, wireOf } from './soap/ledger.ts'

const wire = wireOf(post)
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const messageOf = (run: () => unknown): string => {
  try {
    return `no failure: ${JSON.stringify(run())}`
  } catch (error) {
    return isFailure(error) ? error.message : `not a Failure: ${String(error)}`
  }
}

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

  test('libxml2 finds it valid by the same schema', () => {
    const schema = document('ledger.xsd').replace(/<include[^>]*>/, inlineTypes())
    const validator = XsdValidator.fromDoc(XmlDocument.fromString(schema))
    for (const one of [request, { ...request, comment: null, tag: ['a'], email: 'x', bank: bankOf('N') }]) {
      const body = /<e:Body>(.*)<\/e:Body>/s.exec(text(wire.encode(one, fields)))?.[1] ?? ''
      const parsed = XmlDocument.fromString(body)
      expect(() => validator.validate(parsed)).not.toThrow()
      parsed.dispose()
    }
    const wrong = XmlDocument.fromString('<Post xmlns="urn:ledger"/>')
    expect(() => validator.validate(wrong)).toThrow()
  })

  const withTotal = (value: JsonValue) => ({ ...request, total: { currency: 'EUR', value } })
  test.each<[string, JsonObject, string]>([
    ['an unknown element', { ...request, extra: 1 }, '/extra is not known'],
    ['the reference, which is ours', { ...request, reference: 'MINE' }, '/reference is not known'],
    ['a key that libraries write as markup', { ...request, debtor: { $xml: '<evil/>' } }, '/debtor/$xml is not known'],
    ['a key of the prototype', JSON.parse('{"__proto__": {"a": 1}}'), '/__proto__ is not known'],
    ['attributes as a library has them', { ...request, attributes: { id: 1 } }, '/attributes is not known'],
    ['a name with a slash and controls', { ...request, 'a/b\u0000ü': 1 }, '/a~1b?? is not known'],
    ['a missing element', omit(request, 'on'), '/on is missing'],
    ['a missing attribute', { ...request, debtor: { name: 'N', iban: 'DE891234' } }, '/debtor/id is missing'],
    ['null where none may be', { ...request, on: null }, '/on must not be null'],
    ['both of a choice', { ...request, email: 'a', phone: 'b' }, '/ must hold only one of email, phone'],
    ['none of a choice', { ...request, debtor: { id: 1, name: 'N' } }, '/debtor must hold one of iban, account'],
    ['one where a list is', { ...request, Line: { no: 1, Amount: '1' } }, '/Line must be an array'],
    ['an empty list', { ...request, Line: [] }, '/Line must hold at least 1'],
    ['too long a list', { ...request, tag: ['1', '2', '3', '4'] }, '/tag must hold at most 3'],
    ['a list where one is', { ...request, on: ['2026-01-01'] }, '/on must be a string'],
    ['an object where text is', { ...request, on: {} }, '/on must be a string'],
    ['text where an object is', { ...request, debtor: 'x' }, '/debtor must be an object'],
    ['an amount as a number', withTotal(1.5), '/total/value must be a string'],
    ['an amount with a comma', withTotal('12,5'), '/total/value is not a decimal number'],
    ['an amount with an exponent', withTotal('1e2'), '/total/value is not a decimal number'],
    ['three decimals', withTotal('1.505'), '/total/value has more than 2 decimals'],
    ['too many digits', withTotal('1234567890.12'), '/total/value has more than 11 digits'],
    ['nothing', withTotal('0.00'), '/total/value is too small'],
    ['white space around an amount', withTotal(' 1.50'), '/total/value holds white space that its type does not keep'],
    ['a million digits', withTotal('1'.repeat(1_000_000)), '/total/value has more than 100 characters'],
    [
      'a value that is not listed',
      { ...request, total: { currency: 'USD', value: '1' } },
      '/total/currency is not one of the values allowed',
    ],
    [
      'a pattern that does not match',
      { ...request, debtor: { id: 1, name: 'N', iban: 'DE8' } },
      '/debtor/iban does not match its pattern',
    ],
    [
      'a text that is too long',
      { ...request, debtor: { id: 1, name: 'N'.repeat(21), iban: 'DE891234' } },
      '/debtor/name is longer than 20',
    ],
    [
      'an integer as text',
      { ...request, debtor: { id: '7', name: 'N', account: '' } },
      '/debtor/id must be an integer',
    ],
    [
      'a fraction as integer',
      { ...request, debtor: { id: 7.5, name: 'N', account: '' } },
      '/debtor/id must be an integer',
    ],
    ['an integer too large', { ...request, Line: [{ no: 32_768, Amount: '1' }] }, '/Line/0/no is too large'],
    ['a truth as text', { ...request, urgent: 'true' }, '/urgent must be a boolean'],
    ['30 February', { ...request, on: '2026-02-30' }, '/on is not a date'],
    ['no date', { ...request, on: 'today' }, '/on does not match its pattern'],
    ['a control character', { ...request, comment: 'a\u0001b' }, '/comment holds a character that XML cannot carry'],
    ['half a character', { ...request, comment: 'a\ud800' }, '/comment holds a character that XML cannot carry'],
  ])('%s is refused', (_, wrong, expected) => {
    expect(messageOf(() => wire.encode(wrong, fields))).toBe(`SOAP_VALUE_INVALID: ${expected}`)
  })

  test('a missing reference is refused', () => {
    expect(messageOf(() => wire.encode(request))).toBe('SOAP_VALUE_INVALID: /reference is missing')
  })
})

describe('reply', () => {
  test('amounts and long integers as they were written, lists always, text with its blanks', () => {
    const reply = wire.read(
      posted(
        '<status>OK</status><number>9223372036854775807</number><balance> 9999999999999999.90 </balance>' +
          '<text>  00042 \n</text><at>2026-11-23T10:00:00.123456+01:00</at><line>one</line><ok>1</ok><tries>+07</tries>',
      ),
    )
    expect(reply).toEqual({
      body: {
        status: 'OK',
        number: '9223372036854775807',
        balance: '9999999999999999.90',
        text: '  00042 \n',
        at: '2026-11-23T10:00:00.123456+01:00',
        line: ['one'],
        ok: true,
        tries: 7,
      },
      verdict: { verdict: 'applied' },
    })
    expect(wire.read(posted(minimal)).body).toEqual({ status: 'OK', number: '1', balance: '0', line: [] })
  })

  test.each([
    ['1.5<!-- -->0', '1.50'],
    ['1.<![CDATA[50]]>', '1.50'],
    ['<![CDATA[1.]]><?note x?>5&#48;', '1.50'],
    ['1&#x2E;50', '1.50'],
    ['+0012.50', '12.50'],
    ['.5', '0.5'],
    ['-0.00', '0.00'],
    ['-7.', '-7'],
  ])('the amount %s is %s', (written, expected) => {
    const { body } = wire.read(posted(`<status>OK</status><number>1</number><balance>${written}</balance>`))
    expect(body.balance).toBe(expected)
  })

  test('the five entities and any order in xs:all, nil as null', () => {
    const more =
      '<text>&lt;&gt;&amp;&quot;&apos;&#x1F600;</text><closed xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="1"/>'
    expect(wire.read(posted(`${minimal}${more}<any><b>2</b><a>1</a></any>`)).body).toMatchObject({
      text: '<>&"\'😀',
      closed: null,
      any: { a: '1', b: '2' },
    })
  })

  test.each([
    ['OK', { verdict: 'applied' }],
    ['NO', { verdict: 'rejected', reason: 'no-funds', http: 422 }],
    ['HM', { verdict: 'unknown' }],
  ])('status %s', (status, verdict) => {
    expect(wire.read(posted(minimal.replace('OK', status))).verdict).toEqual(verdict)
  })

  const odd = (path: string, problem: string) => `SOAP_REPLY_INVALID: ${path} of the SOAP reply ${problem}`
  const unknown = odd('/', 'holds an element that is not known, out of order or repeated')
  test.each([
    ['an unknown element', posted(`${minimal}<more/>`), unknown],
    ['an element of another namespace', posted(`${minimal}<text xmlns="urn:x">a</text>`), unknown],
    ['out of order', posted('<number>1</number><status>OK</status><balance>0</balance>'), unknown],
    ['one element twice', posted(`${minimal}<text/><text/>`), odd('/text', 'stands more than 1 times')],
    ['one element twice, apart', posted(`${minimal}<text/><ok>1</ok><text/>`), unknown],
    ['a missing element', posted('<status>OK</status><number>1</number>'), odd('/', 'lacks balance')],
    ['text between elements', posted(`${minimal} x`), odd('/', 'has text between its elements')],
    ['elements inside text', posted(minimal.replace('0', '<b>0</b>')), odd('/balance', 'has elements inside')],
    [
      'an attribute',
      posted(minimal.replace('<balance>', '<balance a="1">')),
      odd('/balance', 'has an attribute that is not known'),
    ],
    [
      'nil where none may be',
      posted(
        minimal.replace('<balance>0<', '<balance xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"><'),
      ),
      odd('/balance', 'is nil'),
    ],
    ['an amount with a comma', posted(minimal.replace('>0<', '>12,5<')), odd('/balance', 'is not a decimal number')],
    ['an empty amount', posted(minimal.replace('>0<', '><')), odd('/balance', 'is not a decimal number')],
    ['a number with letters', posted(minimal.replace('>1<', '>12abc<')), odd('/number', 'is not a whole number')],
    [
      'a long that is too long',
      posted(minimal.replace('>1<', '>9223372036854775808<')),
      odd('/number', 'is too large'),
    ],
    [
      'an endless number',
      posted(minimal.replace('>1<', `>${'9'.repeat(200_000)}<`)),
      odd('/number', 'has more than 100 characters'),
    ],
    ['a truth that is none', posted(`${minimal}<ok>TRUE</ok>`), odd('/ok', 'is not true or false')],
    [
      'a status that is not listed',
      posted(minimal.replace('OK', 'XX')),
      odd('/status', 'is not one of the values allowed'),
    ],
    [
      'another body',
      enveloped('<Refused xmlns="urn:ledger"><why/></Refused>'),
      odd('/Envelope/Body', 'holds no Posted'),
    ],
    ['an empty body', enveloped(''), odd('/Envelope/Body', 'does not hold one element')],
    ['two bodies in one', enveloped('<a/><b/>'), odd('/Envelope/Body', 'does not hold one element')],
    [
      'SOAP 1.1',
      bytes(
        text(posted(minimal)).replace(
          'http://www.w3.org/2003/05/soap-envelope',
          'http://schemas.xmlsoap.org/soap/envelope/',
        ),
      ),
      odd('/', 'is no SOAP 1.2 envelope'),
    ],
    [
      'a second Body',
      bytes(text(posted(minimal)).replace('</e:Envelope>', '<e:Body/></e:Envelope>')),
      odd('/Envelope', 'holds something else than one Body after an optional Header'),
    ],
    [
      'a header that must be understood',
      bytes(
        text(posted(minimal)).replace(
          '<e:Body>',
          '<e:Header><h xmlns="urn:h" e:mustUnderstand="true"/></e:Header><e:Body>',
        ),
      ),
      odd('/Envelope/Header', 'holds a block that must be understood'),
    ],
  ])('%s is refused', (_, reply, expected) => {
    expect(messageOf(() => wire.read(reply))).toBe(expected)
  })

  test('a header that may be passed over is passed over', () => {
    const headed = text(posted(minimal)).replace('<e:Body>', '<e:Header><h xmlns="urn:h"/></e:Header><e:Body>')
    expect(wire.read(bytes(headed)).verdict).toEqual({ verdict: 'applied' })
  })
})

describe('faults', () => {
  const fault = (code: string, detail: string) =>
    enveloped(
      `<e:Fault><e:Code><e:Value>e:${code}</e:Value></e:Code><e:Reason><e:Text xml:lang="en">Holder Smith is poor</e:Text></e:Reason>` +
        `<e:Detail>${detail}</e:Detail></e:Fault>`,
    )
  const refused = '<Refused xmlns="urn:ledger"><why>funds</why></Refused>'

  test.each<[string, Uint8Array, unknown]>([
    [
      'by its detail',
      fault('Receiver', refused),
      {
        body: { fault: 'Refused', detail: { Refused: { why: 'funds' } } },
        verdict: { verdict: 'rejected', reason: 'refused', http: 409 },
      },
    ],
    [
      'by its code',
      fault('Sender', ''),
      { body: { fault: 'Sender', detail: {} }, verdict: { verdict: 'rejected', reason: 'bad-request', http: 400 } },
    ],
    [
      'not in the contract',
      fault('Receiver', '<Trace xmlns="urn:x">secret</Trace>'),
      { body: { fault: 'Trace', detail: {} }, verdict: { verdict: 'unknown' } },
    ],
    [
      'a name of the prototype',
      fault('constructor', ''),
      { body: { fault: 'constructor', detail: {} }, verdict: { verdict: 'unknown' } },
    ],
  ])('%s', (_, reply, expected) => {
    expect(wire.read(reply)).toEqual(expected)
  })

  test.each([
    [
      'a detail that does not fit its schema',
      fault('Receiver', '<Refused xmlns="urn:ledger"/>'),
      'SOAP_REPLY_INVALID: /Fault/Refused of the SOAP reply lacks why',
    ],
    [
      'a fault without a code',
      enveloped('<e:Fault/>'),
      'SOAP_REPLY_INVALID: /Envelope/Body/Fault of the SOAP reply has no Code',
    ],
  ])('%s is refused', (_, reply, expected) => {
    expect(messageOf(() => wire.read(reply))).toBe(expected)
  })
})

describe('schemas and names', () => {
  test('JSON Schemas of request and reply, our reference left out', () => {
    const { properties, required } = wire.requestSchema as { properties: JsonObject; required: string[] }
    expect(Object.keys(properties)).toEqual([
      'debtor',
      'bank',
      'total',
      'Line',
      'tag',
      'urgent',
      'on',
      'comment',
      'email',
      'phone',
    ])
    expect(required).toEqual(['debtor', 'total', 'Line', 'urgent', 'on'])
    expect(properties.total).toMatchObject({
      properties: {
        currency: { type: 'string', enum: ['EUR', 'GBP'] },
        value: { type: 'string', pattern: '^-?(?:0|[1-9][0-9]{0,10})(?:\\.[0-9]{1,2})?$' },
      },
      required: ['currency', 'value'],
      additionalProperties: false,
    })
    expect(properties.comment).toEqual({ anyOf: [{ type: 'string' }, { type: 'null' }] })
    const reply = wire.replySchema as { properties: JsonObject; required: string[] }
    expect(reply.required).toEqual(['status', 'number', 'balance', 'line'])
    expect(reply.properties.tries).toEqual({ type: 'integer', minimum: -2147483648, maximum: 2147483647 })
  })

  test('values by name, further inside too', () => {
    const { body } = wire.read(posted(`${minimal}<tries>3</tries><any><b>2</b></any>`))
    expect(
      ['tries', 'any/b', 'any', 'line', 'nothing', 'any/b/c', 'constructor'].map((name) =>
        wire.valueOf('reply', body, name),
      ),
    ).toEqual(['3', '2', ...Array(5).fill(undefined)])
    expect(wire.bodyOf('reply', { number: '5', tries: '3', ok: 'true', 'any/b': 'x', nothing: 'y' })).toEqual({
      number: '5',
      tries: 3,
      ok: true,
      any: { b: 'x' },
    })
  })

  test('the route of SOAP 1.2 and 1.1', () => {
    expect(wire.route).toEqual({
      path: '/ws/ledger?v=2',
      headers: { 'content-type': 'application/soap+xml; charset=utf-8; action="urn:post"' },
      accept: 'application/soap+xml',
    })
    const other = document('ledger.wsdl').replace('wsdl/soap12/', 'wsdl/soap/')
    expect(soapWires(other, document)(post).route).toEqual({
      path: '/ws/ledger?v=2',
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '"urn:post"' },
      accept: 'text/xml',
    })
  })
})

describe('WSDLs that cannot be used are told, by name', () => {
  const one = { kind: 'soap', effect: 'read', deadlineMs: 1 } as const
  test.each([
    [
      'an operation that is not there',
      'Nope',
      'SOAP_WSDL_INVALID: Nope in the WSDL is no operation of its SOAP binding',
    ],
    [
      'a message without elements',
      'Bare',
      'SOAP_WSDL_UNSUPPORTED: Amount in the WSDL uses a message without elements, which is not supported',
    ],
    [
      'a type that contains itself',
      'Loop',
      'SOAP_WSDL_UNSUPPORTED: Loop in the WSDL uses a type that contains itself, which is not supported',
    ],
    [
      'a part with a type',
      'Typed',
      'SOAP_WSDL_UNSUPPORTED: Typed in the WSDL uses a message that is not one element, which is not supported',
    ],
    ['one way', 'Notify', 'SOAP_WSDL_UNSUPPORTED: Notify in the WSDL uses one way, which is not supported'],
    ['rpc', 'Rpc', 'SOAP_WSDL_UNSUPPORTED: Rpc in the WSDL uses style rpc, which is not supported'],
    ['a header', 'Headed', 'SOAP_WSDL_UNSUPPORTED: Headed in the WSDL uses a SOAP header, which is not supported'],
  ])('%s', (_, operation, expected) => {
    expect(messageOf(() => wireOf({ ...one, operation }))).toBe(expected)
  })

  test.each([
    ['no WSDL', '<a/>', 'SOAP_WSDL_INVALID: the root in the WSDL is no WSDL 1.1 definitions'],
    ['no XML', 'WSDL', 'XML_REFUSED: the XML is refused: it is not well-formed'],
    [
      'a DOCTYPE',
      '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
      'XML_REFUSED: the XML is refused: it holds a DOCTYPE',
    ],
  ])('%s', (_, wsdl, expected) => {
    expect(messageOf(() => soapWires(wsdl))).toBe(expected)
  })

  test('an import that is not beside it is never fetched', () => {
    expect(messageOf(() => soapWires(document('ledger.wsdl')))).toBe(
      'SOAP_WSDL_INVALID: ledger.xsd in the WSDL is imported and not there',
    )
  })

  test.each([
    [
      'reference',
      { ...post, reference: 'ref' },
      'ref in the WSDL is named by the adapter and is no simple element of Post',
    ],
    [
      'outcome',
      { ...post, outcome: { field: 'state', verdicts: {} } },
      'state in the WSDL is named by the adapter and is no simple element of Posted',
    ],
  ])('a %s that the message does not have', (_, transaction, expected) => {
    expect(messageOf(() => wireOf(transaction))).toBe(`SOAP_WSDL_INVALID: ${expected}`)
  })
})

function bytes(content: string): Uint8Array {
  return new TextEncoder().encode(content)
}

function omit(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name))
}

function bankOf(name: string): JsonObject {
  return { id: 1, name, account: '1', bic: 'ABCDEFGH' }
}

/** libxml2 gets one document: what the include would bring stands in its place. */
function inlineTypes(): string {
  const types = document('types.xsd').replaceAll('base="Text"', 'base="l:Text"')
  const inner = /<xsd:schema[^>]*>(.*)<\/xsd:schema>/s.exec(types)?.[1] ?? ''
  return inner
    .replaceAll('xsd:simpleType', 'simpleType')
    .replaceAll(/<(\/?)xsd:/g, '<$1')
    .replaceAll('base="xsd:', 'base="')
}
