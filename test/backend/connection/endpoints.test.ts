// How long an endpoint that refused is left alone: until its rest is over, or until it has served as the last resort.

import { afterEach, expect, jest, test } from '@jest/globals'
import { connector } from '../../../src/backend/connection/endpoints.ts'
import { closeAll, peer } from '../cics-peer.ts'
import { standstillClock } from '../network.ts'
import { deadPort, silence } from '../scripted-peer.ts'

const restMs = 60_000

afterEach(async () => {
  jest.restoreAllMocks()
  await closeAll()
})

/** A connector to ports of this machine, and how to use it so many times. */
function toPorts(...ports: readonly number[]) {
  const endpoints = ports.map((port) => ({ host: '127.0.0.1', port }))
  const { connect } = connector({ endpoints }, { name: 'core', restMs })
  return async (times: number) => {
    for (let turn = 0; turn < times; turn += 1) (await connect('PROGRAM')).reset()
  }
}

test('one that refused serves again when its rest is over, and no sooner', async () => {
  const clock = standstillClock()
  const port = await deadPort()
  const healthy = await peer(silence)
  const use = toPorts(port, healthy.port)
  await use(2)
  const back = await peer(silence, undefined, port)
  clock.standStill(restMs - 1000)
  await use(4)
  expect(back.taken).toBe(0)
  clock.standStill(1000)
  await use(4)
  expect(back.taken).toBe(2)
})

test('one that served as the last resort rests no more, and comes before one that refused later', async () => {
  const [port, other] = [await deadPort(), await peer(silence)]
  const use = toPorts(port, other.port)
  await use(2)
  await other.close()
  const back = await peer(silence, undefined, port)
  await use(1)
  expect(back.taken).toBe(1)
  const otherBack = await peer(silence, undefined, other.port)
  await use(4)
  expect([back.taken, otherBack.taken]).toEqual([5, 0])
})
