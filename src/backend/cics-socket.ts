// Calls of COBOL programs through the CICS sockets listener with the TRM Link exchange (layouts: src/frame/cics-trm.ts).
//
// What each moment proves about a call that ends there (facts: unknown outcomes, any transport and CICS sockets):
//
//   no connection, or the TRM exchange fails         not-sent   the COMMAREA has not left us
//   TRM reply 03 04 05 06 0A                         not-sent   refused before the program is linked to
//   08                                               abended
//   09 0B, or 05 06 after the COMMAREA               unknown
//   the time is over right before the COMMAREA       not-sent   the clock is read before each write, see connection/overdue.ts
//   the first byte of the COMMAREA is written        the point of no return: from here on an end, silence or nonsense is unknown
//   COMMAREA-LEN bytes                               reply
//
// A COMMAREA carries no number of its call. On a kept connection whatever arrives between two calls ends the connection;
// a child server that answers one call twice in the middle of the next is found out by what its reply echoes, where the
// adapter says what that is.
//
// A connection whose call did not end in a good reply is reset, not finished: a COMMAREA that is still on its way when the call is
// given up must not arrive, and a child server that sees a plain end links to the program with what it has got.

import { codePage } from '../codepage/code-page.ts'
import type { CicsSocketBackend } from '../contract/adapter.ts'
import type { Backend, Exchange, ExchangeResult } from '../contract/backend.ts'
import type { UnknownCause } from '../contract/outcome.ts'
import { type Failure, failure, isFailure } from '../error/failure.ts'
import {
  clientInData,
  commareaLength,
  decisiveCode,
  padCommarea,
  readTrmReply,
  TRM_REPLY_MAX,
  type TrmReply,
  trmCodes,
  trmRequest,
} from '../frame/cics-trm.ts'
import { ConnectionPool, type Lease } from './connection/connection-pool.ts'
import { connector, type EndpointSettings } from './connection/endpoints.ts'
import { type Arrival, Inbox } from './connection/inbox.ts'
import { overdue } from './connection/overdue.ts'

/** Where the listener is reached, and how its connections are kept. Times in ms. */
export interface CicsSocketSettings extends EndpointSettings {
  /** The adapter's name, for messages. */
  readonly name?: string
  /** Connections at once; without it as many as there are calls, which the gate before the core limits (limit/gate.ts). */
  readonly concurrent?: number
  /** Calls that may wait for a connection. Default 200. */
  readonly queueLength?: number
  /** How long a call may wait for one. Default 2000. */
  readonly queueMs?: number
  /** A connection unused for so long is closed. Default 10 000. */
  readonly idleMs?: number
  readonly connectMs?: number
  readonly restMs?: number
  /** The region's code page, for names and abend codes. Default cp037. */
  readonly codePage?: string
}

/** Throws CICS_NAME_INVALID for a transaction id or credentials that the listener cannot take. */
export function cicsSocketBackend(definition: CicsSocketBackend, settings: CicsSocketSettings): Backend {
  const name = settings.name ?? definition.endpoints
  const page = codePage(settings.codePage ?? 'cp037')
  const region: Region = {
    name,
    tranid: definition.tranid ?? 'MSCS',
    persistent: definition.persistent === true,
    user: settings.credentials?.user ?? '',
    password: settings.credentials?.password ?? '',
    encode: (text) => page.encode(text),
    decode: (bytes) => page.decode(bytes),
    trms: new Map(),
  }
  trmFor(region, 'PROGRAM', 1, false)
  const pool = new ConnectionPool(connector(settings, { ...settings, name }), {
    name,
    most: settings.concurrent ?? Number.POSITIVE_INFINITY,
    queueLength: settings.queueLength ?? 200,
    queueMs: settings.queueMs ?? 2000,
    idleMs: settings.idleMs ?? 10_000,
  })
  return {
    exchange: (exchange) => overPool(region, pool, exchange),
    close: () => Promise.resolve(pool.close()),
  }
}

interface Region {
  readonly name: string
  readonly tranid: string
  readonly persistent: boolean
  readonly user: string
  readonly password: string
  readonly encode: (text: string) => Uint8Array
  readonly decode: (bytes: Uint8Array) => string
  /** The TRMs sent so far: they differ by program, length and persistence only. */
  readonly trms: Map<string, Uint8Array>
}

function trmFor(region: Region, program: string, length: number, reused: boolean): Uint8Array {
  const { tranid, user, password, encode } = region
  const persistence = region.persistent ? (reused ? 'next' : 'first') : 'single'
  const key = `${program} ${length} ${persistence}`
  const known = region.trms.get(key)
  if (known) return known
  const data = clientInData({ user, password, program, commareaLength: length, persistence }, encode)
  const trm = trmRequest(tranid, data, encode)
  region.trms.set(key, trm)
  return trm
}

async function overPool(region: Region, pool: ConnectionPool, exchange: Exchange): Promise<ExchangeResult> {
  const since = performance.now()
  try {
    const length = commareaLength(Math.max(exchange.payload.length, exchange.maxReplyBytes, 1))
    const commarea = padCommarea(exchange.payload, length)
    const lease = await pool.acquire(exchange.target, exchange.signal)
    const first = await overConnection(region, lease, exchange, commarea, since)
    if (first !== 'stale') return first
    const fresh = await pool.acquire(exchange.target, exchange.signal, true)
    const second = await overConnection(region, fresh, exchange, commarea, since)
    return second === 'stale' ? notSent(refused(region, exchange, 'the connection ended at once')) : second
  } catch (cause) {
    if (isFailure(cause)) return notSent(cause)
    throw cause
  }
}

/** One call on one connection; `stale` when a kept connection turned out to have been closed meanwhile. */
async function overConnection(
  region: Region,
  lease: Lease,
  exchange: Exchange,
  commarea: Uint8Array,
  since: number,
): Promise<ExchangeResult | 'stale'> {
  const leftMs = Math.max(1, exchange.deadlineMs - (performance.now() - since))
  const inbox = new Inbox(lease.socket, commarea.length + 4 + TRM_REPLY_MAX, leftMs, exchange.signal)
  const on: Conversation = { region, lease, inbox, exchange, since, sent: false }
  let clean = false
  try {
    const result = await guarded(on, trmFor(region, exchange.target, commarea.length, lease.reused), commarea)
    clean = result !== 'stale' && result.kind === 'reply' && (exchange.accepts?.(result.bytes) ?? true)
    return result
  } finally {
    inbox.detach()
    if (!clean) lease.discard()
    else if (region.persistent) lease.keep()
    else lease.finish()
  }
}

/** Throws only for what proves that the COMMAREA has not left. */
async function guarded(on: Conversation, trm: Uint8Array, commarea: Uint8Array): Promise<ExchangeResult | 'stale'> {
  const { inbox, lease } = on
  try {
    return await converse(on, trm, commarea)
  } catch (cause) {
    // By construction nothing throws once the COMMAREA has left; if it ever did, that would be doubt, never "not sent".
    if (on.sent) return unknown('connection-lost-after-send', lostConnection(on), inbox.bytes.slice())
    const gone = inbox.last === 'ended' || inbox.last === 'reset'
    if (lease.reused && gone && inbox.bytes.length === 0) return 'stale'
    throw cause
  }
}

interface Conversation {
  readonly region: Region
  readonly lease: Lease
  readonly inbox: Inbox
  readonly exchange: Exchange
  /** When the exchange began, by `performance.now()`. */
  readonly since: number
  /** The first byte of the COMMAREA may have left us. */
  sent: boolean
}

async function converse(on: Conversation, trm: Uint8Array, commarea: Uint8Array): Promise<ExchangeResult> {
  refuseOverdue(on)
  on.lease.socket.write(trm)
  const refusal = byCode(on, await handshake(on))
  if (refusal) return refusal
  if (on.inbox.last) throw ended(on, on.inbox.last)
  refuseOverdue(on)
  on.sent = true
  const first = commarea.subarray(0, PIECE)
  if (first.length === commarea.length) on.lease.socket.write(commarea)
  else if (!(await handOver(on, commarea))) return lost(on, on.inbox.last ?? 'cancelled', commarea.length)
  on.inbox.restart(on.exchange.deadlineMs)
  return commareaReply(on, commarea.length)
}

function refuseOverdue({ region, exchange, since }: Conversation): void {
  const why = overdue(region.name, exchange, since)
  if (why) throw why
}

/**
 * What a kernel takes at once on a connection where nothing else is under way. What it does not take waits in this process, and
 * would leave after any pause without a look at the clock.
 */
const PIECE = 8192

/** A longer COMMAREA goes in pieces, each when the one before has left us and there is still time. False when there was not. */
async function handOver(
  { lease, inbox, region, exchange, since }: Conversation,
  commarea: Uint8Array,
): Promise<boolean> {
  for (let at = 0; at < commarea.length; at += PIECE) {
    if (inbox.last || (at > 0 && overdue(region.name, exchange, since))) return false
    const piece = commarea.subarray(at, at + PIECE)
    await inbox.whileOpen(new Promise((resolve) => lease.socket.write(piece, () => resolve())))
  }
  return true
}

/** The reply to the TRM. Throws for all that proves that the call goes no further. */
async function handshake(on: Conversation): Promise<TrmReply> {
  for (;;) {
    const arrival = await on.inbox.arrival()
    const reply = readTrmReply(on.inbox.bytes)
    if (reply) {
      if (on.inbox.bytes.length > reply.size) {
        throw failure('TRM_REPLY_MALFORMED', {
          offset: reply.size,
          problem: 'more follows before the COMMAREA was sent',
        })
      }
      on.inbox.take(reply.size)
      return reply
    }
    if (arrival !== 'data') throw ended(on, arrival)
  }
}

/** Why a call ended before its COMMAREA was sent. */
function ended(on: Conversation, arrival: Arrival): Failure {
  const { name: adapter } = on.region
  const { target, deadlineMs } = on.exchange
  if (arrival === 'late') return failure('CORE_NOT_READY', { adapter, target, waitedMs: deadlineMs })
  if (arrival === 'cancelled') return failure('CALL_CANCELLED', { target })
  return refused(on.region, on.exchange, 'the connection ended before the request was sent')
}

function refused(region: Region, exchange: Exchange, why: string): Failure {
  return failure('CORE_REFUSED', { adapter: region.name, target: exchange.target, why })
}

/** The result that a TRM reply's code makes certain; undefined for "go on". */
function byCode(on: Conversation, reply: TrmReply): ExchangeResult | undefined {
  const code = decisiveCode(reply)
  if (code === undefined || code === 7) return undefined
  const adapter = on.region.name
  const { target } = on.exchange
  const why = trmCodes[code]
  if (code === 8) return { kind: 'abended', abendCode: abendCode(on.region, reply) }
  const refusedAnyTime = code === 3 || code === 4 || code === 10
  const refusedBefore = (code === 5 || code === 6) && !on.sent
  if (refusedAnyTime || refusedBefore) return notSent(refused(on.region, on.exchange, why))
  return unknown('execution-failed', failure('CORE_EXECUTION_FAILED', { adapter, target, why }))
}

/** The four characters of CICS, or what the child server gives instead; bytes that are no such name are not passed on. */
function abendCode(region: Region, reply: TrmReply): string {
  const data = reply.fields.find(({ code }) => code === 8)?.data ?? new Uint8Array()
  try {
    const text = region.decode(data).trim()
    return /^[A-Z0-9@#$]{1,8}$/.test(text) ? text : '????'
  } catch {
    return '????'
  }
}

/** COMMAREA-LEN bytes; or a TRM reply in their place, which only the end of the connection (or its length) makes certain. */
async function commareaReply(on: Conversation, length: number): Promise<ExchangeResult> {
  for (;;) {
    const arrival = await on.inbox.arrival()
    const { bytes } = on.inbox
    if (bytes.length === length) {
      // A core that sends more than it declared often sends it right behind: what is here already is seen.
      await new Promise(setImmediate)
      if (on.inbox.bytes.length > length) return lost(on, 'data', length)
      return { kind: 'reply', bytes: bytes.slice(0, on.exchange.maxReplyBytes) }
    }
    if (arrival === 'data' && bytes.length < length) continue
    if (arrival === 'late' || arrival === 'cancelled') return lost(on, arrival, length)
    return replyInPlace(on) ?? lost(on, arrival, length)
  }
}

function replyInPlace(on: Conversation): ExchangeResult | undefined {
  const { bytes } = on.inbox
  try {
    const reply = readTrmReply(bytes)
    return reply?.size === bytes.length ? byCode(on, reply) : undefined
  } catch {
    return undefined
  }
}

/** After the point of no return: nothing is certain, what came is evidence. */
function lost(on: Conversation, arrival: Arrival, length: number): ExchangeResult {
  const adapter = on.region.name
  const { target, deadlineMs } = on.exchange
  const evidence = on.inbox.bytes.slice()
  const got = evidence.length
  const malformed = (problem: string) => failure('CORE_REPLY_MALFORMED', { adapter, target, problem })
  if (arrival === 'late') {
    return unknown('no-reply-before-deadline', failure('CORE_NO_REPLY', { adapter, target, deadlineMs }), evidence)
  }
  // Cut off before its deadline: the core may have the whole of it before it.
  if (arrival === 'cancelled') {
    return unknown('connection-lost-after-send', failure('CALL_CANCELLED', { target }), evidence)
  }
  if (got > length) return unknown('reply-malformed', malformed(`more than ${length} bytes`), evidence)
  if (arrival === 'ended' && got > 0) {
    return unknown('reply-malformed', malformed(`${got} bytes instead of ${length}`), evidence)
  }
  return unknown('connection-lost-after-send', lostConnection(on), evidence)
}

function lostConnection(on: Conversation): Failure {
  const got = on.inbox.bytes.length
  return failure('CORE_CONNECTION_LOST', { adapter: on.region.name, target: on.exchange.target, got })
}

function notSent(cause: Failure): ExchangeResult {
  return { kind: 'not-sent', cause }
}

function unknown(why: UnknownCause, cause: Failure, evidence?: Uint8Array): ExchangeResult {
  return { kind: 'unknown', why, cause, ...(evidence && evidence.length > 0 ? { evidence } : {}) }
}
