// Carries calls out: encode → gate → exchange → read → classify. What happens outside becomes an outcome, never an exception.

import type { Backend, ExchangeResult, WireReply } from '../contract/backend.ts'
import type { Call, Caller, CallLimits } from '../contract/call.ts'
import type { Catalog, ResolvedTransaction } from '../contract/catalog.ts'
import { type JsonObject, merged } from '../contract/json.ts'
import type { Outcome, UnknownCause } from '../contract/outcome.ts'
import { type Failure, failure, isFailure } from '../error/failure.ts'
import { statusOf } from '../error/status.ts'
import { copied, findingOf, inquiryOf } from './inquiry.ts'
import { type Gate, type GateOptions, gate } from './limit/gate.ts'
import { watchStandstill } from './limit/standstill.ts'
import { replyMistakes } from './reply-mistakes.ts'

/** What stands around the exchanges of a caller. */
export interface CallerOptions extends GateOptions {
  /** Told of each exchange when it has ended, for logs and metrics; nothing in it is customer data. */
  readonly observe?: (exchange: ExchangeNote) => void
  /** Adapter name → what stands before its core. Callers that share this map spare a core together; missing ones are added. */
  readonly gates?: Map<string, Gate>
}

/** One exchange with a core that has ended; `ms` is how long it took. */
export interface ExchangeNote {
  readonly adapter: string
  readonly transaction: string
  readonly reference: string
  readonly result: ExchangeResult['kind']
  /** The cause's code, where there is one; of a reply that settles nothing, why. */
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
  const standstill = watchStandstill()

  const find = finderIn(catalog)

  async function transmit(
    transaction: ResolvedTransaction,
    payload: Uint8Array,
    reference: string,
    limits: CallLimits = {},
  ): Promise<Outcome> {
    const { adapter, definition, wire } = transaction
    const backend = backends.get(adapter)
    const pass = gates.get(adapter)
    if (!backend || !pass) throw failure('BACKEND_MISSING', { adapter })
    const since = performance.now()
    let read: Outcome | undefined
    // Read while the connection is still held: what carried a reply that settles nothing carries no other call.
    const accepts = (bytes: Uint8Array) => {
      read = replyOutcome(transaction, bytes, payload)
      return read.outcome !== 'unknown' || read.cause === 'duplicate-reference'
    }
    const exchange = { ...exchangeOf(transaction, payload, limits), correlation: reference, accepts }
    const pending = { target: wire.target, effect: definition.effect, signal: limits.signal }
    const result = await pass(pending, () => backend.exchange(exchange))
    const outcome = read ?? outcomeOf(transaction, result, payload)
    options.observe?.({
      adapter,
      transaction: transaction.name,
      reference,
      result: result.kind,
      code: codeOf(result, outcome),
      ms: performance.now() - since,
    })
    // What no later attempt can change is the caller's to correct, like a value that does not fit.
    if (result.kind === 'not-sent' && result.cause.retry === 'never') throw result.cause
    return outcome
  }

  return {
    async call(call, limits) {
      const transaction = find(call.adapter, call.transaction)
      const payload = encoded(transaction, call.request, fieldsOf(call, transaction, find))
      if (transaction.definition.effect === 'once' && standstill.recent()) {
        return notSent(failure('PROCESS_STOOD_STILL', { target: transaction.wire.target }))
      }
      return transmit(transaction, payload, call.reference, limits)
    },

    async inquire(call, limits) {
      const doubtful = find(call.adapter, call.transaction)
      const { inquiry } = doubtful.definition
      if (!inquiry) return { finding: 'unclear', message: `${call.transaction} declares no inquiry` }
      const asking = find(call.adapter, inquiry.transaction)
      const payload = encoded(asking, {}, inquiryOf(inquiry, call, doubtful.wire))
      const answer = await transmit(asking, payload, call.reference, limits)
      const filled = fieldsOf(call, doubtful, find)
      const asked = (field: string) => filled[field] ?? doubtful.wire.valueOf('request', call.request, field)
      return findingOf(inquiry, answer, { asking: asking.wire, doubtful: doubtful.wire, asked })
    },

    mistakesIn: (call, reply) => replyMistakes(find(call.adapter, call.transaction), reply),
  }
}

function gatesOf({ adapters }: Pick<Catalog, 'adapters'>, options: CallerOptions): ReadonlyMap<string, Gate> {
  const { gates = new Map<string, Gate>() } = options
  for (const [name, { definition }] of adapters) {
    if (!gates.has(name)) gates.set(name, gate(name, definition, options))
  }
  return gates
}

type Find = (adapter: string, transaction: string) => ResolvedTransaction

function finderIn({ adapters }: Pick<Catalog, 'adapters'>): Find {
  return (adapter, transaction) => {
    const found = adapters.get(adapter)?.transactions.get(transaction)
    if (!found) throw failure('TRANSACTION_UNKNOWN', { adapter, transaction })
    return found
  }
}

function exchangeOf({ definition, wire }: ResolvedTransaction, payload: Uint8Array, { signal, until }: CallLimits) {
  return {
    target: wire.target,
    payload,
    maxReplyBytes: wire.maxReplyBytes,
    deadlineMs: definition.deadlineMs,
    ...(wire.route && { route: wire.route }),
    ...(signal && { signal }),
    ...(until !== undefined && { until }),
  }
}

function codeOf(result: ExchangeResult, outcome: Outcome): string | undefined {
  if ('cause' in result) return result.cause.code
  return outcome.outcome === 'unknown' ? outcome.cause : undefined
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
function fieldsOf(call: Call, { definition }: ResolvedTransaction, find: Find): Readonly<Record<string, string>> {
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

function outcomeOf(transaction: ResolvedTransaction, result: ExchangeResult, sent: Uint8Array): Outcome {
  switch (result.kind) {
    case 'reply':
      return replyOutcome(transaction, result.bytes, sent)
    case 'abended':
      return { outcome: 'abended', abendCode: result.abendCode }
    case 'not-sent':
      return notSent(result.cause)
    case 'unknown':
      return unknown(result.why, result.cause, result.evidence)
  }
}

/** A reply that does not echo what was asked says nothing about this call, whatever else it says. */
function replyOutcome(transaction: ResolvedTransaction, bytes: Uint8Array, sent: Uint8Array): Outcome {
  const { adapter, definition, wire } = transaction
  const { target } = wire
  let reply: WireReply
  try {
    reply = wire.read(bytes, sent)
  } catch (cause) {
    if (!isFailure(cause)) throw cause
    const problem = cause.what
    return unknown('reply-malformed', failure('CORE_REPLY_MALFORMED', { adapter, target, problem }), bytes)
  }
  const { body, verdict, unechoed } = reply
  if (unechoed) {
    const fields = unechoed.join(', ')
    return unknown('reply-of-another-call', failure('CORE_REPLY_ASTRAY', { adapter, target, fields }), bytes)
  }
  if (verdict.verdict === 'applied') return { outcome: 'applied', reply: body }
  if (verdict.verdict === 'rejected') {
    return { outcome: 'rejected', reason: verdict.reason, status: statusOf(verdict, 'refused'), reply: body }
  }
  if (verdict.verdict === 'duplicate') {
    return unknown('duplicate-reference', failure('CORE_REFERENCE_KNOWN', { adapter, target }), bytes)
  }
  const fault = wire.faultOf?.(body)
  const field = fault !== undefined ? `fault ${fault}` : (definition.outcome?.field ?? 'no field')
  return unknown('reply-not-understood', failure('CORE_REPLY_UNCLEAR', { adapter, target, field }), bytes)
}

function notSent(cause: Failure): Outcome {
  return { outcome: 'not-sent', code: cause.code, message: cause.what }
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
