// A TCP peer that does exactly what a test says, byte by byte: a core system at its best and at its worst.

import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'

export class Line {
  readonly socket: Socket
  /** How many connections the peer had taken before this one. */
  readonly index: number
  #pending = Buffer.alloc(0)

  constructor(socket: Socket, index: number) {
    this.socket = socket
    this.index = index
    socket.on('error', () => undefined)
    socket.pause()
  }

  /** The next `count` bytes; fewer when the other side ended first. */
  async read(count: number): Promise<Buffer> {
    while (this.#pending.length < count) {
      const chunk: Buffer | null = this.socket.read()
      if (chunk) this.#pending = Buffer.concat([this.#pending, chunk])
      else if (this.socket.readableEnded || this.socket.destroyed) break
      else await this.#stir()
    }
    const taken = this.#pending.subarray(0, count)
    this.#pending = this.#pending.subarray(count)
    return taken
  }

  #stir(): Promise<void> {
    return new Promise((resolve) => {
      const stirred = () => {
        this.socket.off('readable', stirred).off('end', stirred).off('close', stirred)
        resolve()
      }
      this.socket.on('readable', stirred).on('end', stirred).on('close', stirred)
    })
  }

  write(bytes: Uint8Array | string): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes.replaceAll(/\s/g, ''), 'hex') : bytes)
  }

  end(): void {
    this.socket.end()
  }

  reset(): void {
    // A socket that is just sending its FIN cannot be reset: Node 20 would keep its handle for ever.
    if (this.socket.writableEnded && !this.socket.writableFinished)
      this.socket.once('finish', () => this.socket.resetAndDestroy())
    else this.socket.resetAndDestroy()
  }

  /** Until the other side has gone. */
  async gone(): Promise<void> {
    this.socket.resume()
    if (!this.socket.destroyed) await once(this.socket, 'close')
  }
}

export type Script = (line: Line) => Promise<unknown> | unknown

/** One step after the other. */
export const script =
  (...steps: readonly Script[]): Script =>
  async (line) => {
    for (const step of steps) await step(line)
  }
export const read =
  (count: number): Script =>
  (line) =>
    line.read(count)
export const write =
  (bytes: Uint8Array | string): Script =>
  (line) =>
    line.write(bytes)
export const end: Script = (line) => line.end()
export const reset: Script = (line) => line.reset()
export const silence: Script = (line) => line.gone()

/** One byte at a time. */
export const drip =
  (bytes: Uint8Array, everyMs: number): Script =>
  async (line) => {
    for (const byte of bytes) {
      if (line.socket.destroyed) return
      line.write(Uint8Array.of(byte))
      await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
  }

export interface Peer {
  readonly port: number
  readonly host: string
  /** Connections taken so far. */
  readonly taken: number
  close(): Promise<void>
}

/** Listens on 127.0.0.1, on a free port below 32768 unless one is given, and plays the script on each connection. */
export async function scriptedPeer(play: Script, tls?: TlsOptions, port?: number): Promise<Peer> {
  const sockets = new Set<Socket>()
  let taken = 0
  const take = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    const line = new Line(socket, taken++)
    Promise.resolve(play(line)).catch(() => socket.destroy())
  }
  const server: Server = tls ? createTlsServer(tls, take) : createServer(take)
  server.on('tlsClientError', () => undefined)
  await listen(server, port)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    host: '127.0.0.1',
    port: address.port,
    get taken() {
      return taken
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
}

/** Ports from 32768 up are those of outgoing connections: one that was free a moment ago may be taken by them. */
async function listen(server: Server, port?: number): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) {
    server.listen(port ?? 20_000 + Math.floor(Math.random() * 12_000), '127.0.0.1')
    const taken = await new Promise<boolean>((resolve) => {
      server.once('listening', () => resolve(false)).once('error', () => resolve(true))
    })
    server.removeAllListeners('listening').removeAllListeners('error')
    if (!taken) return
  }
  throw new Error('no free port')
}

/** A port on which nobody listens. */
export async function deadPort(): Promise<number> {
  const peer = await scriptedPeer(() => undefined)
  await peer.close()
  return peer.port
}
