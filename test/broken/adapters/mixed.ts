// Transactions of another kind than their back end carries, and a back end of a kind that does not exist.

import { adapter, cicsSocket, soap, soapOperation, transaction } from '../../../src/contract/adapter.ts'
import { applied, by } from '../../../src/contract/outcome.ts'

const outcome = by('GD-STATUS', { OK: applied })
const find = soapOperation({ operation: 'GetCustomer', effect: 'read', deadlineMs: 1000 })
const inquire = transaction({
  program: 'INQ',
  record: 'ledger/GOOD.cpy',
  effect: 'read',
  deadlineMs: 1000,
  outcome,
})

export const overSockets = adapter('overSockets', {
  backend: cicsSocket({ endpoints: 'MIXED_ENDPOINTS' }),
  codePage: 'cp037',
  transactions: {
    inquire,
    find,
  },
})

export const overSoap = adapter('overSoap', {
  backend: soap({ endpoints: 'MIXED_ENDPOINTS', wsdl: 'adapters/doubtful.wsdl' }),
  transactions: {
    inquire: transaction({
      program: 'INQ',
      record: 'ledger/GOOD.cpy',
      effect: 'read',
      deadlineMs: 1000,
      outcome,
    }),
  },
})

export const overNothing = adapter('overNothing', {
  backend: {
    kind: 'cics-soket',
    endpoints: 'MIXED_ENDPOINTS',
  },
  codePage: 'cp037',
  transactions: { inquire },
})
