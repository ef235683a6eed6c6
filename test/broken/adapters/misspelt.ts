// Each name is wrong once, and is told once.

import { adapter, cicsSocket, transaction } from '../../../src/contract/adapter.ts'
import { applied, by } from '../../../src/contract/outcome.ts'

export const misspelt = adapter('misspelt', {
  backend: cicsSocket({ endpoints: 'MISSPELT_ENDPOINTS' }),
  codePage: 'cp037',
  transactions: {
    inquire: transaction({
      program: 'INQUIRE',
      record: 'ledger/GOOD.cpy',
      request: 'GD-REQUEST',
      reply: 'GD-REPLAY',
      effect: 'read',
      deadlineMs: 2000,
      outcome: by('GD-STATE', { OK: applied }),
    }),
  },
})
