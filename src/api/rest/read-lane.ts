// The express lane as REST tells it: 200 with the core's answer, or a problem.

import type { FastifyReply } from 'fastify'
import type { ResolvedTransaction } from '../../contract/catalog.ts'
import type { JsonObject } from '../../contract/json.ts'
import type { Outcome } from '../../contract/outcome.ts'
import { answerOfRead } from '../../operation/answer.ts'
import type { ExpressLane } from '../../operation/express.ts'
import { problemFrom } from '../problem.ts'
import { problemContext, sendJson, sendProblem, tenths } from './exchange.ts'

/** Reads and answers. Throws DOOR_BUSY when too many calls to this adapter are under way. */
export async function answerRead(
  express: ExpressLane,
  transaction: ResolvedTransaction,
  input: JsonObject,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { outcome, reference, coreMs } = await express.read(transaction, input)
  Object.assign(reply.request.trace, { reference, coreMs: tenths(coreMs), outcome: wordOf(outcome) })
  const answer = answerOfRead(outcome)
  if (answer.is === 'completed') return sendJson(reply, 200, answer.output)
  return sendProblem(reply, problemFrom(answer.refusal, problemContext(reply.request)))
}

/** The outcome as the log shows it. */
function wordOf(outcome: Outcome): string {
  switch (outcome.outcome) {
    case 'not-sent':
      return `not-sent ${outcome.code}`
    case 'abended':
      return `abended ${outcome.abendCode}`
    case 'unknown':
      return `unknown ${outcome.cause}`
    default:
      return outcome.outcome
  }
}
