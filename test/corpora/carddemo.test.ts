// Real EBCDIC files through the command line: exact values, and the same bytes back.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { mainspan, objectsOf, root } from '../cli/mainspan.ts'

const folder = 'test/corpora/carddemo'
const bytesOf = (file: string) => readFileSync(join(root, folder, file))
const decode = (copybook: string, file: string, ...more: string[]) =>
  mainspan(['decode', '--copybook', `${folder}/${copybook}`, ...more, `${folder}/${file}`])

describe.each([
  ['ACCTDATA.PS', 'ACCOUNT.cpy', 300, 0],
  ['CUSTDATA.PS', 'CUSTOMER.cpy', 500, 0],
  ['TCATBALF.PS', 'CATEGORY.cpy', 50, 50],
])('%s', (file, copybook, length, residues) => {
  const decoded = decode(copybook, file)
  const records = objectsOf(decoded)

  test('gives 50 objects', () => {
    expect(decoded).toMatchObject({ status: 0, errors: '' })
    expect(records).toHaveLength(50)
    expect(bytesOf(file)).toHaveLength(50 * length)
  })

  test('comes back byte for byte', () => {
    const encoded = mainspan(['encode', '--copybook', `${folder}/${copybook}`, '-'], decoded.text)
    expect(encoded).toMatchObject({ status: 0, errors: '' })
    expect(encoded.stdout.equals(bytesOf(file))).toBe(true)
  })

  test(`needs a residue in ${residues} records`, () => {
    expect(records.filter((record) => '$residue' in record)).toHaveLength(residues)
    expect(objectsOf(decode(copybook, file, '--canonical')).filter((record) => '$residue' in record)).toEqual([])
  })
})

test('the first account is exact', () => {
  expect(objectsOf(decode('ACCOUNT.cpy', 'ACCTDATA.PS', '--count', '1'))).toEqual([
    {
      acctId: '00000000001',
      acctStatus: 'Y',
      acctBalance: '194.00',
      acctCreditLimit: '2020.00',
      acctCashLimit: '1020.00',
      acctOpened: '2014-11-20',
      acctExpires: '2025-05-20',
      acctReissued: '2025-05-20',
      acctCycleCredit: '0.00',
      acctCycleDebit: '0.00',
      acctZip: 'A000000000',
      acctGroup: '',
    },
  ])
})

/** Zoned amounts read straight from the bytes: digits in the low halves, zone D of the last byte is minus. */
function amountAt(record: Buffer, offset: number, digits: number): string {
  const bytes = record.subarray(offset, offset + digits)
  const cents = BigInt([...bytes].map((byte) => byte & 0x0f).join(''))
  const isMinus = (bytes[digits - 1] ?? 0) >> 4 === 0xd && cents !== 0n
  return `${isMinus ? '-' : ''}${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`
}

test.each([
  [
    'ACCTDATA.PS',
    'ACCOUNT.cpy',
    300,
    12,
    [
      ['acctBalance', 12],
      ['acctCreditLimit', 24],
      ['acctCashLimit', 36],
      ['acctCycleCredit', 78],
      ['acctCycleDebit', 90],
    ],
  ],
  ['TCATBALF.PS', 'CATEGORY.cpy', 50, 11, [['catBalance', 17]]],
] as [string, string, number, number, [string, number][]][])(
  'every amount of %s is exact',
  (file, copybook, length, digits, fields) => {
    const records = objectsOf(decode(copybook, file))
    for (const [number, record] of records.entries()) {
      const bytes = bytesOf(file).subarray(number * length, (number + 1) * length)
      for (const [name, offset] of fields) expect(record[name]).toBe(amountAt(bytes, offset, digits))
    }
  },
)
