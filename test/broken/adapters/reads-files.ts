// An adapter that opens something.

import { readFileSync } from 'node:fs'
import { adapter, soap, soapOperation } from '../../../src/contract/adapter.ts'

export const customers = adapter('customers', {
  backend: soap({ endpoints: 'CUSTOMERS_ENDPOINTS', wsdl: 'adapters/missing.wsdl' }),
  transactions: { get: soapOperation({ operation: 'Get', effect: 'read', deadlineMs: readFileSync.length * 1000 }) },
})
