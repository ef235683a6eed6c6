// What a person with every right on the database can do to the audit: each change is found and named, and most are refused to begin with.

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { hashOf } from '../../../src/store/audit/chain.ts'
import { sealKey } from '../../../src/store/audit/seal-key.ts'
import { type AuditDatabase, auditDatabase, key } from './audit-database.ts'

let it: AuditDatabase
/** Two streams of 12 records: `opened`, ten, `closed`. The second one names the last record of the first. */
let one: string
let other: string

beforeEach(async () => {
  it = await auditDatabase()
  one = await it.streamOf(10)
  other = await it.streamOf(10)
})
afterEach(() => it.close())

const where = (seq: number | string, stream = one) => `where stream = '${stream}' and seq = ${seq}`
const forged = `replace(body, 'tpp-1', 'tpp-9')`
const hashFrom = (body: string, seq: number) =>
  `sha256((select hash from mainspan.audit ${where(seq - 1)}) || int8send(${seq}) || convert_to(${body}, 'UTF8'))`

/** The statements that make hashes fit again from a record on; the seals are left as they are. */
async function rechained(from: number): Promise<string[]> {
  const rows = await it.rows(one)
  let previous: Uint8Array = rows[from - 2]?.hash ?? new Uint8Array(32)
  return rows.slice(from - 1).map(({ body }, nth) => {
    const changed = nth === 0 ? body.replace('tpp-1', 'tpp-9') : body
    previous = hashOf(previous, from + nth, changed)
    const hash = Buffer.from(previous).toString('hex')
    return `update mainspan.audit set body = '${changed}', hash = '\\x${hash}' ${where(from + nth)}`
  })
}

test('untouched, it fits', async () => {
  expect(await it.problems()).toEqual([])
  expect(await it.rows()).toHaveLength(24)
})

type Tampering = readonly [
  what: string,
  statements: () => readonly string[] | Promise<readonly string[]>,
  problems: () => readonly string[],
]

const sealTold = (seq: number) =>
  `stream ${one}: the seal of record ${seq} does not fit: it was not made by this installation, or records before it were changed`
const changedTold = (seq: number, stream = one) =>
  `stream ${stream}: record ${seq} does not fit: it was changed, or is not the one that stood there`
const notNamed = (seq: number) => `record ${seq} of stream ${one} is not the one that record 1 of stream ${other} names`

const tamperings: readonly Tampering[] = [
  ['a changed body', () => [`update mainspan.audit set body = ${forged} ${where(5)}`], () => [changedTold(5)]],
  [
    'a changed body whose hash was made anew',
    () => [`update mainspan.audit set body = ${forged}, hash = ${hashFrom(forged, 5)} ${where(5)}`],
    () => [sealTold(5), changedTold(6)],
  ],
  [
    'a changed body, with every hash after it made anew',
    () => rechained(8),
    () => [...[8, 9, 10, 11, 12].map(sealTold), notNamed(12)],
  ],
  ['a deleted record', () => [`delete from mainspan.audit ${where(5)}`], () => [`stream ${one}: record 5 is missing`]],
  [
    'several deleted records',
    () => [`delete from mainspan.audit ${where('any(array[5, 6, 7])')}`],
    () => [`stream ${one}: records 5 to 7 are missing`],
  ],
  [
    'a deleted beginning',
    () => [`delete from mainspan.audit ${where('any(array[1, 2])')}`],
    () => [`stream ${one}: records 1 to 2 are missing`],
  ],
  [
    'a deleted record, with those after it moved up',
    () => [
      `delete from mainspan.audit ${where(5)}`,
      ...[6, 7, 8, 9, 10, 11, 12].map((seq) => `update mainspan.audit set seq = ${seq - 1} ${where(seq)}`),
    ],
    () => [
      ...[changedTold(5), ...[5, 6, 7, 8].map(sealTold)],
      `the end of stream ${one} is missing: it ends with record 11, but record 1 of stream ${other} names its record 12`,
    ],
  ],
  [
    'an inserted record with a hash that fits',
    () => [
      `insert into mainspan.audit (stream, seq, hash, body)
       select '${one}', 13, ${hashFrom('body', 13)}, body from mainspan.audit ${where(5)}`,
    ],
    () => [`stream ${one}: record 13 at its end has no seal: inserted by hand, or what followed was cut`],
  ],
  [
    'an inserted record with the seal of another',
    () => [
      `insert into mainspan.audit (stream, seq, hash, body, seal)
       select '${one}', 13, ${hashFrom('body', 13)}, body, seal from mainspan.audit ${where(5)}`,
    ],
    () => [sealTold(13)],
  ],
  [
    'two records that changed places',
    () => [5, 6].map((seq) => `update mainspan.audit set seq = -(11 - ${seq}) ${where(seq)}`),
    () => [changedTold(5), sealTold(5), sealTold(6)],
  ],
  [
    'two bodies that changed places',
    () => [
      `update mainspan.audit a set body = b.body from mainspan.audit b
       where a.stream = '${one}' and b.stream = a.stream and a.seq in (5, 6) and b.seq = 11 - a.seq`,
    ],
    () => [changedTold(5)],
  ],
  [
    'a cut tail',
    () => [`delete from mainspan.audit where stream = '${one}' and seq > 8`],
    () => [
      `the end of stream ${one} is missing: it ends with record 8, but record 1 of stream ${other} names its record 12`,
    ],
  ],
  [
    'a deleted stream',
    () => [`delete from mainspan.audit where stream = '${one}'`],
    () => [`stream ${one} is missing: record 1 of stream ${other} names its record 12`],
  ],
  [
    'removed seals',
    () => [`update mainspan.audit set seal = null where stream = '${one}' and seq > 5`],
    () => [`stream ${one}: records 6 to 12 at its end have no seal: inserted by hand, or what followed was cut`],
  ],
  [
    'a first record that opens nothing',
    () => [`update mainspan.audit set body = replace(body, 'opened', 'called') ${where(1)}`],
    () => [`stream ${one}: its first record does not open it`, changedTold(1)],
  ],
  [
    'a record that is no JSON any more',
    () => [`update mainspan.audit set body = left(body, 60) ${where(1, other)}`],
    () => [changedTold(1, other), `stream ${other}: record 1 names last records of other streams that cannot be read`],
  ],
]

test.each(tamperings)('%s is found and named', async (_what, statements, problems) => {
  const prepared = await statements()
  // Places are exchanged in two steps, as the key is held at each one.
  const negative = prepared.some((text) => text.includes('seq = -('))
  await it.tamper(
    ...(negative ? ['alter table mainspan.audit drop constraint audit_seq_check'] : []),
    ...prepared,
    ...(negative ? ['update mainspan.audit set seq = -seq where seq < 0'] : []),
  )
  expect(await it.problems()).toEqual(problems())
})

describe('with the last records as they were told before', () => {
  test.each([
    [
      'an emptied table',
      'delete from mainspan.audit',
      () => [one, other].map((id) => `stream ${id} is missing: the list of heads names its record 12`),
    ],
    [
      'a cut end that no other stream names',
      () => `delete from mainspan.audit where stream = '${other}' and seq > 9`,
      () => [`the end of stream ${other} is missing: it ends with record 9, but the list of heads names its record 12`],
    ],
  ])('%s is found', async (_what, statement, problems) => {
    const heads = (await it.rows())
      .filter(({ seq }) => seq === '12')
      .map(({ stream, seq, hash }) => ({ stream, seq: Number(seq), hash: hash.toString('hex') }))
    expect(await it.problems({ heads })).toEqual([])
    await it.tamper(typeof statement === 'string' ? statement : statement())
    expect(await it.problems({ heads })).toEqual(problems())
  })
})

test('a dropped table is told', async () => {
  await it.sql('drop table mainspan.audit')
  expect(await it.problems()).toEqual(['the table mainspan.audit is not there'])
})

test('from a time on, only what is later is read, and is tied to what came before', async () => {
  const since = (JSON.parse((await it.rows(other))[0]?.body ?? '{}') as { at: string }).at
  await it.tamper(`update mainspan.audit set body = ${forged} ${where(5)}`)
  expect(await it.problems()).toEqual([changedTold(5)])
  expect(await it.problems({ since })).toEqual([])
  await it.tamper(`update mainspan.audit set body = ${forged} ${where(5, other)}`)
  expect(await it.problems({ since })).toEqual([changedTold(5, other)])
})

test('seals of another installation do not fit', async () => {
  const stranger = sealKey(new Uint8Array(32).fill(6))
  const [first] = await it.problems({ keys: [stranger.publicKey] })
  expect(first).toBe(sealTold(1).replace('record 1 ', 'record 2 '))
  expect(await it.problems({ keys: [stranger.publicKey, key.publicKey] })).toEqual([])
})

describe('the table', () => {
  test.each([
    ['update', `update mainspan.audit set body = body`],
    ['delete', 'delete from mainspan.audit'],
    ['truncate', 'truncate mainspan.audit'],
    [
      'delete, where triggers are switched off for the session',
      `set session_replication_role = replica; delete from mainspan.audit`,
    ],
  ])('refuses %s, from its owner too', async (_what, statement) => {
    await expect(it.sql(statement)).rejects.toThrow('mainspan.audit is append-only')
    expect(await it.rows()).toHaveLength(24)
  })
})
