// `HTTP/1.1 100 Continue` before a reply, which nobody asked for: some servers send it to every POST (RFC 9110, 15.2.1 lets them).
// undici, which knows no Expect, ends the connection at it, and the call would be in doubt. Here it is taken out of what undici reads.

import type { Socket } from 'node:net'

const INTERIM = Buffer.from('HTTP/1.1 100')
const END = Buffer.from('\r\n\r\n')
/** A longer one is left to undici, which refuses it. */
const HEAD_MAX = 16_384

/** Gives what to call before each reply; until then everything passes. Whoever reads must call `read()` of this very socket. */
export function withoutContinue(socket: Socket): () => void {
  const read = socket.read.bind(socket)
  let atStart = false
  let held: Buffer = Buffer.alloc(0)
  socket.read = (size?: number) => {
    const chunk: Buffer | null = read(size)
    if (!atStart || chunk === null) return chunk
    held = withoutInterim(Buffer.concat([held, chunk]))
    if (isOpen(held)) return null
    const passed = held
    atStart = false
    held = Buffer.alloc(0)
    return passed
  }
  return () => {
    atStart = true
    held = Buffer.alloc(0)
  }
}

function withoutInterim(bytes: Buffer): Buffer {
  let rest = bytes
  while (rest.subarray(0, INTERIM.length).equals(INTERIM)) {
    const end = rest.indexOf(END)
    if (end < 0) return rest
    rest = rest.subarray(end + END.length)
  }
  return rest
}

/** Whether these bytes are the beginning of an interim reply, or may become it. */
function isOpen(bytes: Buffer): boolean {
  if (bytes.length > HEAD_MAX) return false
  const known = Math.min(bytes.length, INTERIM.length)
  return bytes.subarray(0, known).equals(INTERIM.subarray(0, known))
}
