// A flow that changes while its runs are open never takes the answer of another call for its own.

import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Worker } from '@temporalio/worker'
import { traitsOf } from '../../src/contract/activity.ts'
import { flowContract } from '../../src/contract/durable.ts'
import { flowBundle } from '../../src/durable/bundle.ts'
import { dataConverter } from '../../src/durable/payload/data-converter.ts'
import { flowSources, order, type Rig, rig, testKey } from '../support/rig.ts'
import { type Fault, reset } from '../support/scripted-core.ts'
import { bank } from './fast-bank/bank.ts'

let it: Rig
beforeAll(async () => {
  it = await rig()
})
afterAll(() => it.close())

const salted = () => it.begin('moveMoney')

/** As the release before this one started runs: the ids of their activities tell nothing of the content of calls. */
async function unsalted(): Promise<string> {
  const { taskQueue, patience } = it.settings
  const start = { operation: 'moveMoney', version: 1, input: order, client: 'tests', door: 'rest', patience }
  const options = { workflowId: `unsalted-${Date.now()}`, taskQueue, args: [{ ...start, contract: flowContract }] }
  return (await it.client.workflow.start('moveMoney', options)).workflowId
}

/** The history of a transfer that is parked on its credit, or its debit. */
async function parkedHistory(lost: 'C' | 'D' = 'C', fault: Fault = { do: 'lose', booked: true }, begin = salted) {
  reset(it.core)
  it.core.onCall = ({ request }) => (request.direction === lost ? fault : undefined)
  it.core.onInquiry = () => 'ambiguous'
  const id = await begin()
  expect(await it.settled(id)).toMatchObject({ state: 'parked' })
  const history = await it.client.workflow.getHandle(id).fetchHistory()
  await it.operations.resolve(id, { action: 'abandon', by: 'ops', note: 'recorded' })
  return { id, history }
}

async function replayedBy(file: string, { id, history }: Awaited<ReturnType<typeof parkedHistory>>): Promise<unknown> {
  const path = fileURLToPath(new URL(`./fast-bank/${file}`, import.meta.url))
  const code = await flowBundle({ adapters: flowSources.adapters, flows: new Map([['moveMoney', path]]) })
  const options = { workflowBundle: { code }, dataConverter: dataConverter([testKey]), replayName: file }
  return await Worker.runReplayHistory(options, history, id).then(
    () => undefined,
    (error: unknown) => error,
  )
}

test('activity ids name the transaction and the reference', async () => {
  const { history } = await parkedHistory()
  const ids = (history.events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes?.activityId ?? [])
  const [debit, credit] = it.core.calls.map(({ reference }) => reference)
  const marks = ids.slice(0, 3).map((id) => id.split('/')[id.includes('?') ? 1 : 2] ?? '')
  expect(ids.slice(0, 3)).toEqual([
    `post/${debit}/${marks[0]}/1`,
    `post/${credit}/${marks[1]}/1`,
    `find?${credit}/${marks[1]}/1`,
  ])
  for (const mark of marks) expect(mark).toMatch(/^[0-9a-f]{8}$/)
})

test('the code that the run began with replays it', async () => {
  expect(await replayedBy('flows.ts', await parkedHistory())).toBeUndefined()
})

test('a read inserted before the debit fails the workflow task', async () => {
  const error = await replayedBy('changed-by-read.ts', await parkedHistory())
  expect(error).toMatchObject({ name: 'DeterminismViolationError' })
  expect(String(error)).toContain('Activity id')
})

test('a posting of the same transaction before the debit fails it by the id, whatever the code catches', async () => {
  const error = await replayedBy('changed-by-fee.ts', await parkedHistory())
  expect(error).toMatchObject({ name: 'DeterminismViolationError' })
  expect(String(error)).toContain('Activity id')
})

test('so it does where the worker was lost, and no answer says which call it belongs to', async () => {
  const error = await replayedBy('changed-by-fee.ts', await parkedHistory('D', { do: 'hang', booked: true }))
  expect(error).toMatchObject({ name: 'DeterminismViolationError' })
})

test('another event in its place fails it: the one that history holds was another', async () => {
  reset(it.core)
  const id = await it.begin('moveMoney')
  expect(await it.settled(id)).toMatchObject({ state: 'completed' })
  const history = await it.client.workflow.getHandle(id).fetchHistory()
  expect(await replayedBy('flows.ts', { id, history })).toBeUndefined()
  expect(String(await replayedBy('changed-by-event.ts', { id, history }))).toContain('FLOW_CHANGED')
})

test('in a run without a salt it fails by the digest in the answer', async () => {
  const error = await replayedBy('changed-by-fee.ts', await parkedHistory('C', undefined, unsalted))
  expect(String(error)).toContain('FLOW_CHANGED')
})

test('a late look that a build of before began names its questions by the reference alone', async () => {
  reset(it.core)
  const { post } = bank.definition.transactions
  const reference = 'AAAAAAAAAAAAAAAA'
  const siblings = Object.entries(bank.definition.transactions).map(([name, one]) => [name, traitsOf(one)])
  const call = { adapter: 'bank', transaction: 'post', request: {}, reference }
  const step = { call, of: { reference, digest: 'd' }, siblings: Object.fromEntries(siblings), name: 'bank.post' }
  const start = {
    ...{ contract: flowContract, operation: 'moveMoney', version: 1, input: {}, client: 'tests', door: 'rest' },
    ...{ watches: 'moveMoney-1', patience: it.settings.patience, expected: 'never' },
    step: { ...step, traits: traitsOf(post as Parameters<typeof traitsOf>[0]) },
  }
  const options = { workflowId: `watch-${Date.now()}`, taskQueue: it.settings.taskQueue, args: [start] }
  const handle = await it.client.workflow.start('watch', options)
  expect(await handle.result()).toEqual({ state: 'as-expected' })
  const { events } = await handle.fetchHistory()
  const ids = (events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes?.activityId ?? [])
  expect(ids).toEqual([`find?${reference}/1`])
})

test.each(['moveMoney', 'watch'])('a run of %s of an engine before this one is not gone on with', async (flow) => {
  reset(it.core)
  const start = { operation: 'moveMoney', version: 1, input: {}, client: 'tests', door: 'rest' }
  const workflowId = `older-${flow}-${Date.now()}`
  const options = { workflowId, taskQueue: it.settings.taskQueue, args: [start] }
  const handle = await it.client.workflow.start(flow, options)
  const failedTask = async (): Promise<string> => {
    const { events } = await handle.fetchHistory()
    const failed = events?.find((event) => event.workflowTaskFailedEventAttributes)
    if (!failed) return await new Promise((resolve) => setTimeout(() => resolve(failedTask()), 100))
    return String(failed.workflowTaskFailedEventAttributes?.failure?.message)
  }
  expect(await failedTask()).toContain('FLOW_CHANGED')
  expect(it.core.calls).toEqual([])
  await handle.terminate()
})
