// Free TCP ports on this machine, below the range from which the system takes ports for outgoing connections.

import { connect, createServer } from 'node:net'
import { failure } from '../error/failure.ts'

// Linux hands out 32768 and up to outgoing connections: a listener up there loses its port now and then to one of those.
const lowest = 20_000
const highest = 32_000

const given = new Set<number>()

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

async function isFree(port: number): Promise<boolean> {
  // A listener on every address does not hinder a narrower one on some systems, so ask as a client too.
  return !given.has(port) && !(await answers(port)) && (await canListen(port))
}

/**
 * A port on which nothing listens: the preferred one when it is free, else one between 20000 and 32000.
 * The same port is not given twice by one process. Throws PORT_NONE_FREE.
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) {
    given.add(preferred)
    return preferred
  }
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest))
    if (await isFree(port)) {
      given.add(port)
      return port
    }
  }
  throw failure('PORT_NONE_FREE', { from: lowest, to: highest })
}
