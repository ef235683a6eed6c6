// The bank's customer service: SOAP, described by customers.wsdl beside this file.

import { adapter, soap, soapOperation } from '../src/contract/adapter.ts'
import { applied, by, rejected } from '../src/contract/outcome.ts'
import type * as records from './customers.records.ts'

/** What the service says no to; it does nothing then. `Client`: it found the message itself wrong. */
const faults = {
  CustomerNotFound: rejected('customer-not-found', 'not-found'),
  ValidationFault: rejected('request-invalid'),
  Client: rejected('request-refused'),
}

export const customers = adapter('customers', {
  backend: soap({ endpoints: 'CUSTOMERS_ENDPOINTS', wsdl: 'adapters/customers.wsdl' }),
  limits: { concurrent: 10 },
  transactions: {
    getCustomer: soapOperation<records.GetCustomerRequest, records.GetCustomerReply>({
      summary: 'A customer with addresses and credit limit',
      operation: 'GetCustomer',
      effect: 'read',
      deadlineMs: 2000,
      echoes: { 'customer/customerNumber': 'customerNumber' },
      faults,
    }),

    changeAddress: soapOperation<records.ChangeAddressRequest, records.ChangeAddressReply>({
      summary: 'Replace the address of the same kind, or add it',
      operation: 'ChangeAddress',
      effect: 'idempotent',
      deadlineMs: 2000,
      reference: 'requestReference',
      faults,
    }),

    raiseCreditLimit: soapOperation<records.RaiseCreditLimitRequest, records.RaiseCreditLimitReply>({
      summary: 'Raise the credit limit by an amount',
      operation: 'RaiseCreditLimit',
      effect: 'once',
      deadlineMs: 2000,
      quiescenceMs: 1000,
      reference: 'requestReference',
      // The service answers a reference that it knows with the first decision, whatever is asked.
      echoes: { customerNumber: 'customerNumber', raisedBy: 'raiseBy' },
      faults,
      inquiry: {
        transaction: 'findRequest',
        by: 'requestReference',
        absent: ['request-not-found'],
        matches: 'matches',
        compares: { customerNumber: 'customerNumber', raisedBy: 'raiseBy' },
        gives: {
          customerNumber: 'customerNumber',
          raisedBy: 'raisedBy',
          decisionNumber: 'decisionNumber',
          previousLimit: 'previousLimit',
          creditLimit: 'creditLimit',
        },
      },
    }),

    findRequest: soapOperation<records.FindRequestRequest, records.FindRequestReply>({
      summary: 'The request that carries a reference',
      operation: 'FindRequest',
      effect: 'read',
      deadlineMs: 2000,
      echoes: ['requestReference'],
      outcome: by('status', { FOUND: applied, 'NOT-FOUND': rejected('request-not-found', 'not-found') }),
      faults,
    }),
  },
})
