// Recorded histories against today's code: a change that would break flows that are running fails here. UPDATE=1 records them anew,
// on a real server; do so only for histories of flows that are nowhere in production. One file for each way through.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker'
import type { JsonObject } from '../../src/contract/json.ts'
import { flowBundle } from '../../src/durable/bundle.ts'
import { dataConverter } from '../../src/durable/payload/data-converter.ts'
import { flowSources, order, type Rig, resetWorkflow, rig, testKey } from '../support/rig.ts'
import { type Fault, type InquiryFault, reset } from '../support/scripted-core.ts'

const folder = fileURLToPath(new URL('../histories', import.meta.url))
const recording = process.env.UPDATE === '1'
const by = { by: 'ops', note: 'recorded' }

interface Way {
  readonly flow: string
  readonly debit?: readonly Fault[]
  readonly credit?: readonly Fault[]
  readonly inquiry?: readonly InquiryFault[]
  /** What is done after the operation has ended or is parked; it is recorded when it has ended or is parked again. */
  after?(it: Rig, id: string): Promise<unknown>
}

const confirm = (it: Rig, id: string) =>
  it.operations.resolve(id, { action: 'confirm-applied', ...by, reply: { entryNumber: 'E', balance: '1.00' } })

const ways: Readonly<Record<string, Way>> = {
  'transferFunds-completed': { flow: 'transferFunds' },
  'transferFunds-undone': { flow: 'transferFunds', credit: [{ do: 'refuse', reason: 'account-blocked' }] },
  'runTransaction-completed': { flow: 'runTransaction' },
  'moveMoney-found': { flow: 'moveMoney', debit: [{ do: 'lose', booked: true }] },
  'moveMoney-sent-again': { flow: 'moveMoney', debit: [{ do: 'not-sent' }], credit: [{ do: 'lose', booked: false }] },
  'moveMoney-parked': { flow: 'moveMoney', credit: [{ do: 'lose', booked: true }], inquiry: ['ambiguous'] },
  'moveMoney-confirmed': {
    flow: 'moveMoney',
    credit: [{ do: 'lose', booked: true }],
    inquiry: ['unclear', 'unclear'],
    after: confirm,
  },
  'moveMoney-cancelled': {
    flow: 'moveMoney',
    debit: [{ do: 'lose', booked: true }],
    inquiry: ['ambiguous'],
    after: async (it, id) => {
      await it.client.workflow.getHandle(id).cancel()
      await confirm(it, id)
    },
  },
  'moveMoney-reset': {
    flow: 'moveMoney',
    credit: [{ do: 'refuse', reason: 'account-blocked' }],
    after: (it, id) => resetWorkflow(it, id, 2),
  },
}

async function record(it: Rig, name: string, { flow, debit, credit, inquiry, after }: Way): Promise<void> {
  reset(it.core)
  it.core.onCall = ({ request, reversing }, nth) =>
    reversing ? undefined : (request.direction === 'D' ? debit : credit)?.[nth]
  it.core.onInquiry = (_, nth) => inquiry?.[nth]
  const call = { adapter: 'bank', transaction: 'post', event: 'entry-posted' }
  const input: JsonObject = flow === 'runTransaction' ? { account: '1', direction: 'D', amount: '1.00' } : { ...order }
  const id = await it.begin(flow, input, flow === 'runTransaction' ? { call } : {})
  await it.settled(id)
  if (after) {
    await after(it, id)
    await it.settled(id)
  }
  const history = historyToJSON(await it.client.workflow.getHandle(id).fetchHistory())
  writeFileSync(`${folder}/${name}.json`, `${JSON.stringify(JSON.parse(history), anonymous, 1)}\n`)
}

/** Without the names of the machine that recorded it. */
function anonymous(member: string, value: unknown): unknown {
  const named = member === 'identity' || (typeof value === 'string' && /^\d+@/.test(value))
  return named ? 'test' : value
}

async function replay(
  histories: readonly { workflowId: string; history: unknown }[],
): Promise<Record<string, unknown>> {
  const errors: Record<string, unknown> = {}
  const options = {
    workflowBundle: { code: await flowBundle(flowSources) },
    dataConverter: dataConverter([testKey]),
    replayName: 'histories',
  }
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) errors[workflowId] = error
  return errors
}

const read = (name: string) =>
  JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as { events: { eventType: string }[] }

describe('recorded histories', () => {
  let it: Rig | undefined
  beforeAll(async () => {
    if (!recording) {
      const filter = makeTelemetryFilterString({ core: 'ERROR' })
      const telemetryOptions = { logging: { forward: {}, filter } }
      Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), telemetryOptions })
      return
    }
    it = await rig()
    mkdirSync(folder, { recursive: true })
    for (const [name, way] of Object.entries(ways)) await record(it, name, way)
  }, 120_000)
  afterAll(() => it?.close())

  test('are there for each way', () => {
    expect(readdirSync(folder).sort()).toEqual(
      Object.keys(ways)
        .map((name) => `${name}.json`)
        .sort(),
    )
  })

  test('are replayed by the code of today', async () => {
    const histories = Object.keys(ways).map((name) => ({ workflowId: idIn(name), history: read(name) }))
    const errors = await replay(histories)
    expect(Object.entries(errors)).toEqual(histories.map(({ workflowId }) => [workflowId, undefined]))
  })

  test('are not replayed by code that asks for something else', async () => {
    const text = readFileSync(`${folder}/moveMoney-found.json`, 'utf8')
    const other = JSON.parse(text.replace('"name": "moveMoney"', '"name": "bothAtOnce"'))
    const errors = await replay([{ workflowId: idIn('moveMoney-found'), history: other }])
    expect(Object.values(errors)).toEqual([expect.objectContaining({ name: 'DeterminismViolationError' })])
  })

  test('have no more events than the happy path needs', () => {
    const types = read('transferFunds-completed').events.map(({ eventType }) => eventType.replace('EVENT_TYPE_', ''))
    const activity = ['ACTIVITY_TASK_SCHEDULED', 'ACTIVITY_TASK_STARTED', 'ACTIVITY_TASK_COMPLETED']
    const task = ['WORKFLOW_TASK_SCHEDULED', 'WORKFLOW_TASK_STARTED', 'WORKFLOW_TASK_COMPLETED']
    expect(types).toEqual([
      'WORKFLOW_EXECUTION_STARTED',
      ...task,
      ...[...activity, ...task],
      ...[...activity, ...task],
      ...[...activity, ...task],
      'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
      'WORKFLOW_EXECUTION_COMPLETED',
    ])
  })
})

/** References hang on the workflow id, which only the first event's attributes tell. */
function idIn(name: string): string {
  const [first] = read(name).events as unknown as { workflowExecutionStartedEventAttributes: { workflowId: string } }[]
  return first?.workflowExecutionStartedEventAttributes.workflowId ?? name
}
