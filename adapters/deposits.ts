// The deposits core: accounts and their entries, CICS programs behind the sockets listener.
//
// Its COMMAREAs come back whole, so that a reply is known by the request in it. The host's people promise that a request which has
// reached a region is executed within three seconds or never: the deadline and a second of quiescence.

import { adapter, cicsSocket, transaction } from '../src/contract/adapter.ts'
import { applied, by, duplicate, rejected } from '../src/contract/outcome.ts'
import type * as records from './deposits.records.ts'

export const deposits = adapter('deposits', {
  backend: cicsSocket({ endpoints: 'DEPOSITS_ENDPOINTS', persistent: true }),
  codePage: 'cp037',
  limits: { concurrent: 20 },
  transactions: {
    inquireAccount: transaction<records.InquireAccountRequest, records.InquireAccountReply>({
      summary: 'One account with its balance and terms',
      program: 'INQACC',
      record: 'deposits/INQACC.cpy',
      request: 'INQACC-REQUEST',
      reply: 'INQACC-REPLY',
      effect: 'read',
      deadlineMs: 2000,
      echoes: ['INQACC-ACCOUNT-NUMBER'],
      outcome: by('INQACC-STATUS', { OK: applied, NF: rejected('account-not-found', 'not-found') }),
      fields: {
        prefix: 'INQACC-',
        optional: [],
        dates: { 'INQACC-OPENED-ON': 'YYYYMMDD' },
        classes: { 'INQACC-HOLDER': 'pii' },
        views: {
          'INQACC-TERMS': { by: 'INQACC-PRODUCT', when: { C: 'INQACC-CURRENT-TERMS', S: 'INQACC-SAVINGS-TERMS' } },
        },
      },
    }),

    listEntries: transaction<records.ListEntriesRequest, records.ListEntriesReply>({
      summary: 'The newest entries of an account, newest first',
      program: 'LSTENT',
      record: 'deposits/LSTENT.cpy',
      request: 'LE-REQUEST',
      reply: 'LE-REPLY',
      effect: 'read',
      deadlineMs: 2000,
      echoes: ['LE-ACCOUNT-NUMBER', 'LE-BEFORE-ENTRY'],
      outcome: by('LE-STATUS', { OK: applied, NF: rejected('account-not-found', 'not-found') }),
      fields: {
        prefix: 'LE-',
        optional: ['LE-BEFORE-ENTRY'],
        variable: 'maximum',
        dates: { 'LE-BOOKED-ON': 'YYYYMMDD', 'LE-BOOKED-AT': 'HHMMSS' },
        views: { 'LE-DETAIL': { by: 'LE-KIND', when: { P: 'LE-POSTING-DETAIL', R: 'LE-REVERSAL-DETAIL' } } },
      },
    }),

    post: transaction<records.PostRequest, records.PostReply>({
      summary: 'Post a debit or a credit to an account',
      program: 'POSTENT',
      record: 'deposits/POSTENT.cpy',
      request: 'PE-REQUEST',
      reply: 'PE-REPLY',
      effect: 'once',
      deadlineMs: 2000,
      quiescenceMs: 1000,
      reference: 'PE-REFERENCE',
      echoes: ['PE-REFERENCE', 'PE-ACCOUNT-NUMBER', 'PE-DIRECTION', 'PE-AMOUNT', 'PE-CURRENCY'],
      outcome: by('PE-STATUS', {
        OK: applied,
        DU: duplicate,
        NF: rejected('account-not-found', 'not-found'),
        BL: rejected('account-blocked'),
        IF: rejected('insufficient-funds'),
        CU: rejected('wrong-currency'),
        IV: rejected('entry-invalid'),
      }),
      inquiry: {
        transaction: 'findEntry',
        by: 'FE-REFERENCE',
        absent: ['entry-not-found'],
        matches: 'FE-MATCHES',
        compares: {
          'FE-ACCOUNT-NUMBER': 'PE-ACCOUNT-NUMBER',
          'FE-DIRECTION': 'PE-DIRECTION',
          'FE-AMOUNT': 'PE-AMOUNT',
        },
        gives: { 'PE-ENTRY-NUMBER': 'FE-ENTRY-NUMBER', 'PE-BALANCE': 'FE-BALANCE' },
      },
      reversal: { transaction: 'reverse', original: 'RE-ORIGINAL-REFERENCE', undoneBefore: ['already-reversed'] },
      fields: { prefix: 'PE-', optional: ['PE-TEXT'] },
    }),

    findEntry: transaction<records.FindEntryRequest, records.FindEntryReply>({
      summary: 'The entry that carries a reference',
      program: 'FNDENT',
      record: 'deposits/FNDENT.cpy',
      request: 'FE-REQUEST',
      reply: 'FE-REPLY',
      effect: 'read',
      deadlineMs: 2000,
      echoes: ['FE-REFERENCE'],
      outcome: by('FE-STATUS', { OK: applied, NF: rejected('entry-not-found', 'not-found') }),
      fields: { prefix: 'FE-', optional: [] },
    }),

    reverse: transaction<records.ReverseRequest, records.ReverseReply>({
      summary: 'Reverse an entry by the reference it was posted with',
      program: 'REVENT',
      record: 'deposits/REVENT.cpy',
      request: 'RE-REQUEST',
      reply: 'RE-REPLY',
      effect: 'once',
      deadlineMs: 2000,
      quiescenceMs: 1000,
      reference: 'RE-REFERENCE',
      echoes: ['RE-REFERENCE', 'RE-ORIGINAL-REFERENCE'],
      outcome: by('RE-STATUS', {
        OK: applied,
        DU: duplicate,
        AR: rejected('already-reversed'),
        NF: rejected('entry-not-found', 'not-found'),
      }),
      inquiry: {
        transaction: 'findEntry',
        by: 'FE-REFERENCE',
        absent: ['entry-not-found'],
        matches: 'FE-MATCHES',
        compares: { 'FE-REVERSES': 'RE-ORIGINAL-REFERENCE' },
        gives: { 'RE-ENTRY-NUMBER': 'FE-ENTRY-NUMBER', 'RE-BALANCE': 'FE-BALANCE' },
      },
      fields: { prefix: 'RE-', optional: [] },
    }),
  },
})
