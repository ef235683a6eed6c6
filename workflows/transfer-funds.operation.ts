// What the outside sees of the flow transferFunds.

import { z } from 'zod'
import { type InputOf, operation, type OutputOf } from '../src/contract/operation.ts'

const accountNumber = z.string().regex(/^[0-9]{10}$/).describe('Ten digits')
const amount = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,10})\.[0-9]{2}$/)
  .refine((text) => text !== '0.00', 'must be more than 0.00')
  .describe('A decimal with two places, up to 99999999999.99')

export const transferFundsV1 = operation('transferFunds', {
  version: 1,
  summary: 'Move money between two accounts',
  description: 'Debits one account and credits the other. If the credit is refused the debit is reversed.',
  tag: 'Transfers',
  flow: 'transferFunds',
  rest: 'POST /v1/transfers',
  scopes: ['transfers:write'],
  input: z.strictObject({
    from: accountNumber,
    to: accountNumber,
    amount,
    currency: z.enum(['EUR', 'GBP', 'USD']),
    text: z.string().max(30).regex(/^[\x20-\x7e]*$/).default(''),
  }),
  output: z.strictObject({
    debit: z.strictObject({ entryNumber: z.string(), balance: z.string() }),
    credit: z.strictObject({ entryNumber: z.string(), balance: z.string() }),
  }),
  events: {
    'funds-transferred': z.strictObject({
      from: accountNumber,
      to: accountNumber,
      amount,
      currency: z.string(),
    }),
  },
})

export type TransferOrder = InputOf<typeof transferFundsV1>
export type TransferReceipt = OutputOf<typeof transferFundsV1>
