// An adapter with one mistake in almost every line.

import { adapter, cicsSocket, transaction } from '../../../src/contract/adapter.ts'
import { applied, by, rejected } from '../../../src/contract/outcome.ts'

export const ledger = adapter('ledger', {
  backend: cicsSocket({
    endpoints: 'ledger.example:3010',
    tranid: 'TOOLONG',
  }),
  codePage: 'cp4711',
  compiler: { trunc: 'BIG' as 'BIN' },
  limits: { concurrent: 0 },
  hours: { zone: 'Europe/Atlantis', closed: ['25:00-26:00'] },
  transactions: {
    inquire: transaction({
      program: 'TOO-LONG-NAME',
      record: 'ledger/GOOD.cpy',
      request: 'GD-REQEST',
      reply: 'GD-REPLY',
      effect: 'read',
      deadlineMs: 0,
      outcome: by('GD-STATUS', { OK: applied, NOTFOUND: rejected('account-not-found') }),
    }),
    post: transaction({
      program: 'POST',
      record: 'ledger/GOOD.cpy',
      effect: 'once',
      deadlineMs: 2000,
      reference: 'GD-SHORT',
      outcome: by('GD-STATE', { OK: applied }),
      inquiry: {
        transaction: 'inquire',
        by: 'GD-REFERENZ',
        absent: ['no-such-entry'],
      },
      reversal: { transaction: 'undo', original: 'GD-REFERENCE' },
    }),
    badCopybook: transaction({
      program: 'BAD',
      record: 'ledger/BADPIC.cpy',
      effect: 'read',
      deadlineMs: 2000,
      outcome: by('BP-STATUS', { OK: applied }),
    }),
    noCopybook: transaction({
      program: 'NONE',
      record: 'ledger/GOD.cpy',
      effect: 'read',
      deadlineMs: 2000,
      outcome: by('GD-STATUS', { OK: applied }),
    }),
    twoRecords: transaction({
      program: 'TWO',
      record: 'ledger/TWO.cpy',
      effect: 'read',
      deadlineMs: 2000,
      outcome: by('TWO-FIRST', { OK: applied }),
    }),
    noSuchRecord: transaction({
      program: 'TWO',
      record: 'ledger/TWO.cpy#TWO-THIRD',
      effect: 'read',
      deadlineMs: 2000,
      outcome: by('TWO-FIRST', { OK: applied }),
    }),
    noView: transaction({
      program: 'VIEWS',
      record: 'ledger/VIEWS.cpy',
      effect: 'read',
      deadlineMs: 2000,
      outcome: by('VW-STATUS', { OK: applied }),
    }),
    wrongOption: transaction({
      program: 'TRUNKED',
      record: 'ledger/GOOD.cpy',
      effect: 'read',
      deadlineMs: 2000,
      outcome: by('GD-STATUS', { OK: applied }),
      compiler: { arith: 'COMPAT', ...{ trunk: 'BIN' } },
    }),
    noCounterValues: transaction({
      program: 'CODED',
      record: 'ledger/CODED.cpy',
      effect: 'read',
      deadlineMs: 2000,
      outcome: by('CD-STATUS', { OK: applied }),
      fields: { numbers: ['CD-AMUONT'] },
    }),
    withoutReference: transaction({
      program: 'POST2',
      record: 'ledger/GOOD.cpy',
      effect: 'once',
      deadlineMs: 2000,
      outcome: by('GD-STATUS', { OK: applied }),
      inquiry: { transaction: 'post', by: 'GD-REFERENCE', absent: [] },
    }),
    name: transaction({
      program: 'NAME',
      record: 'ledger/GOOD.cpy',
      effect: 'read',
      deadlineMs: 2000,
      outcome: by('GD-STATUS', { OK: applied }),
    }),
    misspeltFields: transaction({
      program: 'FIELDS',
      record: 'ledger/GOOD.cpy',
      effect: 'read',
      deadlineMs: 2000,
      outcome: by('GD-STATUS', { OK: applied }),
      fields: { prefix: 'GD-', ...{ date: { 'GD-STATUS': 'YYYYMMDD' } } },
    }),
  },
})
