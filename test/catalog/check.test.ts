// `mainspan check` on a project full of mistakes: each is named at its line with its mend. UPDATE=1 writes the expected text anew.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readCatalog } from '../../src/catalog/load.ts'
import { describeFailure } from '../../src/error/failure.ts'

const broken = 'test/broken'

describe('a project full of mistakes', () => {
  test('is told every one of them, at its line, with its mend', async () => {
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
