// Operations with mistakes.

import { z } from 'zod'
import { operation } from '../../../src/contract/operation.ts'
import { doubtful } from '../adapters/doubtful.ts'
import { ledger } from '../adapters/ledger.ts'
import { right } from '../adapters/right.ts'

const input = z.strictObject({ from: z.string() })
const output = z.strictObject({})

export const unknownFlow = operation('moveMoney', { version: 1, flow: 'moove', rest: 'POST /v1/moves', input, output })
export const first = operation('move', { version: 1, flow: 'move', rest: 'POST /v1/moves/{id}', input, output })
export const second = operation('move', { version: 1, flow: 'move', rest: 'POST /v1/twice', input, output })
export const sameRoute = operation('moveBack', { version: 1, flow: 'move', rest: 'POST /v1/moves/{from}', input, output })
export const unsafe = operation('moveByGet', { version: 1, flow: 'move', rest: 'GET /v1/move', input, output })
export const badRoute = operation('moveWhere', { version: 0, flow: 'move', rest: 'POST /v1/moves?x={from}', input, output })
export const nothing = operation('nothing', {
  version: 1,
  transaction: (ledger as unknown as Record<string, typeof ledger.post>).inquired,
  rest: 'POST /v1/nothing',
})
export const badSubject = operation('enquire', {
  version: 1,
  transaction: right.change,
  rest: 'POST /v1/enquiries',
  subject: 'acount',
})
export const badEvent = operation('tell', {
  version: 1,
  transaction: right.change,
  event: { name: 'told', data: { request: ['gdAcount', 'other'], reply: ['gdBalance', 'gdBalance'] } },
})
export const emptyEvent = operation('hint', { version: 1, transaction: doubtful.advised, event: 'hinted' })
export const slowPatterns = operation('match', {
  version: 1,
  flow: 'move',
  input: z.strictObject({
    email: z.email(),
    at: z.iso.datetime({ offset: true }),
    id: z.uuid(),
    code: z.string().regex(/^[A-Z]{3}$/),
    often: z.string().regex(/^(?:[a-z]+ ?)*$/),
    nested: z.array(z.union([z.string(), z.lazy(() => z.string().regex(/(.)\1/))])),
    folded: z.string().regex(/^[a-z]+$/i),
    loose: z.string().regex(/^[\w-.]+$/),
    mail: z.email({ pattern: /^\S+@\S+\.\S+$/ }),
  }),
  output: z.strictObject({ next: z.templateLiteral(['a', z.string(), 'b', z.string()]).optional() }),
  events: { matched: z.strictObject({ name: z.string().regex(/^(?!x)/) }) },
})
