// An independent consumer of events and sender of commands: amqplib as any client would use it.

import { connect } from 'amqplib'

export interface EventLog {
  /** CloudEvents in the order of arrival, duplicates included. */
  readonly events: readonly Record<string, unknown>[]
  /** Waits until as many different events have arrived. */
  until(count: number, seconds?: number): Promise<readonly Record<string, unknown>[]>
  close(): Promise<void>
}

/** Binds a queue of its own to all events of the prefix. Comes back by itself when the broker restarts. */
export async function consumeEvents(url: string, prefix: string): Promise<EventLog> {
  const events: Record<string, unknown>[] = []
  const queue = `${prefix}.test-events`
  const connection = await connect(url, {
    recovery: {
      initialDelay: 200,
      maxDelay: 2000,
      maxRetries: Number.POSITIVE_INFINITY,
      setup: async (model: { createChannel(): Promise<TestChannel> }) => {
        const channel = await model.createChannel()
        channel.on('error', () => undefined)
        await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
        await channel.bindQueue(queue, `${prefix}.events`, '#')
        await channel.consume(queue, (message) => {
          if (!message) return
          events.push(JSON.parse(message.content.toString()))
          channel.ack(message)
        })
      },
    },
  } as never)
  connection.on('error', () => undefined)
  return {
    events,
    until: async (count, seconds = 60) => {
      const end = Date.now() + seconds * 1000
      while (new Set(events.map((event) => event.id)).size < count) {
        if (Date.now() > end) throw new Error(`${events.length} events arrived, not ${count} different ones`)
        await new Promise((resume) => setTimeout(resume, 100))
      }
      return events
    },
    close: () => connection.close(),
  }
}

interface TestMessage {
  readonly content: Buffer
  readonly properties: { readonly correlationId?: string; readonly headers?: Record<string, unknown> }
}

interface TestChannel {
  on(event: string, listener: () => void): void
  assertQueue(name: string, options: object): Promise<unknown>
  bindQueue(queue: string, exchange: string, key: string): Promise<unknown>
  consume(queue: string, listener: (message: TestMessage | null) => void): Promise<unknown>
  ack(message: TestMessage): void
}

/** Sends one command and waits for its answer on a queue of its own. */
export async function sendCommand(
  url: string,
  prefix: string,
  command: { readonly type: string; readonly id: string; readonly data: object },
): Promise<Record<string, unknown>> {
  const connection = await connect(url)
  try {
    const channel = await connection.createConfirmChannel()
    const { queue } = await channel.assertQueue('', { exclusive: true })
    const answer = new Promise<Record<string, unknown>>((resolve) => {
      void channel.consume(queue, (message) => message && resolve(JSON.parse(message.content.toString())), {
        noAck: true,
      })
    })
    const envelope = {
      specversion: '1.0',
      id: command.id,
      source: 'urn:test',
      type: command.type,
      datacontenttype: 'application/json',
      data: command.data,
    }
    channel.publish(`${prefix}.commands`, command.type, Buffer.from(JSON.stringify(envelope)), {
      contentType: 'application/cloudevents+json',
      messageId: command.id,
      correlationId: `c-${command.id}`,
      replyTo: queue,
      persistent: true,
      mandatory: true,
    })
    await channel.waitForConfirms()
    return await answer
  } finally {
    await connection.close()
  }
}
