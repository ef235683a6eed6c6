// A bare AMQP client for tests, that shares nothing with src/event, and a small catalog.

import { type ChannelModel, connect, type GetMessage } from 'amqplib'
import { z } from 'zod'
import type { ResolvedOperation } from '../../src/contract/catalog.ts'
import type { JsonSchema } from '../../src/contract/json.ts'
import { operation } from '../../src/contract/operation.ts'

export interface Bare {
  readonly model: ChannelModel
  /** The next message, acknowledged; waits for it. */
  take(queue: string): Promise<GetMessage>
  count(queue: string): Promise<number>
  close(): Promise<void>
}

export async function bareClient(url: string): Promise<Bare> {
  const model = await connect(url)
  model.on('error', () => undefined)
  const channel = await model.createChannel()
  return {
    model,
    async take(queue) {
      for (let tries = 0; tries < 400; tries += 1) {
        const message = await channel.get(queue, { noAck: true })
        if (message) return message
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      throw new Error(`nothing came to ${queue}`)
    },
    async count(queue) {
      return (await channel.checkQueue(queue)).messageCount
    },
    close: () => model.close(),
  }
}

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it did not come to hold within 30 s')
}

const input = z.strictObject({ amount: z.string().regex(/^[0-9]+\.[0-9]{2}$/) })
const output = z.strictObject({ entry: z.string() })

/** An operation as src/catalog resolves it: one flow with one event. */
export const payV1: ResolvedOperation = {
  name: 'pay',
  version: 1,
  file: 'workflows/pay.operation.ts',
  definition: operation('pay', { version: 1, summary: 'Pay an amount', flow: 'pay', input, output }),
  effect: 'write',
  method: undefined,
  path: undefined,
  inputSchema: z.toJSONSchema(input) as JsonSchema,
  outputSchema: z.toJSONSchema(output) as JsonSchema,
  events: new Map([['paid', z.toJSONSchema(input) as JsonSchema]]),
  workflowType: 'pay',
  transaction: undefined,
  parse(value) {
    const parsed = input.safeParse(value)
    if (parsed.success) return { input: parsed.data }
    // An unknown key is a mistake at that key, as in the catalog.
    const keysOf = (one: z.core.$ZodIssue) => (one.code === 'unrecognized_keys' ? one.keys : [undefined])
    const issues = parsed.error.issues.flatMap((one) =>
      keysOf(one).map((key) => ({
        path: ['', ...one.path, ...(key === undefined ? [] : [key])].join('/'),
        message: one.message,
      })),
    )
    return { issues }
  },
}
