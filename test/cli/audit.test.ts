// mainspan audit: exit codes, the sentences that it prints, and wrong command lines.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type AuditDatabase, auditDatabase, key } from '../store/audit/audit-database.ts'
import { type Ended, mainspan, objectsOf } from './mainspan.ts'

let it: AuditDatabase
let stream: string
let folder: string
const idKey = Buffer.alloc(32, 5).toString('base64')

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mainspan-audit-'))
  it = await auditDatabase()
  stream = await it.streamOf(3)
})
afterAll(async () => {
  await it.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The command line with these settings; undefined leaves one out. */
function audit(args: readonly string[], settings: NodeJS.ProcessEnv = {}): Ended {
  return mainspan(['audit', ...args], '', { DATABASE_URL: it.url, MAINSPAN_ID_KEY: idKey, ...settings })
}

test('verify: all fits', () => {
  expect(audit(['verify'])).toMatchObject({ status: 0, text: '5 records in 1 streams: all fit\n', errors: '' })
  const publicKey = ['--public-key', key.publicKey.text]
  expect(audit(['verify', ...publicKey], { MAINSPAN_ID_KEY: undefined })).toMatchObject({ status: 0 })
  expect(audit(['verify', '--since', '2100-01-01'])).toMatchObject({
    status: 0,
    text: '0 records in 0 streams: all fit\n',
  })
})

test('verify: what does not fit is named, exit code 1; last records that were told before must be there', async () => {
  const heads = join(folder, 'heads.json')
  const told = audit(['verify', '--json'])
  expect(objectsOf(told)).toEqual([{ stream, seq: 5, hash: expect.stringMatching(/^[0-9a-f]{64}$/), closed: true }])
  writeFileSync(heads, `a line of a log\n{"level":30,"msg":"other"}\n${told.text}`)
  expect(audit(['verify', '--heads', heads]).status).toBe(0)
  await it.tamper(`delete from mainspan.audit where seq = 5`)
  const cut = audit(['verify', '--heads', heads])
  expect(cut.status).toBe(1)
  expect(cut.text).toBe(
    [
      `the end of stream ${stream} is missing: it ends with record 4, but the list of heads names its record 5`,
      '4 records in 1 streams: not all fit',
      '1 of the streams have no end: their processes still run, or were killed',
      '',
    ].join('\n'),
  )
  const json = audit(['verify', '--json', '--heads', heads])
  expect(json.status).toBe(1)
  expect(objectsOf(json)[0]).toEqual({ problem: cut.text.split('\n')[0] })
})

test('export: JSON Lines', () => {
  const lines = objectsOf(
    audit(['export', '--client', 'tpp-1', '--operation', 'transferFunds', '--since', '2026-01-01']),
  )
  expect(lines).toHaveLength(3)
  expect(lines[0]).toMatchObject({ stream, seq: 2, body: expect.stringContaining('"event":"asked"') })
})

test('a database that cannot be reached, or has no audit', async () => {
  const away = audit(['verify'], { DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z' })
  expect(away).toMatchObject({ status: 1, text: '', errors: expect.stringContaining('STORE_UNAVAILABLE') })
  const other = Object.assign(new URL(it.url), { pathname: '/postgres' }).href
  expect(audit(['verify'], { DATABASE_URL: other })).toMatchObject({
    status: 1,
    text: expect.stringContaining('the table mainspan.audit is not there'),
  })
  expect(audit(['export'], { DATABASE_URL: other })).toMatchObject({
    status: 1,
    errors: expect.stringContaining('AUDIT_MISSING'),
  })
})

test.each([
  [[], 'audit takes verify or export'],
  [['verify', 'more'], 'audit takes verify or export'],
  [['verify', '--client', 'x'], 'audit verify takes no --client'],
  [['export', '--heads', 'x'], 'audit export takes no --heads'],
  [['verify', '--since', 'yesterday'], '--since wants a time'],
  [['verify', '--public-key', 'short'], '--public-key wants a key'],
  [['verify', '--heads', '/nowhere'], '--heads cannot be read (ENOENT)'],
  [['verify', '--heads', 'package.json'], '--heads has no line that names a record'],
])('%j is a wrong command line: exit code 2', (args, problem) => {
  expect(audit(args)).toMatchObject({ status: 2, text: '', errors: expect.stringContaining(problem) })
})

test('without a key for the seals it says which one is wanted', () => {
  expect(audit(['verify'], { MAINSPAN_ID_KEY: undefined })).toMatchObject({
    status: 2,
    errors: expect.stringContaining('MAINSPAN_ID_KEY or --public-key'),
  })
})
