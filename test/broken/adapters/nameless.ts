// A name that is none, and records without a code page.

import { adapter, cicsSocket, transaction } from '../../../src/contract/adapter.ts'
import { applied, by } from '../../../src/contract/outcome.ts'

export const nameless = adapter('Name-Less', {
  backend: cicsSocket({ endpoints: 'NAMELESS_ENDPOINTS' }),
  transactions: {
    read: transaction({
      program: 'READ',
      record: 'ledger/GOOD.cpy',
      effect: 'read',
      deadlineMs: 2000,
      outcome: by('GD-STATUS', { OK: applied }),
    }),
  },
})
