// layout, schema, types, decode, encode, hex and diff on small files: what is printed, and every mistake with its exit code.

import { describe, expect, test } from '@jest/globals'
import { mainspan, objectsOf } from '../mainspan.ts'
import { folderOf, hex } from './copybooks.ts'

const file = folderOf({
  'A.cpy': `
       01  REC.
           05  KEY-1        PIC X(2).
           05  AMOUNT       PIC S9(3)V99 COMP-3.
           COPY TAIL.
`,
  'ZONED.cpy': '       01 R.\n           05 A PIC S9(4).\n',
  'CODED.cpy': `
       01  CODED.
           05  KIND         PIC X.
           05  ROW          PIC X OCCURS 0 TO 5 DEPENDING ON KIND.
           05  LAST-1       PIC X.
`,
  'view.json': '{"view":{"A":"B"}}',
  'coded.json': '{"counters":{"KIND":{"A":1,"B":2}}}',
  'TAIL.cpy': '           05  TAIL         PIC X(1).\n',
  'copies/TAIL.cpy': '           05  OTHER-TAIL   PIC X(3).\n',
  'BAD.cpy': '       01  REC.\n           05  F  PIC 9(3)Q9.\n',
  'ODO.cpy': `
       01  VAR.
           05  N            PIC 9.
           05  ROW          PIC X OCCURS 0 TO 5 DEPENDING ON N.
           05  LAST-1       PIC X.
`,
  'GAP.cpy': '       01 GAP.\n           05 FILLER PIC X(2).\n       01 BODY.\n           05 A PIC X(2).\n',
  'MANY.cpy': `
       01  HEAD.
           05  KIND         PIC X.
           05  DAY-1        PIC 9(4).
       01  BODY.
           05  KIND         PIC X.
           05  AMOUNT       PIC 9(3)V9.
       01  TAIL.
           05  KIND         PIC X.
           05  COUNT-1      PIC 9(4).
`,
  'a.dat': hex('C1C2 12345C C3 | C4C5 00001D C6'),
  'bad.dat': hex('C1C2 12345C C3 | C4C5 404040 C6 | C1C2 00000C C3'),
  'cut.dat': hex('C1C2 12345C C3 C4'),
  'odo.vb': hex('00110000 | 00060000 F0E9 | 00070000 F1C1E9'),
  'many.dat': hex('C8F0F1F2F3 C2F1F2F3F4 C2F0F0F0F5 E3F0F0F0F2'),
  'lines.txt': 'AB00012C\nDE00001p\n',
  'CUT.cpy':
    '       01 R.\n           05 A PIC X(3).\n           05 G.\n              10 T PIC X(5) OCCURS 2.\n           05 J PIC X(2) JUST.\n           05 N PIC 9.\n',
  'TEXT.cpy': '       01 T.\n           05 K PIC X(2).\n           05 N PIC S9(3)V99.\n           05 E PIC X(4).\n',
})
const A = ['--copybook', file('A.cpy')]

describe('layout', () => {
  test('as a table and as a tree', () => {
    expect(mainspan(['layout', file('A.cpy')]).text).toMatch(/05 +AMOUNT +S9\(3\)V99 +COMP-3 +2 +3/)
    expect(JSON.parse(mainspan(['layout', file('A.cpy'), '--json']).text)).toMatchObject({
      level: 1,
      name: 'REC',
      offset: 0,
      length: 6,
      children: [{ name: 'KEY-1' }, { name: 'AMOUNT', offset: 2, length: 3, usage: 'COMP-3' }, { name: 'TAIL' }],
    })
  })
  test('from standard input, with a copy path', () => {
    const { text, status } = mainspan(
      ['layout', '-', '--copy-path', file('copies')],
      '       01 R.\n           COPY TAIL.\n',
    )
    expect(status).toBe(0)
    expect(text).toContain('OTHER-TAIL')
  })
  test('of a member that is there to be copied with REPLACING: the hint says how', () => {
    const { status, errors } = mainspan(['layout', 'copybooks/deposits/ENTRY.cpy'])
    expect(errors).toContain('TAG_NOT_REPLACED  copybooks/deposits/ENTRY.cpy:5')
    expect(errors).toContain('hint: COPY this member with REPLACING ==:TAG:== BY ==your-prefix==')
    expect(status).toBe(1)
  })
  test('of one record or all', () => {
    expect(JSON.parse(mainspan(['layout', file('MANY.cpy'), '--json']).text)).toHaveLength(3)
    expect(JSON.parse(mainspan(['layout', file('MANY.cpy'), '--json', '--record', 'body']).text)).toMatchObject({
      name: 'BODY',
    })
  })
})

describe('mistakes are named, exit code 1', () => {
  test.each([
    [['layout', file('BAD.cpy')], 'PICTURE_CHARACTER_UNKNOWN', ':2:'],
    [['layout', '/nowhere/x.cpy'], 'FILE_UNREADABLE', 'there is no such file'],
    [['layout', file('MANY.cpy'), '--record', 'NIX'], 'RECORD_UNKNOWN', 'HEAD, BODY, TAIL'],
    [['decode', '--copybook', file('MANY.cpy'), file('a.dat')], 'RECORD_AMBIGUOUS', 'HEAD, BODY, TAIL'],
    [['decode', ...A, '/nowhere/x.dat'], 'FILE_UNREADABLE', '/nowhere/x.dat'],
    [['decode', ...A, '--code-page', 'klingon', file('a.dat')], 'CODE_PAGE_UNKNOWN', 'klingon'],
    [['decode', ...A, file('bad.dat')], 'FIELD_BYTES_INVALID', 'in record 2 of'],
    [['decode', ...A, file('cut.dat')], 'FRAME_INCOMPLETE', 'offset 6'],
    [['decode', ...A, '--format', 'V', file('a.dat')], 'FRAME_LENGTH_INVALID', 'offset 0'],
    [['decode', ...A, '--record-options', file('A.cpy'), file('a.dat')], 'FILE_UNREADABLE', 'not JSON'],
    [
      ['decode', ...A, '--record-options', file('view.json'), file('a.dat')],
      'LAYOUT_OPTION_INVALID',
      'view: it must be',
    ],
    [['hex', ...A, '--number', '9', file('a.dat')], 'RECORD_NUMBER_UNKNOWN', 'the file has 2'],
  ])('%j: %s', (args, code, words) => {
    const { status, errors } = mainspan(args)
    expect(errors).toContain(code)
    expect(errors).toContain(words)
    expect(errors).toContain('hint:')
    expect(status).toBe(1)
  })
  test.each([
    ['{"key1":"AB","amount":"1.00","tail":"X"}\n{"key1":"ABC"}', 'VALUE_TOO_LONG', 'in line 2'],
    ['{"key1":', 'JSON_INVALID', 'in line 1'],
    ['{"key1":"€","amount":"1.00"}', 'VALUE_NOT_IN_CODE_PAGE', 'in line 1'],
    ['{"key1":"AB","amount":"1234.00"}', 'VALUE_TOO_LARGE', 'AMOUNT'],
  ])('encode of %j: %s', (json, code, words) => {
    const { status, errors } = mainspan(['encode', ...A, '-'], json)
    expect(errors).toContain(code)
    expect(errors).toContain(words)
    expect(status).toBe(1)
  })
})

describe('decode and encode', () => {
  test('F, from standard input too', () => {
    const decoded = mainspan(['decode', ...A, '-'], hex('C1C2 12345C C3'))
    expect(objectsOf(decoded)).toEqual([{ key1: 'AB', amount: '123.45', tail: 'C' }])
    expect(mainspan(['encode', ...A], decoded.text).stdout).toEqual(hex('C1C2 12345C C3'))
  })
  test('names, prefix, copy path, count and skip', () => {
    const args = ['decode', ...A, '--names', 'verbatim', '--skip', '1', '--count', '1', file('a.dat')]
    expect(objectsOf(mainspan(args))).toEqual([{ 'KEY-1': 'DE', AMOUNT: '-0.01', TAIL: 'F' }])
  })
  test('--numbers: all that are exact, or those named', () => {
    const decoded = (numbers: string) => mainspan(['decode', ...A, '--numbers', numbers, '-'], hex('C1C2 12340C C3'))
    expect(decoded('all').text).toBe('{"key1":"AB","amount":123.4,"tail":"C"}\n')
    expect(mainspan(['encode', ...A, '--numbers', 'AMOUNT'], decoded('AMOUNT').text).stdout).toEqual(
      hex('C1C2 12340C C3'),
    )
    expect(decoded('TAIL').errors).toContain('numbers: TAIL')
    expect(mainspan(['types', file('A.cpy'), '--numbers', 'all']).text).toContain('amount: number')
  })
  test('a table whose counter holds a code: the codec says what it needs', () => {
    const args = ['decode', '--copybook', file('CODED.cpy'), '--format', 'V']
    const record = hex('00070000 C1C1E9')
    const { errors, status } = mainspan([...args, '-'], record)
    expect(errors).toContain('COUNTER_VALUES_MISSING')
    expect(errors).toContain("counters: { 'KIND': { A: 1, B: 2 } }")
    expect(status).toBe(1)
    expect(objectsOf(mainspan([...args, '--record-options', file('coded.json'), '-'], record))).toEqual([
      { kind: 'A', row: ['A'], last1: 'Z' },
    ])
  })
  test('--keep-going leaves bad records out and says so', () => {
    const { status, text, errors } = mainspan(['decode', ...A, '--keep-going', file('bad.dat')])
    expect(text.trim().split('\n')).toHaveLength(2)
    expect(errors).toContain('record 2')
    expect(status).toBe(1)
  })
  test.each([
    ['null', null],
    ['raw', { $raw: '404040' }],
    ['AMOUNT=zero', '0.00'],
  ])('--invalid %s', (policy, amount) => {
    const decoded = mainspan(['decode', ...A, '--invalid', policy, file('bad.dat')])
    expect(objectsOf(decoded)[1]).toMatchObject({ amount })
    expect(mainspan(['encode', ...A, '--invalid', policy], decoded.text).stdout).toEqual(
      hex('C1C2 12345C C3 C4C5 404040 C6 C1C2 00000C C3'),
    )
  })
  test('VB with a table of varying length, and through V, VBS and GnuCOBOL formats', () => {
    const odo = ['--copybook', file('ODO.cpy')]
    const decoded = mainspan(['decode', ...odo, '--format', 'VB', file('odo.vb')])
    expect(objectsOf(decoded)).toEqual([
      { n: '0', row: [], last1: 'Z' },
      { n: '1', row: ['A'], last1: 'Z' },
    ])
    expect(mainspan(['encode', ...odo, '--format', 'vb'], decoded.text).stdout).toEqual(
      hex('00110000 00060000 F0E9 00070000 F1C1E9'),
    )
    for (const format of ['V', 'VS', 'VBS', 'varseq0', 'varseq3', 'F']) {
      const bytes = mainspan(['encode', ...odo, '--format', format], decoded.text).stdout
      expect(mainspan(['decode', ...odo, '--format', format, '--canonical'], bytes).text).toBe(decoded.text)
    }
  })
  test('ASCII lines of GnuCOBOL, short lines filled', () => {
    const args = ['--copybook', file('TEXT.cpy'), '--code-page', 'ascii', '--format', 'text', '--dialect', 'gnucobol']
    const decoded = mainspan(['decode', ...args, '-'], 'AB00012\nCD00345  XY\n')
    expect(objectsOf(decoded)).toEqual([
      { k: 'AB', n: '0.12', e: '' },
      { k: 'CD', n: '3.45', e: '  XY' },
    ])
    expect(mainspan(['encode', ...args], decoded.text).text).toBe('AB00012\nCD00345  XY\n')
  })
  test('several record types by header, trailer and discriminator', () => {
    const types = ['--select', 'HEAD=header', '--select', 'TAIL=trailer', '--select', "BODY=0:'B'"]
    const args = ['--copybook', file('MANY.cpy'), ...types]
    const decoded = mainspan(['decode', ...args, file('many.dat')])
    expect(objectsOf(decoded)).toEqual([
      { $record: 'HEAD', kind: 'H', day1: '123' },
      { $record: 'BODY', kind: 'B', amount: '123.4' },
      { $record: 'BODY', kind: 'B', amount: '0.5' },
      { $record: 'TAIL', kind: 'T', count1: '2' },
    ])
    expect(mainspan(['encode', ...args], decoded.text).stdout).toEqual(
      hex('C8F0F1F2F3 C2F1F2F3F4 C2F0F0F0F5 E3F0F0F0F2'),
    )
    expect(mainspan(['decode', ...args.slice(0, -2), file('many.dat')]).errors).toContain('RECORD_TYPE_UNKNOWN')
    expect(mainspan(['decode', ...args, '--select', 'BODY=?', file('many.dat')]).status).toBe(2)
    for (const [other, words] of [
      ['BODY=header', 'HEAD and BODY are both the header'],
      ['HEAD=trailer', 'TAIL and HEAD are both the trailer'],
    ] as const) {
      const told = `RECORD_SELECTION_INVALID  ${words}`
      expect(mainspan(['decode', ...args, '--select', other, file('many.dat')]).errors).toContain(told)
      expect(mainspan(['encode', ...args, '--select', other], decoded.text).errors).toContain(told)
    }
  })
  test('the fields of a record that is encoded make it one of its $record', () => {
    const args = ['encode', '--copybook', file('MANY.cpy'), '--select', 'HEAD=header', '--select', "BODY=0:'B'"]
    const body = { $record: 'BODY', kind: 'B', amount: '0.5' }
    const lines = (...objects: object[]) => objects.map((one) => JSON.stringify(one)).join('\n')
    expect(mainspan(args, lines(body, { $record: 'HEAD', kind: 'B', day1: '123' })).status).toBe(0)
    const wrong = mainspan(args, lines(body, { ...body, kind: 'T' }, body))
    expect(wrong.stdout).toEqual(hex('C2F0F0F0F5'))
    expect(wrong.errors).toMatch(
      /^RECORD_TYPE_DISAGREES .* make it a record of no type .*\n {2}in line 2 of standard input/,
    )
  })
  test('a record type that shows nothing is its name alone', () => {
    const args = ['--copybook', file('GAP.cpy'), '--select', "GAP=0:'  '", '--select', 'BODY=*']
    const decoded = mainspan(['decode', ...args, '-'], hex('4040 C2C3 4040'))
    expect(decoded.text).toBe('{"$record":"GAP"}\n{"$record":"BODY","a":"BC"}\n{"$record":"GAP"}\n')
    expect(mainspan(['encode', ...args], decoded.text).stdout).toEqual(hex('4040 C2C3 4040'))
  })
  test('--cut cuts texts as MOVE does, inside groups, tables and runs', () => {
    const args = ['encode', '--copybook', file('CUT.cpy'), '--code-page', 'cp939']
    const json = '{"a":"ABCDE","g":{"t":["国国国","x"]},"j":"ABC","n":"7"}'
    expect(mainspan([...args, '--cut'], json).stdout).toEqual(hex('C1C2C3 0E458F0F40 A740404040 C2C3 F7'))
    expect(mainspan(args, json).errors).toContain('VALUE_TOO_LONG')
  })
})

describe('schema and types', () => {
  test('schema', () => {
    expect(JSON.parse(mainspan(['schema', file('A.cpy')]).text)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'REC',
      properties: { key1: { maxLength: 2 }, $residue: { type: 'string' } },
    })
    expect(JSON.parse(mainspan(['schema', file('MANY.cpy'), '--canonical']).text)).toMatchObject({
      anyOf: [{ $ref: '#/$defs/HEAD' }, { $ref: '#/$defs/BODY' }, { $ref: '#/$defs/TAIL' }],
      $defs: { BODY: { title: 'BODY' } },
    })
  })
  test('types', () => {
    const { text } = mainspan(['types', file('MANY.cpy')])
    expect(text).toContain('export type Decimal = string')
    for (const name of ['Head', 'Body', 'Tail']) expect(text).toContain(`export interface ${name} {`)
  })
})

describe('hex', () => {
  test('points at the byte that cannot be', () => {
    const { text, status } = mainspan(['hex', ...A, '--number', '2', file('bad.dat')])
    expect(status).toBe(1)
    const lines = text.split('\n')
    const at = lines.findIndex((line) => line.includes('40 40 40'))
    expect(lines[at]).toContain('AMOUNT PIC S9(3)V99 COMP-3')
    const caret = lines[at + 1]?.indexOf('^^') ?? -1
    expect(lines[at]?.slice(caret, caret + 2)).toBe('40')
    expect(lines[at + 1]).toContain('offset 4')
  })
  test('a zoned decimal whose sign was translated to ASCII', () => {
    const { text } = mainspan(['hex', '--copybook', file('ZONED.cpy'), '-'], hex('F1F2F37D'))
    expect(text).toContain('offset 3: expected a digit with a sign, found a sign in ASCII')
  })
  test('a table whose counter holds a code', () => {
    const coded = (bytes: string) =>
      mainspan(['hex', '--copybook', file('CODED.cpy'), '--record-options', file('coded.json'), '-'], hex(bytes)).text
    expect(coded('C2 C1C2 E9')).toMatch(/ROW\(2\).*= "B"/)
    expect(coded('E7 C1C2 E9')).toContain('expected a value that counters names')
  })
  test('a good record, as text and JSON', () => {
    const { text, status } = mainspan(['hex', ...A, file('a.dat')])
    expect(status).toBe(0)
    expect(text).toContain('= "123.45"')
    expect(text).toContain('no problems')
    expect(JSON.parse(mainspan(['hex', ...A, '--json', file('a.dat')]).text)).toContainEqual(
      expect.objectContaining({ item: 'AMOUNT', offset: 2, length: 3, hex: '12345C', value: '123.45' }),
    )
  })
  test('a record that is cut off, and a counter out of its limits', () => {
    expect(mainspan(['hex', ...A, '--number', '2', file('cut.dat')]).text).toContain('the record ends at 1')
    const { text, status } = mainspan(
      ['hex', '--copybook', file('ODO.cpy'), '--format', 'V', '-'],
      hex('00070000 F9C1E9'),
    )
    expect(text).toContain('N must be 0 to 5')
    expect(status).toBe(1)
  })
})

describe('diff', () => {
  const versions = folderOf({
    'old.cpy':
      "       01 R.\n           05 A PIC X.\n              88 YES VALUE 'Y'.\n           05 B PIC 9(3).\n           05 FILLER PIC X(4).\n",
    'more.cpy':
      "       01 R.\n           05 A PIC X.\n              88 YES VALUE 'Y'.\n              88 NO VALUE 'N'.\n           05 B PIC 999.\n           05 C PIC X(2).\n           05 FILLER PIC X(2).\n",
    'moved.cpy':
      '       01 R.\n           05 A PIC X(2).\n           05 B2 PIC 9(3).\n           05 FILLER PIC X(4).\n',
  })
  const changes = (to: string) => mainspan(['diff', versions('old.cpy'), versions(to), '--json'])
  test('nothing', () => {
    expect(mainspan(['diff', versions('old.cpy'), versions('old.cpy')])).toMatchObject({
      status: 0,
      text: 'no changes\n',
    })
  })
  test('what breaks nobody', () => {
    expect(changes('more.cpy').status).toBe(0)
    expect(JSON.parse(changes('more.cpy').text)).toEqual([
      { class: 'non-breaking', in: 'api', record: 'R', item: 'A', what: "the value 'N' is new" },
      {
        class: 'non-breaking',
        in: 'layout',
        record: 'R',
        item: 'B',
        what: 'its picture is written 999, which means the same',
      },
      { class: 'non-breaking', in: 'api', record: 'R', item: 'C', what: 'it is new, where FILLER was' },
    ])
  })
  test('what breaks', () => {
    const { text, status } = changes('moved.cpy')
    expect(status).toBe(1)
    expect(JSON.parse(text)).toEqual([
      { class: 'breaking', in: 'layout', record: 'R', item: 'R', what: 'the length was 8 bytes and is 9' },
      expect.objectContaining({ class: 'breaking', in: 'layout', item: 'A' }),
      expect.objectContaining({ class: 'breaking', in: 'api', item: 'A' }),
      { class: 'breaking', in: 'api', record: 'R', item: 'A', what: "the value 'Y' is no longer named" },
      { class: 'breaking', in: 'api', record: 'R', item: 'B', what: 'it is now called B2' },
    ])
    expect(mainspan(['diff', versions('old.cpy'), versions('moved.cpy')]).text).toMatch(/5 changes, 5 of them breaking/)
  })
})
