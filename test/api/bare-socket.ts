// Bare sockets for tests of the door: what is written goes out as it stands, and all that comes back is seen.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A connection to the door at a base URL. */
export async function dialTo(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** All that comes until the door ends the connection. */
export async function rest(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
  return text
}

/** The body of the first answer, as JSON. */
export function bodyOf(answer: string) {
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))
}

/** Resolves when a condition holds; bounded by the time limit of the test. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2))
}
