// Mistakes in the text of a copybook: its lines, words, directives and COPY statements. Raised by src/cobol/text.

import type { CatalogueEntry, Facts } from '../entry.ts'

/** All mistakes in a copybook are the author's: repeating the same text never helps. */
export function mistake<F extends Facts>(
  title: string,
  message: (facts: F) => string,
  hint: (facts: F) => string,
): CatalogueEntry<F> {
  return { title, message, hint, retry: 'never', status: 'unprocessable' }
}

/** The fact of a message that names a limit which was passed. */
export type LimitFact = { limit: number }

/** The rows of `copybookErrors` that concern the text. */
export const copybookTextErrors = {
  COPYBOOK_TOO_LONG: mistake(
    'Copybook text too long',
    ({ limit }: LimitFact) => `the text has more than ${limit} characters`,
    () => 'split the copybook, or raise the limit textLength',
  ),
  COPYBOOK_EBCDIC: mistake(
    'Copybook text is EBCDIC',
    () => 'the text is EBCDIC, and here is a character that differs from code page to code page',
    () => 'fetch the copybook from the mainframe in text mode, which translates it',
  ),
  WORDS_TOO_MANY: mistake(
    'Copybook expands too far',
    ({ limit }: LimitFact) => `COPY and REPLACE give more than ${limit} words`,
    () => 'copy fewer members, or raise the limit words',
  ),
  ENTRIES_TOO_MANY: mistake(
    'Too many data description entries',
    ({ limit }: LimitFact) => `there are more than ${limit} entries`,
    () => 'split the copybook, or raise the limit entries',
  ),
  MISTAKES_TOO_MANY: mistake(
    'Too many mistakes',
    ({ limit }: LimitFact) => `more than ${limit} mistakes, the rest is not shown`,
    () => 'correct the first ones; a wrong reference format makes every line wrong (see --source-format)',
  ),
  LITERAL_NOT_CLOSED: mistake(
    'Literal not closed',
    () => 'the literal has no closing quote on its line',
    () => 'close it, or continue it with a hyphen in column 7 and a quote on the next line',
  ),
  LITERAL_HEX_INVALID: mistake(
    'Hexadecimal literal invalid',
    ({ problem }: { problem: string }) => `the hexadecimal literal ${problem}`,
    () => "write two of 0-9 and A-F for each byte, for example X'40FF'",
  ),
  LITERAL_EXPECTED: mistake(
    'Literal expected',
    ({ found, clause }: { found: string; clause: string }) => `${clause} needs a literal, not '${found}'`,
    () => "write a number, a quoted text, X'..', or a figurative constant such as SPACES or ZERO",
  ),
  CONTINUATION_INVALID: mistake(
    'Continuation invalid',
    ({ problem }: { problem: string }) => problem,
    () => 'a hyphen in column 7 continues the line before; a literal goes on after a quote of the same kind',
  ),
  DIRECTIVE_UNSUPPORTED: mistake(
    'Compiler directive unsupported',
    ({ directive }: { directive: string }) => `the directive ${directive} is not supported`,
    () => 'write >>IF, >>ELSE, >>END-IF instead, or give the copybook in the form that your program uses',
  ),
  DIRECTIVE_INVALID: mistake(
    'Compiler directive invalid',
    ({ problem }: { problem: string }) => problem,
    () =>
      "for example >>IF LEVEL >= 2 AND REGION = 'EU', >>WHEN 1 THRU 3, >>DEFINE LEVEL AS 2; blanks around operators; alone only what is B'1' or B'0' is a condition: --define \"IGY-CICS=B'1'\"",
  ),
  DIRECTIVE_UNBALANCED: mistake(
    'Compiler directives unbalanced',
    ({ problem }: { problem: string }) => problem,
    () => '>>IF, >>ELSE and >>END-IF (>>EVALUATE, >>WHEN and >>END-EVALUATE) stand in the same member',
  ),
  DIRECTIVE_TOO_DEEP: mistake(
    'Compiler directives nested too deep',
    ({ limit }: LimitFact) => `directives or parentheses are nested more than ${limit} deep`,
    () => 'join conditions with AND, or raise the limit directiveDepth',
  ),
  DIRECTIVE_VARIABLE_UNKNOWN: mistake(
    'Compilation variable unknown',
    ({ name }: { name: string }) => `${name} is not defined here`,
    ({ name }) =>
      `give it with --define ${name}=VALUE (an adapter: compiler.define), or with >>DEFINE ${name} AS VALUE before`,
  ),
  DIRECTIVE_VARIABLE_DUPLICATE: mistake(
    'Compilation variable defined twice',
    ({ name }: { name: string }) => `${name} is already defined with another value`,
    () => 'write OVERRIDE behind the new value, or switch the old one OFF before',
  ),
  COPY_INCOMPLETE: mistake(
    'COPY or REPLACE incomplete',
    ({ statement, expected }: { statement: string; expected: string }) => `${statement} lacks ${expected}`,
    () => 'the form is COPY member [OF library] [REPLACING ==old== BY ==new== ...].',
  ),
  COPY_OPERAND_EMPTY: mistake(
    'Nothing to replace',
    ({ statement }: { statement: string }) => `${statement} has an empty pseudo-text before BY`,
    () => 'only the text after BY may be empty',
  ),
  COPY_PARTIAL_INVALID: mistake(
    'LEADING or TRAILING needs part of one word',
    ({ word }: { word: string }) => `${word} replaces a part of a word, and the pseudo-text is not one word`,
    () => 'for example LEADING ==WS-== BY ==LS-==',
  ),
  COPY_MEMBER_NOT_FOUND: mistake(
    'COPY member not found',
    ({ member, library }: { member: string; library: string | undefined }) =>
      library === undefined ? `member ${member} is not found` : `member ${member} of library ${library} is not found`,
    ({ member }) => `put ${member}.cpy beside this copybook, or name its folder with --copy-path`,
  ),
  COPY_RECURSIVE: mistake(
    'COPY copies itself',
    ({ chain }: { chain: string }) => `the members copy each other: ${chain}`,
    () => 'take the COPY statement out of the last member',
  ),
  COPY_TOO_DEEP: mistake(
    'COPY nested too deep',
    ({ limit }: LimitFact) => `members copy members more than ${limit} deep`,
    () => 'copy the members in one place, or raise the limit copyDepth',
  ),
  TAG_NOT_REPLACED: mistake(
    'Tag not replaced',
    ({ tag }: { tag: string }) => `${tag} is still here after COPY`,
    ({ tag }) => `COPY this member with REPLACING ==${tag}== BY ==your-prefix==`,
  ),
  EXEC_NOT_CLOSED: mistake(
    'EXEC block not closed',
    ({ kind }: { kind: string }) => `EXEC ${kind} has no END-EXEC`,
    () => 'end the block with END-EXEC.',
  ),
}
