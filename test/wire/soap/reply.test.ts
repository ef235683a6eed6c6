// Replies and faults as JSON: what was written is kept, what the schema does not allow is refused with its path.

import { describe, expect, test } from '@jest/globals'
import { bytes, enveloped, messageOf, minimal, post, posted, text, wireOf } from './ledger.ts'

const wire = wireOf(post)

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
    ['NO', { verdict: 'rejected', reason: 'no-funds', status: 'refused' }],
    ['HM', { verdict: 'unknown' }],
  ])('status %s', (status, verdict) => {
    expect(wire.read(posted(minimal.replace('OK', status))).verdict).toEqual(verdict)
  })

  const odd = (path: string, problem: string) =>
    `SOAP_REPLY_INVALID: ${path === '' ? 'the SOAP reply' : `${path} of the SOAP reply`} ${problem}`
  const unknown = odd('', 'holds an element that is not known, out of order or repeated')
  test.each([
    ['an unknown element', posted(`${minimal}<more/>`), unknown],
    ['an element of another namespace', posted(`${minimal}<text xmlns="urn:x">a</text>`), unknown],
    ['out of order', posted('<number>1</number><status>OK</status><balance>0</balance>'), unknown],
    ['one element twice', posted(`${minimal}<text/><text/>`), odd('text', 'stands more than 1 times')],
    ['one element twice, apart', posted(`${minimal}<text/><ok>1</ok><text/>`), unknown],
    ['a missing element', posted('<status>OK</status><number>1</number>'), odd('', 'lacks balance')],
    ['text between elements', posted(`${minimal} x`), odd('', 'has text between its elements')],
    ['elements inside text', posted(minimal.replace('0', '<b>0</b>')), odd('balance', 'has elements inside')],
    [
      'an attribute',
      posted(minimal.replace('<balance>', '<balance a="1">')),
      odd('balance', 'has an attribute that is not known'),
    ],
    [
      'nil where none may be',
      posted(
        minimal.replace('<balance>0<', '<balance xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"><'),
      ),
      odd('balance', 'is nil'),
    ],
    ['an amount with a comma', posted(minimal.replace('>0<', '>12,5<')), odd('balance', 'is not a decimal number')],
    ['an empty amount', posted(minimal.replace('>0<', '><')), odd('balance', 'is not a decimal number')],
    ['a number with letters', posted(minimal.replace('>1<', '>12abc<')), odd('number', 'is not a whole number')],
    ['a long that is too long', posted(minimal.replace('>1<', '>9223372036854775808<')), odd('number', 'is too large')],
    [
      'an endless number',
      posted(minimal.replace('>1<', `>${'9'.repeat(200_000)}<`)),
      odd('number', 'has more than 100 characters'),
    ],
    ['a truth that is none', posted(`${minimal}<ok>TRUE</ok>`), odd('ok', 'is not true or false')],
    [
      'a status that is not listed',
      posted(minimal.replace('OK', 'XX')),
      odd('status', 'is not one of the values allowed'),
    ],
    [
      'another body',
      enveloped('<Refused xmlns="urn:ledger"><why/></Refused>'),
      odd('Envelope.Body', 'holds no Posted'),
    ],
    ['an empty body', enveloped(''), odd('Envelope.Body', 'does not hold one element')],
    ['two bodies in one', enveloped('<a/><b/>'), odd('Envelope.Body', 'does not hold one element')],
    [
      'SOAP 1.1',
      bytes(
        text(posted(minimal)).replace(
          'http://www.w3.org/2003/05/soap-envelope',
          'http://schemas.xmlsoap.org/soap/envelope/',
        ),
      ),
      odd('', 'is no SOAP 1.2 envelope'),
    ],
    [
      'a second Body',
      bytes(text(posted(minimal)).replace('</e:Envelope>', '<e:Body/></e:Envelope>')),
      odd('Envelope', 'holds something else than one Body after an optional Header'),
    ],
    [
      'a header that must be understood',
      bytes(
        text(posted(minimal)).replace(
          '<e:Body>',
          '<e:Header><h xmlns="urn:h" e:mustUnderstand="true"/></e:Header><e:Body>',
        ),
      ),
      odd('Envelope.Header', 'holds a block that must be understood'),
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
        verdict: { verdict: 'rejected', reason: 'refused', status: 'conflict' },
      },
    ],
    [
      'by its code',
      fault('Sender', ''),
      {
        body: { fault: 'Sender', detail: {} },
        verdict: { verdict: 'rejected', reason: 'bad-request', status: 'invalid' },
      },
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
      'SOAP_REPLY_INVALID: Fault.Refused of the SOAP reply lacks why',
    ],
    [
      'a fault without a code',
      enveloped('<e:Fault/>'),
      'SOAP_REPLY_INVALID: Envelope.Body.Fault of the SOAP reply has no Code',
    ],
  ])('%s is refused', (_, reply, expected) => {
    expect(messageOf(() => wire.read(reply))).toBe(expected)
  })
})
