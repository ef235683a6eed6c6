// A gate before a server whose protocol does not matter here (Temporal, RabbitMQ, PostgreSQL): it passes bytes on, and can be shut as
// a closed port is, or stand still as a network does.

import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Kept } from './kept.ts'
import { closed, listening, portOf } from './proxy.ts'

export interface Gate {
  readonly port: number
  /** Cuts every connection and refuses new ones. */
  shut(): Promise<void>
  open(): Promise<void>
  /** Passes nothing on, while connections stay. */
  stall(): void
  flow(): void
  close(): Promise<void>
}

/** A gate on a free port before the port that `target` gives at the time of each connection. */
export async function startGate(target: () => number): Promise<Gate> {
  /** Each socket and the one that its bytes go to. */
  const lines = new Map<Socket, Socket>()
  let still = false
  let server: Server | undefined = await listen(0)
  const port = portOf(server)

  async function listen(on: number): Promise<Server> {
    const made = createServer({ noDelay: true }, (client) => {
      const inner = connect({ port: target(), host: '127.0.0.1', noDelay: true })
      join(client, inner)
      join(inner, client)
    })
    await listening(made, on)
    return made
  }

  function join(from: Socket, to: Socket): void {
    lines.set(from, to)
    if (!still) from.pipe(to)
    from.on('error', () => to.destroy())
    from.on('close', () => {
      lines.delete(from)
      to.destroy()
    })
  }

  return {
    port,
    async shut() {
      const now = server
      server = undefined
      if (now) await closed(now, lines.keys())
    },
    async open() {
      server ??= await listen(port)
    },
    stall() {
      still = true
      for (const [from, to] of lines) from.unpipe(to).pause()
    },
    flow() {
      still = false
      for (const [from, to] of lines) from.pipe(to)
    },
    async close() {
      if (server) await closed(server, lines.keys())
    },
  }
}

/** A server behind a gate; its port may change with each start. */
export async function startServer(start: (moved: (port: number) => void) => Promise<Kept>) {
  let port = 0
  const kept = await start((now) => {
    port = now
  })
  const gate = await startGate(() => port)
  return { kept, gate, port: () => port }
}
