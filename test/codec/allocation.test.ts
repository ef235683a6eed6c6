// What a decoded record costs beyond its result: nothing for each field. Bytes on the heap are counted between two collections.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from '@jest/globals'
import { byteSink } from '../../src/codec/byte-sink.ts'
import { recordCodec } from '../../src/codec/record-codec.ts'
import { layoutOf } from './layouts.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const layout = layoutOf(`
  01 ACCOUNT.
    05 ACCOUNT-NUMBER     PIC X(10).
    05 OPENED             PIC 9(8).
    05 BALANCE            PIC S9(13)V99 COMP-3.
    05 RATE               PIC SV9(5) COMP-3.
    05 BRANCH             PIC 9(4) COMP.
    05 VERSION            PIC S9(9) COMP.
    05 STATE              PIC X.
       88 IS-OPEN         VALUE 'O'.
       88 IS-CLOSED       VALUE 'C'.
    05 PRINTED            PIC Z,ZZZ,ZZ9.99-.
    05 HOLDER.
       10 FAMILY-NAME     PIC X(30).
       10 FIRST-NAME      PIC X(20).
    05 MOVEMENT OCCURS 10.
       10 BOOKED          PIC 9(8).
       10 AMOUNT          PIC S9(9)V99.
    05 FILLER             PIC X(11).
`)

/** Bytes on the heap that a record leaves behind. */
function costOf(work: () => void): number {
  const records = 20_000
  for (let index = 0; index < records; index += 1) work()
  collect()
  const before = process.memoryUsage().heapUsed
  for (let index = 0; index < records; index += 1) work()
  return (process.memoryUsage().heapUsed - before) / records
}

test.each([true, false])('a record of 300 bytes becomes JSON without an allocation (canonical: %s)', (canonical) => {
  const codec = recordCodec(layout, { codePage: 'cp037', canonical })
  const movements = Array.from({ length: 10 }, () => ({ booked: '20261123', amount: '-12.50' }))
  const record = codec.encode({
    accountNumber: '0000000042',
    opened: '20200101',
    balance: '12475.00',
    rate: '0.01250',
    branch: '7',
    version: '-3',
    state: 'O',
    printed: '12475.00',
    holder: { familyName: 'NAKAMURA', firstName: 'AIKO' },
    movement: movements,
  })
  expect(layout.maximumLength).toBe(300)
  const sink = byteSink(4096)
  const cost = costOf(() => {
    sink.length = 0
    codec.decodeToJson(record, 0, record.length, sink)
  })
  // An object for each of its 30 fields would be 16 bytes each at the least.
  expect(cost).toBeLessThan(100)
})
