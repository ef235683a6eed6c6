// Inquiries and reversals that name fields which the copybook does not have, or has on the other side.

import { adapter, cicsSocket, transaction } from '../../../src/contract/adapter.ts'
import { applied, by, rejected } from '../../../src/contract/outcome.ts'

const common = {
  record: 'ledger/GOOD.cpy',
  request: 'GD-REQUEST',
  reply: 'GD-REPLY',
  deadlineMs: 2000,
  outcome: by('GD-STATUS', { OK: applied, NF: rejected('not-found') }),
} as const
const once = {
  ...common,
  effect: 'once',
  quiescenceMs: 0,
  reference: 'GD-REFERENCE',
  deduplicates: true,
  echoes: ['GD-STATUS'],
} as const

export const linked = adapter('linked', {
  backend: cicsSocket({ endpoints: 'LINKED_ENDPOINTS' }),
  codePage: 'cp037',
  transactions: {
    find: transaction({ ...common, program: 'FIND', effect: 'read' }),
    undo: transaction({ ...once, program: 'UNDO', inquiry: { transaction: 'find', by: 'GD-REFERENCE', absent: [] } }),
    misspelt: transaction({
      ...once,
      program: 'POST',
      inquiry: {
        transaction: 'find',
        by: 'GD-REFERENCE',
        absent: [],
        with: { 'GD-ACOUNT': 'GD-SHORD' },
        matches: 'GD-BALLANCE',
        compares: { 'GD-BALANSE': 'GD-ACCOUND' },
        gives: { 'GD-STATUSS': 'GD-BALANC' },
      },
      reversal: {
        transaction: 'undo',
        original: 'GD-REFERENZE',
        with: { 'GD-SHORTT': 'GD-ACCOUN' },
      },
    }),
    otherSide: transaction({
      ...once,
      program: 'POST',
      inquiry: {
        transaction: 'find',
        by: 'GD-STATUS',
        absent: [],
        with: { 'GD-BALANCE': 'GD-STATUS' },
        matches: 'GD-SHORT',
        compares: { 'GD-ACCOUNT': 'GD-BALANCE' },
        gives: { 'GD-ACCOUNT': 'GD-SHORT' },
      },
      reversal: {
        transaction: 'undo',
        original: 'GD-BALANCE',
      },
    }),
  },
})
