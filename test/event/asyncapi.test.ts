// The AsyncAPI document: whole, without dangling references, and as the golden file has it.

import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import type { TransactionDefinition } from '../../src/contract/adapter.ts'
import type { ResolvedOperation } from '../../src/contract/catalog.ts'
import { asyncApiDocument } from '../../src/event/asyncapi.ts'
import { topologyNames } from '../../src/event/topology.ts'
import { payV1 } from './support.ts'

const document = asyncApiDocument(
  { operations: [payV1] },
  { title: 'Mainspan', version: '1.0.0', names: topologyNames(), server: { host: 'broker:5671', secure: true } },
)

function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => (key === '$ref' ? [String(part)] : references(part)))
}

function find(pointer: string): unknown {
  let at: unknown = document
  for (const step of pointer.slice(2).split('/')) {
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[step] : undefined
  }
  return at
}

test('every reference leads somewhere', () => {
  const all = references(document)
  expect(all.length).toBeGreaterThan(5)
  expect(all.filter((one) => find(one) === undefined)).toEqual([])
})

test('is as the golden file has it', () => {
  const golden = new URL('golden/asyncapi.json', import.meta.url)
  const text = `${JSON.stringify(document, null, 2)}\n`
  if (process.env.UPDATE) writeFileSync(golden, text)
  expect(text).toBe(readFileSync(golden, 'utf8'))
})

test('without operations it is an empty document', () => {
  const empty = asyncApiDocument({ operations: [] }, { title: 'Mainspan', version: '1.0.0', names: topologyNames() })
  expect(empty).toMatchObject({ asyncapi: '3.0.0', operations: {} })
  expect(empty).toMatchObject({ components: { messages: {}, schemas: {} } })
  expect(empty.channels).toEqual({})
  expect(empty).not.toHaveProperty('servers')
})

/** The document of operations, and the names of what it holds. */
function documentOf(...operations: readonly ResolvedOperation[]) {
  const options = { title: 'T', version: '1', names: topologyNames(), server: { host: 'h', secure: false } }
  return asyncApiDocument({ operations }, options) as Record<string, Record<string, unknown>>
}
const effectOf = (effect: TransactionDefinition['effect']) =>
  ({ definition: { effect } }) as unknown as ResolvedOperation['transaction']

test.each<[string, Partial<ResolvedOperation>, boolean]>([
  ['a flow that writes', {}, true],
  ['a transaction that is made once', { transaction: effectOf('once') }, true],
  ['a transaction that may be repeated', { transaction: effectOf('idempotent') }, false],
  ['a transaction that is marked as written but reads', { transaction: effectOf('read') }, false],
  ['a flow that reads', { effect: 'read' }, false],
  ['a read of a transaction made once', { effect: 'read', transaction: effectOf('once') }, false],
])('%s may be corrected: %j, %p', (_, part, isCorrected) => {
  const { channels } = documentOf({ ...payV1, ...part })
  expect(Object.keys(channels ?? {}).includes('pay.v1.effect-corrected')).toBe(isCorrected)
})

test('operations stand in order of name and version, each by its summary or else its name', () => {
  const { summary: _, ...unsummed } = payV1.definition
  const one = (name: string, version: number) => ({ ...payV1, name, version, definition: unsummed })
  const { channels, components, servers } = documentOf(one('pay', 10), one('pay', 2), one('ask', 3), payV1)
  const commands = channels?.commands as { messages: object } | undefined
  expect(Object.keys(commands?.messages ?? {})).toEqual(['ask.v3', 'pay.v1', 'pay.v2', 'pay.v10'])
  const titles = components?.messages as Record<string, { title: string }>
  expect(['pay.v1', 'pay.v10'].map((name) => titles[name]?.title)).toEqual(['Pay an amount', 'pay.v10'])
  expect(servers).toEqual({ broker: { host: 'h', protocol: 'amqp' } })
})
