// What is said of code and a history that part, from the words of Temporal; and of a build that this process cannot run.

import { createRequire } from 'node:module'
import { describe, expect, test } from '@jest/globals'
import { flowContract } from '../../../src/contract/durable.ts'
import type { Build } from '../../../src/contract/store.ts'
import { unfitness } from '../../../src/durable/version/build.ts'
import { differenceIn } from '../../../src/durable/version/difference.ts'
import type { HistoryEvent } from '../../../src/durable/version/history.ts'

const event = (eventId: string, eventType: string, attributes: object = {}) =>
  ({ eventId, eventType, someEventAttributes: attributes }) as unknown as HistoryEvent
const events = [
  event('1', 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED'),
  event('5', 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED', { activityId: 'post/AAAABBBBCCCCDDDD/3f9a02c1/1' }),
  event('7', 'EVENT_TYPE_TIMER_STARTED', { startToFireTimeout: '60s' }),
  event('9', 'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED'),
]
const said = (message: unknown) => differenceIn(message, { events })
const unhandled = (machine: string, id: number) =>
  `${machine} machine does not handle this event: HistoryEvent(id: ${id}, x)`

describe('code that asks for another call', () => {
  const mismatch = (had: string, asks: string, what = 'id') =>
    `Activity ${what} of scheduled event '${had}' does not match activity ${what} of activity command '${asks}'`
  test.each([
    ['post/AAAABBBBCCCCDDDD/3f9a02c1/1', 'post with reference AAAABBBBCCCCDDDD'],
    ['post/AAAABBBBCCCCDDDD/1', 'post with reference AAAABBBBCCCCDDDD'],
    ['find?AAAABBBBCCCCDDDD/3f9a02c1/12', 'the inquiry find for AAAABBBBCCCCDDDD'],
    ['publish', 'publish'],
    ['post/AAAABBBBCCCCDDDD/3f9a02c1/1/x', 'post/AAAABBBBCCCCDDDD/3f9a02c1/1/x'],
  ])('has %s named as %s', (id, name) => {
    expect(said(new Error(mismatch('call', id)))).toBe(`asks for ${name} where the history has call`)
    expect(said(mismatch(id, 'call', 'type'))).toBe(`asks for call where the history has ${name}`)
  })
})

describe('code that does something else', () => {
  test.each([
    ['Activity', 'calls'],
    ['LocalActivity', 'publishes'],
    ['Timer', 'waits'],
    ['CompleteWorkflow', 'ends'],
    ['Complete Workflow Machine', 'ends'],
    ['FailWorkflow', 'fails'],
    ['CancelWorkflow', 'ends as cancelled'],
    ['ChildWorkflow', 'starts another flow'],
    ['UpsertSearchAttributes', 'says its state'],
    ['Version', 'has a branch by changed()'],
    ['Nexus', 'does something else (Nexus)'],
  ])('by a machine called %s %s', (machine, words) => {
    expect(said(unhandled(machine, 5))).toBe(`${words} where the history has post with reference AAAABBBBCCCCDDDD`)
  })

  test.each([
    [5, 'post with reference AAAABBBBCCCCDDDD'],
    [7, 'a pause of 60s'],
    [9, 'event 9, workflow execution completed'],
    [8, 'event 8'],
  ])('where the history has event %i', (id, words) => {
    expect(said(unhandled('Timer', id))).toBe(`waits where the history has ${words}`)
    expect(said(`No command scheduled for event HistoryEvent(id: ${id}, x)`)).toBe(
      `does nothing where the history has ${words}`,
    )
  })

  test('where the history has a published event', () => {
    expect(said('x Missing associated machine for LocalActivity x')).toBe(
      'does something else where the history has the publishing of an event',
    )
  })
})

describe('a flow that throws', () => {
  const encoded = (message: string) =>
    `encoded_attributes: Some([${Buffer.from(`{"message":"${message}"`).toString('base64')}`
  test('is told by its own words', () => {
    expect(said(encoded('no account'))).toBe('fails: no account')
    expect(said(`encoded_attributes: Some([${Buffer.from('{}').toString('base64')}`)).toBe('fails: ')
  })
  test('since the history has another call is told so', () => {
    expect(said(encoded('FLOW_CHANGED: post'))).toMatch(/^asks for another call than the one whose answer/)
  })
})

test('any other words are told in their first line, without the marks of Temporal', () => {
  expect(said(new Error('[TMPRL1100] Nondeterminism error: no machine\nat x'))).toBe('no machine')
  expect(said(new Error('[TMPRL1101] something\nat x'))).toBe('something')
  expect(said('plain')).toBe('plain')
})

describe('a build', () => {
  const path = createRequire(import.meta.url).resolve('@temporalio/workflow/package.json')
  const sdk: string = createRequire(import.meta.url)(path).version
  const [major, minor] = sdk.split('.')
  const build = (part: Partial<Build>) => unfitness({ contract: flowContract, sdk, ...part } as Build)

  test('of this release can be run, also of another patch of the SDK', () => {
    expect([build({}), build({ sdk: `${major}.${minor}.999` })]).toEqual([undefined, undefined])
  })
  test('of another contract or SDK cannot, and why is said', () => {
    expect(build({ contract: flowContract + 1 })).toBe(
      `its flows speak contract ${flowContract + 1}, and this release speaks ${flowContract}`,
    )
    for (const other of [`${major}.${Number(minor) + 1}.0`, `${Number(major) + 1}.${minor}.0`]) {
      expect(build({ sdk: other })).toBe(`it was made with Temporal's SDK ${other}, and this release has ${sdk}`)
    }
  })
})
