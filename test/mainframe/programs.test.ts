// What the COBOL programs do, byte for byte on the wire.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mainframe } from '../support/parts.ts'
import { Box } from './box.ts'
import {
  balanceOf,
  commareaOf,
  find,
  inqacc,
  list,
  lstent,
  post,
  posted,
  postent,
  revent,
  reverse,
} from './deposits.ts'
import { hostText, packedOf, textOf } from './host.ts'
import { callOnce } from './trm-client.ts'

let bank: Box
beforeAll(async () => {
  bank = new Box(`${(await mainframe()).programs}/bank`)
  await bank.start()
})
afterAll(() => bank.remove())

describe('INQACC', () => {
  test('shows a savings account with its holder in cp037', async () => {
    const area = commareaOf(await callOnce(bank.port, 'INQACC', inqacc('1000000004')))
    expect(area.toString('hex')).toBe(
      [
        'f1f0f0f0f0f0f0f0f0f4', // account number
        'd6d2', // OK
        'f0f0f0f1f0f0f0f4', // customer number
        'd1dc9987859540d4dc93938599', // Jürgen Müller
        '40'.repeat(17),
        'c5e4d9', // EUR
        'c1', // active
        'f2f0f0f8f0f1f1f1', // opened on 2008-01-11
        '000000005000000c', // balance 50000.00
        '00000000', // entries
        'e2', // savings
        '0022500c', // rate 2.2500
        'f0f9f0', // notice days
        '00'.repeat(13),
      ].join(''),
    )
  })
  test('shows the overdraft of a current account', async () => {
    const area = commareaOf(await callOnce(bank.port, 'INQACC', inqacc('1000000001')))
    expect(textOf(area.subarray(74, 75))).toBe('C')
    expect(packedOf(area.subarray(75, 82), 2)).toBe('500.00')
    expect(packedOf(area.subarray(82, 86), 4)).toBe('7.4500')
  })
  test('says NF for an unknown account, and leaves a longer COMMAREA as it was', async () => {
    const area = commareaOf(
      await callOnce(bank.port, 'INQACC', Buffer.concat([inqacc('9999999999'), Buffer.from('tail')])),
    )
    expect(textOf(area.subarray(10, 12))).toBe('NF')
    expect(area.subarray(95).toString()).toBe('tail')
  })
})

describe('POSTENT', () => {
  test.each([
    ['a debit within the balance', { account: '1000000002', direction: 'D', amount: '0.50' }, 'OK', '3200.00'],
    [
      'a debit to the end of the overdraft',
      { account: '1000000003', direction: 'D', amount: '150.00' },
      'OK',
      '-50.00',
    ],
    ['one cent more', { account: '1000000003', direction: 'D', amount: '0.01' }, 'IF', '0.00'],
    [
      'a savings account has no overdraft',
      { account: '1000000010', direction: 'D', amount: '8000.01', currency: 'USD' },
      'IF',
      '0.00',
    ],
    ['a credit', { account: '1000000008', amount: '99999999999.99', currency: 'GBP' }, 'OK', '100000000019.99'],
    ['an unknown account', { account: '9999999999', amount: '1.00' }, 'NF', '0.00'],
    ['a blocked account', { account: '1000000005', amount: '1.00' }, 'BL', '0.00'],
    ['a closed account', { account: '1000000006', amount: '1.00' }, 'BL', '0.00'],
    ['another currency', { account: '1000000001', amount: '1.00', currency: 'USD' }, 'CU', '0.00'],
    ['no amount', { account: '1000000001', amount: '0.00' }, 'IV', '0.00'],
    ['a negative amount', { account: '1000000001', amount: '-1.00' }, 'IV', '0.00'],
    ['no direction', { account: '1000000001', direction: ' ', amount: '1.00' }, 'IV', '0.00'],
    ['no reference', { account: '1000000001', amount: '1.00', reference: '' }, 'IV', '0.00'],
  ])('%s', async (name, order, status, balance) => {
    const before = bank.effects().length
    const result = await post(bank.port, { reference: name.slice(0, 16), ...order })
    expect({ status: result.status, balance: result.balance }).toEqual({ status, balance })
    expect(bank.effects().length - before).toBe(status === 'OK' ? 1 : 0)
  })

  test('writes what it did to the journal, and its reply repeats the request', async () => {
    const order = postent({
      reference: 'JOURNAL-1',
      account: '1000000007',
      direction: 'D',
      amount: '7750.25',
      currency: 'GBP',
    })
    const area = commareaOf(await callOnce(bank.port, 'POSTENT', order))
    expect(area.subarray(0, 67)).toEqual(order.subarray(0, 67))
    const { entry } = posted(area)
    expect(bank.effects().at(-1)).toEqual({
      sequence: bank.effects().length,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      program: 'POSTENT',
      reference: 'JOURNAL-1',
      account: '1000000007',
      direction: 'D',
      amount: '7750.25',
      balance: '-250.00',
      currency: 'GBP',
      entry,
    })
  })
})

describe('FNDENT and REVENT', () => {
  test('a double send is two effects, counted and reversed one by one', async () => {
    const order = { reference: 'TWICE', account: '1000000011', amount: '10.00' }
    const before = await balanceOf(bank.port, order.account)
    const first = await post(bank.port, order)
    await post(bank.port, order)
    expect(await find(bank.port, 'TWICE')).toEqual({
      status: 'OK',
      matches: 2,
      entry: first.entry,
      account: order.account,
      direction: 'C',
      amount: '10.00',
      balance: first.balance,
      reversed: 'N',
      reverses: '',
    })
    expect((await reverse(bank.port, 'UNDO-1', 'TWICE')).status).toBe('OK')
    const second = await reverse(bank.port, 'UNDO-2', 'TWICE')
    expect(second).toMatchObject({ status: 'OK', balance: before })
    expect((await reverse(bank.port, 'UNDO-3', 'TWICE')).status).toBe('AR')
    expect(await find(bank.port, 'TWICE')).toMatchObject({ matches: 2, reversed: 'Y' })
    expect(await find(bank.port, 'UNDO-2')).toMatchObject({
      matches: 1,
      direction: 'D',
      entry: second.entry,
      reverses: 'TWICE',
    })
    expect(bank.effects().at(-1)).toMatchObject({
      program: 'REVENT',
      reference: 'UNDO-2',
      direction: 'D',
      amount: '10.00',
    })
  })
  test('a reversal cannot be reversed, what is not there neither', async () => {
    await post(bank.port, { reference: 'ONCE', account: '1000000011', amount: '1.00' })
    await reverse(bank.port, 'ONCE-UNDO', 'ONCE')
    expect((await reverse(bank.port, 'UNDO-UNDO', 'ONCE-UNDO')).status).toBe('NF')
    expect((await reverse(bank.port, 'UNDO-NONE', 'NOWHERE')).status).toBe('NF')
    expect(await find(bank.port, 'NOWHERE')).toMatchObject({ status: 'NF', matches: 0 })
  })
  test('a debit is given back, also to an account that cannot pay', async () => {
    const { balance } = await post(bank.port, { reference: 'RICH', account: '1000000013', amount: '100.00' })
    await post(bank.port, { reference: 'POOR', account: '1000000013', direction: 'D', amount: balance })
    expect((await reverse(bank.port, 'UNDO-RICH', 'RICH')).balance).toBe('-100.00')
    expect((await reverse(bank.port, 'UNDO-POOR', 'POOR')).status).toBe('OK')
  })
})

describe('LSTENT', () => {
  test('lists the newest entries first, signed, with a view by kind, in pages of 50', async () => {
    const account = '1000000020'
    const numbers: number[] = []
    for (let n = 1; n <= 53; n++) {
      numbers.unshift((await post(bank.port, { reference: `L${n}`, account, amount: `${n}.00`, text: 'Gruß' })).entry)
    }
    await post(bank.port, { reference: 'LD', account, direction: 'D', amount: '0.07' })
    const undo = await reverse(bank.port, 'LR', 'L53')
    const { status, entries } = await list(bank.port, account)
    expect(status).toBe('OK')
    expect(entries).toHaveLength(50)
    expect(entries[0]).toMatchObject({
      entry: undo.entry,
      amount: '-53.00',
      kind: 'R',
      detail: ['LR', 'L53', numbers[0]],
    })
    expect(entries[1]).toMatchObject({ amount: '-0.07', kind: 'P', detail: ['LD', ''] })
    expect(entries[2]).toMatchObject({ entry: numbers[0], amount: '53.00', detail: ['L53', 'Gruß'] })
    expect(`${entries[2]?.bookedOn}${entries[2]?.bookedAt}`).toMatch(/^20\d{12}$/)
    const older = await list(bank.port, account, entries[49]?.entry)
    expect(older.entries.map((entry) => entry.entry)).toEqual(numbers.slice(48))
    expect((await list(bank.port, account, numbers.at(-1))).entries).toEqual([])
  })
  test('says NF for an unknown account', async () => {
    expect(await list(bank.port, '9999999999')).toEqual({ status: 'NF', entries: [] })
  })
})

describe('abends', () => {
  test.each([
    ['a COMMAREA shorter than the record', 'POSTENT', Buffer.alloc(80, 0x40), 'ALEN'],
    ['a list shorter than its maximum', 'LSTENT', lstent('1000000001').subarray(0, 4317), 'ALEN'],
    ['a reversal cut off', 'REVENT', revent('A', 'B').subarray(0, 45), 'ALEN'],
    ['an amount of blanks', 'POSTENT', Buffer.concat([hostText('X', 27), Buffer.alloc(54, 0x40)]), 'ASRA'],
  ])('%s', async (_, program, area, code) => {
    const before = bank.effects().length
    expect(await callOnce(bank.port, program, area)).toEqual({ kind: 'code', stage: 'call', code: 8, data: code })
    expect(bank.effects()).toHaveLength(before)
  })
})

test('with duplicates detected, a second send answers DU with the first entry', async () => {
  const strict = new Box(`${(await mainframe()).programs}/bank`, {
    MAINFRAME_DEDUPE: '1',
    MAINFRAME_LOAD_ACCOUNTS: '3',
  })
  try {
    await strict.start()
    const order = { reference: 'R1', account: '2000000003', amount: '5.00' }
    const first = await post(strict.port, order)
    expect(first).toMatchObject({ status: 'OK', balance: '10005.00' })
    await post(strict.port, { ...order, reference: 'R2' })
    expect(await post(strict.port, order)).toEqual({ ...first, status: 'DU' })
    const undo = await reverse(strict.port, 'R3', 'R1')
    expect(await reverse(strict.port, 'R3', 'R1')).toEqual({ ...undo, status: 'DU' })
    expect(strict.effects().map((effect) => effect.reference)).toEqual(['R1', 'R2', 'R3'])
    expect((await post(strict.port, { ...order, reference: 'R4', account: '2000000004' })).status).toBe('NF')
  } finally {
    await strict.remove()
  }
})
