// The calls that earlier runs of an operation had begun, read from their histories: through resets and repairs, the oldest first.

import { expect, test } from '@jest/globals'
import type { Client } from '@temporalio/client'
import { defaultDataConverter, defaultPayloadConverter } from '@temporalio/common'
import { begunCalls } from '../../../src/durable/sweep/begun-calls.ts'

interface Told {
  /** The run that this one repairs. */
  readonly repairs?: string
  /** The run that this one was reset from. */
  readonly resetFrom?: string
  /** Reference → effect of what it scheduled, in order. */
  readonly calls?: readonly (readonly [string, 'read' | 'idempotent' | 'once'])[]
  readonly isLong?: boolean
}

const payloads = (...values: unknown[]) => ({
  payloads: values.map((value) => defaultPayloadConverter.toPayload(value)),
})
const callOf = (reference: string) => ({ adapter: 'bank', transaction: 'post', request: {}, reference })

function eventsOf({ repairs, resetFrom, calls = [] }: Told): object[] {
  const scheduled = (type: string, task: unknown) => ({
    activityTaskScheduledEventAttributes: { activityType: { name: type }, input: payloads(task) },
  })
  return [
    { workflowExecutionStartedEventAttributes: { input: payloads({ ...(repairs && { repairs }) }) } },
    scheduled('publish', { effect: 'once', call: callOf('PUBLISHED') }),
    ...calls.map(([reference, effect]) => scheduled('call', { effect, call: callOf(reference) })),
    ...(resetFrom === undefined ? [] : [{ workflowTaskFailedEventAttributes: { baseRunId: resetFrom } }]),
    { workflowTaskFailedEventAttributes: { baseRunId: '' } },
  ]
}

async function begunBefore(runId: string, runs: Readonly<Record<string, Told>>) {
  const asked: string[] = []
  const getHandle = (workflowId: string, run: string) => ({
    fetchHistory: async () => {
      asked.push(`${workflowId} ${run}`)
      const told = runs[run]
      return told ? { events: eventsOf(told) } : {}
    },
  })
  const client = { workflow: { getHandle }, options: { loadedDataConverter: defaultDataConverter } }
  const calls = await begunCalls(client as unknown as Client, { workflowId: 'pay-1', runId })
  return { asked, references: calls.map(({ reference }) => reference), calls }
}

test('a first run had nothing before it', async () => {
  expect(await begunBefore('a', { a: { calls: [['OWN', 'once']] } })).toMatchObject({
    asked: ['pay-1 a'],
    references: [],
  })
})

test('a run after a reset had what the one before had begun, but for what it only read', async () => {
  const before = {
    calls: [
      ['A', 'once'],
      ['B', 'read'],
      ['C', 'idempotent'],
    ],
  } as const
  const { asked, calls } = await begunBefore('b', { a: before, b: { resetFrom: 'a', calls: [['OWN', 'once']] } })
  expect(asked).toEqual(['pay-1 b', 'pay-1 a'])
  expect(calls).toEqual([callOf('A'), callOf('C')])
})

test('a chain of repairs and resets is followed to its beginning; what a reset copied counts once', async () => {
  const runs = {
    a: { calls: [['A', 'once']] },
    b: {
      resetFrom: 'a',
      calls: [
        ['A', 'once'],
        ['B', 'once'],
      ],
    },
    c: { repairs: 'b', calls: [['C', 'once']] },
    d: { resetFrom: 'c', repairs: 'b' },
  } as const
  expect((await begunBefore('d', runs)).references).toEqual(['A', 'B', 'C'])
})

test('the repair of a run that was deleted, and one whose history is gone, tell nothing', async () => {
  expect(await begunBefore('b', { b: { repairs: 'deleted' } })).toMatchObject({ asked: ['pay-1 b'], references: [] })
  expect(await begunBefore('b', { b: { repairs: 'gone' } })).toMatchObject({
    references: [],
    asked: ['pay-1 b', 'pay-1 gone'],
  })
})

test('of more than fifty runs the newest are read', async () => {
  const runs = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [
      `${at}`,
      { calls: [[`R${at}`, 'once']] as const, ...(at > 0 && { repairs: `${at - 1}` }) },
    ]),
  )
  const { references } = await begunBefore('59', runs)
  expect([references.length, references[0], references.at(-1)]).toEqual([50, 'R9', 'R58'])
})
