// A bank with the shapes of the deposits core and deadlines short enough for tests.

import { adapter, cicsSocket, transaction } from '../../../src/contract/adapter.ts'
import { applied, by, rejected } from '../../../src/contract/outcome.ts'

const common = {
  record: 'BANK.cpy',
  deadlineMs: 300,
  quiescenceMs: 100,
  outcome: by('STATUS', { OK: applied, NF: rejected('not-found') }),
} as const
const inquiry = { transaction: 'find', by: 'REFERENCE', absent: ['not-found'] } as const

type Posting = { account: string; direction: 'D' | 'C'; amount: string }
type Receipt = { entryNumber: string; balance: string }

export const bank = adapter('bank', {
  backend: cicsSocket({ endpoints: 'BANK_ENDPOINTS' }),
  codePage: 'cp037',
  transactions: {
    read: transaction<{ account: string }, Receipt>({ ...common, program: 'READACC', effect: 'read' }),
    find: transaction({ ...common, program: 'FINDENT', effect: 'read', deadlineMs: 250 }),
    tag: transaction<{ account: string }, Receipt>({ ...common, program: 'TAGACC', effect: 'idempotent' }),
    /** Can be asked about, and undone. */
    post: transaction<Posting, Receipt>({
      ...common,
      program: 'POSTENT',
      effect: 'once',
      inquiry,
      reversal: { transaction: 'reverse', original: 'ORIGINAL', undoneBefore: ['already-reversed'] },
    }),
    /** Cannot be asked about. */
    wire: transaction<Posting, Receipt>({
      ...common,
      program: 'SENDWIRE',
      effect: 'once',
      reversal: { transaction: 'reverse', original: 'ORIGINAL' },
    }),
    /** The core refuses a reference that it knows. */
    pay: transaction<Posting, Receipt>({ ...common, program: 'PAYOUT', effect: 'once', deduplicates: true, inquiry }),
    /** May be repeated, and asked about. */
    mark: transaction<{ account: string }, Receipt>({ ...common, program: 'MARKACC', effect: 'idempotent', inquiry }),
    reverse: transaction({ ...common, program: 'REVENT', effect: 'once', inquiry }),
  },
})
