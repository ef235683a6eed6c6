// The flow transferFunds as somebody changes it while operations run: another event is put before its own.

import { deposits } from '../../../adapters/deposits.ts'
import { emit } from '../../../src/flow/emit.ts'
import { flow } from '../../../src/flow/flow.ts'
import { saga } from '../../../src/flow/saga.ts'
import type { TransferOrder, TransferReceipt } from '../../../workflows/transfer-funds.operation.ts'

export const transferFunds = flow(async (order: TransferOrder): Promise<TransferReceipt> => {
  const { amount, currency, text } = order
  const steps = saga()
  const debit = await steps.call(deposits.post, { accountNumber: order.from, direction: 'D', amount, currency, text })
  const credit = await steps.call(deposits.post, { accountNumber: order.to, direction: 'C', amount, currency, text })
  await emit('transfer-booked', { subject: order.from, data: { amount } })
  await emit('funds-transferred', { subject: order.from, data: { from: order.from, to: order.to, amount, currency } })
  return {
    debit: { entryNumber: debit.entryNumber, balance: debit.balance },
    credit: { entryNumber: credit.entryNumber, balance: credit.balance },
  }
})
