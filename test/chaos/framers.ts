// Cuts the bytes of a connection into the messages of its protocol and says what they are about: the TRM Link exchange of the bank
// (docker/mainframe/README.md has the layout) and HTTP with SOAP inside. Written from the protocols, not from src/.

import { packedOf, textOf } from '../mainframe/host.ts'
import type { Point } from './schedule.ts'

/** One call on a connection, as far as it is known by now. */
export interface Exchange {
  /** The program, or the SOAP operation. */
  target: string
  reference?: string
  /** Of a reversal: the reference that it undoes. */
  original?: string
  /** What tells the order: the amount, or the number in an address. */
  amount?: string
  direction?: 'D' | 'C'
}

export interface Message {
  readonly bytes: Buffer
  readonly exchange: Exchange
  readonly before: Point
  readonly mid?: Point
  readonly after?: Point
  /** The call is whole now and may take effect. */
  readonly isRequest: boolean
  /** The call is answered. */
  readonly isReply: boolean
}

export interface Framer {
  /** Takes bytes of the client and gives the messages that are whole. */
  up(bytes: Buffer): Message[]
  down(bytes: Buffer): Message[]
  /** Gives up what waits for the rest of its message, for it will not come. */
  restUp(): Buffer
  restDown(): Buffer
}

const trmLength = 40

/** The exchange of the standard listener: TRM, its reply, COMMAREA, COMMAREA; then perhaps the next. */
export function trmFramer(): Framer {
  let fromClient: Buffer = Buffer.alloc(0)
  let fromServer: Buffer = Buffer.alloc(0)
  let exchange: Exchange = { target: '' }
  let length = 0
  let client: 'trm' | 'commarea' = 'trm'
  let server: 'trm-reply' | 'commarea' = 'trm-reply'

  function nextUp(): Message | undefined {
    const wanted = client === 'trm' ? trmLength : length
    if (fromClient.length < wanted) return undefined
    const bytes = fromClient.subarray(0, wanted)
    fromClient = fromClient.subarray(wanted)
    if (client === 'trm') {
      client = 'commarea'
      server = 'trm-reply'
      length = bytes.readUInt16BE(29)
      exchange = { target: textOf(bytes.subarray(21, 29)).trim() }
      return { bytes, exchange, before: 'before-trm', isRequest: false, isReply: false }
    }
    client = 'trm'
    Object.assign(exchange, commareaFacts(exchange.target, bytes))
    return {
      bytes,
      exchange,
      before: 'before-commarea',
      mid: 'mid-commarea',
      after: 'after-commarea',
      isRequest: true,
      isReply: false,
    }
  }

  function nextDown(): Message | undefined {
    const wanted = server === 'trm-reply' ? trmReplyLength(fromServer) : length
    if (wanted === undefined || wanted === 0 || fromServer.length < wanted) return undefined
    const bytes = fromServer.subarray(0, wanted)
    fromServer = fromServer.subarray(wanted)
    if (server === 'trm-reply') {
      server = 'commarea'
      return { bytes, exchange, before: 'after-trm-reply', isRequest: false, isReply: false }
    }
    // What comes beyond the reply belongs to no message.
    const all = Buffer.concat([bytes, fromServer])
    fromServer = Buffer.alloc(0)
    return { bytes: all, exchange, before: 'before-reply', mid: 'mid-reply', isRequest: false, isReply: true }
  }

  return {
    up(bytes) {
      fromClient = Buffer.concat([fromClient, bytes])
      return all(nextUp)
    },
    down(bytes) {
      fromServer = Buffer.concat([fromServer, bytes])
      return all(nextDown)
    },
    restUp: () => take(fromClient, () => (fromClient = Buffer.alloc(0))),
    restDown: () => take(fromServer, () => (fromServer = Buffer.alloc(0))),
  }
}

function all(next: () => Message | undefined): Message[] {
  const messages: Message[] = []
  for (let one = next(); one; one = next()) messages.push(one)
  return messages
}

function take(bytes: Buffer, empty: () => void): Buffer {
  empty()
  return bytes
}

/** The length of a TRM reply does not count itself. */
function trmReplyLength(bytes: Buffer): number | undefined {
  return bytes.length < 4 ? undefined : 4 + Math.min(bytes.readUInt32BE(0), 1000)
}

function commareaFacts(program: string, bytes: Buffer): Partial<Exchange> {
  const reference = textOf(bytes.subarray(0, 16)).trim()
  if (program === 'REVENT' && bytes.length >= 32) return { reference, original: textOf(bytes.subarray(16, 32)).trim() }
  if (program === 'FNDENT') return { reference }
  if (program !== 'POSTENT' || bytes.length < 34) return {}
  const direction = textOf(bytes.subarray(26, 27)) === 'D' ? 'D' : 'C'
  return { reference, direction, amount: amountIn(bytes.subarray(27, 34)) }
}

/** A duplicated message shifts the fields: what is no number then is told as none. */
function amountIn(bytes: Buffer): string {
  return /^\d+[cdf]$/.test(bytes.toString('hex')) ? packedOf(bytes, 2) : ''
}

/** HTTP/1.1 with a SOAP envelope as body, requests one after the other. */
export function soapFramer(): Framer {
  let fromClient: Buffer = Buffer.alloc(0)
  let fromServer: Buffer = Buffer.alloc(0)
  let exchange: Exchange = { target: '' }

  function nextUp(): Message | undefined {
    const wanted = httpLength(fromClient)
    if (wanted === undefined || fromClient.length < wanted) return undefined
    const bytes = fromClient.subarray(0, wanted)
    fromClient = fromClient.subarray(wanted)
    exchange = soapFacts(bytes.toString())
    return {
      bytes,
      exchange,
      before: 'before-request',
      mid: 'mid-request',
      after: 'after-request',
      isRequest: true,
      isReply: false,
    }
  }

  function nextDown(): Message | undefined {
    const wanted = httpLength(fromServer)
    if (wanted === undefined || fromServer.length < wanted) return undefined
    const bytes = fromServer.subarray(0, wanted)
    fromServer = fromServer.subarray(wanted)
    return { bytes, exchange, before: 'before-reply', mid: 'mid-reply', isRequest: false, isReply: true }
  }

  return {
    up(bytes) {
      fromClient = Buffer.concat([fromClient, bytes])
      return all(nextUp)
    },
    down(bytes) {
      fromServer = Buffer.concat([fromServer, bytes])
      return all(nextDown)
    },
    restUp: () => take(fromClient, () => (fromClient = Buffer.alloc(0))),
    restDown: () => take(fromServer, () => (fromServer = Buffer.alloc(0))),
  }
}

/** The length of head and body where the head is whole and says it. */
function httpLength(bytes: Buffer): number | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const declared = /\r\ncontent-length: *(\d+)/i.exec(bytes.subarray(0, end).toString('latin1'))
  return declared ? end + 4 + Number(declared[1]) : undefined
}

function soapFacts(text: string): Exchange {
  const member = (name: string) => new RegExp(`<(?:\\w+:)?${name}>([^<]*)<`).exec(text)?.[1]
  const target = /<(?:\w+:)?Body>\s*<(?:\w+:)?(\w+)/.exec(text)?.[1] ?? ''
  const reference = member('requestReference')
  const amount = member('raiseBy') ?? /^Order (\S+)$/.exec(member('line') ?? '')?.[1]
  return { target, ...(reference !== undefined && { reference }), ...(amount !== undefined && { amount }) }
}
