// Says in words where code and a history part: Temporal's own message names events by number.

import { membersOf } from '../../contract/json.ts'
import type { HistoryEvent, RecordedHistory } from './history.ts'

/** What the code does otherwise, in one clause: `asks for inquireAccount where the history has post (reference …)`. */
export function differenceIn(error: unknown, { events }: RecordedHistory): string {
  const message = error instanceof Error ? error.message : String(error)
  const ids =
    /Activity (?:id|type) of scheduled event '([^']+)' does not match activity (?:id|type) of activity command '([^']+)'/.exec(
      message,
    )
  if (ids) return `asks for ${activity(ids[2])} where the history has ${activity(ids[1])}`
  const unexpected = /(\w[\w ]*?) machine does not handle this event: HistoryEvent\(id: (\d+)/.exec(message)
  if (unexpected) return `${doing(unexpected[1])} where the history has ${happened(events, unexpected[2])}`
  const missing = /No command scheduled for event HistoryEvent\(id: (\d+)/.exec(message)
  if (missing) return `does nothing where the history has ${happened(events, missing[1])}`
  if (message.includes('Missing associated machine for LocalActivity')) {
    return 'does something else where the history has the publishing of an event'
  }
  const encoded = /encoded_attributes: Some\(\[([A-Za-z0-9+/]+)/.exec(message)
  if (encoded) return ownWords(Buffer.from(encoded[1] ?? '', 'base64').toString())
  return (message.split('\n')[0] ?? message).replace(/^\[TMPRL\d+\] (?:Nondeterminism error: )?/, '')
}

/** What the flow itself threw: Temporal tells the beginning of it alone. */
function ownWords(attributes: string): string {
  const [, said = ''] = /"message":"([^"]*)/.exec(attributes) ?? []
  if (said.startsWith('FLOW_CHANGED'))
    return 'asks for another call than the one whose answer the history has there, or began on an older engine'
  return `fails: ${said}`
}

const commands: Readonly<Record<string, string>> = {
  Activity: 'calls',
  LocalActivity: 'publishes',
  Timer: 'waits',
  CompleteWorkflow: 'ends',
  FailWorkflow: 'fails',
  CancelWorkflow: 'ends as cancelled',
  ChildWorkflow: 'starts another flow',
  UpsertSearchAttributes: 'says its state',
  Version: 'has a branch by changed()',
}

function doing(machine = ''): string {
  const name = machine.replaceAll(/\s/g, '').replace(/Machine$/, '')
  return commands[name] ?? `does something else (${machine})`
}

function happened(events: readonly HistoryEvent[], id = ''): string {
  const event = events.find(({ eventId }) => String(eventId) === id)
  if (!event) return `event ${id}`
  const attributes = Object.entries(event).find(([name]) => name.endsWith('EventAttributes'))?.[1]
  const { activityId, startToFireTimeout } = membersOf(attributes)
  if (typeof activityId === 'string') return activity(activityId)
  if (typeof startToFireTimeout === 'string') return `a pause of ${startToFireTimeout}`
  const type = String(event.eventType).replace('EVENT_TYPE_', '').toLowerCase().replaceAll('_', ' ')
  return `event ${id}, ${type}`
}

/** `post/REFERENCE/3f9a02c1/1` and `findEntry?REFERENCE/3f9a02c1/1`; without the mark in runs of before (src/flow/run/step.ts). */
function activity(id = ''): string {
  const [, transaction, kind, reference] = /^(\w+)([/?])([A-Z2-7]{16})(?:\/[0-9a-f]{8})?\/\d+$/.exec(id) ?? []
  if (transaction === undefined) return id
  return kind === '?' ? `the inquiry ${transaction} for ${reference}` : `${transaction} with reference ${reference}`
}
