// What cannot be a command is parked: it goes to the parking queue as it came, with the reason in headers of ours, and its sender is told
// when it asked for an answer. Moved back to the command queue it is the same command of the same client again.

import type { InputIssue } from '../contract/catalog.ts'
import { type Failure, isFailure } from '../error/failure.ts'
import type { Broker } from './broker.ts'
import { checkedUser, userHeader } from './envelope.ts'
import type { Delivery } from './subscription.ts'

/** Why a message is parked, and what its sender is told. */
export interface CommandRefusal {
  readonly why: Failure
  readonly issues: readonly InputIssue[]
}

const utf8 = new TextEncoder()
/** Set by the queue on each delivery, so no part of what came. */
const deliveryCount = 'x-delivery-count'
/** How long the command was meant to last. Not as the property: the broker would throw the parked message away by it. */
const expirationHeader = 'mainspan-expiration'

/** The headers that came, and ours in place of those of an earlier parking. */
function headersOf(delivery: Delivery, { why, issues }: CommandRefusal, queue: string): Record<string, unknown> {
  const { [deliveryCount]: _count, 'mainspan-issues': _issues, ...came } = delivery.headers
  const user = checkedUser(delivery)
  return {
    ...came,
    'mainspan-reason': why.code,
    'mainspan-message': why.message,
    'mainspan-hint': why.hint,
    'mainspan-queue': queue,
    'mainspan-parked-at': new Date().toISOString(),
    ...(user !== undefined && { [userHeader]: user }),
    ...(delivery.expiration !== undefined && { [expirationHeader]: delivery.expiration }),
    ...(issues.length > 0 && { 'mainspan-issues': JSON.stringify(issues.slice(0, 20)).slice(0, 4000) }),
  }
}

/** How often a message was delivered before, by the queue's own count. */
export function deliveriesBefore({ headers }: Pick<Delivery, 'headers'>): number {
  return Number(headers[deliveryCount] ?? 0)
}

/** Parks a message. Throws what `publish` throws, MESSAGE_UNWRITABLE where no repetition helps. */
export async function park(
  delivery: Delivery,
  refusal: CommandRefusal,
  broker: Pick<Broker, 'publish' | 'names'>,
): Promise<void> {
  const { names } = broker
  const { userId, expiration, redelivered, signal, ...came } = delivery
  const headers = headersOf(delivery, refusal, names.commands)
  await broker.publish({ ...came, exchange: names.parked, routingKey: names.commands, headers })
}

/** One attempt: a sender that is gone misses only the news. */
export async function answerSender(
  { replyTo, correlationId, messageId }: Delivery,
  { why, issues }: CommandRefusal,
  broker: Pick<Broker, 'publish'>,
): Promise<void> {
  if (replyTo === undefined) return
  const body = { state: 'refused', code: why.code, message: why.message, hint: why.hint, issues: issues.slice(0, 20) }
  const id = messageId ?? `unnamed-${crypto.randomUUID()}`
  const reply = {
    exchange: '',
    routingKey: replyTo,
    body: utf8.encode(JSON.stringify(body)),
    messageId: `${id}/refused`.slice(-255),
    contentType: 'application/json',
    correlationId: correlationId ?? messageId,
  }
  await broker.publish(reply).catch((error) => {
    if (!isFailure(error)) throw error
  })
}
