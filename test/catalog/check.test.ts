// `mainspan check` on a project full of mistakes: each is named at its line with a hint. UPDATE=1 writes the expected text anew.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readCatalog } from '../../src/catalog/load.ts'
import { transactionStart } from '../../src/contract/durable.ts'
import { describeFailure } from '../../src/error/failure.ts'

const broken = 'test/broken'

describe('a project full of mistakes', () => {
  test('is told every one of them, at its line, with a hint', async () => {
    const { failures, notes } = await readCatalog(join(process.cwd(), broken))
    const text = [
      ...failures.map(describeFailure),
      ...notes.map(({ place, text }) => `note  ${place.file}:${place.line}  ${text}`),
    ].join('\n\n')
    const expected = join(broken, 'expected.txt')
    if (process.env.UPDATE) writeFileSync(expected, `${text}\n`)
    expect(`${text}\n`).toBe(readFileSync(expected, 'utf8'))
  })

  test('has a place inside its own file for each mistake', async () => {
    const { failures } = await readCatalog(join(process.cwd(), broken))
    for (const { place, code } of failures) {
      expect({ code, file: place?.file }).toEqual({
        code,
        file: expect.stringMatching(/^(adapters|workflows|copybooks)\//),
      })
      const lines = readFileSync(join(broken, place?.file ?? ''), 'utf8').split('\n')
      expect(place?.line).toBeLessThanOrEqual(lines.length)
    }
  })
})

test('the project itself has no mistakes', async () => {
  const { failures, catalog } = await readCatalog(process.cwd())
  expect(failures.map(describeFailure)).toEqual([])
  expect(catalog.operations.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['transferFunds', 'getAccount', 'postEntry']),
  )
})

test.each([
  ['postEntry', 'entry-posted', ['accountNumber', 'direction', 'amount', 'currency', 'text', 'entryNumber', 'balance']],
  ['changeAddress', 'address-changed', ['customerNumber', 'address', 'version', 'changedAt']],
  [
    'raiseCreditLimit',
    'credit-limit-raised',
    ['customerNumber', 'raiseBy', 'currency', 'decisionNumber', 'previousLimit', 'creditLimit'],
  ],
])('the event of %s tells what a consumer needs', async (name, event, fields) => {
  const { catalog, notes } = await readCatalog(process.cwd())
  const operation = catalog.operations.find((one) => one.name === name)
  const schema = operation?.events.get(event)
  expect(Object.keys(schema?.properties ?? {})).toEqual(fields)
  expect(schema?.required).not.toContain('text')
  expect(notes.filter(({ place }) => place.file.startsWith('workflows/'))).toEqual([])
})

test('an operation without a list of fields starts as ever, and one with them takes them along', async () => {
  const { catalog } = await readCatalog(process.cwd())
  const operation = catalog.operations.find((one) => one.name === 'postEntry')
  if (!operation) throw new Error('postEntry is missing')
  const started = transactionStart(operation, { accountNumber: '1000000001' })
  expect(started.call).toMatchObject({
    event: 'entry-posted',
    eventFields: { request: expect.arrayContaining(['amount', 'direction']), reply: ['entryNumber', 'balance'] },
    subject: '1000000001',
  })
  const short = { ...operation, definition: { ...operation.definition, event: 'entry-posted' } }
  expect(transactionStart(short, {}).call).toEqual({ adapter: 'deposits', transaction: 'post', event: 'entry-posted' })
})
