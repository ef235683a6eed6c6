// The one small interface that every back end protocol implements, and what turns a transaction's JSON into its bytes.
//
// `Sent` is what goes out for one call and `Got` what comes back. Where a protocol has no bytes to write and read, as SQL through a
// driver, it has a statement and rows there. A call without a reply ends with the receipt of who took it over, as its reply: its wire
// reads the verdict from that.

import type { Failure } from '../error/failure.ts'
import type { JsonObject, JsonSchema } from './json.ts'
import type { UnknownCause, Verdict } from './outcome.ts'

/** What a protocol over HTTP needs beside the payload; from the contract, without customer data. */
export interface HttpRoute {
  readonly path: string
  /** The contract says https: nothing is sent without TLS. */
  readonly secure?: boolean
  readonly headers: Readonly<Record<string, string>>
  /** The media type of a reply. */
  readonly accept: string
}

/** One transmission: bytes out, bytes back, before a deadline. */
export interface Exchange<Sent = Uint8Array, Got = Uint8Array> {
  /** COBOL program name or SOAP operation. */
  readonly target: string
  readonly payload: Sent
  /** Only for protocols over HTTP. */
  readonly route?: HttpRoute
  /** A reply longer than this is refused unread. */
  readonly maxReplyBytes: number
  /** From the moment at which the request is handed over to the last byte of the reply; what goes before it may take as long. */
  readonly deadlineMs: number
  /** The moment, by `performance.now()`, after which nothing is sent any more. */
  readonly until?: number
  /**
   * Whether the bytes are a reply to this very call. The connection of one that is not is reset: what follows on it would belong
   * to others as well.
   */
  accepts?(reply: Got): boolean
  /** For logs and for protocols that carry one; no customer data. */
  readonly correlation: string
  readonly signal?: AbortSignal
}

/** What the transport alone can tell. Never thrown: every failure outside is one of these. */
export type ExchangeResult<Got = Uint8Array> =
  | { readonly kind: 'reply'; readonly bytes: Got }
  | { readonly kind: 'not-sent'; readonly cause: Failure }
  | { readonly kind: 'abended'; readonly abendCode: string }
  | { readonly kind: 'unknown'; readonly why: UnknownCause; readonly cause: Failure; readonly evidence?: Uint8Array }

/** A connection pool to one legacy system. */
export interface Backend<Sent = Uint8Array, Got = Uint8Array> {
  exchange(exchange: Exchange<Sent, Got>): Promise<ExchangeResult<Got>>
  /**
   * Asks for the reply to an exchange that was given up, by its correlation, before the deadline: for systems that keep a reply until
   * it is fetched. Not there: a late reply is never seen.
   */
  resume?(exchange: Omit<Exchange<Sent, Got>, 'payload'>): Promise<ExchangeResult<Got>>
  /** Ends all connections; calls in flight end as they would on a lost connection. */
  close(): Promise<void>
}

/** A reply in JSON with the verdict that the contract's rules read from it. */
export interface WireReply {
  readonly body: JsonObject
  readonly verdict: Verdict
  /** The fields of the reply that should repeat what was asked and do not: it is the reply to another call. */
  readonly unechoed?: readonly string[]
}

/** Which message of a transaction: what a caller gives, or what the core answers. */
export type MessageSide = 'request' | 'reply'

/**
 * What a transaction's JSON looks like on the wire. Pure: built from a copybook or a WSDL without opening anything.
 * `encode` throws a Failure with the path of the value that does not fit; `read` throws one for bytes that are not a reply, and for a
 * refusal of which not the whole record can be read.
 */
export interface Wire<Sent = Uint8Array, Got = Uint8Array> {
  readonly target: string
  /** Only for protocols over HTTP. */
  readonly route?: HttpRoute
  readonly requestSchema: JsonSchema
  readonly replySchema: JsonSchema
  readonly maxReplyBytes: number
  /** `fields` are set beside the request, by the names that the adapter uses (the reference, an inquiry's key). */
  encode(request: JsonObject, fields?: Readonly<Record<string, string>>): Sent
  /** `sent` is the request that the reply belongs to, as `encode` gave it: without it no echo is looked at. */
  read(reply: Got, sent?: Sent): WireReply
  /** What a field by the name that the adapter uses is; undefined when this side has no such single field that callers see. */
  typeOf(side: MessageSide, field: string): 'number' | 'text' | undefined
  /** Reads one value of a request or reply body by the name that the adapter uses; undefined when it is not there. */
  valueOf(side: MessageSide, body: JsonObject, field: string): string | undefined
  /** Builds a body of one side from values by the names that the adapter uses. */
  bodyOf(side: MessageSide, values: Readonly<Record<string, string>>): JsonObject
  /** The name of the fault that the body of a reply tells. Not there where the protocol has none. */
  faultOf?(body: JsonObject): string | undefined
}
