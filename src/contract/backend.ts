// The one small interface that every back end protocol implements, and what turns a transaction's JSON into its bytes.

import type { Failure } from '../error/failure.ts'
import type { JsonObject, JsonSchema } from './json.ts'
import type { UnknownCause, Verdict } from './outcome.ts'

/** What a protocol over HTTP needs beside the payload; from the contract, without customer data. */
export interface HttpRoute {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** The media type of a reply. */
  readonly accept: string
}

/** One transmission: bytes out, bytes back, before a deadline. */
export interface Exchange {
  /** COBOL program name or SOAP operation. */
  readonly target: string
  readonly payload: Uint8Array
  /** Only for protocols over HTTP. */
  readonly route?: HttpRoute
  /** A reply longer than this is refused unread. */
  readonly maxReplyBytes: number
  readonly deadlineMs: number
  /** For logs and for protocols that carry one; no customer data. */
  readonly correlation: string
  readonly signal?: AbortSignal
}

/** What the transport alone can tell. Never thrown: every failure outside is one of these. */
export type ExchangeResult =
  | { readonly kind: 'reply'; readonly bytes: Uint8Array }
  | { readonly kind: 'not-sent'; readonly cause: Failure }
  | { readonly kind: 'abended'; readonly abendCode: string }
  | { readonly kind: 'unknown'; readonly why: UnknownCause; readonly cause: Failure; readonly evidence?: Uint8Array }

/** A connection pool to one legacy system. */
export interface Backend {
  exchange(exchange: Exchange): Promise<ExchangeResult>
  /** Ends all connections; calls in flight end as they would on a lost connection. */
  close(): Promise<void>
}

/** A reply in JSON with the verdict that the contract's rules read from it. */
export interface WireReply {
  readonly body: JsonObject
  readonly verdict: Verdict
}

/**
 * What a transaction's JSON looks like on the wire. Pure: built from a copybook or a WSDL without opening anything.
 * `encode` throws a Failure with the path of the value that does not fit; `read` throws one for bytes that are not a reply.
 */
export interface Wire {
  readonly target: string
  /** Only for protocols over HTTP. */
  readonly route?: HttpRoute
  readonly requestSchema: JsonSchema
  readonly replySchema: JsonSchema
  readonly maxReplyBytes: number
  /** `fields` are set beside the request, by the names that the adapter uses (the reference, an inquiry's key). */
  encode(request: JsonObject, fields?: Readonly<Record<string, string>>): Uint8Array
  read(reply: Uint8Array): WireReply
  /** Reads one value of a request or reply body by the name that the adapter uses; undefined when it is not there. */
  valueOf(side: 'request' | 'reply', body: JsonObject, field: string): string | undefined
  /** Builds a body of one side from values by the names that the adapter uses. */
  bodyOf(side: 'request' | 'reply', values: Readonly<Record<string, string>>): JsonObject
}
