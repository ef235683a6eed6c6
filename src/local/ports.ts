// Free TCP ports on this machine, below the range from which the system takes ports for outgoing connections.

import { createSocket, type Socket } from 'node:dgram'
import { connect, createServer } from 'node:net'
import { failure } from '../error/failure.ts'

// Linux hands out 32768 and up to outgoing connections: a listener up there loses its port now and then to one of those.
const lowest = 20_000
const highest = 32_000

/** Whether something answers on a local port. */
export function answers(port: number, host = '127.0.0.1', timeoutMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host })
    const settle = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(timeoutMs, () => settle(false))
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/**
 * A port is given long before its program listens on it, and another process may look for one meanwhile. So whoever is given it keeps the UDP
 * port of the same number, which no part of ours uses: one process gets that, once, and the system takes it back when the process ends.
 */
function claimOf(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const claim = createSocket('udp4').unref()
    claim.once('error', () => {
      claim.close()
      resolve(undefined)
    })
    claim.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(claim))
  })
}

async function take(port: number): Promise<boolean> {
  const claim = await claimOf(port)
  if (claim === undefined) return false
  // A listener on every address does not hinder a narrower one on some systems, so ask as a client too.
  const isFree = !(await answers(port)) && (await canListen(port))
  if (!isFree) claim.close()
  return isFree
}

/**
 * A port on which nothing listens: the preferred one when it is free, else one between 20000 and 32000.
 * The same port is not given twice, to this process or to another that asks here, for as long as this process lives. Throws PORT_NONE_FREE.
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await take(preferred))) return preferred
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest))
    if (await take(port)) return port
  }
  throw failure('PORT_NONE_FREE', { from: lowest, to: highest })
}
