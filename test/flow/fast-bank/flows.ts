// Flows over the fast bank, each the smallest that shows one behaviour.

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
