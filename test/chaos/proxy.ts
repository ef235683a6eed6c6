// A TCP proxy between the product and a core that knows the protocol, and disturbs it at each of its points: holds, cuts, resets,
// duplicates. It keeps to what a network does: bytes that it holds still arrive after the client's FIN, and are lost when the client resets.

import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Exchange, Framer, Message } from './framers.ts'
import type { LinkFault, Point } from './schedule.ts'

/** What happens at one point of one exchange: a fault, or the end of a wait that somebody else decides on. */
export type Disturbance = Pick<LinkFault, 'does' | 'ms'> | { readonly does: 'wait'; readonly until: Promise<unknown> }

export interface ProxyOptions {
  /** The port that the core listens on now; it may move when the core is started again. */
  readonly target: () => number
  readonly framer: () => Framer
  /** Asked at each point of each exchange. */
  readonly disturb: (point: Point, exchange: Exchange) => Disturbance | undefined
  /** Before a whole request goes on to the core; it waits for this. */
  readonly request?: (exchange: Exchange) => Promise<void>
  readonly replied?: (exchange: Exchange) => void
}

export interface LinkProxy {
  readonly port: number
  close(): Promise<void>
}

/** What a core sends without end of message is passed on after this time. */
const quietMs = 30

/** Listens on a free port of loopback, or the given one. */
export async function startProxy(options: ProxyOptions, port = 0): Promise<LinkProxy> {
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const core = connect({ port: options.target(), host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    for (const socket of [client, core]) {
      open.add(socket)
      socket.on('close', () => open.delete(socket))
    }
    relay(client, core, options)
  })
  await listening(server, port)
  return { port: portOf(server), close: () => closed(server, open) }
}

export async function listening(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
}

export function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

export function closed(server: Server, open: Iterable<Socket>): Promise<void> {
  for (const socket of open) socket.destroy()
  return new Promise((resolve) => server.close(() => resolve()))
}

/** One connection: two lanes of work, each in order, so that what is held holds what comes behind it. */
function relay(client: Socket, core: Socket, options: ProxyOptions): void {
  const framer = options.framer()
  const pair: Pair = {
    client,
    core,
    options,
    isReset: false,
    isBeyond: false,
    clientEnded: false,
    over: new AbortController(),
  }
  const up = lane()
  const down = lane()
  let quiet: NodeJS.Timeout | undefined
  const flushDown = () => down(async () => write(client, framer.restDown()))

  client.on('data', (bytes) => {
    for (const message of framer.up(bytes)) up(() => pass(pair, core, message))
  })
  client.on('end', () => {
    pair.clientEnded = true
    // What is held goes first: a FIN travels behind the bytes.
    up(async () => write(core, framer.restUp()))
    up(async () => void core.end())
  })
  client.on('error', () => {
    // After its FIN an error is only our own writing into a closed connection.
    if (pair.clientEnded) return
    pair.isReset = true
    pair.over.abort()
    up(async () => {
      // Bytes that the network kept beyond the reset are read before it is felt.
      if (pair.isBeyond) await sleep(200)
      core.resetAndDestroy()
    })
  })
  core.on('data', (bytes) => {
    clearTimeout(quiet)
    for (const message of framer.down(bytes)) down(() => pass(pair, client, message))
    quiet = setTimeout(flushDown, quietMs)
  })
  core.on('end', () => {
    clearTimeout(quiet)
    flushDown()
    down(async () => void client.end())
  })
  core.on('error', () => {
    clearTimeout(quiet)
    client.resetAndDestroy()
  })
  client.on('close', () => up(async () => void core.end()))
}

interface Pair {
  readonly client: Socket
  readonly core: Socket
  readonly options: ProxyOptions
  isReset: boolean
  /** Its bytes go on even after a reset. */
  isBeyond: boolean
  clientEnded: boolean
  /** Aborted when the client has reset. */
  readonly over: AbortController
}

function lane(): (work: () => Promise<void>) => void {
  let last = Promise.resolve()
  return (work) => {
    last = last.then(work)
  }
}

async function pass(pair: Pair, to: Socket, message: Message): Promise<void> {
  const { options } = pair
  const { bytes, exchange, before, mid, after } = message
  const times = await meet(pair, before, exchange)
  if (times === 0) return
  if (message.isRequest) await options.request?.(exchange)
  if (message.isReply) options.replied?.(exchange)
  const half = Math.floor(bytes.length / 2)
  const disturbance = mid === undefined ? undefined : options.disturb(mid, exchange)
  if (disturbance) {
    write(to, bytes.subarray(0, half))
    const again = await suffer(pair, disturbance)
    if (again === 0) return
    write(to, bytes.subarray(half))
    if (again === 2) write(to, bytes.subarray(half))
  } else {
    write(to, bytes)
  }
  if (times === 2) write(to, bytes)
  if (after !== undefined && (await meet(pair, after, exchange)) === 2) write(to, bytes)
}

/** How often the bytes go on: 0 when the connection is over. */
type Times = 0 | 1 | 2

async function meet(pair: Pair, point: Point, exchange: Exchange): Promise<Times> {
  if (pair.isReset) return 0
  const disturbance = pair.options.disturb(point, exchange)
  return disturbance ? await suffer(pair, disturbance) : 1
}

async function suffer(pair: Pair, disturbance: Disturbance): Promise<Times> {
  const { client, core, over } = pair
  switch (disturbance.does) {
    case 'hold':
      await sleep(disturbance.ms, undefined, { signal: over.signal }).catch(() => undefined)
      return pair.isReset ? 0 : 1
    case 'wait':
      await disturbance.until
      return pair.isReset ? 0 : 1
    case 'hold-beyond':
      pair.isBeyond = true
      await sleep(disturbance.ms)
      return 1
    case 'duplicate':
      return 2
    case 'cut':
      client.end()
      core.end()
      return 0
    case 'reset':
      client.resetAndDestroy()
      core.resetAndDestroy()
      return 0
    case 'lose':
      client.resetAndDestroy()
      core.end()
      return 0
  }
}

function write(to: Socket, bytes: Buffer): void {
  if (bytes.length > 0 && to.writable) to.write(bytes)
}
