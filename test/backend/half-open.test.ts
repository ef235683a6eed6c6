// A core that closes first: the connection is still ours to reset, at that very moment.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { expect, test } from '@jest/globals'
import { connector } from '../../src/backend/connection/endpoints.ts'

const pem = (name: string) => readFileSync(new URL(`tls/${name}`, import.meta.url), 'utf8')

test.each([
  ['a connection', undefined],
  ['a connection over TLS', { ca: pem('ca.pem'), servername: 'core.test' }],
])('%s that the core has finished is reset when it is given up', async (_, tls) => {
  const own = { cert: pem('core.pem'), key: pem('core.key'), allowHalfOpen: true }
  const server = tls ? createTlsServer(own) : createServer(own)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const accepted = once(server, tls ? 'secureConnection' : 'connection') as Promise<[Socket]>
  const settings = { endpoints: [{ host: '127.0.0.1', port }], ...(tls && { tls }) }
  const connection = await connector(settings, { name: 'core' }).connect('PROGRAM')
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
