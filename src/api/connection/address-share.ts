// How many connections one remote address may hold, so that a single caller cannot take them all. A connection over the share is told so,
// as a problem, and closed; the log has one line for many.

import type { Server } from 'node:http'
import { isIPv6, type Socket } from 'node:net'
import type { Logger } from 'pino'
import { failure } from '../../error/failure.ts'

export interface AddressShare {
  /** Connections that one remote address may hold at once. */
  readonly connectionsMax: number
  /** The whole answer to a connection over that; undefined where it is closed without a word. */
  readonly answer: (() => string) | undefined
  readonly log: Logger
}

/** Refusals within so many ms are one line of the log. */
const logEveryMs = 1000
/** How long a refused peer may take to read its answer and close. */
const lingerMs = 1000

/**
 * Counts the connections of a server by their remote address, before anything is read from them, and refuses those over the share. Logs
 * these, and those that the server drops because it has its most of all addresses, as `refused` since the last line. To be called once,
 * before the server listens.
 */
export function shareConnections(server: Server, { connectionsMax, answer, log }: AddressShare): void {
  const held = new Map<string, number>()
  const leaving = new Map<string, number>()
  const { count, flush } = refusalLog(log)
  const serving = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    const address = sharerOf(socket.remoteAddress)
    if ((held.get(address) ?? 0) < connectionsMax) {
      hold(held, address, socket)
      for (const listener of serving) listener.call(server, socket)
      return
    }
    count(address)
    // Those who are being told are as few as those who are served: an answer costs a socket, too.
    if (answer && (leaving.get(address) ?? 0) < connectionsMax) {
      hold(leaving, address, socket)
      tell(socket, answer())
    } else socket.destroy()
  })
  server.on('drop', (dropped) => count(sharerOf(dropped?.remoteAddress)))
  server.once('close', flush)
}

function hold(counts: Map<string, number>, address: string, socket: Socket): void {
  counts.set(address, (counts.get(address) ?? 0) + 1)
  socket.once('close', () => {
    const left = (counts.get(address) ?? 1) - 1
    if (left > 0) counts.set(address, left)
    else counts.delete(address)
  })
}

/** What the peer sends meanwhile is read and thrown away: closing over unread bytes would reset the connection and lose the answer. */
function tell(socket: Socket, answer: string): void {
  const cut = setTimeout(() => socket.destroy(), lingerMs).unref()
  socket.once('close', () => clearTimeout(cut))
  socket.on('error', () => socket.destroy())
  socket.resume()
  socket.end(answer)
}

/** Counts refusals, and writes a line about them a while after the first. The line names the address that was refused most. */
function refusalLog(log: Logger): { count(address: string): void; flush(): void } {
  let since = new Map<string, number>()
  let due: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(due)
    if (since.size === 0) return
    const counts = [...since].sort(([, a], [, b]) => b - a)
    since = new Map()
    const refused = counts.reduce((sum, [, one]) => sum + one, 0)
    const { code } = failure('CONNECTIONS_TOO_MANY', {})
    log.warn({ code, refused, addresses: counts.length, most: counts[0]?.[0] }, 'connections refused')
  }
  const count = (address: string) => {
    if (since.size === 0) due = setTimeout(flush, logEveryMs).unref()
    since.set(address, (since.get(address) ?? 0) + 1)
  }
  return { count, flush }
}

/**
 * Who shares: an IPv4 address, also where it comes as `::ffff:192.0.2.1`; of IPv6 the first 64 bits, since one subscriber has all addresses
 * behind them (RFC 6177).
 */
export function sharerOf(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(address)) return address
  const [front = '', back] = address.replace(/%.*$/, '').split('::')
  const groups = front === '' ? [] : front.split(':')
  const behind = back === undefined || back === '' ? [] : back.split(':')
  const zeros = back === undefined ? 0 : 8 - groups.length - behind.length
  const all = [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...behind]
  const first = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${first.join(':')}::/64`
}
