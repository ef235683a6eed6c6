// SOAP services that cannot be reached as their WSDLs say, or whose imports lead nowhere.

import { adapter, soap, soapOperation } from '../../../src/contract/adapter.ts'

const ask = soapOperation({ operation: 'Ask', effect: 'read', deadlineMs: 1000 })

export const overHttps = adapter('overHttps', {
  backend: soap({ endpoints: 'SECURE_ENDPOINTS', wsdl: 'adapters/secure.wsdl' }),
  transactions: { ask },
})

// Its schemas lie in folders below and beside that of the WSDL.
export const overTls = adapter('overTls', {
  backend: soap({ endpoints: 'SECURE_ENDPOINTS', wsdl: 'adapters/secure.wsdl', tls: 'SECURE_CA' }),
  transactions: { ask },
})

export const withoutPath = adapter('withoutPath', {
  backend: soap({ endpoints: 'SECURE_ENDPOINTS', wsdl: 'adapters/secure.wsdl', tls: 'SECURE_CA', path: 'no path' }),
  transactions: { ask },
})

export const outside = adapter('outside', {
  backend: soap({ endpoints: 'OUTSIDE_ENDPOINTS', wsdl: 'adapters/outside.wsdl' }),
  transactions: { ask },
})
