// A second adapter of the same name.

import { adapter, cicsSocket } from '../../../src/contract/adapter.ts'

export const twin = adapter('ledger', { backend: cicsSocket({ endpoints: 'TWIN_ENDPOINTS' }), transactions: {} })
