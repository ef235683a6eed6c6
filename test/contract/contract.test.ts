// What the definitions of adapters and operations become for those who read them: flows, doors, the command consumer.

import { describe, expect, test } from '@jest/globals'
import { traitsOf } from '../../src/contract/activity.ts'
import { adapter, cicsSocket, soap, soapOperation, transaction } from '../../src/contract/adapter.ts'
import type { ResolvedOperation } from '../../src/contract/catalog.ts'
import { searchAttributes, transactionStart } from '../../src/contract/durable.ts'
import type { JsonObject } from '../../src/contract/json.ts'
import { operation } from '../../src/contract/operation.ts'
import { applied, by, rejected, unclear } from '../../src/contract/outcome.ts'

const outcome = by('STATUS', {
  OK: applied,
  NF: rejected('not-found', 'not-found'),
  ER: rejected('refused'),
  '??': unclear,
})
const post = transaction({
  program: 'POST01',
  record: 'deposits/POST.cpy',
  deadlineMs: 2000,
  quiescenceMs: 50,
  effect: 'once',
  outcome,
  inquiry: { transaction: 'find', by: 'REFERENCE', absent: ['not-found'] },
  reversal: { transaction: 'undo', original: 'REFERENCE' },
})
const rate = soapOperation({ operation: 'GetRate', deadlineMs: 1000, effect: 'read' })

test('an outcome rule keeps its verdicts; a refusal is 422 unless it says otherwise', () => {
  expect(outcome).toEqual({
    field: 'STATUS',
    verdicts: {
      OK: { verdict: 'applied' },
      NF: { verdict: 'rejected', reason: 'not-found', status: 'not-found' },
      ER: { verdict: 'rejected', reason: 'refused', status: 'refused' },
      '??': { verdict: 'unknown' },
    },
  })
})

test('a flow knows of a transaction what it needs to call it with care', () => {
  expect(traitsOf(post)).toEqual({
    effect: 'once',
    deadlineMs: 2000,
    quiescenceMs: 50,
    inquiry: 'find',
    reversal: 'undo',
    target: 'POST01',
  })
  expect(traitsOf(rate)).toEqual({ effect: 'read', deadlineMs: 1000, quiescenceMs: 0, target: 'GetRate' })
})

test('an adapter has a reference for each of its transactions', () => {
  const core = { backend: cicsSocket({ endpoints: 'CORE' }), transactions: { post } }
  const deposits = adapter('deposits', core)
  expect(deposits.definition.backend).toEqual({ kind: 'cics-socket', endpoints: 'CORE' })
  expect(deposits.post).toEqual({
    adapter: 'deposits',
    transaction: 'post',
    definition: post,
    siblings: { post },
  })
  const rates = { backend: soap({ endpoints: 'RATES', wsdl: 'rates.wsdl' }), transactions: { rate } }
  expect(adapter('rates', rates).rate.definition).toMatchObject({ kind: 'soap', operation: 'GetRate' })
  expect(rates.backend).toEqual({ kind: 'soap', endpoints: 'RATES', wsdl: 'rates.wsdl' })
})

describe('the part of a start that an operation backed by one transaction needs', () => {
  const start = (definition: object, input: JsonObject, isFlow = false) =>
    transactionStart(
      {
        definition,
        ...(isFlow ? {} : { transaction: { adapter: 'deposits', name: 'post' } }),
      } as unknown as ResolvedOperation,
      input,
    )
  test.each<[string, object, JsonObject, object]>([
    ['the transaction', {}, {}, {}],
    ['its event', { event: 'entry.posted' }, {}, { event: 'entry.posted' }],
    ['the value that orders its events', { subject: 'account' }, { account: '42' }, { subject: '42' }],
    ['no order without that value', { subject: 'account' }, {}, {}],
    ['no order by anything but a text', { subject: 'account' }, { account: ['42'] }, {}],
  ])('%s', (_, definition, input, more) => {
    expect(start(definition, input)).toEqual({ call: { adapter: 'deposits', transaction: 'post', ...more } })
  })
  test('a flow has none', () => {
    expect(start({ event: 'x' }, {}, true)).toEqual({})
  })
})

test('an operation is its definition with its name', () => {
  const { post: call } = adapter('deposits', { backend: cicsSocket({ endpoints: 'CORE' }), transactions: { post } })
  expect(operation('post-entry', { version: 1, transaction: call })).toEqual({
    name: 'post-entry',
    version: 1,
    transaction: call,
  })
})

test('search attributes hold no customer data: their names and types are all there is', () => {
  expect(Object.keys(searchAttributes).every((name) => name.startsWith('Mainspan'))).toBe(true)
  expect(new Set(Object.values(searchAttributes))).toEqual(new Set(['KEYWORD', 'DATETIME']))
})
