// moveMoney as a team may change it while transfers run: a read before the debit.

import { call } from '../../../src/flow/call.ts'
import { emit } from '../../../src/flow/emit.ts'
import { flow } from '../../../src/flow/flow.ts'
import { saga } from '../../../src/flow/saga.ts'
import { bank } from './bank.ts'

export const moveMoney = flow(async ({ from, to, amount }: Record<'from' | 'to' | 'amount', string>) => {
  const steps = saga()
  await call(bank.read, { account: from })
  const debit = await steps.call(bank.post, { account: from, direction: 'D', amount })
  const credit = await steps.call(bank.post, { account: to, direction: 'C', amount })
  await emit('money-moved', { subject: from, data: { amount } })
  return { debit, credit }
})
