// Mistakes in a copybook: its text, its clauses, its layout. Raised by src/cobol.

import { copybookTextErrors, type LimitFact, mistake } from './copybook-text-errors.ts'

type NameFact = { name: string }
type ClauseFact = { clause: string }

const entryErrors = {
  COPYBOOK_EMPTY: mistake(
    'No data in the copybook',
    ({ name }: NameFact) => `${name} describes no data`,
    () =>
      'a copybook needs at least one entry such as 01 NAME PIC X(10).; check the reference format (--source-format)',
  ),
  ENTRY_EXPECTED: mistake(
    'Level number expected',
    ({ found }: { found: string }) => `an entry begins with a level number, not with '${found}'`,
    () => 'start with 01 to 49, 66, 77, 78 or 88; check columns 1-7 and 73-80, or try another --source-format',
  ),
  LEVEL_UNKNOWN: mistake(
    'Unknown level number',
    ({ level }: { level: string }) => `level ${level} does not exist`,
    () => 'use 01 to 49, 66 (RENAMES), 77, 78 (constant) or 88 (condition)',
  ),
  LEVEL_MISPLACED: mistake(
    'Level out of place',
    ({ level, problem }: { level: number; problem: string }) => `level ${level} ${problem}`,
    () => 'a condition (88) follows its item, RENAMES (66) follows its record, 77 stands alone',
  ),
  PERIOD_MISSING: mistake(
    'Period missing',
    () => 'the entry has no period at its end',
    () => 'put a period, followed by a space or the end of the line, after the last clause',
  ),
  NAME_INVALID: mistake(
    'Data name invalid',
    ({ name, problem }: { name: string; problem: string }) => `'${name}' is no data name: ${problem}`,
    () =>
      'use up to 30 letters, digits, hyphens and underscores, at least one letter, no hyphen at either end, no underscore in front',
  ),
  NAME_MISSING: mistake(
    'Name missing',
    ({ what }: { what: string }) => `${what} needs a name`,
    () => 'write the name right after the level number',
  ),
  NAME_DUPLICATE: mistake(
    'Name given twice',
    ({ name, line }: { name: string; line: number }) =>
      `${name} is already the name of a record or constant, line ${line}`,
    () => 'records and constants need different names; rename one',
  ),
  NAME_AMBIGUOUS: mistake(
    'Name ambiguous',
    ({ name }: NameFact) => `${name} names several items of the record`,
    () => 'qualify it: NAME OF GROUP',
  ),
  CLAUSE_UNKNOWN: mistake(
    'Unknown clause',
    ({ word }: { word: string; like: string | undefined }) => `'${word}' begins no clause`,
    ({ like }) =>
      like === undefined ? 'remove it, or end the entry with a period before it' : `did you mean ${like}?`,
  ),
  CLAUSE_UNSUPPORTED: mistake(
    'Clause not supported',
    ({ clause }: ClauseFact) => `${clause} has no fixed storage that a record could be read by`,
    () => 'describe the bytes with PICTURE and USAGE instead',
  ),
  CLAUSE_DUPLICATE: mistake(
    'Clause given twice',
    ({ clause }: ClauseFact) => `${clause} is given twice`,
    () => 'keep one of them',
  ),
  CLAUSE_INCOMPLETE: mistake(
    'Clause incomplete',
    ({ clause, expected, found }: { clause: string; expected: string; found: string }) =>
      `${clause} needs ${expected}, not ${found}`,
    ({ clause }) => CLAUSE_FORMS[clause] ?? 'complete the clause',
  ),
  CLAUSE_MISPLACED: mistake(
    'Clause not allowed here',
    ({ clause, where }: { clause: string; where: string }) => `${clause} is not allowed ${where}`,
    () => 'remove it, or move it to the item it is meant for',
  ),
  CONSTANT_UNKNOWN: mistake(
    'Constant unknown',
    ({ name }: NameFact) => `${name} is neither a number nor a constant (level 78)`,
    () => 'define it before with 78 NAME VALUE number., or write the number',
  ),
  CONSTANT_NOT_INTEGER: mistake(
    'Constant is no whole number',
    ({ name }: NameFact) => `${name} must be a whole number here`,
    () => 'use a constant whose VALUE is a whole number without sign',
  ),
}

const CLAUSE_FORMS: Readonly<Record<string, string | undefined>> = {
  PICTURE: 'for example PIC S9(7)V99',
  USAGE: 'for example USAGE COMP-3',
  OCCURS: 'the form is OCCURS 5 TIMES or OCCURS 0 TO 50 TIMES DEPENDING ON COUNTER',
  REDEFINES: 'the form is 05 NEW REDEFINES OLD ...',
  RENAMES: 'the form is 66 NAME RENAMES FIRST THRU LAST.',
  'CURRENCY SIGN': "the form is CURRENCY SIGN IS 'EUR' WITH PICTURE SYMBOL '$'",
  SIGN: 'the form is SIGN IS LEADING|TRAILING [SEPARATE CHARACTER]',
  VALUE: "for example VALUE 'A' THRU 'F', ZERO",
}

const pictureErrors = {
  PICTURE_CHARACTER_UNKNOWN: mistake(
    'Unknown picture character',
    ({ character }: { character: string }) => `picture character '${character}' is not known`,
    () => 'use V for the implied decimal point',
  ),
  PICTURE_REPEAT_INVALID: mistake(
    'Picture repeat invalid',
    ({ problem }: { problem: string }) => `the repeat in the picture ${problem}`,
    () => 'write a whole number from 1 in parentheses after the character, for example X(10)',
  ),
  PICTURE_TOO_LONG: mistake(
    'Picture too long',
    ({ limit }: LimitFact) => `the picture is longer than ${limit} characters`,
    () => 'use repeats: X(60) instead of sixty times X',
  ),
  PICTURE_ORDER: mistake(
    'Picture characters in wrong order',
    ({ character, rule }: { character: string; rule: string }) => `'${character}' is out of place: ${rule}`,
    () => 'the order is S, digits, V, digits; a sign, CR, DB or currency sign stands at an end',
  ),
  PICTURE_TWICE: mistake(
    'Picture character given twice',
    ({ character }: { character: string }) => `'${character}' may stand only once`,
    () => 'keep one of them',
  ),
  PICTURE_MIXED: mistake(
    'Picture mixes kinds',
    ({ picture }: { picture: string }) => `${picture} is neither a number, nor text, nor an edited form of one`,
    () => 'a picture holds 9 S V P (numbers), A X 9 (text), N, G or U alone, with editing characters of that kind',
  ),
  PICTURE_NO_POSITION: mistake(
    'Picture without a position',
    ({ picture }: { picture: string }) => `${picture} has no character or digit position`,
    () => 'a picture needs at least one of 9 X A N G U Z *',
  ),
  DIGITS_TOO_MANY: mistake(
    'Too many digits',
    ({ digits, limit, option }: { digits: number; limit: number; option: string }) =>
      `the picture has ${digits} digits, ${option} allows ${limit}`,
    ({ option }) =>
      option === 'ARITH(COMPAT)' ? 'compile with ARITH(EXTEND) for up to 31 digits' : 'use fewer digits',
  ),
  PICTURE_MISSING: mistake(
    'Picture missing',
    ({ name }: NameFact) => `${name} has neither a PICTURE nor items below it`,
    () => 'add a PIC clause, or give the items below a higher level number',
  ),
  PICTURE_ON_GROUP: mistake(
    'Group with a picture',
    ({ name }: NameFact) => `${name} has a PICTURE and also items below it`,
    () => 'remove the PICTURE, or give the next item the same level number',
  ),
  PICTURE_NOT_ALLOWED: mistake(
    'Picture not allowed',
    ({ usage }: { usage: string }) => `USAGE ${usage} takes no PICTURE`,
    () => 'remove the PICTURE; the usage alone fixes the size',
  ),
}

const layoutErrors = {
  USAGE_UNSUPPORTED: mistake(
    'Usage not supported',
    ({ usage, dialect }: { usage: string; dialect: string }) => `USAGE ${usage} is not supported in dialect ${dialect}`,
    () => 'see the support matrix; another dialect may know it',
  ),
  USAGE_PICTURE_CONFLICT: mistake(
    'Usage and picture conflict',
    ({ usage, picture }: { usage: string; picture: string }) => `USAGE ${usage} does not go with picture ${picture}`,
    ({ usage }) =>
      usage.startsWith('COMP')
        ? 'use 9, S, V and P only, or drop the usage (it may come from a group above)'
        : 'change one of them',
  ),
  USAGE_GROUP_CONFLICT: mistake(
    'Usage contradicts the group',
    ({ usage, group }: { usage: string; group: string }) =>
      `USAGE ${usage} contradicts USAGE ${group} of the group above`,
    () => 'an item may repeat the usage of its group, not change it',
  ),
  SIGN_CONFLICT: mistake(
    'SIGN clause without a signed number',
    ({ problem }: { problem: string }) => `SIGN ${problem}`,
    () => 'SIGN needs a picture with S and USAGE DISPLAY or NATIONAL',
  ),
  CLAUSE_CONFLICT: mistake(
    'Clause does not fit the item',
    ({ clause, problem }: { clause: string; problem: string }) => `${clause} ${problem}`,
    () => 'remove the clause or change the picture',
  ),
  REDEFINES_NOT_FOUND: mistake(
    'Redefined item not found',
    ({ name }: NameFact) => `there is no item ${name} before, in the same group, that could be redefined`,
    () => 'REDEFINES names an item of the same level right before, in the same group; check its spelling',
  ),
  REDEFINES_LEVEL: mistake(
    'Redefined item has another level',
    ({ name, level, own }: { name: string; level: number; own: number }) => `${name} has level ${level}, not ${own}`,
    () => 'both items need the same level number',
  ),
  REDEFINES_INTERRUPTED: mistake(
    'Redefined item too far away',
    ({ name, between }: { name: string; between: string }) => `${between} takes new storage after ${name}`,
    () => 'put the redefining item right after the item it redefines (and its other redefinitions)',
  ),
  REDEFINES_TABLE: mistake(
    'Redefined item is a table',
    ({ name }: NameFact) => `${name} has an OCCURS clause and cannot be redefined`,
    () => 'put the table into a group of its own and redefine the group',
  ),
  REDEFINES_VARIABLE: mistake(
    'Variable length under REDEFINES',
    ({ name }: NameFact) => `${name} has a table with DEPENDING ON and takes part in REDEFINES`,
    () => 'IBM refuses this as well (IGYDS1169-S); give the table a fixed number of occurrences',
  ),
  REDEFINES_MISALIGNED: mistake(
    'Redefined item on a wrong boundary',
    ({ name, boundary }: { name: string; boundary: number }) =>
      `${name} begins with a SYNCHRONIZED item, and the redefined item is not on a boundary of ${boundary} bytes`,
    () => 'drop SYNC, or put filler before the redefined item',
  ),
  OCCURS_LEVEL: mistake(
    'OCCURS at this level',
    ({ level }: { level: number }) => `OCCURS is not allowed at level ${level}`,
    () => 'put the table one level lower',
  ),
  OCCURS_RANGE: mistake(
    'OCCURS range invalid',
    ({ problem }: { problem: string }) => `OCCURS ${problem}`,
    () => 'the form is OCCURS 0 TO 50 TIMES DEPENDING ON COUNTER, the first number smaller than the second',
  ),
  OCCURS_UNBOUNDED: mistake(
    'Unbounded table',
    ({ name, problem }: { name: string; problem: string }) => `${name} OCCURS UNBOUNDED, and ${problem}`,
    () => 'write the most occurrences that a message can hold: OCCURS 1 TO 500 TIMES DEPENDING ON COUNTER',
  ),
  OCCURS_TOO_DEEP: mistake(
    'Tables nested too deep',
    ({ limit }: LimitFact) => `tables are nested more than ${limit} deep`,
    () => 'COBOL allows seven subscripts',
  ),
  COUNTER_NOT_FOUND: mistake(
    'Counter not found',
    ({ name }: NameFact) => `DEPENDING ON ${name}: there is no such item in this text`,
    () =>
      'the counter stands in the same record before the table, or in another record of the program; check its spelling',
  ),
  COUNTER_AFTER_TABLE: mistake(
    'Counter after its table',
    ({ name }: NameFact) => `DEPENDING ON ${name}: the counter stands in or after the table`,
    () => 'move the counter before the table: it must be known when the table is read',
  ),
  COUNTER_IN_TABLE: mistake(
    'Counter inside another table',
    ({ name }: NameFact) => `DEPENDING ON ${name}: the counter occurs several times`,
    () => 'a counter may stand in a table only if its own table is in the same occurrence',
  ),
  COUNTER_NOT_INTEGER: mistake(
    'Counter is no whole number',
    ({ name }: NameFact) => `DEPENDING ON ${name}: the counter is no whole number`,
    () => 'a counter has a picture of 9s without decimals',
  ),
  RENAMES_NOT_FOUND: mistake(
    'Renamed item not found',
    ({ name }: NameFact) => `RENAMES: there is no item ${name} in this record`,
    () => 'RENAMES names items of the record right before it',
  ),
  RENAMES_INVALID: mistake(
    'RENAMES not possible',
    ({ name, problem }: { name: string; problem: string }) => `RENAMES ${name}: ${problem}`,
    () => 'RENAMES covers items from the first to the last, without tables of variable length, and not in a table',
  ),
  SYNC_ON_GROUP: mistake(
    'SYNCHRONIZED on a group',
    ({ name }: NameFact) => `SYNCHRONIZED on the group ${name}`,
    () => 'write it on each elementary item, or on the level-01 record',
  ),
  RECORD_TOO_LARGE: mistake(
    'Record too large',
    ({ name, limit }: { name: string; limit: number }) => `${name} is larger than ${limit} bytes`,
    () => 'check the repeats and OCCURS, or raise the limit recordLength',
  ),
}

/** Rows of the catalogue: copybooks, their text, clauses, pictures and layouts. */
export const copybookErrors = { ...copybookTextErrors, ...entryErrors, ...pictureErrors, ...layoutErrors } as const
