// Conditional compilation: which lines count. Where GnuCOBOL 3.1 knows the form, its preprocessor must keep the same ones.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { collectMistakes } from '../../../src/cobol/mistakes.ts'
import { type CompileOptions, type Library, resolveOptions } from '../../../src/cobol/options.ts'
import { expand } from '../../../src/cobol/text/copy.ts'

function expanded(text: string, options: Partial<CompileOptions> = {}) {
  const resolved = resolveOptions({ format: 'free', ...options })
  const mistakes = collectMistakes(10)
  const { words } = expand({ name: 'T', text }, resolved, mistakes)
  return {
    text: words.map((word) => word.text).join(' '),
    failures: mistakes.failures.map(({ message, place }) => `${place?.line}:${place?.column} ${message}`),
  }
}

/** The text of a choice between A, B (or nothing) by one condition, after definitions. */
const choice = (condition: string, ...before: string[]) =>
  [...before, `>>IF ${condition}`, 'A', '>>ELSE', 'B', '>>END-IF'].join('\n')
const five = '>>DEFINE X AS 5'
const eu = ">>DEFINE R AS 'EU'"

type Case = readonly [name: string, text: string, kept: string]

/** Forms that GnuCOBOL 3.1 understands as well. */
const common: Case[] = [
  ['equal', choice('X = 5', five), 'A'],
  ['EQUAL TO', choice('X IS EQUAL TO 4', five), 'B'],
  ['NOT =', choice('X NOT = 5', five), 'B'],
  ['<>', choice('X <> 4', five), 'A'],
  ['greater', choice('X > 5', five), 'B'],
  ['GREATER THAN', choice('X IS GREATER THAN 4', five), 'A'],
  ['greater or equal', choice('X >= 5', five), 'A'],
  ['less', choice('X < 6', five), 'A'],
  ['LESS THAN', choice('X LESS THAN 5', five), 'B'],
  ['less or equal', choice('X <= 4', five), 'B'],
  ['GREATER THAN OR EQUAL TO', choice('X IS GREATER THAN OR EQUAL TO 5', five), 'A'],
  ['LESS OR EQUAL', choice('X LESS OR EQUAL 4', five), 'B'],
  ['NOT GREATER THAN', choice('X IS NOT GREATER THAN 5', five), 'A'],
  ['two literals', choice('4 = 5'), 'B'],
  ['a variable on the right', choice('X = Y', five, '>>DEFINE Y AS 5'), 'A'],
  ['names in any case', choice('x = 5', '>>define X as 5'), 'A'],
  ['a text', choice("R = 'EU'", eu), 'A'],
  ['texts in any case differ', choice("R = 'eu'", eu), 'B'],
  ['a text in double quotes', choice('R = "EU"', eu), 'A'],
  ['DEFINED', choice('X DEFINED', five), 'A'],
  ['IS NOT DEFINED', choice('X IS NOT DEFINED'), 'A'],
  ['OFF', choice('X DEFINED', five, '>>DEFINE X AS OFF'), 'B'],
  ['again after OFF', choice('X = 6', five, '>>DEFINE X OFF', '>>DEFINE X 6'), 'A'],
  ['OVERRIDE', choice('X = 6', five, '>>DEFINE X AS 6 OVERRIDE'), 'A'],
  ['ELIF', `${five}\n>>IF X = 4\nA\n>>ELIF X = 5\nB\n>>ELIF X = 5\nC\n>>ELSE\nD\n>>END-IF`, 'B'],
  ['nested', `${five}\n>>IF X > 1\n${choice('X > 9')}\nC\n>>END-IF\nD`, 'B C D'],
  ['nested in what is left out', `>>IF 1 = 2\n${choice('1 = 1')}\n>>ELSE\nC\n>>END-IF`, 'C'],
  ['a definition that is left out', `>>IF 1 = 2\n${five}\n>>END-IF\n${choice('X DEFINED')}`, 'B'],
  ['no ELSE', '>>IF 1 = 2\nA\n>>END-IF\nB', 'B'],
  ['a blank after >>', '>> DEFINE X AS 5\n>> IF X = 5\nA\n>> END-IF', 'A'],
  ['a comment behind', choice('X = 5 *> always', five), 'A'],
]

/** IBM's, which GnuCOBOL 3.1 does not know. */
const ibm: Case[] = [
  ['AND', choice("X = 5 AND R = 'US'", five, eu), 'B'],
  ['OR', choice("X = 5 OR R = 'US'", five, eu), 'A'],
  ['AND binds closer', choice('1 = 2 AND 1 = 2 OR 1 = 1'), 'A'],
  ['parentheses', choice('1 = 2 AND (1 = 2 OR 1 = 1)'), 'B'],
  ['NOT', choice('NOT X = 5', five), 'B'],
  ['NOT NOT', choice('NOT NOT (X = 5)', five), 'A'],
  ['NOT before a parenthesis', choice("NOT (X = 4 OR R = 'US')", five, eu), 'A'],
  ['the part that decides is asked first', choice('X DEFINED AND X = 5'), 'B'],
  ['or else', choice('X NOT DEFINED OR X = 5'), 'A'],
  ['a sum', choice('X + 1 = 6 AND X - 6 = -1', five), 'A'],
  ['multiplication binds closer', choice('1 + 2 * 3 = 7'), 'A'],
  ['a parenthesis in a sum', choice('(1 + 2) * 3 = 9'), 'A'],
  ['quotients are cut', choice('7 / 2 = 3 AND -7 / 2 = -3'), 'A'],
  ['signs', choice('- X = -5 AND - - X = + 5', five), 'A'],
  ['31 digits', choice(`${'9'.repeat(31)} > ${'9'.repeat(30)}8`), 'A'],
  ['a definition from another', choice('Y = 12', five, '>>DEFINE Y AS X * 2 + 2'), 'A'],
  ['the same value again', choice('X = 5', five, '>>DEFINE X AS 3 + 2'), 'A'],
  ['a shorter text is filled with blanks', choice("R = 'EU  '", eu), 'A'],
  ['a boolean', choice('T', ">>DEFINE T AS B'1'"), 'A'],
  ['a boolean that does not hold', choice('NOT T', '>>DEFINE T AS B"0"'), 'A'],
  ['a boolean compared', choice("T = B'1'", ">>DEFINE T AS B'0'"), 'B'],
  [
    'EVALUATE',
    `${five}\n>>EVALUATE X\n>>WHEN 4\nA\n>>WHEN 2 + 3\nB\n>>WHEN 5\nC\n>>WHEN OTHER\nD\n>>END-EVALUATE`,
    'B',
  ],
  ['THRU', `${five}\n>>EVALUATE X\n>>WHEN 1 THRU 4\nA\n>>WHEN 5 THROUGH 5\nB\n>>END-EVALUATE`, 'B'],
  ['WHEN OTHER', `${eu}\n>>EVALUATE R\n>>WHEN 'US'\nA\n>>WHEN OTHER\nB\n>>END-EVALUATE`, 'B'],
  ['no WHEN fits', `${five}\n>>EVALUATE X\nZ\n>>WHEN 4\nA\n>>END-EVALUATE\nB`, 'B'],
  ['EVALUATE TRUE', `${five}\n>>EVALUATE TRUE\n>>WHEN X < 5\nA\n>>WHEN X > 4 AND X < 6\nB\n>>END-EVALUATE`, 'B'],
  [
    'EVALUATE in what is left out',
    `>>IF 1 = 2\n>>EVALUATE Q\n>>WHEN Q\nA\n>>WHEN OTHER\nB\n>>END-EVALUATE\n>>END-IF`,
    '',
  ],
]

describe('which lines count', () => {
  test.each([...common, ...ibm])('%s', (_, text, kept) => {
    expect(expanded(text)).toEqual({ text: kept, failures: [] })
  })
})

describe('GnuCOBOL keeps the same lines', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mainspan-directives-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  test.each(common)('%s', (_, text, kept) => {
    writeFileSync(join(folder, 'lines.cob'), `${text}\n`)
    const output = execFileSync('cobc', ['-E', '-free', 'lines.cob'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
    const lines = output.split('\n').filter((line) => !line.startsWith('#'))
    expect(lines.join(' ').trim().split(/\s+/).join(' ')).toBe(kept)
  })
})

describe('values from outside', () => {
  test.each<[string, string, CompileOptions['define'], string]>([
    ['an integer', choice('X = 5'), { x: 5 }, 'A'],
    ['a text', choice("X = '5'"), { X: '5' }, 'A'],
    ['a boolean', choice('X'), { X: true }, 'A'],
    ['a number that is no integer is a text', choice("X = '1.5'"), { X: 1.5 }, 'A'],
    ['PARAMETER takes it', choice('X = 5', '>>DEFINE X AS PARAMETER'), { X: 5 }, 'A'],
    ['PARAMETER without it defines nothing', choice('X DEFINED', '>>DEFINE X AS PARAMETER'), {}, 'B'],
    ['PARAMETER again after OFF', choice('X = 5', '>>DEFINE X OFF', '>>DEFINE X PARAMETER'), { X: 5 }, 'A'],
    ['OFF hides it', choice('X DEFINED', '>>DEFINE X OFF'), { X: 5 }, 'B'],
    ['the text says otherwise', choice('X = 6', '>>DEFINE X AS 6'), { X: 5 }, 'A'],
    ['IGY-LP is known', choice('IGY-LP = 32'), {}, 'A'],
  ])('%s', (_, text, define, kept) => {
    expect(expanded(text, { define })).toEqual({ text: kept, failures: [] })
  })
})

test('a number alone is no condition, and the message says what is one', () => {
  const { failures } = expanded(choice('IGY-CICS'), { define: { 'IGY-CICS': 1 } })
  expect(failures).toEqual([expect.stringContaining("'IGY-CICS' is no condition")])
  expect(failures).toEqual([expect.stringContaining("or give it the value B'1' or B'0'")])
})

describe('with COPY, REPLACE and divisions', () => {
  const members: Readonly<Record<string, string>> = {
    DEF: '>>DEFINE X AS 5',
    M: '>>IF X = 5\nFIVE\n>>ELSE\nOTHER\n>>END-IF',
    OPEN: '>>IF X DEFINED\nA',
  }
  const library: Library = (member) => {
    const text = members[member]
    return text === undefined ? undefined : { name: member, text }
  }

  test.each<Case>([
    ['a member defines what is asked behind it', choice('X = 5', 'COPY DEF.'), 'A'],
    ['a member asks what was defined before it', `${five}\nCOPY M.`, 'FIVE'],
    ['a COPY that is left out needs no member', '>>IF X DEFINED\nCOPY NOWHERE.\n>>END-IF\nA', 'A'],
    ['REPLACING does not reach directives', `${five}\nCOPY M REPLACING X BY Y ==FIVE== BY ==6==.`, '6'],
    ['REPLACE does not reach directives', `${five}\nREPLACE ==X== BY ==Y==.\n${choice('X = 5')}\nX`, 'A Y'],
    ['in a program', choice('X = 5', 'ENVIRONMENT DIVISION.', five, 'DATA DIVISION.'), 'A'],
    ['around a division', `A\n>>IF 1 = 2\nPROCEDURE DIVISION.\n>>END-IF\nB`, 'A B'],
  ])('%s', (_, text, kept) => {
    expect(expanded(text, { library })).toEqual({ text: kept, failures: [] })
  })

  test('a member ends what it has begun', () => {
    expect(expanded('COPY OPEN.\n>>END-IF', { library }).failures).toEqual([
      '1:1 DIRECTIVE_UNBALANCED: >>IF has no >>END-IF',
      '2:1 DIRECTIVE_UNBALANCED: >>END-IF has no >>IF before it in the same text',
    ])
  })
})

describe('reference formats', () => {
  test('in fixed format a directive ends at column 72, and sequence numbers do not count', () => {
    const line = (text: string) => `000100 ${text.padEnd(65)}00000010`
    const text = ['>>DEFINE X AS 5', '    >>IF X = 5', '01 A.', '>>ELSE', '01 B.', '>>END-IF'].map(line).join('\n')
    expect(expanded(text, { format: 'fixed' })).toEqual({ text: '01 A .', failures: [] })
  })
  test('what is left out is not read: no mistake, no change of format', () => {
    const text = ">>IF 1 = 2\n>>SOURCE FORMAT IS FIXED\n$IF A = 1\nVALUE 'open\n>>END-IF\nA"
    expect(expanded(text)).toEqual({ text: 'A', failures: [] })
  })
  test('the column of a mistake is that of the file', () => {
    const { failures } = expanded('\t>>IF X =\n\t>>END-IF', { format: 'fixed' })
    expect(failures).toEqual([
      '1:9 DIRECTIVE_INVALID: an integer, a text, a name or B with 0 or 1 in quotes is expected, not the end of the line',
    ])
  })
})

const end = '\n>>END-IF'
test.each<[string, string, string]>([
  ['nothing to ask', `>>IF${end}`, 'DIRECTIVE_INVALID 1:1'],
  ['nothing after AND', `>>IF 1 = 1 AND${end}`, 'DIRECTIVE_INVALID 1:12'],
  ['nothing after NOT', `>>IF NOT${end}`, 'DIRECTIVE_INVALID 1:6'],
  ['nothing after OR', `>>IF 1 = 1 OR${end}`, 'DIRECTIVE_INVALID 1:12'],
  ['nothing to add', `>>IF 1 + = 1${end}`, 'DIRECTIVE_INVALID 1:10'],
  ['no blanks', `>>IF X=5${end}`, 'DIRECTIVE_INVALID 1:6'],
  ['no comparison', `>>IF 1 IS 2${end}`, 'DIRECTIVE_INVALID 1:11'],
  ['an integer as condition', `>>IF 5${end}`, 'DIRECTIVE_INVALID 1:6'],
  ['a text as condition', `>>IF 'A' OR 1 = 1${end}`, 'DIRECTIVE_INVALID 1:6'],
  ['NOT of an integer', `>>IF NOT 5${end}`, 'DIRECTIVE_INVALID 1:10'],
  ['words behind', `>>IF 1 = 1 THEN${end}`, 'DIRECTIVE_INVALID 1:12'],
  ['two categories', `>>IF 1 = 'A'${end}`, 'DIRECTIVE_INVALID 1:8'],
  ['an order of texts', `>>IF 'A' < 'B'${end}`, 'DIRECTIVE_INVALID 1:10'],
  ['an unknown variable', `>>IF X = 5${end}`, 'DIRECTIVE_VARIABLE_UNKNOWN 1:6'],
  ['an unknown variable, negated', `>>IF NOT X${end}`, 'DIRECTIVE_VARIABLE_UNKNOWN 1:10'],
  ['an unknown variable in a sum', `>>IF 1 + X = 5${end}`, 'DIRECTIVE_VARIABLE_UNKNOWN 1:10'],
  ['a sum with a text', `>>IF 1 + 'A' = 5${end}`, 'DIRECTIVE_INVALID 1:8'],
  ['a sum that begins with a text', `>>IF 'A' + 1 = 5${end}`, 'DIRECTIVE_INVALID 1:10'],
  ['a divisor of zero', `>>IF 1 / 0 = 5${end}`, 'DIRECTIVE_INVALID 1:8'],
  ['too many digits', `>>IF ${'9'.repeat(31)} + 1 = 5${end}`, 'DIRECTIVE_INVALID 1:38'],
  ['a hexadecimal text', `>>IF X'41' = 'A'${end}`, 'DIRECTIVE_INVALID 1:6'],
  ['an open text', `>>IF 'A = 5${end}`, 'DIRECTIVE_INVALID 1:6'],
  ['an open parenthesis', `>>IF (1 = 1${end}`, 'DIRECTIVE_INVALID 1:11'],
  ['nothing in parentheses', `>>IF ()${end}`, 'DIRECTIVE_INVALID 1:7'],
  ['too many parentheses', `>>IF ${'('.repeat(33)}1 = 1${')'.repeat(33)}${end}`, 'DIRECTIVE_TOO_DEEP 1:38'],
  ['IF in IF, too deep', `${'>>IF 1 = 1\n'.repeat(34)}${end.repeat(34)}`, 'DIRECTIVE_TOO_DEEP 33:1'],
  ['ELSE alone', '>>ELSE', 'DIRECTIVE_UNBALANCED 1:1'],
  ['ELIF alone', '>>ELIF 1 = 1', 'DIRECTIVE_UNBALANCED 1:1'],
  ['ELSE twice', `>>IF 1 = 1\n>>ELSE\n>>ELSE${end}`, 'DIRECTIVE_UNBALANCED 3:1'],
  ['ELSE with words', `>>IF 1 = 1\n>>ELSE X${end}`, 'DIRECTIVE_INVALID 2:8'],
  ['a period', '>>IF 1 = 1\n>>END-IF.', 'DIRECTIVE_INVALID 2:9'],
  ['END-IF alone', '>>END-IF', 'DIRECTIVE_UNBALANCED 1:1'],
  ['no END-IF', 'A\n  >>IF 1 = 1\nB', 'DIRECTIVE_UNBALANCED 2:3'],
  ['END-IF of an EVALUATE', `>>EVALUATE TRUE${end}\n>>END-EVALUATE`, 'DIRECTIVE_UNBALANCED 2:1'],
  ['WHEN alone', '>>WHEN 1', 'DIRECTIVE_UNBALANCED 1:1'],
  ['WHEN behind OTHER', '>>EVALUATE 1\n>>WHEN OTHER\n>>WHEN 1\n>>END-EVALUATE', 'DIRECTIVE_UNBALANCED 3:1'],
  ['no END-EVALUATE', '>>EVALUATE 1', 'DIRECTIVE_UNBALANCED 1:1'],
  ['nothing to choose by', '>>EVALUATE\n>>WHEN 1\n>>END-EVALUATE', 'DIRECTIVE_INVALID 1:1'],
  ['words behind EVALUATE', '>>EVALUATE 1 2\n>>WHEN 1\n>>END-EVALUATE', 'DIRECTIVE_INVALID 1:14'],
  ['an unknown variable to choose by', '>>EVALUATE X\n>>WHEN 1\n>>END-EVALUATE', 'DIRECTIVE_VARIABLE_UNKNOWN 1:12'],
  ['an unknown variable to compare with', '>>EVALUATE 1\n>>WHEN X\n>>END-EVALUATE', 'DIRECTIVE_VARIABLE_UNKNOWN 2:8'],
  ['WHEN of another category', ">>EVALUATE 1\n>>WHEN 'A'\n>>END-EVALUATE", 'DIRECTIVE_INVALID 2:8'],
  ['a range of texts', ">>EVALUATE 'A'\n>>WHEN 'A' THRU 'B'\n>>END-EVALUATE", 'DIRECTIVE_INVALID 2:8'],
  ['nothing after THRU', '>>EVALUATE 1\n>>WHEN 1 THRU\n>>END-EVALUATE', 'DIRECTIVE_INVALID 2:10'],
  ['DEFINE without a name', '>>DEFINE', 'DIRECTIVE_INVALID 1:1'],
  ['DEFINE of a keyword', '>>DEFINE NOT AS 1', 'DIRECTIVE_INVALID 1:10'],
  ['DEFINE of nothing', '>>DEFINE X AS', 'DIRECTIVE_INVALID 1:12'],
  ['DEFINE with words behind', '>>DEFINE X AS 1 2', 'DIRECTIVE_INVALID 1:17'],
  ['OFF with words behind', '>>DEFINE X OFF 2', 'DIRECTIVE_INVALID 1:16'],
  ['another value', '>>DEFINE X AS 1\n>>DEFINE X AS 2', 'DIRECTIVE_VARIABLE_DUPLICATE 2:10'],
  ["Micro Focus's directives", '$IF X DEFINED', 'DIRECTIVE_UNSUPPORTED 1:1'],
])('%s is a mistake', (_, text, mistake) => {
  const { failures } = expanded(text)
  expect(failures.map((failure) => failure.replace(/^(\S+) (\w+).*/, '$2 $1'))).toEqual([mistake])
})
