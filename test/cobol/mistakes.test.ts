// Every mistake that a copybook can hold: its code, and the line and column it is shown at. The table holds every code of the catalogue.

import { describe, expect, test } from '@jest/globals'
import { compileCopybook } from '../../src/cobol/compile.ts'
import type { CompileOptions } from '../../src/cobol/options.ts'
import { codePage } from '../../src/codepage/code-page.ts'
import { copybookErrors } from '../../src/error/data/copybook-errors.ts'
import { describeFailure } from '../../src/error/failure.ts'

const members: Readonly<Record<string, string>> = {
  SELF: 'COPY SELF.',
  PING: 'COPY PONG.',
  PONG: 'COPY PING.',
  DEEP1: 'COPY DEEP2.',
  DEEP2: 'COPY DEEP3.',
  DEEP3: '05 A PIC X.',
  TAGGED: '05 :TAG:-A PIC X.',
  WRONG: '05 A PIC X.\n05 B PIC 9Q9.',
  PLAIN: '05 A PIC X.',
}

function compile(text: string, options: Partial<CompileOptions> = {}) {
  const library = (member: string) => {
    const found = members[member]
    return found === undefined ? undefined : { name: `${member}.cpy`, text: found }
  }
  return compileCopybook({ name: 'TEST.cpy', text }, { format: 'free', library, ...options })
}

/** As a copybook looks that was fetched in binary and is read as Latin-1. */
const ebcdic = (text: string) => Buffer.from(codePage('cp037').encode(text)).toString('latin1')

type Case = readonly [code: string, text: string, place: string, options?: Partial<CompileOptions>]

const textCases: Case[] = [
  ['COPYBOOK_TOO_LONG', '01 A PIC X.', '1:1', { limits: { textLength: 5 } }],
  // EBCDIC, with a character that other pages have otherwise.
  ['COPYBOOK_EBCDIC', ebcdic("01 A PIC X(4) VALUE '!'."), '1:22', { format: 'free' }],
  ['WORDS_TOO_MANY', '01 A PIC X.', '1:1', { limits: { words: 3 } }],
  ['WORDS_TOO_MANY', '01 R. COPY PLAIN. COPY PLAIN.', '1:7', { limits: { words: 10 } }],
  ['WORDS_TOO_MANY', 'REPLACE ==A== BY ==A A A A A==. 01 R. 05 A A A A A.', '1:11', { limits: { words: 26 } }],
  [
    'WORDS_TOO_MANY',
    `REPLACE ==${'A '.repeat(40)}B== BY ==C==. ${'A '.repeat(90)}.`,
    '1:11',
    { limits: { words: 145 } },
  ],
  ['ENTRIES_TOO_MANY', '01 R.\n05 A PIC X.\n05 B PIC X.', '3:1', { limits: { entries: 2 } }],
  ['MISTAKES_TOO_MANY', '01 R.\n05 A PIC Q.\n05 B PIC Q.\n05 C PIC Q.', '3:10', { limits: { mistakes: 1 } }],
  ['LITERAL_NOT_CLOSED', "01 A PIC X(3) VALUE 'AB.\n", '1:21'],
  ['LITERAL_HEX_INVALID', "01 A PIC X VALUE X'4G'.", '1:18'],
  ['LITERAL_HEX_INVALID', "01 A PIC X VALUE X'404'.", '1:18'],
  ['LITERAL_HEX_INVALID', "01 A PIC X VALUE X''.", '1:18'],
  ['LITERAL_EXPECTED', '01 A PIC X VALUE BLANK.', '1:18'],
  ['LITERAL_EXPECTED', '01 A PIC X VALUE.', '1:17'],
  ['LITERAL_EXPECTED', "01 A PIC X VALUE 'A' & .", '1:24'],
  ['LITERAL_EXPECTED', ">>DEFINE X AS B'1'\n01 C CONSTANT FROM X.\n01 A PIC X.", '2:20'],
  ['LITERAL_EXPECTED', "01 A PIC X. 88 B VALUE 'A' THRU.", '1:32'],
  ['LITERAL_EXPECTED', '01 A PIC X VALUE', '1:12'],
  ['CONTINUATION_INVALID', '      -    01 A PIC X.', '1:7', { format: 'fixed' }],
  ['CONTINUATION_INVALID', "       01 A PIC X(9) VALUE 'AB\n      -    CD'.", '2:7', { format: 'fixed' }],
  [
    'CONTINUATION_INVALID',
    `       01 A PIC X(9) VALUE "AB\n${'      -    "CD\n'.repeat(1001)}`,
    '1002:7',
    { format: 'fixed' },
  ],
  ['CONTINUATION_INVALID', `01 A PIC X(9) VALUE 'A'-\n${"'A'-\n".repeat(1001)}`, '1002:1'],
  ['DIRECTIVE_UNSUPPORTED', '01 A PIC X.\n$IF X DEFINED', '2:1'],
  ['DIRECTIVE_INVALID', '01 A PIC X.\n>>IF 1 = \n>>END-IF', '2:8'],
  ['DIRECTIVE_UNBALANCED', '01 A PIC X.\n>>IF 1 = 1', '2:1'],
  ['DIRECTIVE_TOO_DEEP', '>>IF 1 = 1\n>>IF 1 = 1\n>>END-IF\n>>END-IF', '2:1', { limits: { directiveDepth: 1 } }],
  ['DIRECTIVE_VARIABLE_UNKNOWN', '01 A PIC X.\n>>IF X = 1\n>>END-IF', '2:6'],
  ['DIRECTIVE_VARIABLE_UNKNOWN', '01 C CONSTANT FROM X.\n01 A PIC X.', '1:20'],
  ['DIRECTIVE_VARIABLE_DUPLICATE', '>>DEFINE X AS 1\n>>DEFINE X AS 2\n01 A PIC X.', '2:10'],
  ['COPY_INCOMPLETE', '01 R. COPY.', '1:7'],
  ['COPY_INCOMPLETE', '01 R. COPY PLAIN REPLACING.', '1:7'],
  ['COPY_INCOMPLETE', '01 R. COPY PLAIN REPLACING ==A.', '1:28'],
  ['COPY_INCOMPLETE', '01 R. COPY PLAIN REPLACING ==A== ==B==.', '1:34'],
  ['COPY_INCOMPLETE', '01 R. COPY PLAIN REPLACING A BY.', '1:32'],
  ['COPY_INCOMPLETE', '01 R. COPY PLAIN', '1:12'],
  ['COPY_INCOMPLETE', 'REPLACE. 01 A PIC X.', '1:1'],
  ['COPY_OPERAND_EMPTY', '01 R. COPY PLAIN REPLACING ==== BY ==B==.', '1:28'],
  ['COPY_PARTIAL_INVALID', '01 R. COPY PLAIN REPLACING LEADING ==A B== BY ==B==.', '1:28'],
  ['COPY_MEMBER_NOT_FOUND', '01 R. COPY NOWHERE.', '1:12'],
  ['COPY_MEMBER_NOT_FOUND', '01 R. COPY NOWHERE OF THERE.', '1:12'],
  ['COPY_MEMBER_NOT_FOUND', '01 R.\n05 A PIC X.\nEXEC SQL INCLUDE NOWHERE END-EXEC', '3:18'],
  ['COPY_MEMBER_NOT_FOUND', '01 R. 05 A PIC X COPY NOWHERE.', '1:23'],
  ['COPY_MEMBER_NOT_FOUND', 'FILE SECTION. FD F COPY NOWHERE.\n01 R PIC X.', '1:25'],
  ['COPY_MEMBER_NOT_FOUND', 'ENVIRONMENT DIVISION. COPY NOWHERE.\nDATA DIVISION. FILE SECTION. 01 R PIC X.', '1:28'],
  ['COPY_MEMBER_NOT_FOUND', '01 R. COPY CMQODV.', '1:12'],
  ['COPY_RECURSIVE', '01 R. COPY SELF.', 'SELF.cpy:1:6'],
  ['COPY_RECURSIVE', '01 R. COPY PING.', 'PONG.cpy:1:6'],
  ['COPY_TOO_DEEP', '01 R. COPY DEEP1.', 'DEEP2.cpy:1:1', { limits: { copyDepth: 2 } }],
  ['TAG_NOT_REPLACED', '01 R. COPY TAGGED.', 'TAGGED.cpy:1:4'],
  ['TAG_NOT_REPLACED', '01 R. 05 WS(TAG)-A PIC X.', '1:10'],
  ['EXEC_NOT_CLOSED', '01 A PIC X. EXEC SQL INCLUDE SQLCA.', '1:13'],
]

const entryCases: Case[] = [
  ['COPYBOOK_EMPTY', '*> nothing\n', '1:1'],
  ['ENTRY_EXPECTED', 'HELLO WORLD.\n01 A PIC X.', '1:1'],
  ['ENTRY_EXPECTED', "'TEXT'\n01 A PIC X.", '1:1'],
  ['LEVEL_UNKNOWN', '55 A PIC X.', '1:1'],
  ['LEVEL_UNKNOWN', '001 A PIC X.', '1:1'],
  ['LEVEL_MISPLACED', '88 A VALUE 1.', '1:1'],
  ['LEVEL_MISPLACED', '66 A RENAMES B.', '1:1'],
  ['LEVEL_MISPLACED', '77 A PIC X.\n05 B PIC X.', '2:1'],
  ['PERIOD_MISSING', '01 R.\n05 A PIC X\n05 B PIC X.', '2:11'],
  ['PERIOD_MISSING', "01 R.\n05 A PIC X VALUE 'A'\n05 B PIC X.", '2:21'],
  ['PERIOD_MISSING', '78 C VALUE 5\n01 A PIC X.', '1:12'],
  ['NAME_INVALID', '01 THIS-NAME-IS-LONGER-THAN-IT-MAY-BE PIC X.', '1:4'],
  ['NAME_INVALID', '01 A- PIC X.', '1:4'],
  ['NAME_INVALID', '01 A*B PIC X.', '1:4'],
  ['NAME_INVALID', '01 REC.05 A PIC X.', '1:4'],
  ['NAME_INVALID', '01 123 PIC X.', '1:4'],
  ['NAME_INVALID', '01 _A PIC X.', '1:4'],
  ['NAME_MISSING', '01 A PIC X.\n88 VALUE 1.', '2:4'],
  ['NAME_MISSING', '78 FILLER VALUE 1.\n01 A PIC X.', '1:4'],
  ['NAME_DUPLICATE', '78 C VALUE 1.\n78 C VALUE 2.\n01 A PIC X.', '2:4'],
  ['NAME_AMBIGUOUS', '01 R. 05 G. 10 A PIC X. 05 H. 10 A PIC X. 66 B RENAMES A.', '1:56'],
  ['NAME_AMBIGUOUS', '01 R. 05 C PIC 9. 05 C PIC 9. 05 T PIC X OCCURS 1 TO 5 DEPENDING ON C.', '1:69'],
  ['CLAUSE_UNKNOWN', '01 A PICTUR X.', '1:6'],
  ['CLAUSE_UNKNOWN', '01 A PIC X FLUMMERY.', '1:12'],
  ['CLAUSE_UNSUPPORTED', '01 A DYNAMIC LENGTH PIC X.', '1:6'],
  ['CLAUSE_DUPLICATE', '01 A PIC X PIC X.', '1:16'],
  ['CLAUSE_INCOMPLETE', '01 A PIC.', '1:9'],
  ['CLAUSE_INCOMPLETE', '01 A PIC X USAGE IS.', '1:20'],
  ['CLAUSE_INCOMPLETE', '01 A PIC S9 SIGN SEPARATE.', '1:18'],
  ['CLAUSE_INCOMPLETE', '01 R. 05 A PIC X. 05 B REDEFINES.', '1:33'],
  ['CLAUSE_INCOMPLETE', '01 R. 05 A PIC X. 66 B RENAMES.', '1:31'],
  ['CLAUSE_INCOMPLETE', '01 R. 05 A PIC X. 66 B RENAMES A THRU.', '1:38'],
  ['CLAUSE_INCOMPLETE', '01 R. 05 A PIC X. 66 B.', '1:22'],
  ['CLAUSE_INCOMPLETE', '01 A PIC X. 88 B.', '1:16'],
  ['CLAUSE_INCOMPLETE', '01 A PIC 9 BLANK WHEN 5.', '1:23'],
  ['CLAUSE_INCOMPLETE', '01 A PIC X. 88 B VALUE 1 WHEN SET TO TRUE IS 2.', '1:38'],
  ['CLAUSE_INCOMPLETE', '01 R GROUP-USAGE DISPLAY. 05 A PIC N.', '1:18'],
  ['CLAUSE_INCOMPLETE', '01 A PIC U(5) BYTE-LENGTH X.', '1:27'],
  ['CLAUSE_INCOMPLETE', '01 A IS PIC X.', '1:9'],
  ['CLAUSE_INCOMPLETE', '01 R. 05 A PIC X OCCURS.', '1:24'],
  ['CLAUSE_INCOMPLETE', '01 R. 05 A PIC X OCCURS 1 TO X.', '1:30'],
  ['CLAUSE_INCOMPLETE', '01 R. 05 A PIC X OCCURS 1 TO 5 DEPENDING ON.', '1:44'],
  ['CLAUSE_INCOMPLETE', '01 R. 05 A PIC X OCCURS 5 INDEXED BY.', '1:37'],
  ['CLAUSE_INCOMPLETE', '01 A PIC X USAGE', '1:12'],
  ['CLAUSE_INCOMPLETE', '78 C.\n01 A PIC X.', '1:5'],
  ['CLAUSE_INCOMPLETE', "78 C VALUE 5 + 'A'.\n01 A PIC X.", '1:19'],
  ['CLAUSE_INCOMPLETE', '78 C VALUE 5 / 0.\n01 A PIC X.', '1:17'],
  ['CLAUSE_INCOMPLETE', '78 C VALUE (5 + 1.\n01 A PIC X.', '1:18'],
  ['CLAUSE_INCOMPLETE', '78 C VALUE ((5)).\n01 A PIC X.', '1:14', { limits: { directiveDepth: 1 } }],
  ['CLAUSE_INCOMPLETE', '01 A PIC X.\n78 C VALUE LENGTH OF B.', '2:23'],
  ['CLAUSE_INCOMPLETE', '01 A PIC X.\n78 C VALUE LENGTH OF.', '2:21'],
  ['CLAUSE_INCOMPLETE', "78 C VALUE LENGTH OF N'AB'.", '1:22'],
  ['CLAUSE_INCOMPLETE', "SPECIAL-NAMES. CURRENCY SIGN IS 'EUR'. DATA DIVISION. 01 A PIC $$9.", '1:33'],
  ['CLAUSE_MISPLACED', '01 R. 05 A PIC X. 88 B VALUE 1 PIC X.', '1:36'],
  ['CLAUSE_MISPLACED', '01 R RENAMES A. 05 A PIC X.', '1:6'],
  ['CLAUSE_MISPLACED', '01 A PIC 9 VALUE 1 THRU 5.', '1:12'],
  ['CLAUSE_MISPLACED', '01 R JUST. 05 A PIC X.', '1:6'],
  ['CLAUSE_MISPLACED', '01 R BLANK ZERO. 05 A PIC X.', '1:6'],
  ['CLAUSE_MISPLACED', '01 A PIC N GROUP-USAGE NATIONAL.', '1:12'],
  ['CONSTANT_UNKNOWN', '01 R. 05 A PIC X OCCURS LIMIT TIMES.', '1:25'],
  ['CONSTANT_NOT_INTEGER', '78 C VALUE 1.5. 01 R. 05 A PIC X OCCURS C TIMES.', '1:41'],
]

const pictureCases: Case[] = [
  ['PICTURE_CHARACTER_UNKNOWN', '01 A PIC 9(3)Q9.', '1:14'],
  ['PICTURE_REPEAT_INVALID', '01 A PIC X(0).', '1:11'],
  ['PICTURE_REPEAT_INVALID', '01 A PIC X(A).', '1:11'],
  ['PICTURE_REPEAT_INVALID', '01 A PIC X(5.', '1:11'],
  ['PICTURE_REPEAT_INVALID', '01 A PIC X(9999999999).', '1:11'],
  ['PICTURE_TOO_LONG', `01 A PIC ${'X'.repeat(51)}.`, '1:10'],
  ['PICTURE_TWICE', '01 A PIC 9V9V9.', '1:13'],
  ['PICTURE_TWICE', '01 A PIC SS9.', '1:10'],
  ['PICTURE_ORDER', '01 A PIC 9S9.', '1:11'],
  ['PICTURE_ORDER', '01 A PIC Z9V9.9.', '1:14'],
  ['PICTURE_ORDER', '01 A PIC CR9.', '1:10'],
  ['PICTURE_ORDER', '01 A PIC 9P9.', '1:11'],
  ['PICTURE_ORDER', '01 A PIC P9P.', '1:12'],
  ['PICTURE_ORDER', '01 A PIC PP9V9.', '1:10'],
  ['PICTURE_ORDER', '01 A PIC PV9.', '1:10'],
  ['PICTURE_ORDER', '01 A PIC SZ9.', '1:10'],
  ['PICTURE_ORDER', '01 A PIC +9CR.', '1:12'],
  ['PICTURE_ORDER', '01 A PIC Z*9.', '1:11'],
  ['PICTURE_ORDER', '01 A PIC ++Z9.', '1:10'],
  ['PICTURE_ORDER', '01 A PIC $$++9.', '1:10'],
  ['PICTURE_ORDER', '01 A PIC 9Z.', '1:11'],
  ['PICTURE_ORDER', '01 A PIC 9+9.', '1:11'],
  ['PICTURE_ORDER', '01 A PIC 9.9E9.', '1:13'],
  ['PICTURE_MIXED', '01 A PIC X9V9.', '1:10'],
  ['PICTURE_MIXED', '01 A PIC NX.', '1:10'],
  ['PICTURE_NO_POSITION', '01 A PIC SV.', '1:10'],
  ['DIGITS_TOO_MANY', '01 A PIC 9(32).', '1:10'],
  ['DIGITS_TOO_MANY', '01 A PIC 9(19).', '1:10', { arith: 'COMPAT' }],
  ['DIGITS_TOO_MANY', '01 A PIC 9(39).', '1:10', { dialect: 'gnucobol' }],
  ['DIGITS_TOO_MANY', '01 A PIC 9(19) COMP.', '1:10'],
  ['DIGITS_TOO_MANY', '01 A PIC 9(19) COMP-X.', '1:10', { dialect: 'microfocus' }],
  ['DIGITS_TOO_MANY', '01 A PIC +9(17)E+99.', '1:10'],
  ['PICTURE_MISSING', '01 A.', '1:4'],
  ['PICTURE_MISSING', '01 R. 05 COMP-3.', '1:7'],
  ['PICTURE_ON_GROUP', '01 R. 05 A PIC X. 10 B PIC X.', '1:16'],
  ['PICTURE_NOT_ALLOWED', '01 A PIC 9 COMP-1.', '1:10'],
]

const layoutCases: Case[] = [
  ['USAGE_UNSUPPORTED', '01 A COMP-X PIC 9.', '1:6'],
  ['USAGE_UNSUPPORTED', '01 A PIC 9 COMP-N.', '1:12', { dialect: 'gnucobol' }],
  ['USAGE_UNSUPPORTED', '01 A BINARY-LONG.', '1:6'],
  ['USAGE_UNSUPPORTED', '01 A USAGE SQL TYPE IS ARRAY.', '1:12'],
  ['USAGE_UNSUPPORTED', '01 A USAGE SQL TYPE IS CLOB.', '1:12'],
  ['USAGE_UNSUPPORTED', '01 A USAGE SQL TYPE IS CLOB(10.', '1:12'],
  ['USAGE_UNSUPPORTED', '01 A USAGE SQL TYPE IS TABLE LIKE.', '1:12'],
  ['CLAUSE_DUPLICATE', '01 A SQL TYPE IS ROWID SQL TYPE IS ROWID.', '1:24'],
  ['USAGE_UNSUPPORTED', '01 A HANDLE.', '1:6'],
  ['USAGE_PICTURE_CONFLICT', '01 A PIC X COMP-3.', '1:12'],
  ['USAGE_PICTURE_CONFLICT', '01 A PIC S9 COMP-6.', '1:13'],
  ['USAGE_PICTURE_CONFLICT', '01 A PIC S9 COMP-X.', '1:13', { dialect: 'microfocus' }],
  ['USAGE_PICTURE_CONFLICT', '01 A PIC A COMP-X.', '1:12', { dialect: 'microfocus' }],
  ['USAGE_PICTURE_CONFLICT', '01 A PIC 9X COMP-X.', '1:13', { dialect: 'gnucobol' }],
  ['USAGE_PICTURE_CONFLICT', '01 A PIC X(9) COMP-X.', '1:15', { dialect: 'microfocus' }],
  ['USAGE_PICTURE_CONFLICT', '01 A PIC X COMP-5.', '1:12'],
  ['USAGE_PICTURE_CONFLICT', '01 A PIC X(9) COMP-5.', '1:15', { dialect: 'gnucobol' }],
  ['USAGE_PICTURE_CONFLICT', '01 A PIC X NATIONAL.', '1:12'],
  ['USAGE_PICTURE_CONFLICT', '01 A PIC X DISPLAY-1.', '1:12'],
  ['USAGE_PICTURE_CONFLICT', '01 A PIC X UTF-8.', '1:12'],
  ['USAGE_PICTURE_CONFLICT', '01 A PIC G DISPLAY.', '1:12'],
  ['USAGE_PICTURE_CONFLICT', '01 R COMP-3. 05 A PIC X.', '1:23'],
  ['USAGE_GROUP_CONFLICT', '01 R COMP-3. 05 A PIC 9 COMP.', '1:25'],
  ['SIGN_CONFLICT', '01 A PIC 9 SIGN LEADING.', '1:12'],
  ['SIGN_CONFLICT', '01 A PIC S9 COMP-3 SIGN LEADING.', '1:20'],
  ['SIGN_CONFLICT', '01 A PIC S9 NATIONAL SIGN LEADING.', '1:22'],
  ['SIGN_CONFLICT', '01 R SIGN LEADING. 05 A PIC S9 NATIONAL.', '1:29'],
  ['CLAUSE_CONFLICT', '01 A PIC 9 JUST.', '1:12'],
  ['CLAUSE_CONFLICT', '01 A PIC S9 BLANK ZERO.', '1:13'],
  ['CLAUSE_CONFLICT', '01 A PIC **9 BLANK ZERO.', '1:14'],
  ['CLAUSE_CONFLICT', '01 A PIC X(5) BYTE-LENGTH 5.', '1:15'],
  ['REDEFINES_NOT_FOUND', '01 R. 05 A PIC X. 05 B REDEFINES C PIC X.', '1:34'],
  ['REDEFINES_LEVEL', '01 R. 05 A PIC X. 04 B REDEFINES A PIC X.', '1:34'],
  ['REDEFINES_INTERRUPTED', '01 R. 05 A PIC X. 05 B PIC X. 05 C REDEFINES A PIC X.', '1:46'],
  ['REDEFINES_TABLE', '01 R. 05 A PIC X OCCURS 2. 05 B REDEFINES A PIC X.', '1:43'],
  [
    'REDEFINES_VARIABLE',
    '01 R. 05 C PIC 9. 05 A PIC X(9). 05 B REDEFINES A. 10 T PIC X OCCURS 1 TO 9 DEPENDING C.',
    '1:49',
  ],
  ['REDEFINES_MISALIGNED', '01 R. 05 X PIC X. 05 A PIC X(4). 05 B REDEFINES A PIC S9(9) COMP SYNC.', '1:49'],
  ['OCCURS_LEVEL', '01 R OCCURS 5. 05 A PIC X.', '1:6'],
  ['OCCURS_LEVEL', '77 A PIC X OCCURS 5.', '1:12'],
  ['OCCURS_RANGE', '01 R. 05 A PIC X OCCURS 0 TIMES.', '1:25'],
  ['OCCURS_RANGE', '01 R. 05 A PIC X OCCURS 1 TO 5 TIMES.', '1:25'],
  ['OCCURS_RANGE', '01 R. 05 C PIC 9. 05 A PIC X OCCURS 5 TO 1 DEPENDING ON C.', '1:37'],
  ['OCCURS_RANGE', '01 R. 05 A PIC X OCCURS UNBOUNDED.', '1:18'],
  ['OCCURS_RANGE', '01 R. 05 A PIC X OCCURS 1 TO UNBOUNDED.', '1:25'],
  ['OCCURS_RANGE', '01 R. 05 C PIC 9. 05 A PIC X OCCURS 10 TO UNBOUNDED DEPENDING ON C.', '1:30'],
  ['OCCURS_UNBOUNDED', '01 R. 05 C PIC X. 05 A PIC X OCCURS 1 TO UNBOUNDED DEPENDING ON C.', '1:30'],
  ['OCCURS_UNBOUNDED', '01 R. 05 C PIC S9(9) COMP. 05 A PIC X OCCURS UNBOUNDED DEPENDING ON C.', '1:39'],
  ['COUNTER_NOT_FOUND', '01 R. 05 A PIC X OCCURS 0 TO UNBOUNDED DEPENDING ON C.', '1:53'],
  [
    'OCCURS_TOO_DEEP',
    `01 R. ${[2, 3, 4, 5, 6, 7, 8].map((level) => `0${level} L${level} OCCURS 2.`).join('\n')}\n09 A PIC X OCCURS 2.`,
    '8:12',
  ],
  ['COUNTER_NOT_FOUND', '01 R. 05 A PIC X OCCURS 1 TO 5 DEPENDING ON C.', '1:45'],
  ['COUNTER_AFTER_TABLE', '01 R. 05 A PIC X OCCURS 1 TO 5 DEPENDING ON C. 05 C PIC 9.', '1:45'],
  ['COUNTER_IN_TABLE', '01 Q. 05 C PIC 9 OCCURS 3.\n01 R. 05 A PIC X OCCURS 1 TO 5 DEPENDING ON C.', '2:45'],
  ['COUNTER_NOT_INTEGER', '77 C PIC X.\n01 R. 05 A PIC X OCCURS 1 TO 5 DEPENDING ON C.', '2:45'],
  ['COUNTER_IN_TABLE', '01 R. 05 C PIC 9 OCCURS 3. 05 A PIC X OCCURS 1 TO 5 DEPENDING ON C.', '1:66'],
  ['COUNTER_NOT_INTEGER', '01 R. 05 C PIC 9V9. 05 A PIC X OCCURS 1 TO 5 DEPENDING ON C.', '1:59'],
  ['COUNTER_NOT_INTEGER', '01 R. 05 C. 10 D PIC X. 05 A PIC X OCCURS 1 TO 5 DEPENDING ON C.', '1:63'],
  ['RENAMES_NOT_FOUND', '01 R. 05 A PIC X. 66 B RENAMES C.', '1:32'],
  ['RENAMES_INVALID', '01 R. 05 A PIC X. 66 B RENAMES R.', '1:32'],
  ['RENAMES_INVALID', '01 R. 05 A PIC X OCCURS 3. 66 B RENAMES A.', '1:41'],
  ['RENAMES_INVALID', '01 R. 05 A PIC X. 05 B PIC X. 66 C RENAMES B THRU A.', '1:44'],
  ['RENAMES_INVALID', '01 R. 05 G. 10 A PIC X. 66 C RENAMES G THRU A.', '1:38'],
  [
    'RENAMES_INVALID',
    '01 R. 05 C PIC 9. 05 T PIC X OCCURS 1 TO 5 DEPENDING ON C. 05 D PIC X. 66 E RENAMES C THRU D.',
    '1:85',
  ],
  ['SYNC_ON_GROUP', '01 R. 05 G SYNC. 10 A PIC X.', '1:12'],
  ['RECORD_TOO_LARGE', '01 R.\n05 A PIC X(100) OCCURS 10.', '2:4', { limits: { recordLength: 999 } }],
]

/** Short: Jest takes minutes to print a title of several kilobytes. */
const titleOf = ([code, text, place]: Case) => `${code} ${place}: ${text.replaceAll('\n', ' ').slice(0, 60)}`

const cases = [...textCases, ...entryCases, ...pictureCases, ...layoutCases]

describe('each mistake has its code and its place', () => {
  test.each(cases.map((row) => ({ title: titleOf(row), row })))('$title', ({ row: [code, text, place, options] }) => {
    const { failures, layouts } = compile(text, options)
    const shown = failures.map((failure) => {
      const { file, line, column } = failure.place ?? { file: '', line: 0, column: 0 }
      return `${failure.code} ${file === 'TEST.cpy' ? '' : `${file}:`}${line}:${column}`
    })
    expect(shown).toContain(`${code} ${place}`)
    expect(layouts.map(({ name }) => name)).toEqual([])
  })

  test('no mistake drags others along, but for these', () => {
    const several = cases.filter(([, text, , options]) => compile(text, options).failures.length > 1)
    expect(several.map(([code, , place]) => `${code} ${place}`)).toEqual([
      'WORDS_TOO_MANY 1:1',
      'MISTAKES_TOO_MANY 3:10',
      'LITERAL_EXPECTED 1:18',
      'LITERAL_EXPECTED 1:12',
      'CONTINUATION_INVALID 1002:7',
      'CONTINUATION_INVALID 1002:1',
      'CLAUSE_INCOMPLETE 1:38',
      'CLAUSE_INCOMPLETE 1:18',
      'CLAUSE_INCOMPLETE 1:12',
    ])
  })

  test('no code of the family is without a case', () => {
    const codes = Object.keys(copybookErrors)
    expect(codes.filter((code) => !cases.some(([tested]) => tested === code))).toEqual([])
  })
})

test('without a library no member is found', () => {
  const { failures } = compileCopybook({ name: 'T', text: '       COPY A.' })
  expect(failures.map(({ code }) => code)).toEqual(['COPY_MEMBER_NOT_FOUND'])
})

describe('a mistake is shown as the author wrote it', () => {
  test('with two lines, a caret and the hint', () => {
    const text = [
      '       01  CA-RECORD.',
      '           05  CA-BALANCE   PIC S9(11)V99 COMP-3.',
      '           05  CA-RATE      PIC 9(3)Q9.',
    ]
    const { failures } = compile(text.join('\n'), { format: 'auto' })
    expect(failures.map(describeFailure).join('\n')).toBe(
      [
        "PICTURE_CHARACTER_UNKNOWN  TEST.cpy:3:37  picture character 'Q' is not known",
        '  2 |            05  CA-BALANCE   PIC S9(11)V99 COMP-3.',
        '  3 |            05  CA-RATE      PIC 9(3)Q9.',
        '    |                                     ^',
        '  hint: use V for the implied decimal point',
      ].join('\n'),
    )
  })

  test('in the member it was copied from, with the COPY statement', () => {
    const { failures } = compile('01 R.\n   COPY WRONG.')
    expect(failures.map(({ excerpt }) => excerpt)).toEqual([
      ['  1 | 05 A PIC X.', '  2 | 05 B PIC 9Q9.', '    |           ^', '    = copied by TEST.cpy:2:4'].join('\n'),
    ])
  })

  test('in the order of the text, though passes find them in another', () => {
    const text = '01 R.\n05 A REDEFINES Z PIC X.\n05 B PICK X.\n05 C PIC Q.\n   COPY WRONG.\n05 D PIC Y.'
    const places = compile(text).failures.map(({ place }) => `${place?.file}:${place?.line}`)
    expect(places).toEqual(['TEST.cpy:2', 'TEST.cpy:3', 'TEST.cpy:4', 'WRONG.cpy:2', 'TEST.cpy:6'])
  })

  test('with control characters made harmless, and of a very long line the part around it', () => {
    const { failures } = compile(`${' '.repeat(500)}01 A\u001b[31m PIC Q.`)
    const excerpt = failures[0]?.excerpt ?? ''
    expect(excerpt).not.toContain('\u001b')
    const [line, caret] = excerpt.split('\n')
    expect(line?.charAt(caret?.indexOf('^') ?? -1)).toBe('[')
  })
})
