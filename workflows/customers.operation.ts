// Operations on one customer, each backed by one operation of the SOAP service: schemas come from its WSDL.

import { customers } from '../adapters/customers.ts'
import { operation } from '../src/contract/operation.ts'

export const getCustomerV1 = operation('getCustomer', {
  version: 1,
  summary: 'A customer with addresses and credit limit',
  tag: 'Customers',
  transaction: customers.getCustomer,
  rest: 'GET /v1/customers/{customerNumber}',
  scopes: ['customers:read'],
})

export const changeAddressV1 = operation('changeAddress', {
  version: 1,
  summary: 'Replace the address of the same kind, or add it',
  tag: 'Customers',
  transaction: customers.changeAddress,
  rest: 'PUT /v1/customers/{customerNumber}/address',
  scopes: ['customers:write'],
  event: {
    name: 'address-changed',
    data: { request: ['customerNumber', 'address'], reply: ['version', 'changedAt'] },
  },
})

export const raiseCreditLimitV1 = operation('raiseCreditLimit', {
  version: 1,
  summary: 'Raise the credit limit by an amount',
  tag: 'Customers',
  transaction: customers.raiseCreditLimit,
  rest: 'POST /v1/customers/{customerNumber}/credit-limit-raises',
  scopes: ['customers:write'],
  event: {
    name: 'credit-limit-raised',
    data: {
      request: ['customerNumber', 'raiseBy', 'currency'],
      reply: ['decisionNumber', 'previousLimit', 'creditLimit'],
    },
  },
})
