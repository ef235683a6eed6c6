// One proof for each row of the support matrix that is about records: a copybook, bytes by IBM's rules, and the JSON, both ways.

import type { CompileOptions } from '../../../src/cobol/compile.ts'
import type { CodecOptions } from '../../../src/codec/record-codec.ts'
import type { JsonObject } from '../../../src/contract/json.ts'

export interface SupportCase {
  /** Entries below `01 R.`, or a whole copybook where it begins with 01. */
  readonly copybook: string
  readonly bytes: string
  readonly json: JsonObject
  readonly compile?: Partial<CompileOptions>
  readonly codec?: Partial<CodecOptions>
  readonly members?: Readonly<Record<string, string>>
}

export const cases: Readonly<Record<string, SupportCase[]>> = {
  'PIC X, A, 9, S, V and repeats': [
    {
      copybook: '05 A PIC X(3). 05 B PIC A(2). 05 C PIC 9(2). 05 D PIC S99V9.',
      bytes: 'C1C2C3 C1C2 F0F7 F1F2C3',
      json: { A: 'ABC', B: 'AB', C: '7', D: '12.3' },
    },
  ],
  'P scaling, leading and trailing': [
    {
      copybook: '05 A PIC S9(3)PPP COMP-3. 05 B PIC SVPP9(3) COMP-3. 05 C PIC 9(2)P.',
      bytes: '123C 123D F1F2',
      json: { A: '123000', B: '-0.00123', C: '120' },
    },
  ],
  'numeric-edited pictures': [
    { copybook: '05 A PIC Z,ZZ9.99-.', bytes: 'F16BF2F3F44BF5F060', json: { A: '-1234.50' } },
    { copybook: '05 A PIC $$$9.99CR.', bytes: '40405BF04BF1F2C3D9', json: { A: '-0.12' } },
    { copybook: '05 A PIC ***9.99DB.', bytes: '5C5C5CF14BF0F04040', json: { A: '1.00' } },
    { copybook: '05 A PIC Z(5)9 BLANK WHEN ZERO.', bytes: '404040404040', json: { A: '0' } },
  ],
  'alphanumeric-edited and JUSTIFIED RIGHT': [
    {
      copybook: '05 A PIC X(4) JUSTIFIED RIGHT. 05 B PIC XX/XX.',
      bytes: '4040C1C2 C1C261C3C4',
      json: { A: 'AB', B: 'ABCD' },
    },
  ],
  'zoned overpunch, trailing and leading': [
    {
      copybook: '05 A PIC S9(4). 05 B PIC S9(4) SIGN LEADING. 05 C PIC S9(2).',
      bytes: 'F1F2F3D4 D1F2F3F4 F1C2',
      json: { A: '-1234', B: '-1234', C: '12' },
    },
  ],
  'SIGN SEPARATE, leading and trailing': [
    {
      copybook: '05 A PIC S9(2) SIGN LEADING SEPARATE. 05 B PIC S9(2) SIGN TRAILING SEPARATE.',
      bytes: '60F1F2 F1F24E',
      json: { A: '-12', B: '12' },
    },
  ],
  'packed signs A to F, kept byte for byte': ['A', 'C', 'E', 'F'].map((sign) => ({
    copybook: '05 A PIC S9(3) COMP-3.',
    bytes: `123${sign}`,
    json: { A: '123' },
  })),
  'packed to 38 digits': [
    {
      copybook: '05 A PIC S9(31) COMP-3.',
      bytes: '1234567890123456789012345678901D',
      json: { A: '-1234567890123456789012345678901' },
    },
  ],
  'COMP, COMP-4 and BINARY of 2, 4 and 8 bytes': [
    {
      copybook: '05 A PIC S9(4) COMP. 05 B PIC 9(9) BINARY. 05 C PIC S9(18) COMP-4.',
      bytes: 'FFFE 075BCD15 F21F494C589C0001',
      json: { A: '-2', B: '123456789', C: '-999999999999999999' },
    },
  ],
  'COMP-5 with its native range': [
    { copybook: '05 A PIC S9(4) COMP-5. 05 B PIC 9(4) COMP-5.', bytes: '8000 FFFF', json: { A: '-32768', B: '65535' } },
  ],
  'COMP-1 and COMP-2, IBM hexadecimal': [
    { copybook: '05 A COMP-1. 05 B COMP-2.', bytes: 'C276A000 4110000000000000', json: { A: '-118.625', B: '1' } },
  ],
  'COMP-1 and COMP-2, IEEE': [
    {
      copybook: '05 A COMP-1. 05 B COMP-2.',
      bytes: 'C2ED4000 3FF0000000000000',
      json: { A: '-118.625', B: '1' },
      compile: { float: 'IEEE' },
    },
  ],
  'COMP-6, packed without sign': [
    { copybook: '05 A PIC 9(5) COMP-6.', bytes: '012345', json: { A: '12345' }, compile: { dialect: 'microfocus' } },
  ],
  'OCCURS UNBOUNDED, up to what its counter can count': [
    {
      copybook: '05 N PIC 9(2). 05 T PIC X(2) OCCURS 0 TO UNBOUNDED DEPENDING ON N. 05 Z PIC X.',
      bytes: 'F0F2 C1C1 C2C2 E9',
      json: { N: '2', T: ['AA', 'BB'], Z: 'Z' },
    },
  ],
  'COMP-X, unsigned binary of any number of bytes, outside of IBM': [
    {
      copybook: '05 A PIC 9(5) COMP-X. 05 B PIC X(3) COMP-X. 05 C PIC 99 COMPUTATIONAL-X.',
      bytes: '01E240 FFFFFF FF',
      json: { A: '123456', B: '16777215', C: '255' },
      compile: { dialect: 'gnucobol' },
    },
    {
      copybook: '05 A PIC X(8) COMP-X. 05 B PIC 9(3)V99 COMP-X.',
      bytes: 'FFFFFFFFFFFFFFFF 00007B',
      json: { A: '18446744073709551615', B: '1.23' },
      compile: { dialect: 'microfocus', endian: 'little' },
    },
  ],
  'little-endian binary by dialect option': [
    {
      copybook: '05 A PIC S9(4) COMP-5.',
      bytes: 'FEFF',
      json: { A: '-2' },
      compile: { dialect: 'gnucobol', endian: 'little' },
    },
  ],
  'PIC N and NATIONAL, UTF-16': [
    { copybook: '05 A PIC N(2). 05 B PIC N(1) USAGE NATIONAL.', bytes: '004100E9 20AC', json: { A: 'Aé', B: '€' } },
  ],
  'PIC G and DISPLAY-1': [
    { copybook: '05 A PIC G(2) DISPLAY-1.', bytes: '458F4040', json: { A: '国' }, codec: { codePage: 'cp939' } },
  ],
  'PIC U, UTF-8': [{ copybook: '05 A PIC U(2).', bytes: 'C3A9202020202020', json: { A: 'é' } }],
  'POINTER, INDEX and their kin, as hexadecimal': [
    { copybook: '05 A POINTER. 05 B INDEX.', bytes: '0000A0F0 00000001', json: { A: '0000A0F0', B: '00000001' } },
  ],
  'SYNCHRONIZED with slack bytes, kept byte for byte': [
    {
      copybook: '05 B PIC X(5). 05 C. 10 D PIC XX. 10 E PIC S9(6) COMP SYNC.',
      bytes: 'C1C1C1C1C1 C2C2 00 00000001',
      json: { B: 'AAAAA', C: { D: 'BB', E: '1' } },
    },
    { copybook: '05 B PIC X(3). 05 E PIC S9(4) COMP SYNC.', bytes: 'C1C1C1 FF 0001', json: { B: 'AAA', E: '1' } },
  ],
  'REDEFINES with a declared discriminator': [
    {
      copybook: '05 K PIC X. 05 A PIC X(2). 05 B REDEFINES A PIC 9(2).',
      bytes: 'D5 F1F2',
      json: { K: 'N', B: '12' },
      codec: { views: { A: { by: 'K', when: { N: 'B', T: 'A' } } } },
    },
  ],
  'REDEFINES chosen by a condition over several fields': [
    {
      copybook: '05 K PIC X. 05 N PIC 9. 05 A PIC X. 05 B REDEFINES A PIC 9.',
      bytes: 'C1 F3 F7',
      json: { K: 'A', N: '3', B: '7' },
      codec: { views: { A: { where: { B: "K = 'A' AND N > 2", A: 'NOT N > 5' } } } },
    },
  ],
  'REDEFINES larger than its target': [
    {
      copybook: '05 K PIC X. 05 A PIC X(2). 05 B REDEFINES A PIC X(4).',
      bytes: 'D3 C1C2C3C4',
      json: { K: 'L', B: 'ABCD' },
      codec: { views: { A: { by: 'K', when: { L: 'B', S: 'A' } } } },
    },
  ],
  'OCCURS, nested': [
    {
      copybook: '05 A OCCURS 2. 10 B PIC X OCCURS 2. 10 C PIC 9.',
      bytes: 'C1C2F1 C3C4F2',
      json: {
        A: [
          { B: ['A', 'B'], C: '1' },
          { B: ['C', 'D'], C: '2' },
        ],
      },
    },
  ],
  'OCCURS DEPENDING ON at the end': [
    {
      copybook: '05 N PIC 9. 05 A PIC X OCCURS 0 TO 5 DEPENDING ON N.',
      bytes: 'F2 C1C2',
      json: { N: '2', A: ['A', 'B'] },
    },
  ],
  'OCCURS DEPENDING ON in the middle, padded to its maximum': [
    {
      copybook: '05 N PIC 9. 05 A PIC X OCCURS 0 TO 3 DEPENDING ON N. 05 Z PIC X.',
      bytes: 'F1 C1 E9 4040',
      json: { N: '1', A: ['A'], Z: 'Z' },
      codec: { variable: 'maximum' },
    },
  ],
  'OCCURS DEPENDING ON nested and variably located': [
    {
      copybook:
        '05 N PIC 9. 05 M PIC 9. 05 A OCCURS 0 TO 3 DEPENDING ON N. 10 B PIC X OCCURS 0 TO 2 DEPENDING ON M. 05 Z PIC X.',
      bytes: 'F2F1 C1 C2 E9',
      json: { N: '2', M: '1', A: [{ B: ['A'] }, { B: ['B'] }], Z: 'Z' },
    },
  ],
  'OCCURS DEPENDING ON a counter that holds a code': [
    {
      copybook: '05 K PIC X. 05 A PIC X OCCURS 0 TO 3 DEPENDING ON K. 05 Z PIC X.',
      bytes: 'C4 C1C2 E9',
      json: { K: 'D', A: ['A', 'B'], Z: 'Z' },
      codec: { counters: { K: { N: 0, S: 1, D: 2 } } },
    },
    {
      copybook: '05 K PIC X. 05 A PIC X OCCURS 0 TO 1 DEPENDING ON K. 05 B PIC 9 OCCURS 0 TO 1 DEPENDING ON K.',
      bytes: 'C2 F7',
      json: { K: 'B', A: [], B: ['7'] },
      codec: { counters: { A: { A: 1, B: 0 }, B: { A: 0, B: 1 } } },
    },
  ],
  'decimals as strings, and as JSON numbers where they are exact': [
    { copybook: '05 A PIC S9(13)V99 COMP-3.', bytes: '000000000001250C', json: { A: '12.50' } },
    {
      copybook: '05 A PIC S9(13)V99 COMP-3. 05 B PIC S9(16) COMP-3.',
      bytes: '000000000001250C 00000000000000007C',
      json: { A: 12.5, B: '7' },
      codec: { numbers: ['*'] },
    },
  ],
  'OCCURS DEPENDING ON a counter outside of the record': [
    {
      copybook: '05 A PIC X. 05 B PIC 9 OCCURS 0 TO 9 DEPENDING ON EIBCALEN.',
      bytes: 'C1 F1F2',
      json: { A: 'A', B: ['1', '2'] },
    },
    {
      copybook: '05 B PIC 9 OCCURS 0 TO 9 DEPENDING ON EIBCALEN. 05 A PIC X.',
      bytes: 'F1F2 C1',
      json: { A: 'A', B: ['1', '2'] },
      codec: { outsideCounters: { EIBCALEN: 2 } },
    },
  ],
  'VARCHAR columns (pairs of level 49) as one text, on request': [
    {
      copybook: '10 A. 49 L PIC S9(4) COMP. 49 T PIC X(4).',
      bytes: '0002 C1404040',
      json: { A: 'A ' },
      codec: { varchar: ['*'] },
    },
  ],
  'SQL TYPE: large objects, their locators and files, ROWID and binary host variables of Db2': [
    {
      copybook: '05 A SQL TYPE IS VARBINARY(3). 05 B USAGE SQL TYPE IS CLOB-LOCATOR. 05 C SQL TYPE IS BINARY(2).',
      bytes: '0002 C1C240 00000007 C3C4',
      json: { A: { 'A-LEN': '2', 'A-TEXT': 'AB' }, B: '7', C: 'CD' },
    },
    {
      copybook: '05 A USAGE IS SQL TYPE IS CLOB(4) OCCURS 2. 05 B PIC X.',
      bytes: '00000002 C1C24040 00000000 40404040 E9',
      json: {
        A: [
          { 'A-LENGTH': '2', 'A-DATA': 'AB' },
          { 'A-LENGTH': '0', 'A-DATA': '' },
        ],
        B: 'Z',
      },
    },
  ],
  'records that end early: with a shorter view, without FILLER or their last fields': [
    {
      copybook: '05 K PIC X. 05 A PIC X(9). 05 B REDEFINES A PIC X(2).',
      bytes: 'C2 C1C2',
      json: { K: 'B', B: 'AB' },
      codec: { short: 'views', views: { A: { by: 'K', when: { A: 'A', B: 'B' } } } },
    },
    {
      copybook: '05 A PIC X. 05 B PIC 9(2). 05 FILLER PIC X(70).',
      bytes: 'C1',
      json: { A: 'A' },
      codec: { short: 'absent' },
    },
    {
      copybook: '05 N PIC 9. 05 T PIC X OCCURS 0 TO 5 DEPENDING ON N. 05 A PIC 9(3).',
      bytes: 'F3 C1C2',
      json: { N: '3', T: ['A', 'B'] },
      codec: { short: 'absent' },
    },
  ],
  'level 88 conditions': [
    { copybook: "05 A PIC X. 88 YES VALUE 'Y'. 88 NO VALUE 'N'.", bytes: 'E8', json: { A: 'Y' } },
  ],
  'level 66 RENAMES beside the items it names': [
    { copybook: '05 A PIC X. 05 B PIC X. 66 C RENAMES A THRU B.', bytes: 'C1C2', json: { A: 'A', B: 'B' } },
  ],
  'level 77': [{ copybook: '77 A PIC 9(3).', bytes: 'F0F0F7', json: { A: '7' } }],
  'COPY with REPLACING, also of parts of words': [
    {
      copybook: 'COPY M REPLACING ==:TAG:== BY ==ACC==.',
      bytes: 'C1',
      json: { 'ACC-ID': 'A' },
      members: { M: '           05  :TAG:-ID  PIC X.\n' },
    },
  ],
  'FILLER, kept byte for byte': [{ copybook: '05 A PIC X. 05 FILLER PIC X(2).', bytes: 'C1 F1F2', json: { A: 'A' } }],
  'mixed SO/SI fields': [
    { copybook: '05 A PIC X(8).', bytes: 'C10E458F0FC24040', json: { A: 'A国B' }, codec: { codePage: 'cp1399' } },
  ],
  'invalid bytes by policy: null, raw, zero': [
    { copybook: '05 A PIC 9(2).', bytes: '4040', json: { A: null }, codec: { invalid: { '*': 'null' } } },
    { copybook: '05 A PIC 9(2).', bytes: '4040', json: { A: { $raw: '4040' } }, codec: { invalid: { '*': 'raw' } } },
    { copybook: '05 A PIC 9(2).', bytes: '4040', json: { A: '0' }, codec: { invalid: { '*': 'zero' } } },
  ],
  'dates by declared formats': [
    {
      copybook: '05 A PIC 9(8).',
      bytes: 'F2F0F2F6F0F2F2F8',
      json: { A: '2026-02-28' },
      codec: { dates: { A: 'YYYYMMDD' } },
    },
  ],
  'TRUNC(BIN): the full binary range': [
    { copybook: '05 A PIC S9(4) COMP.', bytes: '7FFF', json: { A: '32767' }, compile: { trunc: 'BIN' } },
  ],
}
