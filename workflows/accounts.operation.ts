// Operations on one account, each backed by one transaction: schemas come from the copybooks.

import { deposits } from '../adapters/deposits.ts'
import { operation } from '../src/contract/operation.ts'

export const getAccountV1 = operation('getAccount', {
  version: 1,
  summary: 'An account with its balance and terms',
  tag: 'Accounts',
  transaction: deposits.inquireAccount,
  rest: 'GET /v1/accounts/{accountNumber}',
  scopes: ['accounts:read'],
})

export const listEntriesV1 = operation('listEntries', {
  version: 1,
  summary: 'The newest entries of an account',
  tag: 'Accounts',
  transaction: deposits.listEntries,
  rest: 'GET /v1/accounts/{accountNumber}/entries',
  scopes: ['accounts:read'],
})

export const postEntryV1 = operation('postEntry', {
  version: 1,
  summary: 'Post a debit or a credit',
  tag: 'Accounts',
  transaction: deposits.post,
  rest: 'POST /v1/entries',
  scopes: ['entries:write'],
  event: {
    name: 'entry-posted',
    data: {
      request: ['accountNumber', 'direction', 'amount', 'currency', 'text'],
      reply: ['entryNumber', 'balance'],
    },
  },
  subject: 'accountNumber',
})
