// Ways of operations that are reset after they had ended: what stands, what was undone before, and what was said.

import type { Resolution } from '../../../../src/contract/durable.ts'
import type { InquiryFault } from '../../../support/scripted-core.ts'
import { order, resetWorkflow } from '../rig.ts'
import { isCredit, type Way, type Ways } from './stage.ts'

const bankPost = { adapter: 'bank', transaction: 'post' }
const entry = { account: order.from, direction: 'D', amount: '1.00', text: 'rent' }

export const resets: Ways = {
  'undone, and reset to the beginning': undoneAndReset('threePosts', 1),
  'undone, and reset to the second post': undoneAndReset('threePosts', 2),
  'undone, and reset to the third post': undoneAndReset('threePosts', 3),
  'undone, and reset to the last task': undoneAndReset('threePosts', 9),
  'undone, and reset where the core is silent, confirmed': undoneAndReset('threePosts', 1, 'unclear', {
    action: 'confirm-applied',
  }),
  'undone, and reset where the core is silent, denied': undoneAndReset('threePosts', 1, 'unclear', {
    action: 'confirm-not-applied',
  }),
  'undone, and reset where the core holds many, abandoned': undoneAndReset('threePosts', 2, 'ambiguous', {
    action: 'abandon',
  }),
  'completed, and reset': async ({ it, begin, decide }) => {
    const id = await begin('moveMoney')
    await it.settled(id)
    it.core.onInquiry = (call) => (isCredit(call) ? 'unclear' : undefined)
    await resetWorkflow(it, id, 1)
    await it.settled(id)
    await decide(id, { action: 'reverse' })
  },
  'one transaction completed, reset and reversed': async ({ it, begin, decide }) => {
    const call = { ...bankPost, event: 'entry-posted', subject: order.from }
    const id = await begin('postEntry', { call, input: entry })
    await it.settled(id)
    it.core.onInquiry = () => 'unclear'
    await resetWorkflow(it, id, 1)
    await it.settled(id)
    await decide(id, { action: 'reverse' })
  },
  'completed, reset and cancelled over a credit that is reversed': async ({ it, begin, decide }) => {
    const id = await begin('moveMoney')
    await it.settled(id)
    it.core.onInquiry = ({ reversing }) => (reversing ? undefined : 'unclear')
    await resetWorkflow(it, id, 1)
    await it.settled(id)
    await it.client.workflow.getHandle(id).cancel()
    await decide(id, { action: 'confirm-applied' }, { action: 'reverse' })
  },
  'a reversal that a person had sent again, and reset to that': async ({ it, begin, decide }) => {
    it.core.onCall = (call, nth) =>
      isCredit(call)
        ? { do: 'refuse', reason: 'blocked' }
        : call.reversing && nth === 0
          ? { do: 'lose', booked: false }
          : undefined
    it.core.onInquiry = ({ reversing }) => (reversing ? 'unclear' : undefined)
    const id = await begin('moveMoney')
    await it.settled(id)
    it.core.onInquiry = () => undefined
    const { events } = await it.client.workflow.getHandle(id).fetchHistory()
    const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes)
    await decide(id, { action: 'confirm-not-applied' })
    // The decision asks the core in one task, and sends in the next.
    await resetWorkflow(it, id, tasks.length + 2)
    await it.settled(id)
  },
  'three posts completed, reset and reversed': async ({ it, begin, decide }) => {
    const id = await begin('threePosts')
    await it.settled(id)
    const first = it.core.calls[0]?.reference
    it.core.onInquiry = ({ reference }) => (reference === first ? 'unclear' : undefined)
    await resetWorkflow(it, id, 1)
    await it.settled(id)
    await decide(id, { action: 'reverse' })
  },
  'undone behind an event, and reset to it': undoneAndReset('tellBetween', 2),
  'undone behind an event, and reset to it where the core is silent, denied': undoneAndReset(
    'tellBetween',
    2,
    'unclear',
    { action: 'confirm-not-applied' },
  ),
  'completed behind an event, and reset to it': resetAfter('tellBetween', 2),
  'undone by the flow itself, and reset to the beginning': resetAfter('undoOne', 1),
  'undone by the flow itself, and reset to the second post': resetAfter('undoOne', 2),
  'undone by the flow itself, and reset to it where the core is silent': resetAfter('undoOne', 2, 'unclear', {
    action: 'confirm-not-applied',
  }),
  'undone by the flow itself, and reset to its undoing': resetAfter('undoOne', 3),
}

/** Its credit is refused; then it is taken back to a task of it, as the core says or not what was undone. */
function undoneAndReset(
  flow: string,
  to: number,
  inquiry?: InquiryFault,
  ...decisions: readonly Partial<Resolution>[]
): Way {
  return async ({ it, begin, decide }) => {
    it.core.onCall = (call, nth) => (isCredit(call) && nth === 0 ? { do: 'refuse', reason: 'blocked' } : undefined)
    const id = await begin(flow)
    await it.settled(id)
    it.core.onInquiry = (call) => (call.reversing ? inquiry : undefined)
    await resetWorkflow(it, id, to)
    await it.settled(id)
    await decide(id, ...decisions)
  }
}

/** Run to its end, and taken back to a task of it. */
function resetAfter(
  flow: string,
  to: number,
  inquiry?: InquiryFault,
  ...decisions: readonly Partial<Resolution>[]
): Way {
  return async ({ it, begin, decide }) => {
    const id = await begin(flow)
    await it.settled(id)
    it.core.onInquiry = (call) => (call.reversing ? inquiry : undefined)
    await resetWorkflow(it, id, to)
    await it.settled(id)
    await decide(id, ...decisions)
  }
}
