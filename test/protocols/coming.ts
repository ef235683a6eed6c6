// Kinds of back ends that are to come, as small as they can be: the row of a protocol has room for them.

import type { Backend, Wire } from '../../src/contract/backend.ts'
import { applied, unclear } from '../../src/contract/outcome.ts'
import type { Protocol } from '../../src/protocols.ts'

interface Statement {
  readonly sql: string
  readonly values: readonly string[]
}

type Rows = readonly Readonly<Record<string, string>>[]

interface SqlTransaction {
  readonly kind: 'sql'
  readonly sql: string
}

const anything = {
  target: 'X',
  requestSchema: {},
  replySchema: {},
  maxReplyBytes: 1000,
  typeOf: () => undefined,
  valueOf: () => undefined,
  bodyOf: () => ({}),
} as const

/** No bytes: a statement goes to the driver, and rows come back. */
export const sql: Protocol<{ readonly kind: 'sql' }, SqlTransaction, Statement, Rows> = {
  transactions: 'sql',
  declaredBy: 'query({ … })',
  settings: ['endpoints', 'credentials', 'tls'],
  check: () => undefined,
  wires: () => ({
    of: (_name, transaction): Wire<Statement, Rows> => ({
      ...anything,
      encode: (request) => ({ sql: transaction.sql, values: Object.values(request).map(String) }),
      read: ([row = {}]) => ({ body: row, verdict: applied }),
    }),
    knows: () => true,
  }),
  connect: (): Backend<Statement, Rows> => ({
    exchange: async ({ payload }) => ({ kind: 'reply', bytes: [{ ASKED: payload.values.join() }] }),
    close: async () => undefined,
  }),
}

/** Keeps the reply to a call that was given up, until it is asked for it. */
export const keeping: Backend = {
  exchange: async ({ correlation }) => ({ kind: 'reply', bytes: new TextEncoder().encode(correlation) }),
  resume: async ({ correlation }) => ({ kind: 'reply', bytes: new TextEncoder().encode(correlation) }),
  close: async () => undefined,
}

/** Has no reply: what took the message over gives a receipt. */
export const oneWay: Wire = {
  ...anything,
  encode: () => new Uint8Array(1),
  read: (receipt) => ({ body: {}, verdict: receipt.length === 0 ? applied : unclear }),
}
