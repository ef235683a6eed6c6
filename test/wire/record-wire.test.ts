// The wires of the deposits adapter: what callers send and get, and the bytes between.

import { describe, expect, test } from '@jest/globals'
import { deposits } from '../../adapters/deposits.ts'
import { codePage } from '../../src/codepage/code-page.ts'
import type { RecordTransaction } from '../../src/contract/adapter.ts'
import { recordWire } from '../../src/wire/record-wire.ts'
import { bankLayout, bytes, hex, layoutOf } from '../codec/layouts.ts'

const transactions: Readonly<Record<string, RecordTransaction>> = deposits.definition.transactions
const cp037 = codePage('cp037')
const text = (value: string) => hex(cp037.encode(value))

function wireOf(name: string) {
  const definition = transactions[name] as RecordTransaction
  return recordWire(definition, bankLayout(definition.record), 'cp037')
}

describe('post', () => {
  const wire = wireOf('post')
  const request = { accountNumber: '1000000001', direction: 'D', amount: '1234.50', currency: 'EUR', text: 'rent' }
  const requestBytes = [
    text('ABCDEFGHIJKLMNOP'),
    text('1000000001'),
    text('D'),
    '00 00 00 01 23 45 0C',
    text('EUR'),
    text('rent'.padEnd(30)),
  ].join(' ')

  test('the request becomes the whole record, the reference is set beside it', () => {
    const record = wire.encode(request, { 'PE-REFERENCE': 'ABCDEFGHIJKLMNOP' })
    expect(hex(record)).toBe(`${requestBytes} ${text('  ')} 00 00 00 00 00 00 00 00 00 00 00 0C`)
    expect(record.length).toBe(wire.maxReplyBytes)
  })

  test('text may be left out, an amount may not', () => {
    const { text: _, ...rest } = request
    expect(wire.encode(rest).length).toBe(wire.maxReplyBytes)
    const { amount: __, ...without } = request
    expect(() => wire.encode(without)).toThrow('VALUE_MISSING: PE-AMOUNT (amount, PIC S9(11)V99)')
  })

  test.each([
    [{ amount: '123456789012.00' }, 'VALUE_TOO_LARGE: PE-AMOUNT (amount, PIC S9(11)V99)'],
    [{ amount: '1.005' }, 'VALUE_TOO_PRECISE'],
    [{ amount: '1,00' }, 'VALUE_NOT_A_NUMBER'],
    [{ amount: 12 }, 'VALUE_TYPE_WRONG: PE-AMOUNT (amount, PIC S9(11)V99) takes a string, not a number'],
    [{ currency: 'EURO' }, 'VALUE_TOO_LONG: PE-CURRENCY (currency, PIC X(03)) takes at most 3 characters'],
    [{ text: 'жар' }, 'VALUE_NOT_IN_CODE_PAGE: PE-TEXT'],
    [{ reference: 'X' }, 'VALUE_UNKNOWN: PE-AREA has no reference'],
    [{ $residue: '0:00' }, 'VALUE_UNKNOWN'],
    [{ constructor: 'x' }, 'VALUE_UNKNOWN'],
  ])('%j is refused', (change, message) => {
    expect(() => wire.encode({ ...request, ...change })).toThrow(message)
  })

  test('the reply group is what the caller gets, with the verdict of its status', () => {
    const reply = bytes(`${requestBytes} ${text('OK')} 00 00 00 2A 00 00 00 00 00 09 99 9D`)
    expect(wire.read(reply)).toEqual({
      verdict: { verdict: 'applied' },
      body: { status: 'OK', entryNumber: '42', balance: '-99.99' },
    })
  })

  test('a rejecting program may leave the rest unset', () => {
    const reply = bytes(`${requestBytes} ${text('IF')} ${'40 '.repeat(12)}`)
    expect(wire.read(reply)).toEqual({
      verdict: { verdict: 'rejected', reason: 'insufficient-funds', status: 'refused' },
      body: { status: 'IF' },
    })
  })

  test('an unknown status is unknown; blanks in an applied amount are an error', () => {
    expect(wire.read(bytes(`${requestBytes} ${text('??')} 00 00 00 2A 00 00 00 00 00 09 99 9D`)).verdict).toEqual({
      verdict: 'unknown',
    })
    expect(() => wire.read(bytes(`${requestBytes} ${text('OK')} 00 00 00 2A ${'40 '.repeat(8)}`))).toThrow(
      'FIELD_BYTES_INVALID: PE-BALANCE (balance, PIC S9(13)V99) holds a blank at offset 80 where a sign, C or D must be',
    )
  })

  test('a short or long reply is refused', () => {
    expect(() => wire.read(bytes(requestBytes))).toThrow('RECORD_TOO_SHORT: record PE-AREA needs 81 bytes but has 67')
    expect(() => wire.read(new Uint8Array(82))).toThrow('RECORD_TOO_LONG')
  })

  test('fields by their COBOL names', () => {
    expect(wire.valueOf('request', request, 'PE-AMOUNT')).toBe('1234.50')
    expect(wire.valueOf('reply', request, 'PE-AMOUNT')).toBeUndefined()
    expect(wire.bodyOf('reply', { 'PE-ENTRY-NUMBER': '7', 'PE-BALANCE': '1.00' })).toEqual({
      entryNumber: '7',
      balance: '1.00',
    })
  })
})

describe('inquireAccount', () => {
  const wire = wireOf('inquireAccount')
  const common = [
    text('1000000001'),
    text('OK'),
    'F0 F0 F0 F0 F0 F1 F2 F3',
    text('Ann Other'.padEnd(30)),
    text('EURA'),
    'F2 F0 F2 F0 F0 F2 F2 F9',
    '00 00 00 00 12 34 50 0C',
    '00 00 00 03',
  ].join(' ')

  test('the view is that of the product', () => {
    const current = bytes(`${common} ${text('C')} 00 00 00 05 00 00 0C 00 12 50 0C ${'40 '.repeat(9)}`)
    expect(wire.read(current).body).toEqual({
      status: 'OK',
      customerNumber: '123',
      holder: 'Ann Other',
      currency: 'EUR',
      state: 'A',
      openedOn: '2020-02-29',
      balance: '12345.00',
      entryCount: '3',
      product: 'C',
      currentTerms: { overdraftLimit: '5000.00', overdraftRate: '1.2500' },
    })
    const savings = bytes(`${common} ${text('S')} 00 02 50 0D F0 F9 F0 ${'40 '.repeat(13)}`)
    expect(wire.read(savings).body.savingsTerms).toEqual({ savingsRate: '-0.2500', noticeDays: '90' })
  })

  test('another product is an error', () => {
    expect(() => wire.read(bytes(`${common} ${text('X')} ${'40 '.repeat(20)}`))).toThrow(
      'VIEW_UNKNOWN: the value of INQACC-PRODUCT chooses no view of INQACC-TERMS',
    )
  })
})

describe('listEntries', () => {
  const wire = wireOf('listEntries')
  const head = `${text('1000000001')} 00 00 00 00 ${text('OK')}`
  const entry = (kind: string, detail: string) =>
    `00 00 00 01 ${text('20240229')} ${text('235959')} ${text('000000000123')} D4 00 00 00 00 00 12 34 5C ${text(kind)} ${detail}`
  const posting = entry('P', text(`${'REF'.padEnd(16)}${'coffee'.padEnd(30)}`))
  const reversal = entry('R', `${text('OWN'.padEnd(16))} ${text('REF'.padEnd(16))} 00 00 00 09 ${'40 '.repeat(10)}`)

  test('as many entries as the counter says, each with its view', () => {
    const { body } = wire.read(bytes(`${head} 00 02 ${posting} ${reversal}`))
    expect(body).toEqual({
      status: 'OK',
      entryCount: '2',
      entries: [
        {
          entryNumber: '1',
          bookedOn: '2024-02-29',
          bookedAt: '23:59:59',
          amount: '-12.34',
          balance: '123.45',
          kind: 'P',
          postingDetail: { reference: 'REF', text: 'coffee' },
        },
        {
          entryNumber: '1',
          bookedOn: '2024-02-29',
          bookedAt: '23:59:59',
          amount: '-12.34',
          balance: '123.45',
          kind: 'R',
          reversalDetail: { ownReference: 'OWN', reverses: 'REF', reversedEntry: '9' },
        },
      ],
    })
  })

  test('a counter out of range is an error, and allocates nothing', () => {
    expect(() => wire.read(bytes(`${head} 00 33 ${posting}`))).toThrow(
      'COUNTER_OUT_OF_RANGE: LE-ENTRY-COUNT PIC 9(04) at offset 16 counts the occurrences of LE-ENTRIES and must be 0 to 50',
    )
    expect(() => wire.read(bytes(`${head} 00 02 ${posting}`))).toThrow('RECORD_TOO_SHORT')
  })

  test('the request has no entries yet', () => {
    const record = wire.encode({ accountNumber: '1000000001', beforeEntry: '5' })
    expect(hex(record.subarray(0, 20))).toBe(`${text('1000000001')} 00 00 00 05 40 40 00 00 00 00`)
    expect(record.length).toBe(wire.maxReplyBytes)
  })
})

describe('contracts of other shapes', () => {
  const copybook = `
    01 R.
      05 REQ.
         10 REF      PIC X(16).
         10 REF-SET  REDEFINES REF.
            15 REF-1 PIC X(8).
            15 REF-2 PIC X(8).
         10 KEY-1    PIC 9(3).
      05 REP.
         10 STATUS-1 PIC 9(2).
            88 GOOD  VALUE 0 THRU 3.
         10 T OCCURS 2.
            15 V     PIC X.
      05 OUT-1 PIC X(2) VALUE 'ZZ'.
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
    outcome: {
      field: 'STATUS-1',
      verdicts: { good: { verdict: 'applied' }, '07': { verdict: 'rejected', reason: 'no', status: 'refused' } },
    },
  }
  const layout = layoutOf(copybook)
  const wire = recordWire(definition, layout, 'cp037')
  const reply = (status: string, rest: string) => cp037.encode(`${'R'.repeat(16)}001${status}${rest}ZZ`)

  test('what lies over the reference is hidden with it', () => {
    expect(wire.requestSchema).toMatchObject({ properties: { key1: {} }, required: ['key1'] })
    expect(Object.keys(wire.requestSchema.properties as object)).toEqual(['key1'])
    expect(cp037.decode(wire.encode({ key1: '7' }, { REF: 'A'.repeat(16) }))).toBe(`${'A'.repeat(16)}00700  ZZ`)
  })

  test('a status may be a number or a range', () => {
    expect(wire.read(reply('03', 'ab')).verdict).toEqual({ verdict: 'applied' })
    expect(wire.read(reply('07', 'ab'))).toEqual({
      verdict: { verdict: 'rejected', reason: 'no', status: 'refused' },
      body: { status1: '7', t: [{ v: 'a' }, { v: 'b' }] },
    })
    expect(wire.read(reply('04', 'ab')).verdict).toEqual({ verdict: 'unknown' })
    expect(() => wire.read(reply('  ', 'ab'))).toThrow('FIELD_BYTES_INVALID')
  })

  test('the whole record where no group is named', () => {
    const { request: _, reply: __, reference: ___, ...whole } = definition
    const open = recordWire(
      { ...whole, fields: { views: { REF: { by: 'OUT-1', when: { ZZ: 'REF' } } } } },
      layout,
      'cp037',
    )
    expect(open.valueOf('reply', open.read(reply('03', 'ab')).body, 'OUT-1')).toBe('ZZ')
  })

  test('names that a side does not have', () => {
    expect(wire.valueOf('reply', {}, 'STATUS-1')).toBeUndefined()
    expect(wire.valueOf('reply', { t: [] }, 'V')).toBeUndefined()
    expect(() => wire.valueOf('reply', {}, 'NOWHERE')).toThrow('FIELD_UNKNOWN')
    expect(() => wire.bodyOf('request', { 'STATUS-1': '1' })).toThrow('VALUE_UNKNOWN')
  })

  test('fields that cannot be set', () => {
    expect(() => wire.encode({ key1: '7' }, { V: 'x' })).toThrow('LAYOUT_OPTION_INVALID: V: it is in a table')
    expect(() => wire.encode({ key1: '7' }, { REF: 'A'.repeat(17) })).toThrow('the value does not fit PIC X(16)')
    expect(() => wire.encode({ key1: '7' }, { REP: 'A'.repeat(17) })).toThrow('the value does not fit PIC (group)')
    expect(() => recordWire({ ...definition, reference: 'V' }, layout, 'cp037')).toThrow('V is in a table')
  })

  test('nested groups in a body by COBOL names', () => {
    const nested = layoutOf('01 R. 05 S PIC X. 05 G. 10 H. 15 A PIC X. 15 B PIC X.')
    const plain = recordWire(
      {
        kind: 'record',
        program: 'P',
        record: 'x',
        effect: 'read',
        deadlineMs: 1,
        outcome: { field: 'S', verdicts: {} },
      },
      nested,
      'cp037',
    )
    const body = { g: { h: { a: '1', b: '2' } } }
    expect(plain.bodyOf('request', { A: '1', B: '2' })).toEqual(body)
    expect(plain.valueOf('request', body, 'B')).toBe('2')
  })
})
