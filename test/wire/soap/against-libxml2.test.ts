// Whole messages against libxml2: a reply is read exactly when it is valid, and every request that is written is valid.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import type { JsonObject } from '../../../src/contract/json.ts'
import { isFailure } from '../../../src/error/failure.ts'
import { schemaCheck } from '../../../src/operation/schema-mistakes.ts'
import { fc } from '../../support/property.ts'
import { enveloped, fields, minimal, post, request, text, wholeSchema, wireOf } from './ledger.ts'
import { answer, anyAnswer, anyAsk, schemaOf, wireFor, written } from './service.ts'

const wire = wireOf(post)
let isValid: (message: string) => boolean
let isValidAnswer: (message: string) => boolean
let isValidAsk: (message: string) => boolean
const used: { dispose(): void }[] = []
beforeAll(() => {
  isValid = validatorOf(wholeSchema())
  isValidAnswer = validatorOf(schemaOf(answerDefinition))
  isValidAsk = validatorOf(schemaOf(askDefinition))
})
afterAll(() => {
  for (const one of used) one.dispose()
})

function validatorOf(text: string): (message: string) => boolean {
  const schema = XmlDocument.fromString(text)
  const validator = XsdValidator.fromDoc(schema)
  used.push(validator, schema)
  return (message) => {
    const document = XmlDocument.fromString(message)
    try {
      validator.validate(document)
      return true
    } catch {
      return false
    } finally {
      document.dispose()
    }
  }
}

/** Whether a Failure was thrown; anything else breaks the test. */
function refuses(run: () => unknown): boolean {
  try {
    run()
    return false
  } catch (error) {
    if (isFailure(error)) return true
    throw error
  }
}

test('a reply is read exactly when it is valid', () => {
  const children = fc.constantFrom(
    '<status>OK</status>',
    '<status>no</status>',
    '<number>1</number>',
    '<number>1.0</number>',
    '<balance>1.50</balance>',
    '<balance/>',
    '<text/>',
    '<text> a <!-- b --></text>',
    '<text><b/></text>',
    '<at>2026-11-23T10:00:00Z</at>',
    '<at>2026-11-23</at>',
    '<line>a</line>',
    '<ok>1</ok>',
    '<ok>yes</ok>',
    '<tries> 3 </tries>',
    '<tries>2147483648</tries>',
    '<closed>2026-02-28</closed>',
    '<closed>2026-02-29</closed>',
    '<closed i:nil="true"/>',
    '<closed i:nil="true">2026-01-01</closed>',
    '<closed i:nil="false">2026-01-01</closed>',
    '<text i:nil="true"/>',
    '<any><b/></any>',
    '<any><b/><a/></any>',
    '<any><a/><b/></any>',
    '<any><a/></any>',
    '<any><b/><b/></any>',
    '<any> <b/> </any>',
    '<any>x<b/></any>',
    '<text xmlns="">a</text>',
    '<text id="1"/>',
    ' ',
    'x',
    '<!-- -->',
    '<?note x?>',
  )
  const some = fc.array(children, { maxLength: 4 })
  fc.assert(
    fc.property(fc.boolean(), some, (front, list) => {
      const inner = (front ? minimal : '') + list.join('')
      const message = `<Posted xmlns="urn:ledger" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">${inner}</Posted>`
      return refuses(() => wire.read(enveloped(message))) !== isValid(message)
    }),
    { numRuns: 2000 },
  )
})

test('every request that is written is valid', () => {
  const party = fc.record(
    {
      id: fc.oneof(fc.integer(), fc.double()),
      note: fc.string(),
      name: fc.string({ unit: 'binary', maxLength: 22 }),
      iban: fc.constantFrom('DE89370400440532013000', 'DE8', ''),
      account: fc.string({ maxLength: 5 }),
    },
    { requiredKeys: ['id', 'name'] },
  )
  const amount = fc.constantFrom(
    '1.50',
    '0',
    '0.00',
    '-1',
    '12345678901',
    '123456789.01',
    '1.5e2',
    '00.10',
    '+1',
    '1.505',
  )
  const changes = fc.record({
    debtor: party,
    bank: fc.record({
      id: fc.integer(),
      name: fc.constant('N'),
      account: fc.string(),
      bic: fc.constantFrom('AB', ' AB', ''),
    }),
    total: fc.record({ currency: fc.constantFrom('EUR', 'GBP', 'USD'), value: amount }),
    Line: fc.array(fc.record({ no: fc.integer({ min: -40_000, max: 40_000 }), Amount: amount }), { maxLength: 3 }),
    tag: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }),
    urgent: fc.boolean(),
    on: fc.constantFrom('2026-11-23', '2026-11-23Z', '2026-11-31', 'x'),
    comment: fc.option(fc.string({ unit: 'binary' })),
    email: fc.string(),
    phone: fc.string(),
  })
  let written = 0
  fc.assert(
    fc.property(changes, fc.nat(), fc.nat(), (changed, first, second) => {
      // One or two at a time: more would leave hardly a request that can be written.
      const entries = Object.entries(changed)
      const chosen = entries.filter((_, index) => index === first % entries.length || index === second % entries.length)
      const one = { ...request, ...Object.fromEntries(chosen) } as JsonObject
      if (refuses(() => wire.encode(one, fields))) return true
      written += 1
      const body = /<e:Body>(.*)<\/e:Body>/s.exec(text(wire.encode(one, fields)))?.[1] ?? ''
      return isValid(body)
    }),
    { numRuns: 1500 },
  )
  expect(written).toBeGreaterThan(100)
})

const simple = (base: string, facets: string) =>
  `<x:simpleType><x:restriction base="x:${base}">${facets}</x:restriction></x:simpleType>`
const listed = (...values: readonly string[]) => values.map((value) => `<x:enumeration value="${value}"/>`).join('')
const answerDefinition = `
<x:complexType name="Base"><x:sequence>
  <x:element name="kind" type="x:string" fixed="K"/>
  <x:element name="rate" minOccurs="0" default="1.50">${simple('decimal', listed('1.5', '2'))}</x:element>
  <x:element name="on" minOccurs="0">${simple('date', '<x:minInclusive value="2026-01-01"/><x:maxExclusive value="2027-01-01"/>')}</x:element>
  <x:element name="ratio" minOccurs="0">${simple('double', '<x:minExclusive value="0"/><x:maxInclusive value="1e2"/>')}</x:element>
  <x:element name="code" minOccurs="0" maxOccurs="2">${simple('token', '<x:pattern value="[A-Z-[IO]]{2}\\d{2}"/><x:pattern value="X"/>')}</x:element>
  <x:element name="at" type="x:time" nillable="true" minOccurs="0"/>
  <x:element name="data" minOccurs="0">${simple('base64Binary', '<x:maxLength value="3"/>')}</x:element>
</x:sequence>
<x:attribute name="unit" type="x:token" fixed="EUR"/><x:attribute name="no" use="required">${simple('integer', listed('7', '8'))}</x:attribute></x:complexType>
<x:element name="Answer"><x:complexType><x:complexContent><x:extension base="t:Base"><x:choice minOccurs="0">
  <x:element name="a" type="x:string" maxOccurs="2"/><x:element name="b"><x:complexType><x:all><x:element name="c" type="x:int" default="4"/><x:element name="d" type="x:boolean" minOccurs="0"/></x:all></x:complexType></x:element>
</x:choice><x:attribute name="more" type="x:gYear" default="2026" form="qualified"/></x:extension></x:complexContent></x:complexType></x:element>`

test('presets, lists by value, bounds, patterns and bases: a reply is read exactly when it is valid, and fits its schema', () => {
  const answering = wireFor(answerDefinition + anyAsk)
  const fits = schemaCheck(answering.replySchema)
  const pieces = fc.constantFrom(
    ...['<rate/>', '<rate>1.50</rate>', '<rate>2.0</rate>', '<rate>2.1</rate>', '<rate> 1.5 </rate>', '<rate> </rate>'],
    ...['<on>2026-01-01</on>', '<on>2026-12-31</on>', '<on>2027-01-01</on>', '<on>2025-12-31</on>', '<on/>'],
    ...['<ratio>0</ratio>', '<ratio>1e-9</ratio>', '<ratio>100</ratio>', '<ratio>100.1</ratio>', '<ratio>INF</ratio>'],
    ...['<code>AB12</code>', '<code>IO12</code>', '<code>X</code>', '<code> X </code>', '<code>XX</code>', '<code/>'],
    ...['<at>24:00:00</at>', '<at>24:00:01</at>', '<at i:nil="true"/>', '<at i:nil="true">12:00:00</at>', '<at/>'],
    ...['<data>AAEC</data>', '<data>AA EC</data>', '<data>AAECAw==</data>', '<data/>'],
    ...['<a/>', '<a>x</a>', '<b><c/></b>', '<b><d>1</d><c>5</c></b>', '<b><d>1</d></b>', '<b><c>x</c></b>'],
  )
  const order = ['rate', 'on', 'ratio', 'code', 'at', 'data', 'a', 'b']
  const placeOf = (piece: string) => order.indexOf(/^<(\w+)/.exec(piece)?.[1] ?? '')
  const kind = fc.constantFrom('<kind/>', '<kind>K</kind>', '<kind>L</kind>', '<kind> K</kind>', '')
  const attributes = fc.constantFrom(
    'no="7"',
    'no="08"',
    'no="+7"',
    'no="9"',
    '',
    'no="7" unit="EUR"',
    'no="7" unit="USD"',
    'no="8" t:more="2030"',
    'no="8" more="2030"',
  )
  const namespaces = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
  let valid = 0
  fc.assert(
    fc.property(kind, attributes, fc.array(pieces, { maxLength: 4 }), fc.boolean(), (first, given, list, sorted) => {
      const inner = sorted ? list.toSorted((one, other) => placeOf(one) - placeOf(other)) : list
      const message = `<Answer xmlns="urn:t" xmlns:t="urn:t" ${namespaces} ${given}>${first}${inner.join('')}</Answer>`
      const expected = isValidAnswer(message)
      if (expected) valid += 1
      const reply = answer(first + inner.join(''), `${namespaces} ${given}`)
      expect([message, !refuses(() => answering.read(reply))]).toEqual([message, expected])
      if (expected) expect([message, fits(answering.read(reply).body)]).toEqual([message, []])
    }),
    { numRuns: 3000 },
  )
  expect(valid).toBeGreaterThan(200)
})

const askDefinition = answerDefinition.replace('name="Answer"', 'name="Ask"')

test('presets, lists by value, bounds, patterns and bases: every request that is written is valid', () => {
  const asking = wireFor(askDefinition + anyAnswer)
  const amounts = fc.constantFrom('1.5', '1.50', '2', '2.00', '3', '', ' 2')
  const all = fc.record({
    kind: fc.constantFrom('K', 'L', ''),
    unit: fc.constantFrom('EUR', 'USD'),
    rate: amounts,
    on: fc.constantFrom('2026-01-01', '2026-12-31', '2027-01-01', '2026-06-31', '2026-06-01Z'),
    ratio: fc.constantFrom('1', '0', '1e2', '100.01', 'NaN', 'INF'),
    code: fc.array(fc.constantFrom('AB12', 'IB12', 'X', 'x', ''), { maxLength: 3 }),
    at: fc.option(fc.constantFrom('24:00:00', '24:00:01', '08:00:00.123456789012345Z')),
    data: fc.constantFrom('AAEC', '', 'AA==', 'AB==', 'AAECAw=='),
    a: fc.array(fc.string(), { maxLength: 3 }),
    b: fc.record({ c: fc.integer(), d: fc.boolean() }, { requiredKeys: ['c'] }),
    more: fc.constantFrom('2026', '02026', '-0044', '2026+14:00'),
  })
  const names = ['kind', 'unit', 'rate', 'on', 'ratio', 'code', 'at', 'data', 'a', 'b', 'more']
  let accepted = 0
  fc.assert(
    fc.property(all, fc.subarray(names, { maxLength: 3 }), fc.constantFrom('7', '08', '9'), (values, chosen, no) => {
      // Some at a time: more would leave hardly a request that can be written.
      const some = Object.entries(values).filter(([name]) => chosen.includes(name))
      const request = { ...Object.fromEntries(some), no } as JsonObject
      if (refuses(() => asking.encode(request))) return
      accepted += 1
      const message = written(asking, request)
      expect([message, isValidAsk(message)]).toEqual([message, true])
    }),
    { numRuns: 3000 },
  )
  expect(accepted).toBeGreaterThan(500)
})
