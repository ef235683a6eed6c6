// Whole messages against libxml2: a reply is read exactly when it is valid, and every request that is written is valid.

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import type { JsonObject } from '../../../src/contract/json.ts'
import { isFailure } from '../../../src/error/failure.ts'
import { enveloped, fields, minimal, post, request, text, wholeSchema, wireOf } from './ledger.ts'

const wire = wireOf(post)
let schema: XmlDocument
let validator: XsdValidator
beforeAll(() => {
  schema = XmlDocument.fromString(wholeSchema())
  validator = XsdValidator.fromDoc(schema)
})
afterAll(() => {
  validator.dispose()
  schema.dispose()
})

function isValid(message: string): boolean {
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
