// One remote address holds no more than its share of connections; who is refused is told, and the log counts it.

import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { sharerOf } from '../../../src/api/connection/address-share.ts'
import { bodyOf, dialTo, rest, until } from '../bare-socket.ts'
import { doorForEachTest } from '../open-door.ts'

const door = doorForEachTest()
const request = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'

/** Status of the answer on a connection that stays open. */
async function statusOn(socket: Socket): Promise<string | undefined> {
  socket.write(request)
  const [answer] = await once(socket, 'data')
  return /^HTTP\/1\.1 (\d{3})/.exec(String(answer))?.[1]
}

async function dialAndHold(count: number): Promise<readonly Socket[]> {
  const sockets = await Promise.all(Array.from({ length: count }, () => dialTo(door.url)))
  // An answer shows that the server has counted the connection.
  for (const socket of sockets) expect(await statusOn(socket)).toBe('200')
  return sockets
}

const refusals = () => door.lines.map((line) => JSON.parse(line)).filter(({ code }) => code === 'CONNECTIONS_TOO_MANY')

test('a connection over the share is told so and closed, also in the middle of a request; those within are served on', async () => {
  await door.reopen({ addressConnectionsMax: 3 })
  const held = await dialAndHold(3)
  for (const sent of [
    '',
    request,
    'POST /v1/transfers HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n',
    '\x16\x03',
  ]) {
    const over = await dialTo(door.url)
    const answer = rest(over)
    over.write(sent)
    expect(await answer).toMatch(/^HTTP\/1\.1 429 Too Many Requests\r\n[\s\S]*connection: close\r\n/)
    expect(bodyOf(await answer)).toMatchObject({ code: 'CONNECTIONS_TOO_MANY', status: 429, retryable: true })
  }
  for (const socket of held) expect(await statusOn(socket)).toBe('200')
  for (const socket of held) socket.destroy()
})

test('a place is free again when its connection ends', async () => {
  await door.reopen({ addressConnectionsMax: 2 })
  const [first, second] = await dialAndHold(2)
  first?.end()
  await once(first as Socket, 'close')
  const statusOfNext = async () => {
    const next = await dialTo(door.url)
    const status = await statusOn(next)
    next.destroy()
    return status
  }
  // The server learns of the end a moment after the caller.
  let status = await statusOfNext()
  for (let tries = 0; status === '429' && tries < 20; tries += 1) {
    await sleep(100)
    status = await statusOfNext()
  }
  expect(status).toBe('200')
  second?.destroy()
})

test('the log has one line for many refusals, with their count', async () => {
  await door.reopen({ addressConnectionsMax: 1 })
  const [held] = await dialAndHold(1)
  for (let count = 0; count < 5; count += 1) await rest(await dialTo(door.url))
  await until(() => refusals().reduce((sum, { refused }) => sum + refused, 0) === 5)
  expect(refusals().length).toBeLessThanOrEqual(2)
  expect(refusals()[0]).toMatchObject({ level: 40, addresses: 1, most: '127.0.0.1', msg: 'connections refused' })
  held?.destroy()
})

test('the end of the server loses no count', async () => {
  await door.reopen({ addressConnectionsMax: 1 })
  const [held] = await dialAndHold(1)
  await rest(await dialTo(door.url))
  held?.destroy()
  await door.stop()
  expect(refusals()).toMatchObject([{ refused: 1 }])
})

test('what is dropped because all places are taken is counted, too', async () => {
  await door.reopen({ connectionsMax: 1, addressConnectionsMax: 1000 })
  const [held] = await dialAndHold(1)
  for (let count = 0; count < 2; count += 1) expect(await rest(await dialTo(door.url))).toBe('')
  await until(() => refusals().reduce((sum, { refused }) => sum + refused, 0) === 2)
  held?.destroy()
})

test('a refused peer that reads nothing and stays is cut', async () => {
  await door.reopen({ addressConnectionsMax: 1 })
  const [held] = await dialAndHold(1)
  const over = await dialTo(door.url)
  over.allowHalfOpen = true
  over.resume()
  await once(over, 'end')
  const cut = rest(over)
  // Until the server has let go, what is written comes to it; then it is refused.
  const writing = setInterval(() => over.write('x'), 100)
  await cut
  clearInterval(writing)
  held?.destroy()
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::1', '0:0:0:0::/64'],
  ['2001:db8:0:7::1', '2001:db8:0:7::/64'],
  ['2001:db8:0:7:aaaa:bbbb:cccc:dddd', '2001:db8:0:7::/64'],
  ['2001:0DB8::7:0:0:0:1', '2001:db8:0:7::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  [undefined, 'unknown'],
])('%s shares as %s', (address, expected) => {
  expect(sharerOf(address)).toBe(expected)
})
