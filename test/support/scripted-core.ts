// A stand-in for a core system and a broker, at the border of contract/call.ts and contract/event.ts. It books entries, counts how
// often each reference took effect, does NOT recognise a reference that comes twice, and misbehaves as the test says.

import type { Call, Caller } from '../../src/contract/call.ts'
import type { CommandReply, DomainEvent, Publisher } from '../../src/contract/event.ts'
import type { JsonObject } from '../../src/contract/json.ts'
import type { InquiryFinding, Outcome, UnknownCause } from '../../src/contract/outcome.ts'
import { failure } from '../../src/error/failure.ts'

/** What the core does with one transmission; without one it books and answers. */
export type Fault =
  | { readonly do: 'refuse'; readonly reason: string }
  | { readonly do: 'not-sent' }
  | { readonly do: 'unfit' }
  | { readonly do: 'crash' }
  | { readonly do: 'abend'; readonly booked?: boolean }
  /** Without a cause the reply does not come before the deadline. */
  | { readonly do: 'lose'; readonly booked: boolean; readonly cause?: UnknownCause }
  /** The core says that it knows the reference already, and books nothing. */
  | { readonly do: 'duplicate' }
  /** Never answers, and does not listen to being called off: what a lost worker looks like. */
  | { readonly do: 'hang'; readonly booked: boolean }
  /** No answer before the deadline, booked later. */
  | { readonly do: 'late'; readonly ms: number }

/** `hang`: what a lost worker looks like. */
export type InquiryFault = 'unclear' | 'ambiguous' | 'differs' | 'hang'

interface Booked {
  readonly call: Call
  times: number
}

export interface ScriptedCore {
  readonly caller: Caller
  readonly publisher: Publisher
  readonly calls: Call[]
  readonly inquiries: Call[]
  readonly events: DomainEvent[]
  readonly replies: CommandReply[]
  /** Reference → what it booked. */
  readonly booked: Map<string, Booked>
  /** What to do with the nth transmission (from 0) of this call. */
  onCall: (call: Call, nth: number) => Fault | undefined
  onInquiry: (call: Call, nth: number) => InquiryFault | undefined
  /** What the inquiry tells beside what the call itself answers. */
  found: JsonObject
  /** Fields that a typed reply must hold. */
  replyFields: readonly string[]
  /** May throw, as a worker that fails while it checks a typed reply. */
  onTyped: () => void
  onPublish: (nth: number) => boolean
  /** May throw, as a broker that does not take the answer. */
  onReply: (nth: number) => void
}

export function scriptedCore(): ScriptedCore {
  /** Reference → how often it was asked for; references are never the same in two tests. */
  const asked = new Map<string, number>()
  const core: ScriptedCore = {
    calls: [],
    inquiries: [],
    events: [],
    replies: [],
    booked: new Map(),
    onCall: () => undefined,
    onInquiry: () => undefined,
    onPublish: () => true,
    onReply: () => undefined,
    found: {},
    replyFields: ['entryNumber', 'balance'],
    onTyped: () => undefined,
    caller: {
      call: async (call, { signal } = {}) => {
        const nth = core.calls.filter(({ reference }) => reference === call.reference).length
        core.calls.push(call)
        return transmit(core, call, core.onCall(call, nth), signal)
      },
      mistakesIn: (_, reply) => {
        core.onTyped()
        return core.replyFields.filter((name) => !Object.hasOwn(reply, name)).map((name) => `${name} is missing`)
      },
      inquire: async (call) => {
        const nth = asked.get(call.reference) ?? 0
        asked.set(call.reference, nth + 1)
        // The late looks of tests before this one are none of its business.
        const own = [call.reference, call.reversing?.reference]
        if (core.calls.some(({ reference }) => own.includes(reference))) core.inquiries.push(call)
        const fault = core.onInquiry(call, nth)
        if (fault === 'hang') await hang()
        return answerInquiry(core, call, fault)
      },
    },
    publisher: {
      publish: async (event) => {
        core.events.push(event)
        if (!core.onPublish(core.events.length - 1)) throw failure('CORE_UNREACHABLE', { adapter: 'broker' })
      },
      reply: async (reply) => {
        core.replies.push(reply)
        core.onReply(core.replies.length - 1)
      },
    },
  }
  return core
}

/** Forgets what happened, and behaves again. */
export function reset(core: ScriptedCore): void {
  for (const list of [core.calls, core.inquiries, core.events, core.replies]) list.length = 0
  core.booked.clear()
  core.onCall = () => undefined
  core.onInquiry = () => undefined
  core.onPublish = () => true
  core.onReply = () => undefined
  core.onTyped = () => undefined
  core.found = {}
}

/** Books a call, also one that was transmitted long ago. */
export function book(core: ScriptedCore, call: Call): JsonObject {
  const entry = core.booked.get(call.reference) ?? { call, times: 0 }
  entry.times++
  core.booked.set(call.reference, entry)
  return replyTo(call)
}

function replyTo(call: Call): JsonObject {
  return { entryNumber: `E-${call.reference}`, balance: '900.00' }
}

async function transmit(
  core: ScriptedCore,
  call: Call,
  fault: Fault | undefined,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  switch (fault?.do) {
    case undefined:
      return { outcome: 'applied', reply: book(core, call) }
    case 'refuse':
      return { outcome: 'rejected', reason: fault.reason, status: 'refused', reply: {} }
    case 'not-sent':
      return { outcome: 'not-sent', code: 'CORE_UNREACHABLE', message: 'connection refused' }
    case 'unfit':
      throw failure('RECORD_TOO_SHORT', { record: 'PE-REQUEST', needed: 60, got: 12 })
    case 'crash':
      throw new TypeError('a mistake of ours')
    case 'abend':
      if (fault.booked) book(core, call)
      return { outcome: 'abended', abendCode: 'ASRA' }
    case 'lose':
      if (fault.booked) book(core, call)
      return { outcome: 'unknown', cause: fault.cause ?? 'no-reply-before-deadline', message: 'no reply' }
    case 'duplicate':
      return { outcome: 'unknown', cause: 'duplicate-reference', message: 'the core knows the reference already' }
    case 'late':
      setTimeout(() => book(core, call), fault.ms)
      return { outcome: 'unknown', cause: 'no-reply-before-deadline', message: 'no reply' }
    case 'hang':
      if (fault.booked) book(core, call)
      await hang()
      return { outcome: 'unknown', cause: 'no-reply-before-deadline', message: `called off: ${signal?.aborted}` }
  }
}

/** Until after the activity has timed out. */
function hang(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 2500)
  })
}

function answerInquiry(core: ScriptedCore, call: Call, fault: InquiryFault | undefined): InquiryFinding {
  if (fault === 'unclear' || fault === 'hang') return { finding: 'unclear', message: 'no reply to the inquiry' }
  if (fault === 'differs') return { finding: 'differs', fields: ['AMOUNT'] }
  if (fault === 'ambiguous') return { finding: 'ambiguous', matches: 2 }
  const matches = core.booked.get(call.reference)?.times ?? 0
  if (matches > 1) return { finding: 'ambiguous', matches }
  return matches === 1 ? { finding: 'applied', reply: { ...replyTo(call), ...core.found } } : { finding: 'absent' }
}

/** References that took effect more often than once. Must be empty, whatever happened. */
export function doubled(core: ScriptedCore): string[] {
  return [...core.booked].filter(([, { times }]) => times > 1).map(([reference]) => reference)
}

/** Entries that stand: booked, and not undone by a booked reversal. */
export function standing(core: ScriptedCore): Call[] {
  const calls = [...core.booked.values()].map(({ call }) => call)
  const undone = new Set(calls.map(({ reversing }) => reversing?.reference))
  return calls.filter((call) => !call.reversing && !undone.has(call.reference))
}
