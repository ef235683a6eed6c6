// A core that closes first: the connection is still ours to reset, at that very moment.

import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { expect, test } from '@jest/globals'
import { connector } from '../../src/backend/connection/endpoints.ts'

test('a connection that the core has finished is reset when it is given up', async () => {
  const server = createServer({ allowHalfOpen: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const endpoints = [{ host: '127.0.0.1', port }]
  const connection = await connector({ endpoints }, { name: 'core' }).connect('PROGRAM')
  const [theirs] = await accepted
  const felt = once(theirs.resume(), 'error')
  const closed = once(connection.socket.resume(), 'close')
  connection.socket.once('end', () => Promise.resolve().then(() => process.nextTick(() => connection.reset())))
  theirs.end()
  await closed
  const [error] = await felt
  expect(error).toMatchObject({ code: 'ECONNRESET' })
  server.close()
})
