// Carries calls out: encode → gate → exchange → read → classify. What happens outside becomes an outcome, never an exception.

import type { Backend, ExchangeResult, WireReply } from '../contract/backend.ts'
import type { Call, Caller } from '../contract/call.ts'
import type { Catalog, ResolvedTransaction } from '../contract/catalog.ts'
import type { JsonObject } from '../contract/json.ts'
import type { Outcome, UnknownCause } from '../contract/outcome.ts'
import { type Failure, failure, isFailure } from '../error/failure.ts'
import { copied, findingOf, inquiryOf } from './inquiry.ts'
import { merged } from './json-object.ts'
import { type Gate, type GateOptions, gate } from './limit/gate.ts'

export interface CallerOptions extends GateOptions {
  /** Told of each exchange when it has ended, for logs and metrics; nothing in it is customer data. */
  readonly observe?: (exchange: ExchangeNote) => void
  /** Adapter name → what stands before its core. Callers that share this map spare a core together; missing ones are added. */
  readonly gates?: Map<string, Gate>
}

export interface ExchangeNote {
  readonly adapter: string
  readonly transaction: string
  readonly reference: string
  readonly result: ExchangeResult['kind']
  /** The cause's code, where there is one. */
  readonly code: string | undefined
  readonly ms: number
}

/** More of a reply that is not understood is not kept. */
const EVIDENCE_MAX = 32 * 1024

/**
 * `call` throws the Failure of a request that cannot be sent as it is (a value that does not fit, an unknown
 * transaction): nothing was sent then, and trying again is of no use. `inquire` does likewise.
 */
export function caller(
  catalog: Pick<Catalog, 'adapters'>,
  backends: ReadonlyMap<string, Backend>,
  options: CallerOptions = {},
): Caller {
  const gates = gatesOf(catalog, options)

  function find(adapter: string, transaction: string): ResolvedTransaction {
    const found = catalog.adapters.get(adapter)?.transactions.get(transaction)
    if (!found) throw failure('TRANSACTION_UNKNOWN', { adapter, transaction })
    return found
  }

  async function transmit(
    transaction: ResolvedTransaction,
    payload: Uint8Array,
    reference: string,
    signal: AbortSignal | undefined,
  ): Promise<ExchangeResult> {
    const { adapter, definition, wire } = transaction
    const backend = backends.get(adapter)
    const pass = gates.get(adapter)
    if (!backend || !pass) throw failure('BACKEND_MISSING', { adapter })
    const since = performance.now()
    const result = await pass({ target: wire.target, effect: definition.effect, signal }, () =>
      backend.exchange({
        target: wire.target,
        payload,
        maxReplyBytes: wire.maxReplyBytes,
        deadlineMs: definition.deadlineMs,
        correlation: reference,
        ...(wire.route && { route: wire.route }),
        ...(signal && { signal }),
      }),
    )
    options.observe?.({
      adapter,
      transaction: transaction.name,
      reference,
      result: result.kind,
      code: 'cause' in result ? result.cause.code : undefined,
      ms: performance.now() - since,
    })
    // What no later attempt can change is the caller's to mend, like a value that does not fit.
    if (result.kind === 'not-sent' && result.cause.retry === 'never') throw result.cause
    return result
  }

  return {
    async call(call, signal) {
      const transaction = find(call.adapter, call.transaction)
      const payload = encoded(transaction, call.request, fieldsOf(call, transaction, find))
      return outcomeOf(transaction, await transmit(transaction, payload, call.reference, signal))
    },

    mistakesIn: () => [],

    async inquire(call, signal) {
      const doubtful = find(call.adapter, call.transaction)
      const { inquiry } = doubtful.definition
      if (!inquiry) return { finding: 'unclear', message: `${call.transaction} declares no inquiry` }
      const asking = find(call.adapter, inquiry.transaction)
      const payload = encoded(asking, {}, inquiryOf(inquiry, call, doubtful.wire))
      const result = await transmit(asking, payload, call.reference, signal)
      return findingOf(inquiry, outcomeOf(asking, result), asking.wire, doubtful.wire)
    },
  }
}

function gatesOf({ adapters }: Pick<Catalog, 'adapters'>, options: CallerOptions): ReadonlyMap<string, Gate> {
  const { gates = new Map<string, Gate>() } = options
  for (const [name, { definition }] of adapters) {
    if (!gates.has(name)) gates.set(name, gate(name, definition, options))
  }
  return gates
}

/** The field of our own reference is hidden from requests and set beside them; any other that we fill is part of the request. */
function encoded(
  { definition, wire }: ResolvedTransaction,
  request: JsonObject,
  fields: Readonly<Record<string, string>>,
): Uint8Array {
  const beside: Record<string, string> = {}
  const within: Record<string, string> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (name === definition.reference) beside[name] = value
    else within[name] = value
  }
  return wire.encode(merged(request, wire.bodyOf('request', within)), beside)
}

/** What we put into the record ourselves: our reference; on a reversal, which call to undo and what it needs of that one. */
function fieldsOf(
  call: Call,
  { definition }: ResolvedTransaction,
  find: (adapter: string, transaction: string) => ResolvedTransaction,
): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {}
  if (definition.reference !== undefined) fields[definition.reference] = call.reference
  if (!call.reversing) return fields
  const undone = find(call.adapter, call.reversing.transaction)
  const { reversal } = undone.definition
  if (reversal?.transaction !== call.transaction) {
    throw failure('REVERSAL_UNDECLARED', { transaction: call.transaction, undoes: call.reversing.transaction })
  }
  fields[reversal.original] = call.reversing.reference
  return { ...copied(reversal.with, undone.wire, call.reversing.request), ...fields }
}

function outcomeOf(transaction: ResolvedTransaction, result: ExchangeResult): Outcome {
  switch (result.kind) {
    case 'reply':
      return replyOutcome(transaction, result.bytes)
    case 'abended':
      return { outcome: 'abended', abendCode: result.abendCode }
    case 'not-sent':
      return { outcome: 'not-sent', code: result.cause.code, message: textOf(result.cause) }
    case 'unknown':
      return unknown(result.why, result.cause, result.evidence)
  }
}

function replyOutcome({ adapter, definition, wire }: ResolvedTransaction, bytes: Uint8Array): Outcome {
  const { target } = wire
  let reply: WireReply
  try {
    reply = wire.read(bytes)
  } catch (cause) {
    if (!isFailure(cause)) throw cause
    const problem = textOf(cause)
    return unknown('reply-malformed', failure('CORE_REPLY_MALFORMED', { adapter, target, problem }, { cause }), bytes)
  }
  const { body, verdict } = reply
  if (verdict.verdict === 'applied') return { outcome: 'applied', reply: body }
  if (verdict.verdict === 'rejected') {
    return { outcome: 'rejected', reason: verdict.reason, http: verdict.http, reply: body }
  }
  const fault = definition.kind === 'soap' && typeof body.fault === 'string' ? `fault ${body.fault}` : undefined
  const field = fault ?? definition.outcome?.field ?? 'no field'
  return unknown('reply-not-understood', failure('CORE_REPLY_UNCLEAR', { adapter, target, field }), bytes)
}

function unknown(cause: UnknownCause, failed: Failure, evidence?: Uint8Array): Outcome {
  const kept = evidence && evidence.length > 0 ? evidence.subarray(0, EVIDENCE_MAX) : undefined
  return {
    outcome: 'unknown',
    cause,
    message: failed.message,
    ...(kept && { evidence: Buffer.from(kept).toString('base64') }),
  }
}

/** The message without its code. */
function textOf(failed: Failure): string {
  return failed.message.slice(failed.code.length + 2)
}
