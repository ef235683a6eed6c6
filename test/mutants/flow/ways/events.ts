// Ways through events and answers that a broker does not take, and through flows that end at once.

import { failure } from '../../../../src/error/failure.ts'
import { order } from '../rig.ts'
import type { Ways } from './stage.ts'

const bankPost = { adapter: 'bank', transaction: 'post' }
const entry = { account: order.from, direction: 'D', amount: '1.00', text: 'rent' }

export const events: Ways = {
  'one saga undone by the flow itself': async ({ it, begin }) => void (await it.settled(await begin('undoOne'))),
  'two events': async ({ it, begin }) => void (await it.settled(await begin('tellTwice'))),
  'a flow that gives up': async ({ it, begin }) => void (await it.settled(await begin('giveUp'))),
  'what was not begun': async ({ it, begin }) => void (await it.settled(await begin('notBegun'))),
  'one transaction with its event': async ({ it, begin }) => {
    const eventFields = { request: ['account', 'amount'], reply: ['balance'] }
    const call = { ...bankPost, event: 'entry-posted', eventFields, subject: order.from }
    await it.settled(await begin('postEntry', { call, input: entry }))
  },
  'one transaction that nobody knows': async ({ it, begin }) =>
    void (await it.settled(await begin('payOut', { call: { adapter: 'bank', transaction: 'payOut' } }))),
  'an answer that nobody takes': async ({ it, begin }) => {
    it.core.onReply = () => {
      throw failure('MESSAGE_UNROUTABLE', { exchange: '', key: 'gone' })
    }
    await it.settled(await begin('moveMoney', { replyTo: { queue: 'gone', correlationId: 'c' } }))
  },
  'an answer and an event that a broker takes late': async ({ it, begin }) => {
    it.core.onPublish = (nth) => nth > 3
    it.core.onReply = (nth) => {
      if (nth < 3) throw failure('CORE_UNREACHABLE', { adapter: 'broker' })
    }
    await it.settled(await begin('moveMoney', { replyTo: { queue: 'q', correlationId: 'c' } }))
  },
  'an event that a broker takes after minutes': async ({ it, begin }) => {
    it.core.onPublish = (nth) => nth > 15
    const id = await begin('moveMoney')
    await it.rest(600_000)
    await it.settled(id)
  },
  'an answer that a broker never takes': async ({ it, begin }) => {
    it.core.onReply = () => {
      throw failure('CORE_UNREACHABLE', { adapter: 'broker' })
    }
    const id = await begin('moveMoney', { replyTo: { queue: 'q', correlationId: 'c' } })
    await it.rest(300_000)
    await it.settled(id)
  },
  'an answer whose queue goes away': async ({ it, begin }) => {
    it.core.onReply = (nth) => {
      throw nth < 3
        ? failure('CORE_UNREACHABLE', { adapter: 'broker' })
        : failure('MESSAGE_UNROUTABLE', { exchange: '', key: 'q' })
    }
    await it.settled(await begin('moveMoney', { replyTo: { queue: 'q', correlationId: 'c' } }))
  },
}
