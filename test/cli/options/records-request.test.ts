// A command line as a request: plain values, which another thread or process can be sent.

import { expect, test } from '@jest/globals'
import { recordsRequest } from '../../../src/cli/options/records-request.ts'

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
