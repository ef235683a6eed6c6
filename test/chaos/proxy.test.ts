// The proxy on the wire: it reads the exchange, meets it at its points, and keeps to what a network does with bytes that it holds.

import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from '@jest/globals'
import { fndent, postent } from '../mainframe/deposits.ts'
import { callOnce, trm } from '../mainframe/trm-client.ts'
import { type Exchange, soapFramer, trmFramer } from './framers.ts'
import { startGate } from './gate.ts'
import { type Disturbance, portOf, startProxy } from './proxy.ts'
import type { Point } from './schedule.ts'

const goOn = Buffer.from('000000050000000107', 'hex')
const order = postent({ reference: 'REFERENCE0000001', account: '2000000001', direction: 'D', amount: '12.34' })

const closings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closings.splice(0)) await close()
})

/** A listener that answers each TRM and gives each COMMAREA back, and remembers what came whole. */
async function listener() {
  const taken: Buffer[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let held: Buffer = Buffer.alloc(0)
    let length = 0
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => {
      held = Buffer.concat([held, bytes])
      for (;;) {
        const wanted = length === 0 ? 40 : length
        if (held.length < wanted) return
        const message = held.subarray(0, wanted)
        held = held.subarray(wanted)
        if (length === 0) {
          length = message.readUInt16BE(29)
          socket.write(goOn)
        } else {
          length = 0
          taken.push(message)
          socket.write(message)
        }
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closings.push(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: portOf(server), taken }
}

async function between(disturb: (point: Point, exchange: Exchange) => Disturbance | undefined) {
  const core = await listener()
  const proxy = await startProxy({ target: () => core.port, framer: trmFramer, disturb })
  closings.push(() => proxy.close())
  return { ...core, port: proxy.port }
}

const onceAt = (at: Point, disturbance: Disturbance) => {
  let left = 1
  return (point: Point) => (point === at && left-- > 0 ? disturbance : undefined)
}

describe('the proxy', () => {
  test('passes an exchange on, and knows whose it is', async () => {
    const seen: string[] = []
    const { port, taken } = await between((point, { target, reference, amount, direction }) => {
      seen.push([point, target, reference, amount, direction].join(' '))
      return undefined
    })
    expect(await callOnce(port, 'POSTENT', order)).toEqual({ kind: 'commarea', bytes: order })
    expect(taken).toEqual([order])
    const known = 'POSTENT REFERENCE0000001 12.34 D'
    expect(seen).toEqual([
      'before-trm POSTENT   ',
      'after-trm-reply POSTENT   ',
      ...['before-commarea', 'mid-commarea', 'after-commarea', 'before-reply', 'mid-reply'].map(
        (point) => `${point} ${known}`,
      ),
    ])
  })

  test.each([
    ['before-trm', 0],
    ['after-trm-reply', 0],
    ['before-commarea', 0],
    ['mid-commarea', 0],
    ['before-reply', 1],
    ['mid-reply', 1],
  ] as const)('cuts %s: the core has %d requests, and the client no answer', async (point, requests) => {
    const { port, taken } = await between(onceAt(point, { does: 'cut' }))
    expect((await callOnce(port, 'POSTENT', order)).kind).toBe('closed')
    expect(taken).toHaveLength(requests)
  })

  test.each([
    ['before-commarea', 'hold', 'end', 1],
    ['mid-commarea', 'hold', 'end', 1],
    ['before-commarea', 'hold', 'resetAndDestroy', 0],
    ['mid-commarea', 'hold', 'resetAndDestroy', 0],
    ['before-commarea', 'hold-beyond', 'resetAndDestroy', 1],
  ] as const)('%s, %s: after the client’s %s the core has %d requests', async (point, does, how, requests) => {
    const { port, taken } = await between(onceAt(point, { does, ms: 400 }))
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(trm('POSTENT', order.length))
    await once(socket, 'data')
    socket.write(order)
    await sleep(100)
    socket[how]()
    await sleep(700)
    expect(taken).toHaveLength(requests)
  })

  test('sends a reply twice, and what no message holds at once', async () => {
    const { port } = await between(onceAt('before-reply', { does: 'duplicate' }))
    const socket = connect(port, '127.0.0.1')
    socket.write(trm('FNDENT', 51))
    await once(socket, 'data')
    socket.write(fndent('REFERENCE0000001'))
    const pieces: Buffer[] = []
    socket.on('data', (piece) => pieces.push(piece))
    await sleep(200)
    socket.destroy()
    expect(Buffer.concat(pieces)).toHaveLength(102)
  })
})

test('a SOAP request is one message with its operation, reference and amount', () => {
  const body =
    '<s:Envelope><s:Body><RaiseCreditLimit><requestReference>R1</requestReference><raiseBy>5.25</raiseBy></RaiseCreditLimit></s:Body></s:Envelope>'
  const request = Buffer.from(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  const framer = soapFramer()
  expect(framer.up(request.subarray(0, 50))).toEqual([])
  expect(framer.up(request.subarray(50))).toEqual([
    expect.objectContaining({
      bytes: request,
      isRequest: true,
      exchange: { target: 'RaiseCreditLimit', reference: 'R1', amount: '5.25' },
    }),
  ])
})

test('a gate passes bytes, stands still, refuses, and opens again on its port', async () => {
  const server = createServer((socket) => socket.pipe(socket).on('error', () => socket.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const gate = await startGate(() => portOf(server))
  closings.push(
    () => gate.close(),
    async () => server.close(),
  )
  const socket = connect(gate.port, '127.0.0.1')
  const pieces: string[] = []
  socket.on('data', (bytes) => pieces.push(String(bytes))).on('error', () => undefined)
  socket.write('one')
  await sleep(100)
  gate.stall()
  socket.write('two')
  await sleep(100)
  expect(pieces.join('')).toBe('one')
  gate.flow()
  await sleep(100)
  expect(pieces.join('')).toBe('onetwo')
  await gate.shut()
  const refused = connect(gate.port, '127.0.0.1')
  expect((await once(refused, 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED' })
  await gate.open()
  const again = connect(gate.port, '127.0.0.1')
  await once(again, 'connect')
  again.destroy()
})
