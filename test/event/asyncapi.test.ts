// The AsyncAPI document: whole, without dangling references, and as the golden file has it.

import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
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
  expect(empty).toMatchObject({ asyncapi: '3.0.0', channels: {}, operations: {} })
})
