// The audit of processes: what it holds, that its chains are what SQL makes of them, how much of a flood it keeps, and an export.

import { createHash, createPublicKey, verify } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { auditLog } from '../../../src/store/audit/audit-log.ts'
import type { AuditHead } from '../../../src/store/audit/chain.ts'
import { type ExportOptions, exportAudit } from '../../../src/store/audit/export.ts'
import { openDatabase } from '../../../src/store/database.ts'
import { type AuditDatabase, asked, auditDatabase, called, key, refused } from './audit-database.ts'

let it: AuditDatabase
beforeEach(async () => {
  it = await auditDatabase()
})
afterEach(() => it.close())

const bodies = async () => (await it.rows()).map(({ body }) => JSON.parse(body) as Record<string, unknown>)

/** PostgreSQL's own reckoning of the chains. */
const misfits = () =>
  it.sql(`select * from (
    select stream, seq, hash, body, coalesce(lag(hash) over (partition by stream order by seq), decode(repeat('00', 32), 'hex')) as previous
    from mainspan.audit) r where hash <> sha256(previous || int8send(seq) || convert_to(body, 'UTF8'))`)

test('a record holds who called what, by which token and consent, and how it ended', async () => {
  const log = it.log()
  const token = { issuer: 'https://issuer.example', id: 'jti-1' }
  await log.keep({ ...asked('r-1'), token, consent: 'consent-1' })
  log.note({ ...called('r-2'), client: 'c'.repeat(300) })
  log.note({ ...refused('r-3'), code: 'quote " and line\nend and \ud800 and \u0000' })
  await log.close()
  const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  expect(await bodies()).toEqual([
    { at, event: 'opened', process: 'test', key: key.publicKey.text, heads: [] },
    {
      ...{ at, event: 'asked', api: 'rest', client: 'tpp-1', token, consent: 'consent-1', requestId: 'r-1' },
      ...{ operation: 'transferFunds', version: 1, operationId: 'transferFunds-v1-r-1' },
    },
    {
      ...{ at, event: 'called', api: 'rest', client: 'c'.repeat(200), requestId: 'r-2' },
      ...{ operation: 'getAccount', version: 1, outcome: 'applied' },
    },
    { at, event: 'refused', api: 'rest', requestId: 'r-3', code: 'quote " and line\nend and \ud800 and \u0000' },
    { at, event: 'closed' },
  ])
  expect(await misfits()).toEqual([])
  expect(await it.problems()).toEqual([])
})

test('a process that has nothing to record leaves nothing', async () => {
  await it.log().close()
  expect(await it.rows()).toEqual([])
})

test('two processes at once: every record is there, the chains fit, and each names the other', async () => {
  const second = openDatabase({ url: it.url })
  const heads: AuditHead[] = []
  const limits = { anchorMs: 40, lingerMs: 5 }
  const logs = [
    it.log(limits, { witness: (head: AuditHead) => heads.push(head) }),
    auditLog(second, { key, process: 'test', limits }),
  ]
  const writing = logs.map(async (log, nth) => {
    for (let round = 0; round < 40; round += 1) {
      const kept = Array.from({ length: 20 }, (_, at) => log.keep(asked(`${nth}-${round}-${at}`)))
      log.note(called(`${nth}-${round}-late`))
      await Promise.all(kept)
    }
  })
  await Promise.all(writing)
  // Nobody does anything: they do not go on naming each other, which two processes that answer each anchor would.
  let [before, after] = [-1, 0]
  for (let tries = 0; tries < 30 && before !== after; tries += 1) {
    before = (await it.rows()).length
    await pause(300)
    after = (await it.rows()).length
  }
  expect(after).toBe(before)
  await Promise.all(logs.map((log) => log.close()))
  await second.close()
  const all = await bodies()
  const ids = all.flatMap(({ requestId }) => requestId ?? [])
  expect(new Set(ids).size).toBe(2 * 40 * 21)
  expect(ids).toHaveLength(2 * 40 * 21)
  expect(all.filter(({ event }) => event === 'anchored').length).toBeGreaterThanOrEqual(2)
  expect(await misfits()).toEqual([])
  expect(await it.problems({ heads })).toEqual([])
  expect(heads.length).toBeGreaterThan(0)
})

test('keep returns when the record is durable, note a moment later', async () => {
  const log = it.log({ lingerMs: 60_000 })
  log.note(called('late'))
  expect(await it.rows()).toEqual([])
  await log.keep(asked('first'))
  expect((await bodies()).map(({ event }) => event)).toEqual(['opened', 'called', 'asked'])
  await log.close()
})

describe('a flood of refusals', () => {
  test('is counted and not kept: of callers that nobody knows 20 a second, and every one is in a count', async () => {
    const log = it.log({ countMs: 50, lingerMs: 10 })
    const since = performance.now()
    for (let nth = 0; nth < 100_000; nth += 1) {
      log.note(refused(`r-${nth}`))
      if (nth % 10_000 === 0) await pause(20)
    }
    const seconds = Math.ceil((performance.now() - since) / 1000) + 1
    log.note(refused('known', 'tpp-7'))
    await log.close()
    const all = await bodies()
    const kept = all.filter(({ event, client }) => event === 'refused' && client === undefined).length
    const counts = all.flatMap(({ dropped }) => (dropped ?? []) as { count: number }[])
    expect(kept).toBeLessThanOrEqual(20 * seconds)
    expect(kept + counts.reduce((sum, { count }) => sum + count, 0)).toBe(100_000)
    expect(counts[0]).toEqual({ event: 'refused', code: 'INPUT_INVALID', count: expect.any(Number) })
    expect(all.filter(({ client }) => client === 'tpp-7')).toHaveLength(1)
    expect(all.length).toBeLessThan(20 * seconds + 40 * seconds)
    expect(await it.problems()).toEqual([])
  })

  test('of many clients and codes is counted in bounded memory', async () => {
    const log = it.log({ refusalsOfAll: 10 })
    for (let nth = 0; nth < 1000; nth += 1) log.note({ ...refused(`r-${nth}`, `tpp-${nth}`), code: `CODE_${nth}` })
    await log.close()
    const [counted] = (await bodies()).flatMap(({ dropped }) => (dropped ? [dropped as { count: number }[]] : []))
    expect(counted).toHaveLength(51)
    expect(counted?.at(-1)).toEqual({ event: 'refused', count: 1000 - 10 - 50 })
  })
})

test('a user who may only insert and select writes the audit and reads it, and can change nothing', async () => {
  const role = `auditor_${Date.now()}`
  await it.sql(`create role ${role} login password 'x'; grant usage on schema mainspan to ${role};
    grant select, insert on mainspan.audit to ${role}`)
  const url = Object.assign(new URL(it.url), { username: role, password: 'x' }).href
  const database = openDatabase({ url })
  const log = auditLog(database, { key, process: 'test' })
  await log.keep(asked('r-1'))
  await log.close()
  for (const text of [
    'delete from mainspan.audit',
    'update mainspan.audit set body = body',
    'drop table mainspan.audit',
  ])
    await expect(database.query({ name: '', text })).rejects.toThrow('SQLSTATE 42501')
  await database.close()
  expect(await it.problems()).toEqual([])
  await it.sql(`drop owned by ${role}; drop role ${role}`)
})

describe('an export', () => {
  const lines = async (options: ExportOptions = {}) => {
    const all: Record<string, string | number | null>[] = []
    for await (const line of exportAudit(it.database, options)) all.push(JSON.parse(line))
    return all
  }

  test('can be checked by SHA-256 alone, and its seals by the public key that it names', async () => {
    for (const count of [1500, 3]) await it.streamOf(count)
    const all = await lines()
    expect(all).toHaveLength(1500 + 3 + 4)
    const last = new Map<unknown, unknown>()
    const keyOf = new Map<unknown, string>()
    for (const { stream, seq, previous, hash, seal, body } of all) {
      const place = Buffer.alloc(8)
      place.writeBigUInt64BE(BigInt(Number(seq)))
      const bytes = Buffer.concat([Buffer.from(String(previous), 'hex'), place, Buffer.from(String(body))])
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(hash)
      expect(previous).toBe(last.get(stream) ?? '0'.repeat(64))
      last.set(stream, hash)
      if (seq === 1) keyOf.set(stream, String(JSON.parse(String(body)).key))
      if (seal === undefined) continue
      const publicKey = createPublicKey({
        key: { kty: 'OKP', crv: 'Ed25519', x: keyOf.get(stream) ?? '' },
        format: 'jwk',
      })
      const message = Buffer.concat([
        Buffer.from(String(stream).replaceAll('-', ''), 'hex'),
        place,
        Buffer.from(String(hash), 'hex'),
      ])
      expect(verify(null, message, publicKey, Buffer.from(String(seal), 'base64'))).toBe(true)
    }
    expect(last.size).toBe(2)
  })

  test('takes a client, an operation or a span of time; what cannot be read is always there', async () => {
    const log = it.log()
    await log.keep(asked('r-1'))
    log.note(called('r-2'))
    await log.close()
    const events = async (options: ExportOptions) =>
      (await lines(options)).map(({ body }) => String(body).slice(42, 48))
    expect(await events({ client: 'tpp-2' })).toEqual(['called'])
    expect(await events({ operation: 'transferFunds' })).toEqual(['asked"'])
    expect(await events({ client: 'tpp-1', operation: 'getAccount' })).toEqual([])
    const at = String((await bodies())[1]?.at)
    expect((await events({ since: at })).at(-1)).toBe('closed')
    expect(await events({ until: '2026-01-01T00:00:00.000Z' })).toEqual([])
    expect(await events({ since: '9999-01-01T00:00:00.000Z' })).toEqual([])
    await it.tamper(`update mainspan.audit set body = left(body, 50) where seq = 2`)
    expect(await events({ client: 'nobody' })).toEqual(['asked"'])
  })

  test('of a database without an audit is AUDIT_MISSING', async () => {
    await it.sql('drop table mainspan.audit')
    await expect(lines()).rejects.toMatchObject({ code: 'AUDIT_MISSING' })
  })
})
