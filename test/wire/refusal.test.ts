// What a reply must show before it is believed: the echo of the request, and in a refusal a record that can be read as a whole.

import { describe, expect, test } from '@jest/globals'
import { deposits } from '../../adapters/deposits.ts'
import { sameValue } from '../../src/codec/same-value.ts'
import { codePage } from '../../src/codepage/code-page.ts'
import type { RecordTransaction } from '../../src/contract/adapter.ts'
import { recordWire } from '../../src/wire/record-wire.ts'
import { bankLayout, bytes, hex, layoutOf } from '../codec/layouts.ts'
import { fc } from '../support/property.ts'

const cp037 = codePage('cp037')
const text = (value: string) => hex(cp037.encode(value))
const all = (byte: string, count: number) => `${byte} `.repeat(count)

const copybook = `
  01 R.
    05 REQ.
       10 REF        PIC X(8).
       10 ACCOUNT    PIC X(4).
       10 AMOUNT     PIC S9(5)V99 COMP-3.
    05 REP.
       10 STATUS-1   PIC X(2).
       10 NUMBER-1   PIC 9(4).
       10 BALANCE    PIC S9(5)V99 COMP-3.
       10 MESSAGE-1  PIC X(6).
       10 KIND       PIC X.
       10 AREA-1     PIC X(4).
       10 AS-NUMBER  REDEFINES AREA-1 PIC 9(4).
       10 AS-PACKED  REDEFINES AREA-1 PIC S9(7) COMP-3.
       10 COUNT-1    PIC 9.
       10 ROWS OCCURS 0 TO 2 DEPENDING ON COUNT-1.
          15 ROW     PIC S9(3) COMP-3.
`
const definition: RecordTransaction = {
  kind: 'record',
  program: 'P',
  record: 'x.cpy',
  request: 'REQ',
  reply: 'REP',
  reference: 'REF',
  effect: 'once',
  deadlineMs: 1,
  echoes: ['REF', 'ACCOUNT', 'AMOUNT'],
  outcome: {
    field: 'STATUS-1',
    verdicts: {
      OK: { verdict: 'applied' },
      NF: { verdict: 'rejected', reason: 'not-found', status: 'not-found' },
      DU: { verdict: 'duplicate' },
    },
  },
  fields: { views: { 'AREA-1': { by: 'KIND', when: { N: 'AS-NUMBER', P: 'AS-PACKED' } } } },
}
const wire = recordWire(definition, layoutOf(copybook), 'cp037')
const request = `${text('REF1    ')} ${text('A001')} 00 01 23 4C`
const filled = [text('0042'), '00 00 10 0D', text('no    '), text('N'), text('0007'), text('1'), '12 3C']

/** A reply with one of its fields replaced. */
function replyOf(status: string, field: number, content: string): Uint8Array {
  return bytes([request, text(status), ...filled.map((one, at) => (at === field ? content : one))].join(' '))
}

describe('a refusal is believed when each of its fields is', () => {
  const names = ['NUMBER-1', 'BALANCE', 'MESSAGE-1', 'KIND', 'AREA-1', 'COUNT-1', 'ROW']
  test.each<[string, number, string, boolean]>([
    ['as it is', -1, '', true],
    ['blanks in a number', 0, all('40', 4), true],
    ['low-values in a number', 0, all('00', 4), true],
    ['high-values in a number', 0, all('FF', 4), true],
    ['blanks and zeros in a number', 0, '40 40 F0 F0', false],
    ['letters in a number', 0, text('ABCD'), false],
    ['blanks in a packed number', 1, all('40', 4), true],
    ['zeros of DISPLAY in a packed number', 1, all('F0', 4), true],
    ['rubbish in a packed number', 1, '00 1A 00 0C', false],
    ['a packed number without a sign', 1, '00 00 10 01', false],
    ['blanks in text', 2, all('40', 6), true],
    ['low-values in text', 2, all('00', 6), true],
    ['high-values in text', 2, all('FF', 6), true],
    ['low-values behind text', 2, `${text('no')} ${all('00', 4)}`, true],
    ['low-values before text', 2, `00 ${text('no   ')}`, false],
    ['a control character in text', 2, `${text('no')} 37 ${text('   ')}`, false],
    ['a blank code, and its area blank', 3, text(' '), true],
    ['a code that chooses a view which cannot be read', 3, text('P'), false],
    ['an area that its view cannot read', 4, text('WXYZ'), false],
    ['an unfilled area', 4, all('00', 4), true],
    ['a row that cannot be read', 6, '12 34', false],
    ['an unfilled row', 6, all('40', 2), true],
  ])('%s', (_, field, content, believed) => {
    for (const [status, verdict] of [
      ['NF', 'rejected'],
      ['DU', 'duplicate'],
    ] as const) {
      const reply = replyOf(status, field, content)
      if (believed) expect(wire.read(reply, bytes(request)).verdict.verdict).toBe(verdict)
      else expect(() => wire.read(reply)).toThrow(/FIELD_BYTES_INVALID/)
    }
    expect(names).toHaveLength(filled.length)
  })

  test('no rows, and a view that no code chooses but one can read', () => {
    const fields = [...filled.slice(0, 3), text('?'), '00 00 12 3C', text('0')]
    expect(wire.read(bytes(`${request} ${text('NF')} ${fields.join(' ')}`)).body).toEqual({ status1: 'NF' })
  })

  test('the request that comes back is looked at too', () => {
    const reply = replyOf('NF', -1, '')
    reply.set(bytes('AB CD EF 01'), 12)
    expect(() => wire.read(reply)).toThrow(
      'FIELD_BYTES_INVALID: AMOUNT (amount, PIC S9(5)V99) holds other bytes at offset 12',
    )
  })

  test('the status alone is the body where the rest is unfilled', () => {
    expect(wire.read(replyOf('NF', 1, all('40', 4))).body).toEqual({ status1: 'NF' })
  })

  test('rubbish behind the status of the bank: a refusal only where each field happens to hold a value', () => {
    const post = deposits.definition.transactions.post
    const bank = recordWire(post, bankLayout(post.record), 'cp037')
    const sent = bank.encode(
      { accountNumber: '1000000001', direction: 'D', amount: '1.00', currency: 'EUR' },
      { 'PE-REFERENCE': 'ABCDEFGHIJKLMNOP' },
    )
    const isPacked = (rest: Uint8Array) =>
      /^[0-9]{15}[A-F]$/.test(Buffer.from(rest.subarray(4)).toString('hex').toUpperCase())
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), (rest) => {
        fc.pre(!isPacked(rest) && new Set(rest.subarray(4)).size > 1)
        const reply = Uint8Array.of(...sent.subarray(0, 67), ...cp037.encode('NF'), ...rest)
        expect(() => bank.read(reply, sent)).toThrow('FIELD_BYTES_INVALID')
      }),
    )
  })
})

describe('an echo', () => {
  const reply = (account: string, amount = '00 01 23 4C', reference = 'REF1    ') =>
    bytes(`${text(reference)} ${text(account)} ${amount} ${text('OK')} ${filled.join(' ')}`)
  test.each<[string, Uint8Array, readonly string[] | undefined]>([
    ['as it was sent', reply('A001'), undefined],
    ['the same number with another sign nibble', reply('A001', '00 01 23 4F'), undefined],
    ['another reference', reply('A001', '00 01 23 4C', 'REF2    '), ['REF']],
    ['another account', reply('A002'), ['ACCOUNT']],
    ['another amount', reply('A001', '00 01 23 5C'), ['AMOUNT']],
    ['the amount with the other sign', reply('A001', '00 01 23 4D'), ['AMOUNT']],
    ['an amount that cannot be read', reply('A001', 'FF FF FF FF'), ['AMOUNT']],
    ['nothing of it', reply('    ', '00 00 00 0C', '        '), ['REF', 'ACCOUNT', 'AMOUNT']],
  ])('%s', (_, one, expected) => {
    expect(wire.read(one, bytes(request)).unechoed).toEqual(expected)
    expect(wire.read(one).unechoed).toBeUndefined()
  })

  test('of a field by another field, and of a group', () => {
    const layout = layoutOf(
      '01 R. 05 A. 10 A1 PIC 9(4). 10 A2 PIC X. 05 S PIC X. 05 B PIC S9(5) COMP-3. 05 C PIC X(5).',
    )
    const { request: _, reply: __, reference: ___, fields: ____, ...plain } = definition
    const other = recordWire(
      { ...plain, echoes: { B: 'A1', A: 'A' }, outcome: { field: 'S', verdicts: { Y: { verdict: 'applied' } } } },
      layout,
      'cp037',
    )
    const one = (a: string, b: string) => bytes(`${text(a)} ${text('Y')} ${b} ${text('     ')}`)
    const sent = one('0012X', '00 00 0C')
    expect(other.read(one('0012X', '00 01 2C'), sent).unechoed).toBeUndefined()
    expect(other.read(one('0012X', '00 12 0C'), sent).unechoed).toEqual(['B'])
    expect(other.read(one('0012Y', '00 01 2C'), sent).unechoed).toEqual(['A'])
  })

  test.each([
    ['NOWHERE', 'FIELD_UNKNOWN'],
    ['ROW', 'LAYOUT_OPTION_INVALID: echoes: ROW is in a table'],
  ])('cannot be %s', (field, message) => {
    expect(() => recordWire({ ...definition, echoes: [field] }, layoutOf(copybook), 'cp037')).toThrow(message)
  })

  test('what a field is', () => {
    expect(
      ['AMOUNT', 'ACCOUNT', 'REF', 'ROW', 'NUMBER-1', 'NOWHERE'].map((field) => wire.typeOf('request', field)),
    ).toEqual(['number', 'text', ...Array(4).fill(undefined)])
    expect(wire.typeOf('reply', 'NUMBER-1')).toBe('number')
  })
})

test.each<[string | undefined, string | undefined, boolean, boolean]>([
  ['a', 'a', false, true],
  ['a ', 'a', false, true],
  ['a\u0000\u0000', 'a', false, true],
  [' a', 'a', false, false],
  ['a', 'A', false, false],
  [undefined, '', false, true],
  [undefined, '0.00', true, true],
  [undefined, '0.00', false, false],
  ['012', '12', false, false],
  ['012', '12', true, true],
  ['1.50', '1.5', true, true],
  ['1.50', '1.05', true, false],
  ['-1.50', '1.50', true, false],
  ['-0.00', '0', true, true],
  ['+1', '1', true, true],
  ['100', '1', true, false],
  ['x', '0', true, false],
  ['9007199254740993', '9007199254740992', true, false],
  ['0.1000000000000000055', '0.1', true, false],
])('%j and %j, as numbers %j: the same %j', (one, other, asNumbers, same) => {
  expect(sameValue(one, other, asNumbers)).toBe(same)
  expect(sameValue(other, one, asNumbers)).toBe(same)
})

describe('a reply that ends early', () => {
  const short: RecordTransaction = {
    ...definition,
    request: 'REQ',
    reply: 'REP',
    echoes: ['REF'],
    fields: { views: { DONE: { by: 'STATUS-1', when: { OK: 'DONE', NF: 'REFUSED' } } } },
  }
  const shortWire = recordWire(
    short,
    layoutOf(`01 R. 05 REQ. 10 REF PIC X(8). 05 REP. 10 STATUS-1 PIC X(2).
      10 DONE. 15 NUMBER-1 PIC 9(4). 15 MESSAGE-1 PIC X(20).
      10 REFUSED REDEFINES DONE. 15 WHY PIC 9(3).`),
    'cp037',
  )
  const sent = bytes(`${text('REF1    ')} ${all('00', 26)}`)
  const reply = (status: string, rest: string) => bytes(`${text('REF1    ')} ${text(status)} ${rest}`)

  test('is a refusal with the view that its status chooses', () => {
    expect(shortWire.read(reply('NF', text('017')), sent)).toEqual({
      verdict: definition.outcome.verdicts.NF,
      body: { status1: 'NF', refused: { why: '17' } },
    })
  })
  test('of another request is told as such', () => {
    expect(shortWire.read(reply('NF', text('017')), bytes(`${text('OTHER   ')} ${all('00', 26)}`))).toMatchObject({
      unechoed: ['REF'],
    })
  })
  test.each([
    ['what was done, which must be told whole', 'OK', text('0042')],
    ['a view that is cut', 'NF', text('01')],
    ['no view at all', 'NF', ''],
    ['more than the view', 'NF', text('0171')],
    ['a view that holds other bytes', 'NF', '01 02 03'],
    ['a status that says nothing', 'XX', text('017')],
    ['a status that is cut', 'N', ''],
  ])('is none for %s', (_, status, rest) => {
    expect(() => shortWire.read(reply(status, rest), sent)).toThrow(
      expect.objectContaining({ code: 'RECORD_TOO_SHORT' }),
    )
  })
})
