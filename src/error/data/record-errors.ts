// Records and values that do not fit their layout, data-set framing and code pages. Raised by src/codec, src/frame, src/codepage.

import { entry, type Facts } from '../entry.ts'

const ofTheCaller = { retry: 'never', status: 'invalid' } as const

/** A field in a message: its name in the copybook, where JSON has it, and its picture. */
export interface FieldFacts extends Facts {
  readonly field: string
  readonly path: string
  readonly picture: string | undefined
}

const described = ({ field, path, picture }: FieldFacts): string =>
  `${field} (${path}${picture ? `, PIC ${picture}` : ''})`

/** Rows of the catalogue: records, data sets and code pages. */
export const recordErrors = {
  RECORD_TOO_SHORT: entry<{ record: string; needed: number; got: number }>({
    title: 'Record too short',
    message: ({ record, needed, got }) => `record ${record} needs ${needed} bytes but has ${got}`,
    hint: () => 'check that the copybook is the one the record was written with, and the record format',
    retry: 'never',
    status: 'invalid',
  }),
  RECORD_LACKS_TOO_MUCH: entry<{ table: string; counter: string; limit: number }>({
    title: 'Record ends long before its counter says',
    message: ({ table, counter, limit }) =>
      `by its counter ${counter} the record lacks occurrences of ${table} of more than ${limit} bytes, which short: blank would fill in`,
    hint: () =>
      'check the counter; where such records are right, raise blankLimit in the record options, or take short: absent',
    retry: 'never',
    status: 'invalid',
  }),
  CODE_PAGE_UNKNOWN: entry<{ name: string }>({
    title: 'Unknown code page',
    message: ({ name }) => `there is no code page ${name}`,
    hint: () =>
      'name it by its CCSID: cp037, cp500, cp1047, cp1140, cp930 …, or ascii, latin1, utf-8; `mainspan support` lists all',
    retry: 'never',
    status: 'unprocessable',
  }),
  CODE_PAGE_CHARACTER_MISSING: entry<{ codePage: string; position: number }>({
    title: 'Character not in the code page',
    message: ({ codePage, position }) => `the character at position ${position} does not exist in ${codePage}`,
    hint: ({ codePage }) => `send only characters of ${codePage}, or choose the code page that the system really uses`,
    retry: 'never',
    status: 'invalid',
  }),
  CODE_PAGE_BYTES_INVALID: entry<{ codePage: string; offset: number; problem: string }>({
    title: 'Bytes not valid in the code page',
    message: ({ codePage, offset, problem }) => `bytes at offset ${offset} are not ${codePage}: ${problem}`,
    hint: () => 'check the code page of the source, and that the copybook fits the record',
    retry: 'never',
    status: 'invalid',
  }),
  TEXT_TOO_LONG: entry<{ codePage: string; needed: number; room: number }>({
    title: 'Text too long for its field',
    message: ({ codePage, needed, room }) => `the text needs ${needed} bytes in ${codePage} but the field has ${room}`,
    hint: () => 'shorten the text; a two-byte run also needs a byte for SO and one for SI',
    retry: 'never',
    status: 'invalid',
  }),

  // Bytes of a record that are not what the layout says. `offset` counts from the record's first byte.
  RECORD_TOO_LONG: entry<{ record: string; most: number; got: number }>({
    title: 'Record too long',
    message: ({ record, most, got }) => `record ${record} has ${got} bytes but may have ${most}`,
    hint: () => 'check that the copybook is the one the record was written with, and the record format',
    ...ofTheCaller,
  }),
  FIELD_BYTES_INVALID: entry<FieldFacts & { offset: number; expected: string; found: string }>({
    title: 'Bytes of a field are not valid',
    message: (field) =>
      `${described(field)} holds ${field.found} at offset ${field.offset} where ${field.expected} must be`,
    hint: () =>
      'check the copybook and the code page; if such bytes are usual in this source, set a policy for the field: null, raw or zero',
    ...ofTheCaller,
  }),
  COUNTER_VALUES_MISSING: entry<{ field: string; table: string; picture: string }>({
    title: 'Values of a counter not declared',
    message: ({ field, table, picture }) =>
      `${field} PIC ${picture} counts the occurrences of ${table} but holds no number, and nothing says what its values stand for`,
    hint: ({ field, table }) =>
      `add counters: { '${field}': { A: 1, B: 2 } } with a number for each value, or the same for '${table}' alone`,
    retry: 'never',
    status: 'misconfigured',
  }),
  COUNTER_OUTSIDE: entry<{ table: string; counter: string; outside: string }>({
    title: 'Counter outside of the record',
    message: ({ table, counter, outside }) =>
      `${counter}${outside === counter ? '' : ` of ${outside}`} counts the occurrences of ${table} and is no field of this record`,
    hint: ({ counter }) => `say how many there are: outsideCounters: { '${counter}': 3 }`,
    retry: 'never',
    status: 'misconfigured',
  }),
  COUNTER_OUT_OF_RANGE: entry<{
    field: string
    table: string
    offset: number
    picture: string | undefined
    allowed: string
    found: string
  }>({
    title: 'Number of occurrences out of range',
    message: ({ field, table, offset, picture, allowed, found }) =>
      `${field}${picture ? ` PIC ${picture}` : ''} at offset ${offset} counts the occurrences of ${table} and must be ${allowed}, but holds ${found}`,
    hint: () =>
      'check that the copybook is the one the record was written with; a code that is missing goes into the option counters',
    ...ofTheCaller,
  }),
  SUBSCRIPT_OUT_OF_RANGE: entry<{ field: string; expected: string }>({
    title: 'Subscript out of range',
    message: ({ field, expected }) => `${field} takes ${expected} in this record`,
    hint: () => 'subscripts count from 1, one for each table around the field, outermost first',
    ...ofTheCaller,
  }),
  VIEW_UNKNOWN: entry<{ field: string; path: string; offset: number; by: string }>({
    title: 'No view for this value',
    message: ({ field, path, offset, by }) =>
      `the value of ${by} chooses no view of ${field} (${path}) at offset ${offset}`,
    hint: ({ field }) => `add the value to the views of ${field}, or say otherwise: NAME for all other values`,
    ...ofTheCaller,
  }),
  RESIDUE_INVALID: entry<{ problem: string }>({
    title: 'Residue not valid',
    message: ({ problem }) => `$residue is not valid: ${problem}`,
    hint: () => 'give $residue as it was decoded, or leave it out',
    ...ofTheCaller,
  }),

  // Values that do not fit their field. `path` says where in the JSON, from its root.
  JSON_INVALID: entry<{ problem: string }>({
    title: 'JSON not valid',
    message: ({ problem }) => `this is no JSON object: ${problem}`,
    hint: () => 'give one JSON object for a record, in UTF-8',
    ...ofTheCaller,
  }),
  VALUE_TYPE_WRONG: entry<FieldFacts & { expected: string; found: string }>({
    title: 'Value of the wrong type',
    message: (field) => `${described(field)} takes ${field.expected}, not ${field.found}`,
    hint: ({ expected, found }) =>
      found === 'a number' && expected.startsWith('a string')
        ? 'send amounts and numbers as strings, so that they stay exact: "1234.50"'
        : 'see the schema of the record',
    ...ofTheCaller,
  }),
  VALUE_UNKNOWN: entry<{ path: string; record: string }>({
    title: 'Unknown member',
    message: ({ path, record }) => `${record} has no ${path}`,
    hint: () => 'see the schema of the record; names are case-sensitive',
    ...ofTheCaller,
  }),
  VALUE_MISSING: entry<FieldFacts>({
    title: 'Value missing',
    message: (field) => `${described(field)} is missing`,
    hint: () => 'give a value; only text and items with a VALUE clause may be left out',
    ...ofTheCaller,
  }),
  VALUE_NOT_A_NUMBER: entry<FieldFacts>({
    title: 'Not a decimal number',
    message: (field) => `${described(field)} takes a decimal number`,
    hint: () => 'write digits with at most one point and no leading zeros: "0.05", "-1234.50"',
    ...ofTheCaller,
  }),
  VALUE_TOO_LARGE: entry<FieldFacts>({
    title: 'Number too large for its picture',
    message: (field) => `${described(field)} has too few digits for this number`,
    hint: () => 'nothing is cut; send a number that fits the picture',
    ...ofTheCaller,
  }),
  VALUE_TOO_PRECISE: entry<FieldFacts>({
    title: 'Too many decimals for the picture',
    message: (field) => `${described(field)} has too few decimals for this number`,
    hint: () => 'nothing is rounded; send a number with the decimals of the picture',
    ...ofTheCaller,
  }),
  VALUE_NEGATIVE: entry<FieldFacts>({
    title: 'Negative number in an unsigned field',
    message: (field) => `${described(field)} has no sign and takes no negative number`,
    hint: () => 'send a number that is not negative',
    ...ofTheCaller,
  }),
  VALUE_TOO_LONG: entry<FieldFacts & { most: number }>({
    title: 'Text too long for its field',
    message: (field) => `${described(field)} takes at most ${field.most} characters`,
    hint: () => 'shorten the text; nothing is cut',
    ...ofTheCaller,
  }),
  VALUE_NOT_IN_CODE_PAGE: entry<FieldFacts & { codePage: string }>({
    title: 'Character not in the code page',
    message: (field) => `${described(field)} has a character that does not exist in ${field.codePage}`,
    hint: ({ codePage }) => `send only characters of ${codePage}`,
    ...ofTheCaller,
  }),
  VALUE_NOT_A_DATE: entry<FieldFacts>({
    title: 'Not a date or time of the field',
    message: (field) => `${described(field)} takes a day or time that exists and that its format can say`,
    hint: () => 'write dates as 2026-12-31 and times as 23:59:59',
    ...ofTheCaller,
  }),
  VALUE_NOT_HEX: entry<FieldFacts & { bytes: number }>({
    title: 'Not hexadecimal',
    message: (field) => `${described(field)} takes two hexadecimal digits for each of its ${field.bytes} bytes`,
    hint: () => 'write two digits 0–9, A–F for each byte',
    ...ofTheCaller,
  }),
  TABLE_SIZE_WRONG: entry<{ field: string; path: string; minimum: number; maximum: number; got: number }>({
    title: 'Wrong number of elements',
    message: ({ field, path, minimum, maximum, got }) =>
      `${field} (${path}) takes ${minimum === maximum ? maximum : `${minimum} to ${maximum}`} elements, not ${got}`,
    hint: () => 'nothing is cut; send as many elements as the table can have',
    ...ofTheCaller,
  }),
  COUNTER_VALUE_UNKNOWN: entry<FieldFacts>({
    title: 'Value of a counter unknown',
    message: (field) => `${described(field)} has a value that stands for no number of occurrences`,
    hint: ({ field }) => `leave ${field} out: it follows from the array; or give one of the values in the schema`,
    ...ofTheCaller,
  }),
  COUNT_WITHOUT_VALUE: entry<FieldFacts & { counter: string; got: number }>({
    title: 'Number of occurrences without a value',
    message: (table) =>
      `${described(table)} has ${table.got} elements, but no value of ${table.counter} stands for ${table.got}`,
    hint: ({ counter }) =>
      `give as many elements as a value of ${counter} stands for; one value counts all tables that depend on it`,
    ...ofTheCaller,
  }),
  COUNTER_DISAGREES: entry<{ field: string; table: string; path: string; got: number }>({
    title: 'Count and array disagree',
    message: ({ field, table, path, got }) =>
      `${field} does not say ${got}, but ${table} (${path}) has ${got} elements`,
    hint: ({ field }) => `leave ${field} out: it is counted from the array`,
    ...ofTheCaller,
  }),
  VIEWS_CONFLICT: entry<{ field: string; path: string; views: string }>({
    title: 'Views contradict each other',
    message: ({ field, path, views }) => `${field} (${path}) shares its storage, and ${views} say different things`,
    hint: () => 'give one view only',
    ...ofTheCaller,
  }),
  VIEW_DISAGREES: entry<{ field: string; path: string; view: string; by: string }>({
    title: 'View and deciding field disagree',
    message: ({ field, path, view, by }) => `the value of ${by} does not choose ${view} for ${field} (${path})`,
    hint: ({ by }) => `give the view that the value of ${by} chooses`,
    ...ofTheCaller,
  }),

  // Options that do not fit the layout.
  FIELD_AMBIGUOUS: entry<{ field: string; record: string; groups: string }>({
    title: 'Field name stands twice',
    message: ({ field, record, groups }) => `${record} has several ${field}, in ${groups}`,
    hint: ({ field }) => `say which: '${field} OF GROUP'`,
    retry: 'never',
    status: 'misconfigured',
  }),
  LAYOUT_OPTION_INVALID: entry<{ option: string; problem: string }>({
    title: 'Option does not fit the record',
    message: ({ option, problem }) => `${option}: ${problem}`,
    hint: ({ option }) =>
      option.startsWith('compiler.')
        ? 'see CompilerOptions in src/cobol/layout.ts'
        : option.startsWith('file')
          ? 'mainspan decode --help says what the option of the same name takes'
          : 'see RecordOptions in src/contract/record.ts',
    retry: 'never',
    status: 'misconfigured',
  }),
  FRAME_LENGTH_INVALID: entry<{ offset: number; length: number; problem: string }>({
    title: 'Record or block length impossible',
    message: ({ offset, length, problem }) => `the length ${length} at offset ${offset} cannot be: ${problem}`,
    hint: () =>
      'check the format (F, V, VB, VBS, text), the byte order and what the length counts; a transfer may have dropped RDWs or BDWs',
    retry: 'never',
    status: 'invalid',
  }),
  FRAME_SPANNED: entry<{ offset: number }>({
    title: 'Spanned record in a file that has none',
    message: ({ offset }) => `the descriptor at offset ${offset} is that of a segment: the records are spanned`,
    hint: () => 'read the file as VS (without block descriptors) or VBS (with them)',
    retry: 'never',
    status: 'invalid',
  }),
  FRAME_INCOMPLETE: entry<{ offset: number; needed: number; got: number }>({
    title: 'File ends inside a record',
    message: ({ offset, needed, got }) =>
      `the file ends at offset ${offset} plus ${got}: at least ${needed} bytes are needed there`,
    hint: () => 'the transfer was cut off, or the record length or format is another',
    retry: 'never',
    status: 'invalid',
  }),
  FRAME_RECORD_TOO_LONG: entry<{ record: number; length: number; maximum: number }>({
    title: 'Record too long for its format',
    message: ({ record, length, maximum }) => `record ${record} has ${length} bytes; the format takes ${maximum}`,
    hint: () => 'choose a longer record or block length, or VBS, which cuts long records into segments',
    retry: 'never',
    status: 'invalid',
  }),
  RECORD_TYPE_UNKNOWN: entry<{ length: number | undefined }>({
    title: 'Record of no known type',
    message: ({ length }) =>
      length === undefined
        ? 'no --select rule fits the bytes where the next record should begin'
        : `no --select rule fits a record of ${length} bytes`,
    hint: ({ length }) =>
      length === undefined
        ? 'add a rule for this type; or the record before it has another length than its layout (--record-length NAME=N), or the file begins or ends with other bytes (--start-offset, --end-offset)'
        : 'add a rule for this type, or RECORD=* as the last one',
    retry: 'never',
    status: 'invalid',
  }),
  RECORD_LENGTH_UNKNOWN: entry<{ record: string; problem: string; fix: string }>({
    title: 'Length of a record type unknown',
    message: ({ record, problem }) => `where a record ${record} ends is not known: ${problem}`,
    hint: ({ fix }) => fix,
    retry: 'never',
    status: 'misconfigured',
  }),
  RECORD_SELECTION_INVALID: entry<{ records: string; place: string }>({
    title: 'Two record types in one place of a file',
    message: ({ records, place }) => `${records} are both the ${place}`,
    hint: ({ place }) =>
      `let --select name one record type as ${place}; it may be given again where there are several such records`,
    retry: 'never',
    status: 'invalid',
  }),
  RECORD_PARENTS_INVALID: entry<{ problem: string }>({
    title: 'Record types do not stand below each other so',
    message: ({ problem }) => `--parent: ${problem}`,
    hint: () => 'give --parent CHILD=PARENT once for each record type below another, and --select for all of them',
    retry: 'never',
    status: 'invalid',
  }),
  RECORD_PARENT_MISSING: entry<{ record: string; parent: string }>({
    title: 'Record without its parent',
    message: ({ record, parent }) => `a ${record} stands below no ${parent}`,
    hint: ({ record, parent }) =>
      `a ${record} must come behind its ${parent}, with only records below that ${parent} between; check --parent, --select and where the file begins`,
    retry: 'never',
    status: 'invalid',
  }),
  RECORD_CHILD_WRONG: entry<{ record: string; parent: string }>({
    title: 'Record below one that it cannot stand below',
    message: ({ record, parent }) => `${record} is in $children of ${parent}, below which it does not stand`,
    hint: ({ parent }) =>
      `give in $children what --parent says of ${parent}; records without a parent are lines of their own`,
    retry: 'never',
    status: 'invalid',
  }),
  RECORD_TYPE_DISAGREES: entry<{ record: string; read: string }>({
    title: 'Record would be read as another type',
    message: ({ record, read }) => `the fields of this ${record} make it a ${read} by the rules of --select`,
    hint: () => 'give the field that --select looks at the value of its record type',
    retry: 'never',
    status: 'invalid',
  }),
  ROOT_RECORD_TOO_LONG: entry<{ record: string; most: number }>({
    title: 'Root with too much below it',
    message: ({ record, most }) => `a ${record} takes more than ${most} bytes of JSON with all records below it`,
    hint: () => 'raise --root-limit, or leave --parent out: then each record is a line of its own',
    retry: 'never',
    status: 'invalid',
  }),
  RECORD_NUMBER_UNKNOWN: entry<{ number: number; records: number }>({
    title: 'No such record in the file',
    message: ({ number, records }) => `there is no record ${number}: the file has ${records}`,
    hint: () => 'records are counted from 1; check the format if the file should have more',
    retry: 'never',
    status: 'invalid',
  }),
} as const
