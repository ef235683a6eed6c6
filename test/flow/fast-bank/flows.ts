// Flows over the fast bank, each the smallest that shows one behaviour.

import { ApplicationFailure } from '@temporalio/workflow'
import { call } from '../../../src/flow/call.ts'
import { emit } from '../../../src/flow/emit.ts'
import { flow } from '../../../src/flow/flow.ts'
import { rejectionOf } from '../../../src/flow/rejection.ts'
import { saga } from '../../../src/flow/saga.ts'
import { bank } from './bank.ts'

interface Order {
  readonly from: string
  readonly to: string
  readonly amount: string
}

export const moveMoney = flow(async ({ from, to, amount }: Order) => {
  const steps = saga()
  const debit = await steps.call(bank.post, { account: from, direction: 'D', amount })
  const credit = await steps.call(bank.post, { account: to, direction: 'C', amount })
  await emit('money-moved', { subject: from, data: { amount } })
  return { debit, credit }
})

export const sendWire = flow(async ({ from, to, amount }: Order) => {
  const steps = saga()
  await steps.call(bank.post, { account: from, direction: 'D', amount })
  return await steps.call(bank.wire, { account: to, direction: 'C', amount })
})

export const bothAtOnce = flow(async ({ from, to, amount }: Order) => {
  const [one, two] = await Promise.all([
    call(bank.wire, { account: from, direction: 'D', amount }),
    call(bank.wire, { account: to, direction: 'C', amount }),
  ])
  return { one, two }
})

export const bothPosted = flow(async ({ from, to, amount }: Order) => {
  const steps = saga()
  const [debit, credit] = await Promise.all([
    steps.call(bank.post, { account: from, direction: 'D', amount }),
    steps.call(bank.post, { account: to, direction: 'C', amount }),
  ])
  return { debit, credit }
})

export const readAndTag = flow(async ({ from }: Order) => {
  await call(bank.read, { account: from })
  return await call(bank.tag, { account: from })
})

/** Has an answer to a refusal: it tries another account. */
export const orElse = flow(async ({ from, to, amount }: Order) => {
  try {
    return await call(bank.post, { account: from, direction: 'D', amount })
  } catch (error) {
    if (rejectionOf(error)?.reason !== 'insufficient-funds') throw error
    return await call(bank.post, { account: to, direction: 'D', amount })
  }
})

/** Three postings, so that the order in which they are undone shows. */
export const threePosts = flow(async ({ from, to, amount }: Order) => {
  const steps = saga()
  await steps.call(bank.post, { account: from, direction: 'D', amount })
  await steps.call(bank.post, { account: from, direction: 'D', amount: '0.10' })
  return await steps.call(bank.post, { account: to, direction: 'C', amount })
})

/** Tells two things, and the second one once more. */
export const tellTwice = flow(async ({ from, to, amount }: Order) => {
  await emit('money-taken', { subject: from, data: { amount } })
  await emit('money-given', { subject: to, data: { amount } })
  await emit('money-given', { subject: from, data: { amount } })
  return {}
})

/** A saga with a read, and with a step that has no reversal. */
export const tagAndPost = flow(async ({ from, amount }: Order) => {
  const steps = saga()
  await steps.call(bank.read, { account: from })
  await steps.call(bank.tag, { account: from })
  return await steps.call(bank.post, { account: from, direction: 'D', amount })
})

/** Two posts outside of a saga. */
export const postBoth = flow(async ({ from, to, amount }: Order) => {
  const debit = await call(bank.post, { account: from, direction: 'D', amount })
  const credit = await call(bank.post, { account: to, direction: 'C', amount })
  return { debit, credit }
})

/** Says something between its two posts. */
export const tellBetween = flow(async ({ from, to, amount }: Order) => {
  const steps = saga()
  await steps.call(bank.post, { account: from, direction: 'D', amount })
  await emit('money-taken', { subject: from, data: { amount } })
  return await steps.call(bank.post, { account: to, direction: 'C', amount })
})

/** Two sagas, of which it undoes the first by itself and completes. */
export const undoOne = flow(async ({ from, to, amount }: Order) => {
  const [first, second] = [saga(), saga()]
  await first.call(bank.post, { account: from, direction: 'D', amount })
  await second.call(bank.post, { account: to, direction: 'C', amount })
  await first.undo()
  return {}
})

/** Fails in Temporal's own way behind a posting. */
export const giveUp = flow(async ({ from, amount }: Order) => {
  await saga().call(bank.post, { account: from, direction: 'D', amount })
  throw ApplicationFailure.nonRetryable('given up')
})

/** Exported as it is, without `flow`. */
export async function unwrapped(): Promise<unknown> {
  return await call(bank.read, { account: '1000000001' })
}
