// moveMoney as a team may change it while transfers run: it says something else.

import { emit } from '../../../src/flow/emit.ts'
import { flow } from '../../../src/flow/flow.ts'
import { saga } from '../../../src/flow/saga.ts'
import { bank } from './bank.ts'

export const moveMoney = flow(async ({ from, to, amount }: Record<'from' | 'to' | 'amount', string>) => {
  const steps = saga()
  const debit = await steps.call(bank.post, { account: from, direction: 'D', amount })
  const credit = await steps.call(bank.post, { account: to, direction: 'C', amount })
  await emit('money-received', { subject: to, data: { amount } })
  return { debit, credit }
})
