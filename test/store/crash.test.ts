// A store whose server is killed, or hangs: what was acknowledged is there, every caller is answered in time, and it comes back by itself.

import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { rowCipher } from '../../src/durable/payload/row-cipher.ts'
import { isFailure } from '../../src/error/failure.ts'
import { ensurePackages } from '../../src/local/packages.ts'
import { type Postgres, startPostgres } from '../../src/local/postgres/server.ts'
import { type Supervisor, supervise } from '../../src/local/process.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { storeKey } from '../support/store.ts'

let folder: string
let supervisor: Supervisor
let server: Postgres
let store: Store
const notices: string[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mainspan-store-crash-'))
  supervisor = supervise(join(folder, 'log'))
  const environment = { ...process.env, DATABASE_URL: undefined }
  await ensurePackages({ environment, report: () => undefined, needs: ['postgresql'] })
  server = await startPostgres({ environment, report: () => undefined, supervisor, folder: join(folder, 'data') })
  store = openStore({ url: server.url, cipher: rowCipher([storeKey]), notice: (problem) => notices.push(problem) })
})
afterAll(async () => {
  await store.close()
  await supervisor.end()
  rmSync(folder, { recursive: true, force: true })
})

const row = (id: string) => ({ id, operation: 'moveMoney', version: 1, fingerprint: {}, start: {} })

/** Notes rows until told to stop; gives the ids that were acknowledged, and how long the slowest answer took. */
function writer(told: AbortSignal) {
  const acknowledged: string[] = []
  let slowestMs = 0
  let refused = 0
  const done = (async () => {
    while (!told.aborted) {
      const [id, since] = [randomUUID(), performance.now()]
      try {
        await store.note(row(id))
        acknowledged.push(id)
      } catch (error) {
        if (!isFailure(error) || error.code !== 'STORE_UNAVAILABLE') throw error
        refused += 1
        await pause(20)
      }
      slowestMs = Math.max(slowestMs, performance.now() - since)
    }
    return { acknowledged, slowestMs, refused }
  })()
  return done
}

async function untilReady(): Promise<void> {
  for (let tries = 0; tries < 200 && !(await store.ready()); tries += 1) await pause(100)
}

test('killed with kill -9 under eight writers, twice, it loses nothing that was acknowledged', async () => {
  const over = new AbortController()
  const writers = Array.from({ length: 8 }, () => writer(over.signal))
  for (let round = 0; round < 2; round += 1) {
    await pause(500)
    process.kill(server.running?.pid ?? 0, 'SIGKILL')
    await server.running?.ended
    expect(await store.ready()).toBe(false)
    server = await server.restart()
    await untilReady()
  }
  await pause(500)
  over.abort()
  const all = await Promise.all(writers)
  const acknowledged = all.flatMap((one) => one.acknowledged)
  expect(acknowledged.length).toBeGreaterThan(100)
  expect(Math.max(...all.map(({ slowestMs }) => slowestMs))).toBeLessThan(6000)
  expect(all.reduce((sum, { refused }) => sum + refused, 0)).toBeGreaterThan(0)
  const missing: string[] = []
  for (const id of acknowledged) if ((await store.find(id)) === undefined) missing.push(id)
  expect(missing).toEqual([])
}, 60_000)

test('that stands still answers every caller within seconds, and goes on when it does', async () => {
  await store.note(row(randomUUID()))
  const pid = server.running?.pid ?? 0
  // The postmaster alone would leave the sessions working.
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
  const all = [pid, ...children.trim().split(/\s+/).map(Number)]
  for (const one of all) process.kill(one, 'SIGSTOP')
  const since = performance.now()
  const asked = await Promise.allSettled([
    store.note(row(randomUUID())),
    store.find('x'),
    store.started('x'),
    store.list('noted', 'now', 1),
  ])
  const tookMs = performance.now() - since
  for (const one of all) process.kill(one, 'SIGCONT')
  expect(asked).toEqual(
    asked.map(() => ({
      status: 'rejected',
      reason: expect.objectContaining({ code: 'STORE_UNAVAILABLE', retry: 'later' }),
    })),
  )
  expect(tookMs).toBeLessThan(6500)
  await untilReady()
  expect(await store.note(row(randomUUID()))).toEqual({ fresh: true })
}, 60_000)

test('an idle connection that is cut is told, and takes nothing down', async () => {
  await Promise.all(Array.from({ length: 8 }, () => store.find('x')))
  const known = notices.length
  process.kill(server.running?.pid ?? 0, 'SIGINT')
  await server.running?.ended
  for (let tries = 0; tries < 50 && notices.length === known; tries += 1) await pause(100)
  expect(notices.length).toBeGreaterThan(known)
  expect(notices.join()).not.toContain(new URL(server.url).password)
  server = await server.restart()
  await untilReady()
  expect(await store.ready()).toBe(true)
}, 60_000)
