// moveMoney as a team may change it while transfers run: a posting of the same transaction, the fee, before the debit. Its code catches
// whatever a posting throws, as careless code does.

import { emit } from '../../../src/flow/emit.ts'
import { flow } from '../../../src/flow/flow.ts'
import { saga } from '../../../src/flow/saga.ts'
import { bank } from './bank.ts'

export const moveMoney = flow(async ({ from, to, amount }: Record<'from' | 'to' | 'amount', string>) => {
  const steps = saga()
  await steps.call(bank.post, { account: from, direction: 'D', amount: '0.10' }).catch(() => undefined)
  const debit = await steps.call(bank.post, { account: from, direction: 'D', amount })
  const credit = await steps.call(bank.post, { account: to, direction: 'C', amount })
  await emit('money-moved', { subject: from, data: { amount } })
  return { debit, credit }
})
