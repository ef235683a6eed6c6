// The shared parts of a test run serve, and a node of RabbitMQ that was killed comes back on the same port with its data.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { answers } from '../../src/local/ports.ts'
import { type Supervisor, supervise } from '../../src/local/process.ts'
import { type Rabbit, speaksAmqp, startRabbit } from '../../src/local/rabbitmq.ts'
import { startTemporal } from '../../src/local/temporal.ts'
import { rabbitmq, temporal } from '../support/parts.ts'

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
  })
})
