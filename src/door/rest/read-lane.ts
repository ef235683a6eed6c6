// The express lane: a read that one transaction answers, without Temporal, bounded in calls at once and in time.
//
// A read changes nothing, so that doubt about it is no more than a reason to ask again:
//   not-sent, or no answer → 503 with Retry-After;  abended, or an answer that makes no sense → 502;  rejected → its own status.
// A caller that hangs up ends nothing: the call runs to its deadline and holds its place until then, so that hanging up
// and asking again cannot get past the limit.

import { randomFillSync } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { Caller } from '../../contract/call.ts'
import type { ResolvedTransaction } from '../../contract/catalog.ts'
import type { JsonObject } from '../../contract/json.ts'
import type { Outcome } from '../../contract/outcome.ts'
import { failure } from '../../error/failure.ts'
import { notSent, rejection } from '../problem.ts'
import { problemContext, refuse, sendJson, sendProblem, tenths } from './exchange.ts'

export interface ReadLane {
  /** Makes the call and answers. Throws DOOR_BUSY when too many calls to this adapter are under way. */
  answer(transaction: ResolvedTransaction, input: JsonObject, reply: FastifyReply): Promise<FastifyReply>
}

/** Reads at once are counted for each adapter, so that a slow core does not stop the reads of another. */
export function readLane(caller: Caller, readsMax: number): ReadLane {
  const underWay = new Map<string, number>()
  return {
    async answer(transaction, input, reply) {
      const { adapter, name } = transaction
      const count = underWay.get(adapter) ?? 0
      if (count >= readsMax) throw failure('DOOR_BUSY', {})
      underWay.set(adapter, count + 1)
      const reference = newReference()
      const { trace } = reply.request
      trace.reference = reference
      const since = performance.now()
      try {
        const outcome = await caller.call({ adapter, transaction: name, request: input, reference })
        trace.coreMs = tenths(performance.now() - since)
        return sendOutcome(reply, outcome)
      } finally {
        underWay.set(adapter, (underWay.get(adapter) ?? 1) - 1)
      }
    },
  }
}

function sendOutcome(reply: FastifyReply, outcome: Outcome): FastifyReply {
  const { trace } = reply.request
  trace.outcome = outcome.outcome
  switch (outcome.outcome) {
    case 'applied':
      return sendJson(reply, 200, outcome.reply)
    case 'rejected':
      return sendProblem(reply, rejection(outcome.reason, outcome.status, problemContext(reply.request)))
    case 'not-sent':
      trace.outcome = `not-sent ${outcome.code}`
      return sendProblem(reply, notSent(outcome.code, problemContext(reply.request)))
    case 'abended':
      trace.outcome = `abended ${outcome.abendCode}`
      return refuse(reply, failure('READ_FAILED', {}))
    case 'unknown': {
      trace.outcome = `unknown ${outcome.cause}`
      const noAnswer = outcome.cause === 'no-reply-before-deadline' || outcome.cause === 'connection-lost-after-send'
      return refuse(reply, failure(noAnswer ? 'READ_UNANSWERED' : 'READ_FAILED', {}))
    }
  }
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Random bytes are got many at once: getting them costs the same for 16 and for 4096. */
const pool = new Uint8Array(4096)
let taken = pool.length

/** 16 characters of A–Z and 2–7, by chance: a read is never looked up again. */
function newReference(): string {
  if (taken === pool.length) {
    randomFillSync(pool)
    taken = 0
  }
  let reference = ''
  for (const end = taken + 16; taken < end; taken += 1) reference += base32[(pool[taken] ?? 0) & 31]
  return reference
}
