// Recorded histories against today's code: a change that would break flows that are running fails here. UPDATE=1 records them anew,
// on a real server; do so only for histories of flows that are nowhere in production. One file for each way through.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/contract/json.ts'
import { flowBundle } from '../../src/durable/bundle.ts'
import { readHistory, recordedHistory } from '../../src/durable/version/history.ts'
import { replay } from '../../src/durable/version/replay.ts'
import { flowSources, order, type Rig, resetWorkflow, rig, testKey } from '../support/rig.ts'
import { type Fault, type InquiryFault, reset } from '../support/scripted-core.ts'

/** The flows of the project are held to their histories by `mainspan check` too; the others are of tests. */
const ofProject = new Set(['transferFunds', 'runTransaction'])
const folderOf = (name: string) => {
  const place = ofProject.has(name.split('-')[0] ?? '') ? '../histories' : './histories'
  return fileURLToPath(new URL(place, import.meta.url))
}
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
  const call = { adapter: 'deposits', transaction: 'post', event: 'entry-posted' }
  const entry = { accountNumber: '1000000001', direction: 'D', amount: '1.00', currency: 'EUR' }
  const input: JsonObject = flow === 'runTransaction' ? entry : { ...order }
  const id = await it.begin(flow, input, flow === 'runTransaction' ? { call } : {})
  await it.settled(id)
  if (after) {
    await after(it, id)
    await it.settled(id)
  }
  const history = await recordedHistory(await it.client.workflow.getHandle(id).fetchHistory(), [testKey])
  writeFileSync(`${folderOf(name)}/${name}.json`, `${JSON.stringify(history, null, 1)}\n`)
}

const read = (name: string) => {
  const history = readHistory(readFileSync(`${folderOf(name)}/${name}.json`, 'utf8'))
  if ('problem' in history) throw new Error(`${name}: ${history.problem}`)
  return history
}

describe('recorded histories', () => {
  let it: Rig | undefined
  beforeAll(async () => {
    if (!recording) return
    it = await rig()
    for (const name of Object.keys(ways)) mkdirSync(folderOf(name), { recursive: true })
    for (const [name, way] of Object.entries(ways)) await record(it, name, way)
  }, 120_000)
  afterAll(() => it?.close())

  test('are there for each way', () => {
    const there = [...new Set(Object.keys(ways).map(folderOf))].flatMap((folder) => readdirSync(folder))
    expect(there.sort()).toEqual(
      Object.keys(ways)
        .map((name) => `${name}.json`)
        .sort(),
    )
  })

  test('are replayed by the code of today', async () => {
    const histories = Object.keys(ways).map((name) => ({ name, history: read(name) }))
    const results = await replay(await flowBundle(flowSources), histories)
    expect(results).toEqual(Object.entries(ways).map(([name, { flow }]) => ({ name, flow, difference: undefined })))
  })

  test('are not replayed by code that asks for something else, which is said in words', async () => {
    const text = JSON.stringify(read('moveMoney-found'))
    const history = JSON.parse(text.replace('"name":"moveMoney"', '"name":"bothAtOnce"'))
    const [result] = await replay(await flowBundle(flowSources), [{ name: 'other', history }])
    expect(result).toEqual({
      name: 'other',
      flow: 'bothAtOnce',
      difference: expect.stringMatching(
        /^asks for wire with reference \w{16} where the history has post with reference \w{16}$/,
      ),
    })
  })

  // 18 events with two calls, 12 with one; without an event to publish the marker is not there.
  test.each([
    ['transferFunds-completed', 2],
    ['runTransaction-completed', 1],
  ])('have no more events than the happy path needs: %s', (name, calls) => {
    const types = read(name).events.map(({ eventType }) => eventType.replace('EVENT_TYPE_', ''))
    const activity = ['ACTIVITY_TASK_SCHEDULED', 'ACTIVITY_TASK_STARTED', 'ACTIVITY_TASK_COMPLETED']
    const task = ['WORKFLOW_TASK_SCHEDULED', 'WORKFLOW_TASK_STARTED', 'WORKFLOW_TASK_COMPLETED']
    expect(types).toEqual([
      'WORKFLOW_EXECUTION_STARTED',
      ...task,
      ...Array.from({ length: calls }, () => [...activity, ...task]).flat(),
      'MARKER_RECORDED',
      'WORKFLOW_EXECUTION_COMPLETED',
    ])
  })
})
