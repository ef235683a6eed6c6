// Commands: a message starts an operation. It is acknowledged only after the start is durable; what cannot be a command is parked
// with the reason, and while Temporal cannot be reached messages are held, not bounced.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Catalog, InputIssue, ResolvedOperation } from '../contract/catalog.ts'
import type { Operations } from '../contract/durable.ts'
import { type Failure, failure, isFailure } from '../error/failure.ts'
import { isCallers } from '../error/status.ts'
import { type Audit, type AuditRecord, callerOf, noAudit } from '../operation/audit.ts'
import { validated } from '../operation/input.ts'
import { invoke, type OperationInvocation } from '../operation/invoke.ts'
import type { Identify } from '../operation/principal.ts'
import { type Answers, answers } from './answers.ts'
import type { Broker, Subscription } from './broker.ts'
import { type CommandMessage, commandOf } from './envelope.ts'
import { answerSender, type CommandRefusal, deliveriesBefore, park } from './parking.ts'
import type { BrokerNotice } from './reconnecting-connection.ts'
import type { Consumer, Delivery, Disposition } from './subscription.ts'

/** What commands are consumed from and started with, and how patiently. Times in ms, sizes in bytes. */
export interface CommandsOptions {
  readonly broker: Broker
  readonly catalog: Pick<Catalog, 'operations'>
  readonly operations: Pick<Operations, 'start' | 'wait' | 'idOf'>
  /** Without it nothing is recorded. */
  readonly audit?: Audit
  /** Tells who sends, from the name of the sender as the broker checked it. */
  readonly identify: Identify<string>
  /** Commands that are being started at the same time. */
  readonly prefetch?: number
  readonly bodyLimit?: number
  /** How long a message is held while Temporal is away; the broker's own patience is 30 minutes. */
  readonly holdMs?: number
  /** The first pause before a held message is tried again; each is twice the one before, 15 s at most. */
  readonly pauseMs?: number
  /** How long a repeated command waits, beside the queue, for the end of the run that the first one started. */
  readonly answerWaitMs?: number
  /** How often it is tried whether the command queue takes messages. */
  readonly probeMs?: number
  readonly notice?: (notice: BrokerNotice) => void
}

const utf8 = new TextEncoder()
const longestPauseMs = 15_000
/** Repeated commands that wait for their answer at once. */
const mostAnswers = 200

function resolve(command: CommandMessage, catalog: Pick<Catalog, 'operations'>): ResolvedOperation {
  const { operation: name, version } = command
  const found = catalog.operations.find((one) => one.name === name && one.version === version)
  if (!found) throw failure('OPERATION_UNKNOWN', { operation: `${name} v${version}` })
  return found
}

/** What is known of a command, for the audit. */
interface CommandTrace extends Partial<Pick<AuditRecord, 'client' | 'token' | 'consent' | 'operation' | 'version'>> {
  /** By chance: the message's own id is the key of the command, which no record holds. */
  readonly requestId: string
}

/** What a command starts, or why it cannot. */
type Checked = { readonly invocation: OperationInvocation } | { readonly refusal: CommandRefusal }

/** The command, checked as far as it can be before anything is started. */
async function checked(delivery: Delivery, options: CommandsOptions, trace: CommandTrace): Promise<Checked> {
  const command = commandOf(delivery, options.bodyLimit ?? 262_144)
  const operation = resolve(command, options.catalog)
  Object.assign(trace, { operation: operation.name, version: operation.version })
  if (command.inexact.length > 0) {
    const problem = 'a number has more digits than a JSON number holds exactly'
    const message = `${problem}: give it as a string, in double quotes`
    const issues = command.inexact.map((path): InputIssue => ({ path, message }))
    return { refusal: { why: failure('COMMAND_MALFORMED', { problem }), issues } }
  }
  const principal = await options.identify(command.client)
  Object.assign(trace, callerOf(principal))
  const parsed = validated(operation, command.input)
  if ('issues' in parsed) {
    const facts = { operation: `${operation.name} v${operation.version}`, mistakes: parsed.issues.length }
    return { refusal: { why: failure('COMMAND_INPUT_INVALID', facts), issues: parsed.issues } }
  }
  const { id: key, replyTo } = command
  const { requestId } = trace
  return { invocation: { operation, input: parsed.input, principal, key, requestId, ...(replyTo && { replyTo }) } }
}

async function readCommand(delivery: Delivery, options: CommandsOptions, trace: CommandTrace): Promise<Checked> {
  try {
    return await checked(delivery, options, trace)
  } catch (error) {
    if (isFailure(error) && isRefusal(error)) return { refusal: { why: error, issues: [] } }
    throw error
  }
}

/** The sender's mistake, which no waiting corrects; everything else is ours and may pass. */
const isRefusal = (error: Failure) => error.retry === 'never' && isCallers(error.status)

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

/** What becomes of one delivery. */
interface Dealing {
  readonly options: CommandsOptions
  readonly audit: Audit
  readonly repeated: Answers
  readonly report: (error: Failure) => void
}

async function settleRefusal(
  dealing: Dealing,
  delivery: Delivery,
  refusal: CommandRefusal,
  trace: CommandTrace,
): Promise<Disposition> {
  dealing.report(refusal.why)
  const verdict = await parked(dealing, delivery, refusal)
  // Otherwise it comes again, and is refused again.
  if (verdict === 'requeue') return verdict
  dealing.audit.note({ event: 'refused', api: 'command', ...trace, code: refusal.why.code })
  await answerSender(delivery, refusal, dealing.options.broker)
  return verdict
}

async function parked({ options, report }: Dealing, delivery: Delivery, refusal: CommandRefusal): Promise<Disposition> {
  try {
    const isParked = await persist(
      () => park(delivery, refusal, options.broker),
      delivery,
      options,
      async (error) => report(error),
    )
    return isParked ? 'ack' : 'requeue'
  } catch (error) {
    // It cannot be written together with the reason, so the broker parks it; that drops user_id and expiration, and nothing else.
    if (!isFailure(error) || error.code !== 'MESSAGE_UNWRITABLE') throw error
    report(error)
    return 'dead'
  }
}

/** The last delivery that the queue allows: what cannot be dealt with now is parked by us, since the broker would drop its user_id. */
async function handle(dealing: Dealing, delivery: Delivery, consumer: Consumer): Promise<Disposition> {
  if (delivery.type === probeType) return 'ack'
  const times = deliveriesBefore(delivery) + 1
  const isLast = times > dealing.options.broker.deliveryLimit
  let cause: unknown
  const verdict = await dealWith(dealing, delivery, consumer).catch((error: unknown) => {
    if (!isLast) throw error
    cause = error
    return 'requeue' as const
  })
  if (verdict !== 'requeue' || !isLast || delivery.signal.aborted) return verdict
  // Its sender is not told: the command may have been started.
  const why = failure('COMMAND_UNSETTLED', { times }, { cause })
  dealing.report(why)
  dealing.audit.note({ event: 'refused', api: 'command', requestId: crypto.randomUUID(), code: why.code })
  return parked(dealing, delivery, { why, issues: [] })
}

async function dealWith(dealing: Dealing, delivery: Delivery, consumer: Consumer): Promise<Disposition> {
  const { options, audit, repeated, report } = dealing
  const trace: CommandTrace = { requestId: crypto.randomUUID() }
  const read = await readCommand(delivery, options, trace)
  if ('refusal' in read) return settleRefusal(dealing, delivery, read.refusal, trace)
  let held = false
  try {
    const started = await persist(
      async () => {
        const { id, started } = await invoke({ operations: options.operations, audit }, read.invocation)
        const outcome = started ? 'started' : 'repeated'
        audit.note({ event: 'called', api: 'command', ...trace, operationId: id, outcome })
        if (!started) repeated.again(id, read.invocation.replyTo)
      },
      delivery,
      options,
      async (error) => {
        if (!held) report(error)
        held = true
        await consumer.suspend()
      },
    )
    return started ? 'ack' : 'requeue'
  } catch (error) {
    // Above all IDEMPOTENCY_KEY_REUSED: another command came under the same id before.
    if (!isFailure(error)) throw error
    return settleRefusal(dealing, delivery, { why: error, issues: [] }, trace)
  } finally {
    if (held) await consumer.resume()
  }
}

/** Consumes the command queue until the subscription is closed. `up` tells also whether the queue takes messages. */
export async function consumeCommands(options: CommandsOptions): Promise<Subscription> {
  const {
    broker,
    operations,
    audit = noAudit,
    answerWaitMs = 20_000,
    prefetch = 50,
    notice = () => undefined,
  } = options
  const { commands: queue } = broker.names
  const repeated = answers({ broker, operations, notice, waitMs: answerWaitMs, most: mostAnswers })
  const report = ({ code, message, cause }: Failure) => {
    // What failed on our side is told as for any delivery; other causes may quote what came.
    const ours = code === 'COMMAND_UNSETTLED' && cause instanceof Error ? ` (${cause.message})` : ''
    notice({ link: queue, event: 'trouble', reason: `${message}${ours}` })
  }
  const dealing: Dealing = { options, audit, repeated, report }
  const subscription = await broker.consume({ queue, prefetch, handle: (...one) => handle(dealing, ...one) })
  const probing = probeQueue(options)
  return {
    get up() {
      return subscription.up && probing.well()
    },
    async close() {
      repeated.close()
      await probing.stop()
      await subscription.close()
    },
  }
}
