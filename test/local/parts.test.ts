// The shared parts of a test run serve, and a RabbitMQ or PostgreSQL that was killed comes back on the same port with its data.

import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { answers } from '../../src/local/ports.ts'
import { postgresUser } from '../../src/local/postgres/programs.ts'
import { type Postgres, startPostgres, takesSessions } from '../../src/local/postgres/server.ts'
import { type Supervisor, supervise } from '../../src/local/process.ts'
import { type Rabbit, speaksAmqp, startRabbit } from '../../src/local/rabbitmq.ts'
import { startTemporal } from '../../src/local/temporal.ts'
import { postgresql, rabbitmq, temporal } from '../support/parts.ts'
import { databaseForTests } from '../support/store.ts'

const { Client } = pg
const quiet = () => undefined
const hostAndPort = (address: string) => ({ host: address.split(':')[0] ?? '', port: Number(address.split(':')[1]) })

describe('shared parts', () => {
  test('Temporal serves, and is the same one when asked again', async () => {
    const { address } = await temporal()
    const { host, port } = hostAndPort(address)
    expect(await answers(port, host)).toBe(true)
    expect((await temporal()).address).toBe(address)
  })

  test('RabbitMQ speaks AMQP', async () => {
    const { url } = await rabbitmq()
    expect(await speaksAmqp('127.0.0.1', Number(new URL(url).port))).toBe(true)
  })
})

describe('an own PostgreSQL', () => {
  let folder: string
  let supervisor: Supervisor
  let server: Postgres
  const portOf = () => Number(new URL(server.url).port)
  const start = (keep: boolean) => {
    supervisor = supervise(join(folder, 'log'))
    const environment = { ...process.env, DATABASE_URL: undefined }
    return startPostgres({ environment, report: quiet, supervisor, folder: join(folder, 'data'), keep })
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mainspan-postgresql-test-'))
    server = await start(true)
  })
  afterAll(async () => {
    await supervisor.end()
    const place = join(folder, 'data', 'place')
    if (existsSync(place)) rmSync(readFileSync(place, 'utf8').trim(), { recursive: true, force: true })
    rmSync(folder, { recursive: true, force: true })
  })

  test('wants its password, from this machine alone, and keeps its files to its own user', async () => {
    const wrong = Object.assign(new URL(server.url), { password: 'wrong' }).href
    await expect(databaseForTests(wrong)).rejects.toMatchObject({ code: '28P01' })
    const user = postgresUser()
    // A folder below one that nobody else may enter would be out of reach for its user.
    expect(existsSync(join(folder, 'data', 'place'))).toBe(user !== undefined)
  })

  test('after kill -9 it starts again on the same port, with what was written', async () => {
    const before = server.url
    const database = await databaseForTests(server.url)
    await database.sql('create table kept as select 1 as one')
    if (!server.running) throw new Error('no process')
    process.kill(server.running.pid, 'SIGKILL')
    await server.running.ended
    expect(await takesSessions('127.0.0.1', portOf())).toBe(false)
    server = await server.restart()
    expect(server.url).toBe(before)
    expect(await database.sql('select one from kept')).toEqual([{ one: 1 }])
  })

  test('with a client connected it ends at once, and the next start has the same data', async () => {
    const database = await databaseForTests(server.url)
    await database.sql('create table kept as select 2 as two')
    const idle = new Client({ connectionString: database.url })
    idle.on('error', quiet)
    await idle.connect()
    const since = performance.now()
    await supervisor.end()
    expect(performance.now() - since).toBeLessThan(3000)
    server = await start(true)
    const url = Object.assign(new URL(server.url), { pathname: new URL(database.url).pathname }).href
    const client = new Client({ connectionString: url })
    await client.connect()
    expect((await client.query('select two from kept')).rows).toEqual([{ two: 2 }])
    await client.end()
  })

  test('what is not kept leaves nothing behind', async () => {
    const bare = mkdtempSync(join(tmpdir(), 'mainspan-postgresql-test-'))
    chmodSync(bare, 0o700)
    const own = supervise(join(bare, 'log'))
    const environment = { ...process.env, DATABASE_URL: undefined }
    await startPostgres({ environment, report: quiet, supervisor: own, folder: join(bare, 'data') })
    const pointer = join(bare, 'data', 'place')
    const place = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : undefined
    await own.end()
    if (place !== undefined) expect(existsSync(place)).toBe(false)
    rmSync(bare, { recursive: true, force: true })
  })
})

describe('an own node of RabbitMQ', () => {
  let folder: string
  let supervisor: Supervisor
  let broker: Rabbit
  const portOf = () => Number(new URL(broker.url).port)

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mainspan-rabbit-'))
    supervisor = supervise(join(folder, 'log'))
    const environment = { ...process.env, AMQP_URL: undefined }
    broker = await startRabbit({ environment, report: quiet, supervisor, folder, management: false })
  })
  afterAll(async () => {
    await supervisor.end()
    rmSync(folder, { recursive: true, force: true })
  })

  test('after kill -9 it starts again on the same port', async () => {
    const before = broker.url
    if (!broker.running) throw new Error('no process')
    process.kill(broker.running.pid, 'SIGKILL')
    await expect(broker.running.ended).resolves.toEqual({ code: null, signal: 'SIGKILL', wanted: false })
    expect(await speaksAmqp('127.0.0.1', portOf())).toBe(false)
    broker = await broker.restart()
    expect(broker.url).toBe(before)
    expect(await speaksAmqp('127.0.0.1', portOf())).toBe(true)
  })

  test('ended, it leaves no port open', async () => {
    const epmd = Number(broker.tools?.environment.ERL_EPMD_PORT)
    expect(await answers(epmd)).toBe(true)
    await supervisor.end()
    expect(await answers(portOf())).toBe(false)
    expect(await answers(epmd)).toBe(false)
  })
})

describe('parts that are named by a setting', () => {
  const supervisor = supervise(join(tmpdir(), 'mainspan-unused'))
  const common = { report: quiet, supervisor, folder: '', root: '' }

  test.each([
    ['TEMPORAL_ADDRESS', () => startTemporal({ ...common, environment: { TEMPORAL_ADDRESS: '127.0.0.1:1' } })],
    ['AMQP_URL', () => startRabbit({ ...common, environment: { AMQP_URL: 'amqp://127.0.0.1:1' } })],
    ['DATABASE_URL', () => startPostgres({ ...common, environment: { DATABASE_URL: 'postgres://127.0.0.1:1/x' } })],
  ])('%s that nothing answers at is named', async (setting, start) => {
    await expect(start()).rejects.toMatchObject({
      code: 'PART_UNREACHABLE',
      facts: { setting, address: '127.0.0.1:1' },
    })
  })

  test('a running one is used, and nothing is started', async () => {
    const { url } = await rabbitmq()
    const used = await startRabbit({ ...common, environment: { AMQP_URL: url } })
    expect(used).toMatchObject({ url, running: undefined })
    const database = await postgresql()
    const given = await startPostgres({ ...common, environment: { DATABASE_URL: database.url } })
    expect(given).toMatchObject({ url: database.url, running: undefined })
  })
})
