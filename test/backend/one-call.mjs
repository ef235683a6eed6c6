// A process that makes one call with a deadline of a second, for tests that stop it: DIST KIND PORT.

import { createServer } from 'node:net'

const [dist, kind, port] = process.argv.slice(2)
const settings = { name: 'core', endpoints: [{ host: '127.0.0.1', port: Number(port) }] }
const { cicsSocketBackend } = await import(`${dist}/backend/cics-socket.js`)
const { soapBackend } = await import(`${dist}/backend/soap.js`)
const route = { path: '/', headers: { 'content-type': 'text/xml' }, accept: 'text/xml' }
const backend =
  kind === 'soap'
    ? soapBackend({ kind, endpoints: 'X', wsdl: 'x' }, settings)
    : cicsSocketBackend({ kind, endpoints: 'X' }, settings)
const exchange = {
  target: 'PROG',
  payload: new Uint8Array(8),
  route,
  maxReplyBytes: 8,
  deadlineMs: 1000,
  correlation: 'R',
}
const result = backend.exchange(exchange)
// For HTTP nothing can be seen from outside before the request, so this process stops itself while it connects.
if (kind === 'soap') {
  process.stdout.write('connecting\n')
  process.kill(process.pid, 'SIGSTOP')
}
const { kind: outcome, cause } = await result
process.stdout.write(`${outcome} ${cause?.code}\n`)
await backend.close()
createServer().close()
