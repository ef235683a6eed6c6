// Whole programs and their members as banks have them, from the command line: what is read of them, and what stops what.

import { describe, expect, test } from '@jest/globals'
import { mainspan, objectsOf } from '../mainspan.ts'
import { folderOf, hex } from './copybooks.ts'

const program = (storage: string, environment = '', first = '') => `${first}       IDENTIFICATION DIVISION.
       PROGRAM-ID. P.
       ENVIRONMENT DIVISION.
       CONFIGURATION SECTION.
${environment}       DATA DIVISION.
       WORKING-STORAGE SECTION.
${storage}       PROCEDURE DIVISION.
           GOBACK.
`

const path = folderOf({
  'RATES.cbl': program(
    '       01 REC.\n           05 AMOUNT PIC ZZZ.ZZ9,99.\n           05 RATE PIC 9,99.\n',
    '           COPY HOUSE.\n',
  ),
  'HOUSE.cpy': '       SPECIAL-NAMES.\n           DECIMAL-POINT IS COMMA.\n',
  'NAMES.cbl': program('       01 REC.\n           05 NAME-1 PIC N(2).\n', '', 'CBL NSYMBOL(DBCS),CODEPAGE(930)\n'),
  'EURO.cbl': program('       01 REC.\n           05 SIGN-1 PIC X.\n', '', '       CBL CODEPAGE(1140)\n'),
  'ROWS.cpy': '           05 PART-1 PIC X(3).\n',
  'WITHROWS.cpy':
    '       01 REC.\n           05 A PIC X(2).\n           EXEC SQL INCLUDE ROWS END-EXEC.\n           05 B PIC 9(2).\n',
  'MIXED.cpy':
    '       01 HEAD.\n           05 KIND PIC X.\n           05 COUNT-1 PIC 9.\n       01 BODY.\n           05 KIND PIC X.\n           05 T PIC X OCCURS 1 TO 9 DEPENDING ON COUNT-1.\n           05 Z PIC X.\n       01 BROKEN.\n           05 KIND PIC Q.\n       01 LOST.\n           COPY NOWHERE.\n',
  'STATEMENT.cpy':
    '       77 ROW-COUNT PIC 9(4) COMP.\n       01 STATEMENT.\n           05 ACCOUNT PIC 9(2).\n           05 ROWS PIC 9 OCCURS 0 TO 5 TIMES DEPENDING ON ROW-COUNT.\n',
  'DCL.cpy':
    '       01 ROW-1.\n           10 NOTE.\n              49 NOTE-LEN PIC S9(4) COMP.\n              49 NOTE-TEXT PIC X(3).\n',
  'PARTY.cpy':
    '       01 PARTY.\n           05 KIND PIC X.\n           05 FIRM.\n              10 FIRM-NAME PIC X(6).\n              10 FIRM-TAX PIC 9(4).\n           05 PERSON REDEFINES FIRM.\n              10 PHONE PIC X(5).\n',
  'whole.json': '{ "short": "refuse" }',
  'varchar.json': '{ "varchar": ["*"] }',
  'rows.json': '{ "outsideCounters": { "ROW-COUNT": 2 } }',
  'src/INQ.cbl': program('       COPY INQ.\n'),
  'cpy/INQ.cpy': '       01 INQ-AREA PIC X(8).\n',
})
const decode = (copybook: string, bytes: string, ...options: string[]) =>
  mainspan(['decode', '--copybook', path(copybook), ...options, '-'], hex(bytes))

describe('decode reads', () => {
  test('SPECIAL-NAMES of a copied member', () => {
    expect(objectsOf(decode('RATES.cbl', 'F1F2F34BF4F5F66BF7F8 F16BF2F5'))).toEqual([
      { amount: '123456.78', rate: '1.25' },
    ])
  })
  test('NSYMBOL and CODEPAGE of a CBL statement', () => {
    expect(objectsOf(decode('NAMES.cbl', '4562 4566'))).toEqual(
      objectsOf(decode('NAMES.cbl', '4562 4566', '--code-page', 'cp930')),
    )
    expect(objectsOf(decode('EURO.cbl', '9F'))).toEqual([{ sign1: '€' }])
    expect(objectsOf(decode('EURO.cbl', '9F', '--code-page', 'cp037'))).toEqual([{ sign1: '¤' }])
    expect(mainspan(['encode', '--copybook', path('EURO.cbl')], '{"sign1":"€"}').stdout).toEqual(hex('9F'))
    expect(mainspan(['hex', '--copybook', path('EURO.cbl'), '-'], hex('9F')).text).toContain('cp1140')
  })
  test('a member of EXEC SQL INCLUDE', () => {
    expect(objectsOf(decode('WITHROWS.cpy', 'C1C2 E7E8E9 F4F2'))).toEqual([{ a: 'AB', part1: 'XYZ', b: '42' }])
  })
  test('a table whose counter lies outside of the record', () => {
    const record = ['--record', 'STATEMENT', '--format', 'V']
    expect(objectsOf(decode('STATEMENT.cpy', '0006 0000 F1F2 0008 0000 F1F2F3F4', ...record))).toEqual([
      { account: '12', rows: [] },
      { account: '12', rows: ['3', '4'] },
    ])
    const counted = decode(
      'STATEMENT.cpy',
      'F1F2F3F4',
      '--record',
      'STATEMENT',
      '--record-options',
      path('rows.json'),
      '--length',
      '4',
    )
    expect(objectsOf(counted)).toMatchObject([{ account: '12', rows: ['3', '4'] }])
  })
  test('records that end early, of files whose records vary', () => {
    const file = '000F 0000 C6C1C3D4C54040F1F2F3F4 000A 0000 D7F5F5F5F1F2'
    const decoded = decode('PARTY.cpy', file, '--format', 'V')
    expect(objectsOf(decoded)[1]).toEqual({ kind: 'P', person: { phone: '55512' }, $residue: '=6' })
    const args = ['encode', '--copybook', path('PARTY.cpy'), '--format', 'V']
    expect(mainspan(args, decoded.text).stdout).toEqual(hex(file))
    expect(decode('PARTY.cpy', file, '--format', 'V', '--record-options', path('whole.json')).errors).toContain(
      'RECORD_TOO_SHORT',
    )
  })
  test('VARCHAR columns as one text, on request', () => {
    const bytes = '0002 C1C240'
    expect(objectsOf(decode('DCL.cpy', bytes))).toEqual([{ note: { noteLen: '2', noteText: 'AB' } }])
    expect(objectsOf(decode('DCL.cpy', bytes, '--record-options', path('varchar.json')))).toEqual([{ note: 'AB' }])
  })
})

describe('what was not asked for does not stop what was', () => {
  test('with --record', () => {
    expect(objectsOf(decode('MIXED.cpy', 'C8F3', '--record', 'head'))).toEqual([{ kind: 'H', count1: '3' }])
    expect(decode('MIXED.cpy', 'C8F3', '--record', 'BROKEN').errors).toContain('PICTURE_CHARACTER_UNKNOWN')
    expect(decode('MIXED.cpy', 'C8F3').errors).toContain('COPY_MEMBER_NOT_FOUND')
  })
  test('with --select: neither records with mistakes nor those that need an option', () => {
    const selected = decode('MIXED.cpy', 'C8F3', '--select', "HEAD=0:'H'")
    expect(objectsOf(selected)).toEqual([{ $record: 'HEAD', kind: 'H', count1: '3' }])
    expect(decode('MIXED.cpy', 'C8F3', '--record', 'BODY').errors).toContain('COUNTER_OUTSIDE')
  })
  test('layout tells what it left out', () => {
    const { status, errors } = mainspan(['layout', path('MIXED.cpy'), '--record', 'HEAD'])
    expect(status).toBe(0)
    expect(errors).toMatch(/^note .*MIXED\.cpy:9:\d+ {2}BROKEN left out: /m)
    expect(errors).toMatch(/^note .*MIXED\.cpy:11:\d+ {2}LOST left out: member NOWHERE is not found/m)
  })
})

test('a text is never a member of itself, however its folder is written', () => {
  const copyPaths = ['--copy-path', path('src'), '--copy-path', path('cpy')]
  for (const one of [path('src/INQ.cbl'), path('cpy/../src/./INQ.cbl')]) {
    expect(mainspan(['layout', one, ...copyPaths])).toMatchObject({ status: 0, errors: '' })
  }
})
