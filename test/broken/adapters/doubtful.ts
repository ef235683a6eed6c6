// An adapter that says too little, and wrong things, for the case that a call is in doubt.

import { adapter, cicsSocket, soap, soapOperation, transaction } from '../../../src/contract/adapter.ts'
import { applied, by, duplicate, rejected } from '../../../src/contract/outcome.ts'

const common = {
  record: 'ledger/GOOD.cpy',
  request: 'GD-REQUEST',
  reply: 'GD-REPLY',
  deadlineMs: 2000,
} as const

export const doubtful = adapter('doubtful', {
  backend: cicsSocket({ endpoints: 'DOUBTFUL_ENDPOINTS' }),
  codePage: 'cp037',
  transactions: {
    find: transaction({
      ...common,
      program: 'FIND',
      effect: 'read',
      outcome: by('GD-STATUS', { OK: applied, NF: rejected('not-found') }),
    }),
    withoutQuiescence: transaction({
      ...common,
      program: 'POST',
      effect: 'once',
      reference: 'GD-REFERENCE',
      echoes: ['GD-ACCOUNT', 'GD-ACOUNT'],
      outcome: by('GD-STATUS', { OK: applied }),
      inquiry: {
        transaction: 'find',
        by: 'GD-REFERENCE',
        absent: ['not-found'],
        matches: 'GD-BALANCE',
        compares: {
          'GD-BALANCE': 'GD-AMOUNT',
          'GD-ACCOUNT': 'GD-ACCOUNT',
        },
      },
    }),
    duplicateUnproven: transaction({
      ...common,
      program: 'POST',
      effect: 'once',
      quiescenceMs: 0,
      reference: 'GD-REFERENCE',
      echoes: { 'GD-ACCOUNT': 'GD-SHORD' },
      outcome: by('GD-STATUS', { OK: applied, DU: duplicate }),
      inquiry: { transaction: 'find', by: 'GD-REFERENCE', absent: ['not-found'] },
    }),
    advised: transaction({
      ...common,
      program: 'POST',
      effect: 'once',
      quiescenceMs: 0,
      reference: 'GD-REFERENCE',
      deduplicates: true,
      outcome: by('GD-STATUS', { OK: applied }),
      inquiry: { transaction: 'find', by: 'GD-REFERENCE', absent: ['not-found'] },
    }),
  },
})

export const doubtfulService = adapter('doubtfulService', {
  backend: soap({ endpoints: 'SERVICE_ENDPOINTS', wsdl: 'adapters/doubtful.wsdl' }),
  transactions: {
    find: soapOperation({
      operation: 'FindRequest',
      effect: 'read',
      deadlineMs: 2000,
      outcome: by('status', { FOUND: applied, 'NOT-FOUND': rejected('not-found') }),
    }),
    raise: soapOperation({
      operation: 'RaiseCreditLimit',
      effect: 'once',
      deadlineMs: 2000,
      quiescenceMs: 0,
      reference: 'requestReference',
      echoes: { customerNumber: 'customerNumber' },
      inquiry: {
        transaction: 'find',
        by: 'requestReferense',
        absent: ['not-found'],
        matches: 'matchez',
        compares: { customerNumber: 'customerNumber', raisedBy: 'raisedBy' },
        gives: { creditLimit: 'creditLimid' },
      },
    }),
    echo: soapOperation({
      operation: 'GetCustomer',
      effect: 'read',
      deadlineMs: 2000,
      echoes: ['customerNumber'],
    }),
  },
})
