// The one adapter here without a mistake.

import { adapter, cicsSocket, transaction } from '../../../src/contract/adapter.ts'
import { applied, by } from '../../../src/contract/outcome.ts'

export const right = adapter('right', {
  backend: cicsSocket({ endpoints: 'RIGHT_ENDPOINTS' }),
  codePage: 'cp037',
  transactions: {
    change: transaction({
      program: 'CHANGE',
      record: 'ledger/GOOD.cpy',
      request: 'GD-REQUEST',
      reply: 'GD-REPLY',
      effect: 'idempotent',
      deadlineMs: 2000,
      outcome: by('GD-STATUS', { OK: applied }),
    }),
  },
})
