// Commands: a message starts an operation. It is acknowledged only after the start is durable; what cannot be a command is parked
// with the reason, and while Temporal cannot be reached messages are held, not bounced.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Catalog, InputIssue, ResolvedOperation } from '../contract/catalog.ts'
import { type OperationStart, type Operations, transactionStart } from '../contract/durable.ts'
import { type Failure, failure, isFailure } from '../error/failure.ts'
import type { Broker, Subscription } from './broker.ts'
import { type Command, commandOf } from './envelope.ts'
import type { BrokerNotice } from './link.ts'
import type { Consumer, Delivery, Verdict } from './subscription.ts'

export interface CommandsOptions {
  readonly broker: Broker
  readonly catalog: Pick<Catalog, 'operations'>
  readonly operations: Pick<Operations, 'start' | 'wait'>
  /** Commands that are being started at the same time. */
  readonly prefetch?: number
  readonly bodyLimit?: number
  /** How long a message is held while Temporal is away; the broker's own patience is 30 minutes. */
  readonly holdMs?: number
  /** The first pause before a held message is tried again; each is twice the one before, 15 s at most. */
  readonly pauseMs?: number
  /** How often it is tried whether the command queue takes messages. */
  readonly probeMs?: number
  readonly notice?: (notice: BrokerNotice) => void
}

/** Why a message is parked, and what its sender is told. */
interface Refusal {
  readonly why: Failure
  readonly issues: readonly InputIssue[]
}

const utf8 = new TextEncoder()
const longestPauseMs = 15_000
/** How long a repeated command waits for the end of the run that the first one started. */
const answerWaitMs = 20_000

function resolve(command: Command, catalog: Pick<Catalog, 'operations'>): ResolvedOperation {
  const { operation: name, version } = command
  const found = catalog.operations.find((one) => one.name === name && one.version === version)
  if (!found) throw failure('OPERATION_UNKNOWN', { operation: `${name} v${version}` })
  return found
}

function startOf(command: Command, operation: ResolvedOperation, input: OperationStart['input']): OperationStart {
  return {
    operation: operation.name,
    version: operation.version,
    input,
    client: command.client,
    door: 'command',
    ...(command.replyTo && { replyTo: command.replyTo }),
    ...transactionStart(operation, input),
  }
}

/** The command, checked as far as it can be before anything is started. */
function checked(delivery: Delivery, options: CommandsOptions) {
  const command = commandOf(delivery, options.bodyLimit ?? 262_144)
  const operation = resolve(command, options.catalog)
  const parsed = operation.parse(command.input)
  if ('issues' in parsed) {
    const facts = { operation: `${operation.name} v${operation.version}`, mistakes: parsed.issues.length }
    const refusal: Refusal = { why: failure('COMMAND_INPUT_INVALID', facts), issues: parsed.issues }
    return { refusal }
  }
  const request = {
    start: startOf(command, operation, parsed.input),
    workflowType: operation.workflowType,
    key: command.id,
    summary: `${operation.definition.summary ?? `${operation.name} v${operation.version}`}, by command`,
  }
  return { request }
}

function readCommand(delivery: Delivery, options: CommandsOptions): ReturnType<typeof checked> {
  try {
    return checked(delivery, options)
  } catch (error) {
    if (isFailure(error) && isRefusal(error)) return { refusal: { why: error, issues: [] } }
    throw error
  }
}

/** The sender's mistake, which no waiting mends; everything else is ours and may pass. */
const isRefusal = (error: Failure) => error.retry === 'never' && error.http < 500

/** Tries again and again, with growing pauses, while the failure is one that passes. False when time is over or the channel gone. */
async function persist(
  work: () => Promise<void>,
  delivery: Delivery,
  options: CommandsOptions,
  troubled: (error: Failure) => Promise<void>,
): Promise<boolean> {
  const deadline = performance.now() + (options.holdMs ?? 1_200_000)
  let pause = options.pauseMs ?? 500
  for (;;) {
    try {
      await work()
      return true
    } catch (error) {
      if (!isFailure(error) || isRefusal(error)) throw error
      await troubled(error)
    }
    if (performance.now() + pause > deadline) return false
    await sleep(pause, undefined, { signal: delivery.signal }).catch(() => undefined)
    if (delivery.signal.aborted) return false
    pause = Math.min(pause * 2, longestPauseMs)
  }
}

/** The message goes to the parking queue as it came, with the reason in its headers; its sender is told when it asked for an answer. */
async function park(delivery: Delivery, { why, issues }: Refusal, { broker }: CommandsOptions): Promise<void> {
  const { names } = broker
  const messageId = delivery.messageId ?? `unnamed-${crypto.randomUUID()}`
  await broker.publish({
    exchange: names.parked,
    routingKey: names.commands,
    body: delivery.body,
    messageId,
    contentType: delivery.contentType ?? 'application/octet-stream',
    ...(delivery.type !== undefined && { type: delivery.type }),
    ...(delivery.correlationId !== undefined && { correlationId: delivery.correlationId }),
    ...(delivery.replyTo !== undefined && { replyTo: delivery.replyTo }),
    headers: {
      'mainspan-reason': why.code,
      'mainspan-message': why.message,
      'mainspan-hint': why.hint,
      'mainspan-queue': names.commands,
      'mainspan-parked-at': new Date().toISOString(),
      ...(delivery.userId !== undefined && { 'mainspan-user': delivery.userId }),
      ...(issues.length > 0 && { 'mainspan-issues': JSON.stringify(issues.slice(0, 20)).slice(0, 4000) }),
    },
  })
  if (delivery.replyTo === undefined) return
  const body = { state: 'refused', code: why.code, message: why.message, hint: why.hint, issues: issues.slice(0, 20) }
  const reply = {
    exchange: '',
    routingKey: delivery.replyTo,
    body: utf8.encode(JSON.stringify(body)),
    messageId: `${messageId}/refused`.slice(-255),
    contentType: 'application/json',
    correlationId: delivery.correlationId ?? messageId,
  }
  // A sender that is gone misses only the news: the message itself is parked.
  await broker.publish(reply).catch((error) => {
    if (!isFailure(error)) throw error
  })
}

/**
 * A command that came before is answered from the run that it started. Where that still runs, its own answer goes to the queue that the
 * first message named, and the result stays readable over REST.
 */
async function answerAgain(
  id: string,
  to: OperationStart['replyTo'],
  { broker, operations }: CommandsOptions,
): Promise<void> {
  if (!to) return
  const { id: operationId, operation, version, startedAt, endedAt, ...result } = await operations.wait(id, answerWaitMs)
  if (endedAt === undefined) return
  const answer = {
    exchange: '',
    routingKey: to.queue,
    body: utf8.encode(JSON.stringify({ operationId, ...result })),
    messageId: `${operationId}/again`,
    contentType: 'application/json',
    correlationId: to.correlationId,
  }
  // A sender that is gone misses only the repetition.
  await broker.publish(answer).catch((error) => {
    if (!isFailure(error)) throw error
  })
}

const probeType = 'mainspan.probe'

/**
 * Tries the queue from time to time: one without a leader gives its consumers nothing and no error either. `well` is false from a
 * probe that was not confirmed until one that is.
 */
function probeQueue({ broker, probeMs = 60_000, notice = () => undefined }: CommandsOptions) {
  const { commands } = broker.names
  let well = true
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  async function probe(): Promise<void> {
    const messageId = crypto.randomUUID()
    const message = { exchange: '', routingKey: commands, messageId, contentType: 'application/json', type: probeType }
    try {
      await broker.publish({ ...message, body: utf8.encode('{}') })
      if (!well) notice({ link: commands, event: 'up', reason: 'the queue takes messages again' })
      well = true
    } catch (error) {
      if (!isFailure(error)) throw error
      well = false
      if (!stopped)
        notice({ link: commands, event: 'trouble', reason: `the queue takes no messages: ${error.message}` })
    }
    if (!stopped) timer = setTimeout(probe, probeMs).unref()
  }
  const first = probe()
  return {
    well: () => well,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await first
    },
  }
}

/** Consumes the command queue until the subscription is closed. `up` tells also whether the queue takes messages. */
export async function consumeCommands(options: CommandsOptions): Promise<Subscription> {
  const { broker, operations, notice = () => undefined } = options
  const tell = (error: Failure) => notice({ link: broker.names.commands, event: 'trouble', reason: error.message })

  async function settleRefusal(delivery: Delivery, refusal: Refusal): Promise<Verdict> {
    tell(refusal.why)
    const parked = await persist(
      () => park(delivery, refusal, options),
      delivery,
      options,
      async (error) => tell(error),
    )
    return parked ? 'ack' : 'requeue'
  }

  async function handle(delivery: Delivery, consumer: Consumer): Promise<Verdict> {
    if (delivery.type === probeType) return 'ack'
    const read = readCommand(delivery, options)
    if (read.refusal) return settleRefusal(delivery, read.refusal)
    let held = false
    try {
      const started = await persist(
        async () => {
          const { id, started } = await operations.start(read.request)
          if (!started) await answerAgain(id, read.request.start.replyTo, options)
        },
        delivery,
        options,
        async (error) => {
          if (!held) tell(error)
          held = true
          await consumer.suspend()
        },
      )
      return started ? 'ack' : 'requeue'
    } catch (error) {
      // Above all IDEMPOTENCY_KEY_REUSED: another command came under the same id before.
      if (!isFailure(error)) throw error
      return settleRefusal(delivery, { why: error, issues: [] })
    } finally {
      if (held) await consumer.resume()
    }
  }

  const prefetch = options.prefetch ?? 50
  const subscription = await broker.consume({ queue: broker.names.commands, prefetch, handle })
  const probing = probeQueue(options)
  return {
    get up() {
      return subscription.up && probing.well()
    },
    async close() {
      await probing.stop()
      await subscription.close()
    },
  }
}
