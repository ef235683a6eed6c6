// The audit when something is killed: the server under writers, or a writer itself. What was acknowledged is there, and the chains fit.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { isFailure } from '../../../src/error/failure.ts'
import { ensurePackages } from '../../../src/local/packages.ts'
import { type Postgres, startPostgres } from '../../../src/local/postgres/server.ts'
import { type Supervisor, supervise } from '../../../src/local/process.ts'
import { built } from '../../support/parts.ts'
import { type AuditDatabase, asked, auditDatabase, called } from './audit-database.ts'

let folder: string
let supervisor: Supervisor
let server: Postgres
let it: AuditDatabase

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mainspan-audit-crash-'))
  supervisor = supervise(join(folder, 'log'))
  const environment = { ...process.env, DATABASE_URL: undefined }
  await ensurePackages({ environment, report: () => undefined, needs: ['postgresql'] })
  server = await startPostgres({ environment, report: () => undefined, supervisor, folder: join(folder, 'data') })
  it = await auditDatabase(server.url)
})
afterAll(async () => {
  await it.close()
  await supervisor.end()
  rmSync(folder, { recursive: true, force: true })
})

async function missing(acknowledged: readonly string[]): Promise<string[]> {
  const written = new Set((await it.rows()).map(({ body }) => JSON.parse(body).requestId))
  return acknowledged.filter((id) => !written.has(id))
}

test('the server killed with kill -9 under eight writers, twice: nothing acknowledged is lost, and late records come after', async () => {
  const notices: string[] = []
  const log = it.log({ waitingMax: 300 }, { notice: (problem: string) => notices.push(problem) })
  const again = () => notices.filter((one) => one === 'the audit is written again')
  const over = new AbortController()
  let refusals = 0
  let late = 0
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    const acknowledged: string[] = []
    for (let nth = 0; !over.signal.aborted; nth += 1) {
      const id = `${writer}-${nth}`
      log.note(called(`late-${id}`))
      late += 1
      try {
        await log.keep(asked(id))
        acknowledged.push(id)
      } catch (error) {
        if (!isFailure(error) || error.code !== 'STORE_UNAVAILABLE') throw error
        refusals += 1
        await pause(2)
      }
    }
    return acknowledged
  })
  for (let round = 0; round < 2; round += 1) {
    await pause(400)
    process.kill(server.running?.pid ?? 0, 'SIGKILL')
    await server.running?.ended
    await pause(700)
    server = await server.restart()
    while (again().length <= round) await pause(100)
    await pause(400)
  }
  over.abort()
  const acknowledged = (await Promise.all(writers)).flat()
  await log.close()
  expect(await missing(acknowledged)).toEqual([])
  expect(acknowledged.length).toBeGreaterThan(100)
  expect(refusals).toBeGreaterThan(0)
  expect(await it.problems()).toEqual([])
  // Of those that waited in memory, as many as fit; the rest is counted, and none is both.
  const all = (await it.rows()).map(({ body }) => JSON.parse(body))
  const counted = all.flatMap(({ dropped = [] }) => dropped as { count: number }[])
  const kept = all.filter(({ event }) => event === 'called').length
  expect(counted.length).toBeGreaterThan(0)
  expect(kept + counted.reduce((sum, { count }) => sum + count, 0)).toBe(late)
  expect(again().length).toBeGreaterThanOrEqual(2)
}, 60_000)

const writerProgram = `
  const [dist, url] = process.argv.slice(1)
  const { auditLog } = await import(dist + 'store/audit/audit-log.js')
  const { sealKey } = await import(dist + 'store/audit/seal-key.js')
  const { openDatabase } = await import(dist + 'store/database.js')
  const log = auditLog(openDatabase({ url }), { key: sealKey(new Uint8Array(32).fill(5)), process: 'child' })
  await Promise.all([0, 1, 2, 3].map(async (writer) => {
    for (let nth = 0; ; nth += 1) {
      const requestId = 'child-' + writer + '-' + nth
      await log.keep({ event: 'asked', api: 'rest', requestId })
      process.stdout.write(requestId + '\\n')
    }
  }))`

test('a writer killed with kill -9: what it acknowledged is there, and its stream fits as far as it goes', async () => {
  const { dist } = await built()
  const dir = `${pathToFileURL(dist).href}/`
  const child = spawn(process.execPath, ['--input-type=module', '-e', writerProgram, dir, it.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const acknowledged: string[] = []
  const lines = createInterface(child.stdout)
  lines.on('line', (line) => {
    acknowledged.push(line)
    if (acknowledged.length === 200) child.kill('SIGKILL')
  })
  await once(lines, 'close')
  expect(acknowledged.length).toBeGreaterThanOrEqual(200)
  expect(await missing(acknowledged)).toEqual([])
  expect(await it.problems()).toEqual([])
}, 60_000)
