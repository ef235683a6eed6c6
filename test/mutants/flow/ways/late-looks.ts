// Ways on which a late look finds something, and what people decide on it.

import type { Resolution } from '../../../../src/contract/durable.ts'
import { book, type Fault } from '../../../support/scripted-core.ts'
import { order } from '../rig.ts'
import { isCredit, type Stage, type Way, type Ways } from './stage.ts'

const bankPost = { adapter: 'bank', transaction: 'post' }
const entry = { account: order.from, direction: 'D', amount: '1.00', text: 'rent' }

/** More often than a flow tries. */
const lost = Array.from({ length: 40 }, (): Fault => ({ do: 'lose', booked: false }))

export const lateLooks: Ways = {
  'one transaction given up, which came late': async ({ it, begin, decide }) => {
    it.core.onCall = (call) => (call.reversing ? undefined : { do: 'lose', booked: false })
    const id = await begin('postEntry', { call: { ...bankPost, subject: order.from }, input: entry })
    await it.settled(id)
    for (const call of it.core.calls.slice(0, 1)) book(it.core, call)
    const watchId = `${id}/watch/${it.core.calls[0]?.reference}`
    await it.settled(watchId)
    await decide(watchId, { action: 'confirm-applied' }, { action: 'reverse' })
  },
  'a late look at a silent core, whose end somebody asks for': async ({ it, begin, decide }) => {
    it.core.onCall = (call, nth) => (nth === 0 && !isCredit(call) ? { do: 'lose', booked: false } : undefined)
    const id = await begin('moveMoney')
    await it.settled(id)
    it.core.onInquiry = () => 'unclear'
    const watchId = `${id}/watch/${it.core.calls[0]?.reference}`
    await it.rest(20_000)
    await it.client.workflow.getHandle(watchId).cancel()
    await it.settled(watchId)
    await decide(watchId, { action: 'retry' }, { action: 'abandon' })
  },
  'a late look at a core that is silent for a while': async ({ it, begin }) => {
    it.core.onCall = (call, nth) => (nth === 0 && !isCredit(call) ? { do: 'lose', booked: false } : undefined)
    const id = await begin('moveMoney')
    await it.settled(id)
    it.core.onInquiry = () => 'unclear'
    await it.rest(20_000)
  },
  'a payment that cannot be doubled, sent again': single('pay', [{ do: 'lose', booked: false }]),
  'a payment that cannot be doubled, given up': single('pay', lost),
  'a payment that cannot be doubled, over a silent core': async (stage) => {
    stage.it.core.onInquiry = () => 'unclear'
    await single('pay', lost, { action: 'confirm-applied' })(stage)
  },
  'a mark that may be repeated, sent again': single('mark', lost.slice(0, 7)),
  'a mark that may be repeated, given up': single('mark', lost),
  'a late look whose reversal is lost at first': lateReversal(async ({ it, decide }, watchId) => {
    it.core.onCall = ({ reversing }, nth) => (reversing && nth === 0 ? { do: 'lose', booked: false } : undefined)
    await decide(watchId, { action: 'reverse' })
  }),
  'a late look that finds another call': lateReversal(async ({ it, decide }, watchId) => {
    it.core.onInquiry = () => 'differs'
    await decide(watchId, {}, { action: 'abandon' })
  }),
  'a late look whose reversal is refused': lateReversal(async ({ it, decide }, watchId) => {
    it.core.onCall = ({ reversing }) => (reversing ? { do: 'refuse', reason: 'day-end' } : undefined)
    await decide(watchId, { action: 'reverse' }, { action: 'abandon' })
  }),
  'a late look over whose decision the core is silent': lateReversal(async ({ it, decide }, watchId) => {
    it.core.onInquiry = () => 'unclear'
    await decide(watchId, { action: 'reverse' })
    it.core.onInquiry = () => undefined
    await decide(watchId, { action: 'reverse' })
  }),
  'a late look that finds the effect gone': lateReversal(async ({ it, decide }, watchId) => {
    it.core.booked.clear()
    await decide(watchId, { action: 'reverse' }, {})
  }),
}

/** One transaction, whose first transmissions end so. */
function single(transaction: string, faults: readonly Fault[], ...decisions: readonly Partial<Resolution>[]): Way {
  return async ({ it, begin, decide }) => {
    it.core.onCall = (_, nth) => faults[nth]
    const id = await begin(transaction, { call: { adapter: 'bank', transaction }, input: entry })
    await it.settled(id)
    await decide(id, ...decisions)
  }
}

/** A debit that came after it was given up, as its late look finds. */
function lateReversal(then: (stage: Stage, watchId: string) => Promise<void>): Way {
  return async (stage) => {
    const { it, begin } = stage
    it.core.onCall = () => ({ do: 'lose', booked: false })
    const id = await begin('moveMoney')
    await it.settled(id)
    for (const call of it.core.calls.slice(0, 1)) book(it.core, call)
    const watchId = `${id}/watch/${it.core.calls[0]?.reference}`
    await it.settled(watchId)
    it.core.onCall = () => undefined
    await then(stage, watchId)
    await it.settled(watchId)
  }
}
