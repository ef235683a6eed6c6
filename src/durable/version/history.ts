// Histories that are kept in a project: what an operation did, in clear and without the names of machines, to be replayed by later code.

import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import proto from '@temporalio/proto'
import { isObject, type JsonObject, type JsonValue, membersOf } from '../../contract/json.ts'
import { payloadCodec } from '../payload/payload-codec.ts'
import type { PayloadKey } from '../settings.ts'

type History = Parameters<typeof historyToJSON>[0]
type Codec = ReturnType<typeof payloadCodec>

/** One event of a history, in the JSON of protocol buffers. */
export type HistoryEvent = JsonObject & { readonly eventId: string; readonly eventType: string }

/** A workflow history in Temporal's JSON, payloads decrypted. */
export interface RecordedHistory {
  readonly events: readonly HistoryEvent[]
}

/**
 * A history as it is kept in a project: payloads decrypted, so that no key has to be kept with it. What the operation was asked and what the
 * core answered can be read in it: record on systems without customer data.
 */
export async function recordedHistory(history: History, keys: readonly PayloadKey[]): Promise<RecordedHistory> {
  const [first, ...others] = keys
  const codec = first && payloadCodec([first, ...others])
  const whole: JsonObject = JSON.parse(historyToJSON(history), withoutMachine)
  return ofItsRun((codec ? await inClear(whole, codec) : whole) as unknown as RecordedHistory)
}

/**
 * A reset copies the start of the run before, and with it that run's id; replay takes a run for the one that the start names. The mark
 * of the reset names the run that the history really belongs to.
 */
function ofItsRun({ events }: RecordedHistory): RecordedHistory {
  const marks = events.map(({ workflowTaskFailedEventAttributes: failed }) => membersOf(failed).newRunId)
  const newRunId = marks.findLast((mark): mark is string => typeof mark === 'string' && mark !== '')
  const [first, ...others] = events
  if (newRunId === undefined || !first) return { events }
  const started = { ...(first.workflowExecutionStartedEventAttributes as JsonObject), originalExecutionRunId: newRunId }
  return { events: [{ ...first, workflowExecutionStartedEventAttributes: started }, ...others] }
}

function withoutMachine(member: string, value: unknown): unknown {
  const named = member === 'identity' || (typeof value === 'string' && /^\d+@/.test(value))
  return named ? 'recorded' : value
}

async function inClear(value: JsonValue, codec: Codec): Promise<JsonValue> {
  if (Array.isArray(value)) return await Promise.all(value.map((one: JsonValue) => inClear(one, codec)))
  if (!isObject(value)) return value
  if (isEncrypted(value)) return await decrypted(value, codec)
  const members = Object.entries(value).map(async ([name, member]) => [name, await inClear(member, codec)] as const)
  return Object.fromEntries(await Promise.all(members))
}

const encrypted = Buffer.from('binary/encrypted').toString('base64')

function isEncrypted({ metadata }: JsonObject): boolean {
  return membersOf(metadata).encoding === encrypted
}

async function decrypted(payload: JsonObject, codec: Codec): Promise<JsonValue> {
  const { Payload } = proto.temporal.api.common.v1
  const [clear] = await codec.decode([Payload.fromObject(payload)])
  return Payload.toObject(Payload.fromObject({ ...clear }), { bytes: String })
}

export interface RunOrigin {
  /** References hang on it. */
  readonly workflowId: string
  readonly runId: string
  readonly type: string
}

/** What the first event of a history tells; empty strings where it does not. */
export function originOf({ events }: RecordedHistory): RunOrigin {
  const { workflowId, originalExecutionRunId, workflowType } = membersOf(
    events[0]?.workflowExecutionStartedEventAttributes,
  )
  return {
    workflowId: textOf(workflowId),
    runId: textOf(originalExecutionRunId),
    type: textOf(membersOf(workflowType).name),
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A history that was kept, or what keeps it from being one. */
export function readHistory(text: string): RecordedHistory | { readonly problem: string } {
  let history: Partial<RecordedHistory>
  try {
    history = JSON.parse(text)
  } catch (cause) {
    return { problem: cause instanceof Error ? cause.message : String(cause) }
  }
  const whole = { ...history, events: Array.isArray(history?.events) ? history.events : [] }
  return originOf(whole).type === '' ? { problem: 'it does not begin with the start of a workflow' } : whole
}
