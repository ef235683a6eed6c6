// A TCP door in front of a server, which a test can shut and open again: the server is then out of reach, and back.

import { connect, createServer, type Socket } from 'node:net'

export interface DoorTo {
  /** host:port that stands for the server. */
  readonly address: string
  shut(): Promise<void>
  open(): Promise<void>
}

export async function doorTo(server: string): Promise<DoorTo> {
  const [host = '', port = ''] = server.split(':')
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }
  const listener = createServer((near) => {
    const far = connect({ host, port: Number(port) })
    for (const socket of [near, far]) keep(socket)
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  const listen = (at: number) =>
    new Promise<number>((resolve) => {
      listener.listen(at, '127.0.0.1', () => {
        const bound = listener.address()
        resolve(typeof bound === 'object' && bound ? bound.port : at)
      })
    })
  const own = await listen(0)
  return {
    address: `127.0.0.1:${own}`,
    async shut() {
      const closed = new Promise((resolve) => listener.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
    async open() {
      if (!listener.listening) await listen(own)
    },
  }
}
