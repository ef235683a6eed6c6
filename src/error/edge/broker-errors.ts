// Messages that cannot leave or enter over the broker. Raised by src/event.

import { entry } from '../entry.ts'

/** Rows of the catalogue: messages over the broker. */
export const brokerErrors = {
  BROKER_UNREACHABLE: entry<{ broker: string; ms: number }>({
    title: 'Broker unreachable',
    message: ({ broker, ms }) => `there was no connection to the broker ${broker} within ${ms} ms`,
    hint: () => 'check AMQP_URL and that the broker runs; the message is sent again by itself',
    retry: 'later',
    status: 'unavailable',
  }),
  BROKER_BLOCKED: entry<{ broker: string; reason: string; ms: number }>({
    title: 'Broker blocks publishing',
    message: ({ broker, reason, ms }) => `the broker ${broker} took no messages for ${ms} ms: ${reason}`,
    hint: () => 'free memory or disk on the broker; the message is sent again by itself',
    retry: 'later',
    status: 'busy',
  }),
  BROKER_BUSY: entry<{ limit: number; ms: number }>({
    title: 'Too many messages in flight',
    message: ({ limit, ms }) => `${limit} messages waited for their confirm for ${ms} ms, and no more are sent at once`,
    hint: () => 'the broker confirms too slowly: check its disk and its queues; the message is sent again by itself',
    retry: 'later',
    status: 'busy',
  }),
  BROKER_TOPOLOGY_DIFFERS: entry<{ broker: string; reason: string }>({
    title: 'Exchange or queue declared differently',
    message: ({ broker, reason }) => `the broker ${broker} refused to declare an exchange or a queue: ${reason}`,
    hint: () =>
      'a queue of that name exists with other arguments, or the user may not declare: delete it or correct the rights',
    retry: 'never',
    status: 'misconfigured',
  }),
  MESSAGE_UNROUTABLE: entry<{ exchange: string; key: string }>({
    title: 'Message reached no queue',
    message: ({ exchange, key }) => `no queue is bound to exchange '${exchange}' for routing key '${key}'`,
    hint: () => 'an event is sent again by itself once a queue is bound for it; an answer is given up after a while',
    retry: 'later',
    status: 'unavailable',
  }),
  MESSAGE_REFUSED: entry<{ exchange: string; key: string }>({
    title: 'Broker refused the message',
    message: ({ exchange, key }) => `the broker refused a message to exchange '${exchange}' with routing key '${key}'`,
    hint: () => 'a queue is full or is choosing a new leader; the message is sent again by itself',
    retry: 'later',
    status: 'unavailable',
  }),
  MESSAGE_UNCONFIRMED: entry<{ exchange: string; key: string; ms: number; why: string }>({
    title: 'Broker did not confirm the message',
    message: ({ exchange, key, ms, why }) =>
      `the broker did not confirm a message to exchange '${exchange}' with routing key '${key}' within ${ms} ms: ${why}`,
    hint: () =>
      'the broker may have it or not; it is sent again with the same id. If it stays so, a queue has no leader',
    retry: 'later',
    status: 'unavailable',
  }),
  MESSAGE_UNWRITABLE: entry<{ exchange: string; key: string }>({
    title: 'Message cannot be written',
    message: ({ exchange, key }) => `a message to exchange '${exchange}' with routing key '${key}' does not fit AMQP`,
    hint: () => 'its properties or headers are too long, or of a type that cannot be passed on',
    retry: 'never',
    status: 'invalid',
  }),
  COMMAND_MALFORMED: entry<{ problem: string }>({
    title: 'Command malformed',
    message: ({ problem }) => `the message is no command: ${problem}`,
    hint: () =>
      'send a structured CloudEvent, or JSON with the properties message_id and type; see the AsyncAPI document',
    retry: 'never',
    status: 'invalid',
  }),
  COMMAND_UNSETTLED: entry<{ times: number }>({
    title: 'Command not dealt with',
    message: ({ times }) =>
      `the command was delivered ${times} times, and each time this service failed to deal with it`,
    hint: () =>
      'it may have been started; correct the cause, then move it back to the command queue: it starts nothing a second time',
    retry: 'later',
    status: 'internal',
  }),
  COMMAND_INPUT_INVALID: entry<{ operation: string; mistakes: number }>({
    title: 'Input of a command invalid',
    message: ({ operation, mistakes }) =>
      `the input of ${operation} has ${mistakes === 1 ? 'a mistake' : `${mistakes} mistakes`}`,
    hint: () => 'correct the fields that are listed and send it with a new message id',
    retry: 'never',
    status: 'invalid',
  }),
} as const
