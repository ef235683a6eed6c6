// A raw client of the listener: TRM, TRM reply, COMMAREA, COMMAREA. Written from docker/mainframe/README.md, not from src/.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { hostText, textOf } from './host.ts'

/** How a call ended: the COMMAREA, a code instead of it, or the connection's end with what had come by then. */
export type Answer =
  | { readonly kind: 'commarea'; readonly bytes: Buffer }
  | { readonly kind: 'code'; readonly stage: 'handshake' | 'call'; readonly code: number; readonly data: string }
  | { readonly kind: 'closed'; readonly stage: 'connect' | 'handshake' | 'call'; readonly bytes: Buffer }

export interface TrmOptions {
  readonly tranid?: string
  readonly flag2?: number
  /** COMMAREA-LEN where it shall not be the COMMAREA's. */
  readonly length?: number
  /** The 35 bytes after the comma, given whole. */
  readonly clientInData?: Buffer
}

export function trm(program: string, commareaLength: number, options: TrmOptions = {}): Buffer {
  const data = Buffer.alloc(35)
  hostText('', 16).copy(data)
  hostText(program, 8).copy(data, 16)
  data.writeUInt16BE(options.length ?? commareaLength, 24)
  data[32] = options.flag2 ?? 1
  return Buffer.concat([hostText(options.tranid ?? 'MSCS', 4), Buffer.of(0x6b), options.clientInData ?? data])
}

/** One connection that serves one call after another. */
export class Connection {
  readonly socket: Socket
  private received: Buffer = Buffer.alloc(0)
  private ended = false
  private wake: () => void = () => undefined

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (bytes) => {
      this.received = Buffer.concat([this.received, bytes])
      this.wake()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.ended = true
      this.wake()
    })
  }

  static async open(port: number): Promise<Connection | undefined> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const connection = new Connection(socket)
    return once(socket, 'connect').then(
      () => connection,
      () => undefined,
    )
  }

  /** The next `length` bytes; fewer when the connection ends first. */
  async read(length: number): Promise<Buffer> {
    while (this.received.length < length && !this.ended) {
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
    const bytes = this.received.subarray(0, length)
    this.received = this.received.subarray(length)
    return bytes
  }

  /** What else has come until the connection's end. */
  async rest(): Promise<Buffer> {
    return this.read(Number.MAX_SAFE_INTEGER)
  }

  async call(program: string, commarea: Uint8Array, options: TrmOptions = {}): Promise<Answer> {
    this.socket.write(trm(program, commarea.length, options))
    const handshake = await this.readCode('handshake')
    if (handshake.kind !== 'code' || handshake.code !== 7) return handshake
    this.socket.write(commarea)
    const bytes = await this.read(commarea.length)
    if (bytes.length === commarea.length) return { kind: 'commarea', bytes }
    this.received = bytes
    return this.readCode('call')
  }

  private async readCode(stage: 'handshake' | 'call'): Promise<Answer> {
    const head = await this.read(9)
    const [total, length] = head.length === 9 ? [head.readUInt32BE(0), head.readUInt32BE(4)] : [0, 0]
    if (total !== length + 4 || length > 100) return { kind: 'closed', stage, bytes: Buffer.from(head) }
    return { kind: 'code', stage, code: head[8] ?? 0, data: textOf(await this.read(length - 1)) }
  }

  close(): void {
    this.socket.destroy()
  }
}

/** One call on a connection of its own. */
export async function callOnce(
  port: number,
  program: string,
  commarea: Uint8Array,
  options?: TrmOptions,
): Promise<Answer> {
  const connection = await Connection.open(port)
  if (!connection) return { kind: 'closed', stage: 'connect', bytes: Buffer.alloc(0) }
  try {
    return await connection.call(program, commarea, options)
  } finally {
    connection.close()
  }
}
