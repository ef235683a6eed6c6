// --parent: records of several types that stand below each other, as nested JSON and back.

import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { mainspan, objectsOf } from '../mainspan.ts'
import { folderOf, hex } from './copybooks.ts'

const file = folderOf({
  'TREE.cpy': `
       01  COMPANY.
           05  SEGMENT-ID   PIC X(1).
           05  COMPANY-NAME PIC X(4).
       01  CONTACT.
           05  SEGMENT-ID   PIC X(1).
           05  PHONE        PIC S9(5) COMP-3.
       01  NOTE.
           05  SEGMENT-ID   PIC X(1).
           05  NOTE-TEXT    PIC X(2).
`,
  'tree.dat': hex(
    '00090000 C3 C1C1C1C1 | 00080000 D7 12345C | 00070000 D5 C1C2 | 00080000 D7 00001D | 00090000 C3 C2C2C2C2',
  ),
  'bad.dat': hex(
    '00090000 C3 C1C1C1C1 | 00080000 D7 404040 | 00070000 D5 C1C2 | 00090000 C3 C2C2C2C2 | 00080000 D7 00001F',
  ),
  'large.dat': Buffer.concat([
    hex('00090000 C3 C1C1C1C1'),
    ...Array.from({ length: 30_000 }, () => hex('00080000 D7 12345C')),
  ]),
  'plain.dat': hex('C3 C1C1C1C1 | D7 12345C | D5 C1C2 | C3 C2C2C2C2'),
  'unknown.dat': hex('C3 C1C1C1C1 | D7 12345C | E9 C1C2 | C3 C2C2C2C2'),
  'orphan.dat': hex('00080000 D7 12345C 00090000 C3 C1C1C1C1'),
})
const select = ["COMPANY=0:'C'", "CONTACT=0:'P'", "NOTE=0:'N'"].flatMap((one) => ['--select', one])
const parents = ['--parent', 'CONTACT=COMPANY', '--parent', 'note=contact']
const args = ['--copybook', file('TREE.cpy'), '--format', 'V', ...select, ...parents]

test('decode and encode', () => {
  const decoded = mainspan(['decode', ...args, file('tree.dat')])
  expect(decoded).toMatchObject({ status: 0, errors: '' })
  expect(objectsOf(decoded)).toEqual([
    {
      $record: 'COMPANY',
      segmentId: 'C',
      companyName: 'AAAA',
      $children: [
        {
          $record: 'CONTACT',
          segmentId: 'P',
          phone: '12345',
          $children: [{ $record: 'NOTE', segmentId: 'N', noteText: 'AB' }],
        },
        { $record: 'CONTACT', segmentId: 'P', phone: '-1', $children: [] },
      ],
    },
    { $record: 'COMPANY', segmentId: 'C', companyName: 'BBBB', $children: [] },
  ])
  const bytes = mainspan(['encode', ...args], decoded.text).stdout
  expect(mainspan(['decode', ...args, '-'], bytes).text).toBe(decoded.text)
  expect(bytes).toEqual(
    hex('00090000 C3 C1C1C1C1 00080000 D7 12345C 00070000 D5 C1C2 00080000 D7 00001D 00090000 C3 C2C2C2C2'),
  )
  expect(objectsOf(mainspan(['decode', ...args, '--skip', '1', '--count', '1', file('tree.dat')]))).toMatchObject([
    { companyName: 'BBBB' },
  ])
})

test('where only the types tell lengths: decode and encode, and the place of a record of no type', () => {
  const plain = [...args.slice(0, 2), '--format', 'by-layout', ...args.slice(4)]
  const decoded = mainspan(['decode', ...plain, file('plain.dat')])
  expect(objectsOf(decoded)).toMatchObject([
    { companyName: 'AAAA', $children: [{ phone: '12345', $children: [{ noteText: 'AB' }] }] },
    { companyName: 'BBBB', $children: [] },
  ])
  const bytes = mainspan(['encode', ...plain, '--threads', '2'], decoded.text).stdout
  expect(bytes).toEqual(hex('C3 C1C1C1C1 | D7 12345C | D5 C1C2 | C3 C2C2C2C2'))
  const { status, errors } = mainspan(['decode', ...plain, file('unknown.dat')])
  expect(status).toBe(1)
  expect(errors).toMatch(/RECORD_TYPE_UNKNOWN[\s\S]*in record 3 of .*unknown\.dat, at offset 9/)
})

describe('schema and types', () => {
  const described = [file('TREE.cpy'), ...select, ...parents]
  const validator = (...more: string[]) => {
    const schema: unknown = JSON.parse(mainspan(['schema', ...described, ...more]).text)
    const ajv = new Ajv2020({ strict: false, discriminator: false })
    return (value: unknown) => ajv.validate(schema as object, value)
  }
  const note = { $record: 'NOTE', segmentId: 'N', noteText: 'AB' }
  const contact = { $record: 'CONTACT', segmentId: 'P', phone: '1', $children: [note] }
  const company = { $record: 'COMPANY', segmentId: 'C', companyName: 'A', $children: [contact] }
  const { $children: _, ...alone } = company

  test('the schema takes what decode gives, and of two types below each other no other', () => {
    const [takes, takesRequest] = [validator(), validator('--side', 'request')]
    for (const root of objectsOf(mainspan(['decode', ...args, file('tree.dat')]))) {
      expect([root, takes(root), takesRequest(root)]).toEqual([root, true, true])
    }
    for (const [value, reply, request] of [
      [company, true, true],
      [{ ...company, $children: [] }, true, true],
      [alone, false, true],
      [{ ...company, $children: [note] }, false, false],
      [{ ...company, $children: [company] }, false, false],
      [{ ...company, $children: [{ ...contact, $children: [{ ...note, $children: [] }] }] }, false, false],
      [{ ...company, $children: {} }, false, false],
      [{ ...company, $record: 'NOTE' }, false, false],
      [{ ...company, $record: undefined }, false, false],
      [contact, false, false],
      [note, false, false],
    ] as const) {
      const given: unknown = JSON.parse(JSON.stringify(value))
      expect([given, takes(given), takesRequest(given)]).toEqual([given, reply, request])
    }
  })
  test('what the schema of the request takes is encoded', () => {
    for (const one of [company, alone]) {
      expect(mainspan(['encode', ...args], JSON.stringify(one))).toMatchObject({ status: 0, errors: '' })
    }
  })
  test('without --parent a line is any of the types, by its $record', () => {
    const schema = JSON.parse(mainspan(['schema', file('TREE.cpy'), ...select.slice(0, 4)]).text)
    expect(schema).toMatchObject({
      anyOf: [{ $ref: '#/$defs/COMPANY' }, { $ref: '#/$defs/CONTACT' }],
      $defs: { CONTACT: { properties: { $record: { const: 'CONTACT' } } } },
    })
    expect(schema.$defs.CONTACT.required).toEqual(['$record', 'segmentId', 'phone'])
    expect(Object.keys(schema.$defs)).toEqual(['COMPANY', 'CONTACT'])
    expect(mainspan(['types', file('TREE.cpy'), ...select]).text).toContain(
      'export type JsonLine = Company | Contact | Note',
    )
  })
  test('types', () => {
    const { text } = mainspan(['types', ...described])
    expect(text).toContain("readonly $record: 'COMPANY'\n  readonly $children: readonly Contact[]")
    expect(text).toContain("readonly $record: 'NOTE'\n}")
    expect(text).toContain('export type JsonLine = Company\n')
  })
  test.each([
    [['--select', "NIX=0:'C'"], 'RECORD_UNKNOWN'],
    [['--parent', 'CONTACT=COMPANY'], 'RECORD_PARENTS_INVALID'],
    [['--select', 'NOTE'], 'COMMAND_LINE_INVALID'],
  ])('%j', (options, code) => {
    for (const command of ['schema', 'types']) {
      expect(mainspan([command, file('TREE.cpy'), ...options]).errors).toContain(code)
    }
  })
})

describe('mistakes in a file', () => {
  test('end the work with record, offset and field; no half root is printed', () => {
    const { status, text, errors } = mainspan(['decode', ...args, file('bad.dat')])
    expect([status, text]).toEqual([1, ''])
    expect(errors).toContain('PHONE')
    expect(errors).toMatch(/in record 2 of .*bad\.dat, at offset 9/)
  })
  test('--keep-going leaves the root out whole, and says so', () => {
    const { status, errors, ...ended } = mainspan(['decode', ...args, '--keep-going', file('bad.dat')])
    expect(status).toBe(1)
    expect(errors).toContain('so is the root that it stands below with all its records')
    expect(objectsOf({ status, errors, ...ended })).toMatchObject([
      { companyName: 'BBBB', $children: [{ phone: '1', $residue: expect.any(String) }] },
    ])
  })
  test('a child without a parent', () => {
    const { status, errors } = mainspan(['decode', ...args, file('orphan.dat')])
    expect(status).toBe(1)
    expect(errors).toContain('RECORD_PARENT_MISSING')
    expect(errors).toMatch(/a CONTACT stands below no COMPANY[\s\S]*in record 1 of .*orphan\.dat, at offset 0/)
  })
})

test('a line of JSON that is wrong writes none of its records', () => {
  const company = '{"$record":"COMPANY","segmentId":"C","companyName":"AAAA"'
  const { stdout, errors, status } = mainspan(
    ['encode', ...args],
    `${company}}\n${company},"$children":[{"$record":"CONTACT","segmentId":"P","phone":"x"}]}\n`,
  )
  expect([status, stdout]).toEqual([1, hex('00090000 C3 C1C1C1C1')])
  expect(errors).toMatch(/VALUE_NOT_A_NUMBER[\s\S]*in line 2 of standard input[\s\S]*in \$children\[0\]/)
})

test.each([
  [['--threads', '2'], 2, 'are read by one thread: leave --threads out'],
  [['--parent', 'CONTACT'], 2, '--parent takes CHILD=PARENT'],
  [['--parent', 'CONTACT=NIX'], 1, 'no --select names NIX'],
  [['--root-limit', '0'], 2, '--root-limit takes a number of MiB'],
])('%j', (more, status, words) => {
  const ended = mainspan(['decode', ...args, ...more, file('tree.dat')])
  expect([ended.status, ended.text]).toEqual([status, ''])
  expect(ended.errors).toContain(words)
})

test('a root larger than --root-limit', () => {
  const small = mainspan(['decode', ...args, '--root-limit', '1', file('large.dat')])
  expect([small.status, small.text]).toEqual([1, ''])
  expect(small.errors).toContain('a COMPANY takes more than 1048576 bytes of JSON with all records below it')
  const large = mainspan(['decode', ...args, file('large.dat')])
  expect(large).toMatchObject({ status: 0, errors: '' })
  expect(objectsOf(large)[0]).toHaveProperty('$children.length', 30_000)
})
