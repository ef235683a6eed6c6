// What is kept of a project with a build: enough to resolve its adapters again where none of its files are.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { copybooksIn } from '../../src/catalog/copybooks.ts'
import { keptAdapters } from '../../src/catalog/kept-adapters.ts'
import { loadCatalog } from '../../src/catalog/load.ts'
import { filesInMemory, filesOnDisk, recording } from '../../src/catalog/project-files.ts'
import type { Catalog } from '../../src/contract/catalog.ts'
import type { JsonObject } from '../../src/contract/json.ts'
import type { Build } from '../../src/contract/store.ts'

/** As the store gives it: through JSON and back. */
function kept({ adapters, files }: Catalog): Build {
  const definitions = [...adapters].map(([name, { definition }]) => [name, definition as unknown as JsonObject])
  const build = { id: 'b', code: '', adapters: Object.fromEntries(definitions), files, contract: 2, sdk: '' }
  return JSON.parse(JSON.stringify(build))
}

describe('the adapters of a build', () => {
  let catalog: Catalog
  beforeAll(async () => {
    catalog = await loadCatalog(process.cwd())
  })

  test('are the same as those of the project that it was made of', () => {
    const adapters = keptAdapters(kept(catalog))
    expect([...adapters.keys()]).toEqual([...catalog.adapters.keys()])
    for (const [name, { definition, transactions }] of catalog.adapters) {
      const again = adapters.get(name)
      expect(again?.definition).toEqual(definition)
      expect([...(again?.transactions.keys() ?? [])]).toEqual([...transactions.keys()])
      for (const [transaction, { wire }] of transactions) {
        const other = again?.transactions.get(transaction)?.wire
        expect(other).toMatchObject({ requestSchema: wire.requestSchema, replySchema: wire.replySchema })
      }
    }
  })

  test('write the same bytes', () => {
    const request = { accountNumber: '1000000001', direction: 'D', amount: '12.50', currency: 'EUR', text: 'x' }
    const bytes = (adapters: Catalog['adapters']) =>
      adapters
        .get('deposits')
        ?.transactions.get('post')
        ?.wire.encode(request, { 'PE-REFERENCE': 'A'.repeat(16) })
    expect(bytes(keptAdapters(kept(catalog)))).toEqual(bytes(catalog.adapters))
  })

  test('need every copybook and WSDL that the adapters name, and no other file', () => {
    expect(Object.keys(catalog.files).sort()).toEqual([
      'adapters/customers.wsdl',
      ...['ENTRY', 'FNDENT', 'INQACC', 'LSTENT', 'POSTENT', 'REVENT'].map((name) => `copybooks/deposits/${name}.cpy`),
    ])
    const { 'copybooks/deposits/POSTENT.cpy': _, ...others } = catalog.files
    expect(() => keptAdapters({ ...kept(catalog), files: others })).toThrow(/KEPT_ADAPTER_INVALID.*POSTENT/)
  })

  test('of a kind that this release does not know are refused, and named', () => {
    const build = kept(catalog)
    const text = JSON.stringify(build.adapters).replace('"kind":"soap"', '"kind":"carrier-pigeon"')
    const adapters = JSON.parse(text) as Build['adapters']
    expect(() => keptAdapters({ ...build, adapters })).toThrow(/KEPT_ADAPTER_INVALID.*carrier-pigeon/)
  })
})

describe('a copybook that copies others', () => {
  const root = mkdtempSync(join(tmpdir(), 'mainspan-kept-'))
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  }

  test('is compiled in memory from the members that it took on disk', () => {
    write('copybooks/a/OUTER.cpy', '       01 OUTER.\n           COPY INNER.\n           COPY OTHER.\n')
    write('copybooks/a/inner.CPY', '           05 BESIDE PIC X(3).\n')
    write('copybooks/b/INNER.cpy', '           05 ELSEWHERE PIC X(5).\n')
    write('copybooks/b/OTHER.cpy', '           05 OTHER-1 PIC X(7).\n')
    write('copybooks/OTHER.cpy', '           05 FIRST-1 PIC X(9).\n')
    const lengthIn = (copybooks: ReturnType<typeof copybooksIn>) => {
      const record = copybooks.record('a/OUTER.cpy')
      return 'layout' in record ? record.layout.maximumLength : record.failures.map(({ message }) => message)
    }
    const { files, noted } = recording(filesOnDisk(root))
    expect(lengthIn(copybooksIn(files))).toBe(12)
    expect(Object.keys(noted).sort()).toEqual(['copybooks/OTHER.cpy', 'copybooks/a/OUTER.cpy', 'copybooks/a/inner.CPY'])
    expect(lengthIn(copybooksIn(filesInMemory(noted)))).toBe(12)
  })
})
