// What the outside sees of the flow transferFunds.

import { z } from 'zod'
import { type InputOf, type OutputOf, operation } from '../src/contract/operation.ts'

const accountNumber = z
  .string()
  .regex(/^[0-9]{10}$/)
  .describe('Ten digits')
const amount = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,10})\.[0-9]{2}$/)
  .refine((text) => text !== '0.00', 'must be more than 0.00')
  .describe('A decimal with two places, up to 99999999999.99')

const entry = z.strictObject({
  entryNumber: z
    .string()
    .regex(/^[0-9]{1,9}$/)
    .describe('The number of the entry in the core'),
  balance: z
    .string()
    .regex(/^-?(?:0|[1-9][0-9]{0,12})\.[0-9]{2}$/)
    .describe('The balance of the account after it'),
})

export const transferFundsV1 = operation('transferFunds', {
  version: 1,
  summary: 'Move money between two accounts',
  description: 'Debits one account and credits the other. If the credit is refused the debit is reversed.',
  tag: 'Transfers',
  flow: 'transferFunds',
  rest: 'POST /v1/transfers',
  scopes: ['transfers:write'],
  input: z.strictObject({
    from: accountNumber.meta({ examples: ['1000000001'] }),
    to: accountNumber.meta({ examples: ['1000000002'] }),
    amount: amount.meta({ examples: ['12.50'] }),
    currency: z.enum(['EUR', 'GBP', 'USD']),
    text: z
      .string()
      .max(30)
      .regex(/^[\x20-\x7e]*$/)
      .default(''),
  }),
  output: z.strictObject({ debit: entry, credit: entry }),
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
