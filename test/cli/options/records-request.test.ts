// A command line as a request: plain values, which another thread or process can be sent.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { recordsRequest } from '../../../src/cli/options/records-request.ts'
import { failureOf } from '../../codepage/failure-of.ts'

const copybook = 'copybooks/deposits/ENTRY.cpy'

test('every option has its place, and no function among them', () => {
  const request = recordsRequest({
    options: {
      copybook,
      record: 'ENTRY',
      trunc: 'bin',
      'source-format': 'fixed',
      define: ['LEVEL=2'],
      'code-page': 'cp273',
      invalid: 'raw,amount=null',
      numbers: 'A,B',
      format: 'length-field',
      'length-field': '4:2:binary:6',
      select: ["HEAD=0:'HD'", "BODY=2:X'c1'", 'TAIL=trailer', 'SHORT=length:80', 'REST=*'],
    },
    positionals: ['data'],
  })
  expect(JSON.parse(JSON.stringify(request))).toEqual({
    copybook: {
      source: { name: copybook, path: expect.stringContaining(copybook), text: expect.stringContaining('ENTRY') },
      folders: ['copybooks/deposits'],
    },
    compiler: { trunc: 'BIN', format: 'fixed', define: { LEVEL: 2 } },
    record: 'ENTRY',
    codec: {
      codePage: 'cp273',
      undeclaredViews: 'all',
      invalid: { '*': 'raw', AMOUNT: 'null' },
      numbers: ['A', 'B'],
    },
    format: { kind: 'length-field', field: { offset: 4, size: 2, as: 'binary', adjust: 6 } },
    offsets: { start: 0, end: 0 },
    parents: [],
    select: [
      { name: 'HEAD', at: { offset: 0, text: 'HD' } },
      { name: 'BODY', at: { offset: 2, hex: 'c1' } },
      { name: 'TAIL', place: 'trailer' },
      { name: 'SHORT', length: 80 },
      { name: 'REST' },
    ],
  })
  expect(structuredClone(request)).toEqual(request)
})

test.each([
  ['F', { kind: 'fixed' }],
  ['text', { kind: 'text' }],
  ['VS', { kind: 'spanned' }],
  ['varseq3', { kind: 'variable', record: { size: 2, adjust: 2 } }],
])('format %s', (format, expected) => {
  const request = recordsRequest({ options: { copybook, format }, positionals: [] })
  expect(structuredClone(request.format)).toMatchObject(expected)
})

describe('the member file of record options', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mainspan-options-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const requestOf = (file: unknown, options: object = {}) => {
    const path = join(folder, 'options.json')
    writeFileSync(path, JSON.stringify({ prefix: 'E-', file }))
    return recordsRequest({ options: { copybook, 'record-options': path, ...options }, positionals: [] })
  }
  test.each<[object, object]>([
    [{ format: 'V', rdwAdjust: 4 }, { format: { kind: 'variable', record: { adjust: 4 } } }],
    [{ length: 80 }, { format: { kind: 'fixed', length: 80 } }],
    [{ lengthField: '4:2' }, { format: { kind: 'length-field', field: { offset: 4, size: 2 } } }],
    [{ recordLength: { head: 12 } }, { format: { kind: 'by-layout', lengths: { HEAD: 12 } } }],
    [
      { select: ['A=*'], startOffset: 1, endOffset: 2 },
      { select: [{ name: 'A' }], offsets: { start: 1, end: 2 } },
    ],
    [{}, { format: { kind: 'unsaid' }, codec: { prefix: 'E-' } }],
  ])('%j', (file, expected) => {
    expect(requestOf(file)).toMatchObject(expected)
  })
  test('the command line counts more', () => {
    expect(requestOf({ format: 'V' }, { format: 'F' })).toMatchObject({ format: { kind: 'fixed' } })
  })
  test.each<[unknown, object]>([
    [[], { option: 'file' }],
    [{ blockSize: 1 }, { option: 'file.blockSize' }],
    [{ __proto__x: 1 }, { option: 'file.__proto__x' }],
    [{ constructor: 1 }, { option: 'file.constructor' }],
    [{ format: true }, { option: 'file.format' }],
    [{ select: 'A=*' }, { option: 'file.select', problem: 'it must be a list of rules' }],
    [{ recordLength: { A: '1' } }, { option: 'file.recordLength' }],
  ])('%j is refused', (file, facts) => {
    expect(failureOf(() => requestOf(file))).toMatchObject({ code: 'LAYOUT_OPTION_INVALID', facts })
  })
})
