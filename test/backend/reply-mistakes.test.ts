// What a person typed as a core's reply, held against the transactions of the project.

import { beforeAll, expect, test } from '@jest/globals'
import { caller } from '../../src/backend/caller.ts'
import { loadCatalog } from '../../src/catalog/load.ts'
import type { Caller } from '../../src/contract/call.ts'
import type { JsonObject } from '../../src/contract/json.ts'

let one: Caller
beforeAll(async () => {
  one = caller(await loadCatalog(process.cwd()), new Map())
})

const posted = { status: 'OK', entryNumber: '42', balance: '12.34' }
const raised = {
  customerNumber: '00010001',
  raisedBy: '1.50',
  decisionNumber: '9007199254740993',
  previousLimit: '0.00',
  creditLimit: '1.50',
}
const account = {
  status: 'OK',
  customerNumber: '1',
  holder: 'A',
  currency: 'EUR',
  state: 'A',
  openedOn: '2020-02-29',
  balance: '1.00',
  entryCount: '3',
  product: 'S',
  savingsTerms: { savingsRate: '0.2500', noticeDays: '90' },
}

test.each<[string, string, JsonObject, unknown]>([
  ['post', 'as the core would write it', posted, []],
  ['post', 'nothing', {}, ['status is missing', 'entryNumber is missing', 'balance is missing']],
  ['post', 'a number for an amount', { ...posted, balance: 12.34 }, ['balance must be a string']],
  ['post', 'an amount with too many decimals', { ...posted, balance: '12.345' }, ['balance has the wrong form']],
  ['post', 'a field of its own', { ...posted, note: 'x' }, ['note is not a field of the reply']],
  [
    'post',
    'a status that is none',
    { ...posted, status: 'XX' },
    [expect.stringMatching(/^status must be one of OK, /)],
  ],
  [
    'post',
    'the status of a refusal',
    { ...posted, status: 'NF' },
    ['PE-STATUS has a value that does not say that the call was applied'],
  ],
  [
    'post',
    'the status of a reference that is known',
    { ...posted, status: 'DU' },
    ['PE-STATUS has a value that does not say that the call was applied'],
  ],
  ['inquireAccount', 'with the view of its product', account, []],
  [
    'inquireAccount',
    'with the view of another product',
    { ...account, product: 'C' },
    ['the reply fits none of its variants, or more than one'],
  ],
  [
    'inquireAccount',
    'a mistake inside',
    { ...account, savingsTerms: { savingsRate: 'x' } },
    ['savingsTerms.noticeDays is missing', 'savingsTerms.savingsRate has the wrong form'],
  ],
  ['raiseCreditLimit', 'of SOAP', raised, []],
  [
    'raiseCreditLimit',
    'of SOAP, a part of it',
    { raisedBy: '1.50' },
    expect.arrayContaining(['creditLimit is missing']),
  ],
  [
    'findRequest',
    'of SOAP, a text for a count',
    { requestReference: 'R', status: 'FOUND', matches: '1' },
    ['matches must be a whole number'],
  ],
])('%s: %s', (transaction, _, reply, mistakes) => {
  const adapter = transaction.includes('Credit') || transaction === 'findRequest' ? 'customers' : 'deposits'
  expect(one.mistakesIn({ adapter, transaction, request: {}, reference: 'R' }, reply)).toEqual(mistakes)
})

test('a transaction that nobody declared', () => {
  const call = { adapter: 'deposits', transaction: 'nope', request: {}, reference: 'R' }
  expect(() => one.mistakesIn(call, {})).toThrow('TRANSACTION_UNKNOWN')
})
