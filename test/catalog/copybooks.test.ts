// Copybooks of a project: compiled as the adapter says the programs were.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import type { Report } from '../../src/catalog/check/report.ts'
import { copybooksBelow } from '../../src/catalog/copybooks.ts'
import { filesOnDisk } from '../../src/catalog/project-files.ts'
import { resolveAdapter } from '../../src/catalog/resolve-adapter.ts'
import { type Adapter, adapter, cicsSocket, transaction } from '../../src/contract/adapter.ts'
import { applied, by } from '../../src/contract/outcome.ts'
import type { Failure } from '../../src/error/failure.ts'
import { mainspan } from '../cli/mainspan.ts'

const root = mkdtempSync(join(tmpdir(), 'mainspan-copybooks-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
mkdirSync(join(root, 'copybooks'))
writeFileSync(
  join(root, 'copybooks/RATE.cpy'),
  '       01 RATE.\n           05 STATUS-1 PIC X.\n           05 POINTS PIC S9(4) COMP.\n',
)

const definition = {
  kind: 'record',
  program: 'RATE',
  record: 'RATE.cpy',
  effect: 'read',
  deadlineMs: 100,
  outcome: by('STATUS-1', { A: applied }),
} as const

describe('compiler options', () => {
  test("are those of the transaction, else of the adapter, else IBM's defaults", () => {
    const rates = adapter('rates', {
      backend: cicsSocket({ endpoints: 'RATES' }),
      codePage: 'cp037',
      compiler: { trunc: 'BIN' },
      transactions: {
        wide: transaction(definition),
        narrow: transaction({ ...definition, compiler: { trunc: 'STD' } }),
      },
    })
    const found: unknown[] = []
    const report = {
      mistake: (...args: unknown[]) => found.push(args),
      add: (...args: unknown[]) => found.push(args),
      note: (...args: unknown[]) => found.push(args),
    }
    const file = { file: 'adapters/rates.ts', exportName: 'rates', value: rates as unknown as Adapter }
    const { transactions } = resolveAdapter(filesOnDisk(root), file, copybooksBelow(root), report)
    expect(found).toEqual([])
    const record = Uint8Array.of(0xc1, 0x7f, 0xff)
    const read = (name: string) => transactions.get(name)?.wire.read(record)
    expect(read('wide')?.body).toEqual({ status1: 'A', points: '32767' })
    expect(() => read('narrow')).toThrow('TRUNC(STD)')
  })

  test('define: the variant of a copybook that the programs were compiled with', () => {
    const variants = ['       01 RATE.', '       >>IF WIDE DEFINED', '           05 RATE-1 PIC 9(9).', '       >>ELSE']
    const text = [...variants, '           05 RATE-1 PIC 9(5).', '       >>END-IF', ''].join('\n')
    writeFileSync(join(root, 'copybooks/VARIANT.cpy'), text)
    const length = (define: Record<string, number>) => {
      const record = copybooksBelow(root).record('VARIANT.cpy', { define })
      return 'layout' in record ? record.layout.maximumLength : undefined
    }
    expect([length({}), length({ WIDE: 1 })]).toEqual([5, 9])
  })

  test('compile one copybook to a layout of each kind', () => {
    const copybooks = copybooksBelow(root)
    const trunc = (options?: { trunc: 'BIN' }) => {
      const record = copybooks.record('RATE.cpy', options)
      return 'layout' in record ? record.layout.options.trunc : undefined
    }
    expect([trunc(), trunc({ trunc: 'BIN' }), trunc()]).toEqual(['STD', 'BIN', 'STD'])
  })
})

test('a counter that holds a code is named where its transaction stands', () => {
  writeFileSync(
    join(root, 'copybooks/CODED.cpy'),
    '       01 CODED.\n           05 STATUS-1 PIC X.\n           05 ROW PIC X OCCURS 0 TO 3 DEPENDING ON STATUS-1.\n',
  )
  const coded = adapter('coded', {
    backend: cicsSocket({ endpoints: 'CODED' }),
    codePage: 'cp037',
    transactions: {
      silent: transaction({ ...definition, record: 'CODED.cpy' }),
      told: transaction({ ...definition, record: 'CODED.cpy', fields: { counters: { 'STATUS-1': { A: 0, B: 2 } } } }),
    },
  })
  const found: [readonly string[], string | Failure][] = []
  const report: Report = {
    mistake: (path, code) => found.push([path, code]),
    add: (path, failure) => found.push([path, failure]),
    note: (path, text) => found.push([path, text]),
  }
  const file = { file: 'adapters/coded.ts', exportName: 'coded', value: coded as unknown as Adapter }
  const { transactions } = resolveAdapter(filesOnDisk(root), file, copybooksBelow(root), report)
  expect(found).toEqual([[['transactions', 'silent'], expect.objectContaining({ code: 'COUNTER_VALUES_MISSING' })]])
  expect([...transactions.keys()]).toEqual(['told'])
})

describe('members of COPY', () => {
  const lengths = () => {
    const record = copybooksBelow(root).record('hosts/HOST.cpy')
    const { text, errors } = mainspan(['layout', join(root, 'copybooks/hosts/HOST.cpy'), '--json'])
    const ofCommand = text === '' ? errors : JSON.parse(text).length
    return ['layout' in record ? record.layout.maximumLength : record.failures[0]?.code, ofCommand]
  }
  mkdirSync(join(root, 'copybooks/hosts'))
  writeFileSync(join(root, 'copybooks/hosts/HOST.cpy'), '       01 HOST.\n           COPY PART.\n')

  test.each(['', '.cpy', '.COPY', '.cbl', '.Cob', '.dcl', '.inc', '.txt'])(
    'PART%s is found by the catalog and by the command line',
    (ending) => {
      const file = join(root, `copybooks/hosts/PART${ending}`)
      writeFileSync(file, '           05 PART PIC X(7).\n')
      expect(lengths()).toEqual([7, 7])
      rmSync(file)
    },
  )
  test('a file of another ending is found by neither', () => {
    writeFileSync(join(root, 'copybooks/hosts/PART.bak'), '           05 PART PIC X(7).\n')
    expect(lengths()).toEqual(['COPY_MEMBER_NOT_FOUND', expect.stringContaining('COPY_MEMBER_NOT_FOUND')])
  })
})
