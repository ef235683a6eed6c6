// How a record of a copybook is read and written: what the copybook alone does not say. COBOL names everywhere, in upper case.

/** What a numeric or text field gives when its bytes are not valid for its picture. */
export type InvalidPolicy = 'error' | 'null' | 'raw' | 'zero'

/** How COBOL names become JSON names: ACCOUNT-NUMBER → accountNumber, account_number (DFHLS2WS), or as it stands. */
export type NameStyle = 'camelCase' | 'dfhls2ws' | 'verbatim'

/** A masking class of a field: personal data, a card number, or a secret. */
export type FieldClass = 'pii' | 'pan' | 'secret'

/** A date or time kept in a plain field; shown as an ISO 8601 string. */
export type DateFormat =
  | 'YYYYMMDD'
  | 'YYMMDD'
  | 'CYYMMDD'
  | 'YYYYDDD'
  | 'YYDDD'
  | 'DDMMYYYY'
  | 'MMDDYYYY'
  | 'HHMMSS'
  | 'HHMM'
  | 'YYYYMMDDHHMMSS'

/** Which view of a REDEFINES holds: the value of one field names it, or conditions over several do. */
export type ViewChoice = ViewByField | ViewByConditions

/** The value of a field (or of a level 88 of it) names the item that is read and written. */
export interface ViewByField {
  /** The field whose value decides, for example `ENTRY-TYPE`. */
  readonly by: string
  /** Value of that field (or the name of one of its level 88 conditions) → the item of the set to take. */
  readonly when: Readonly<Record<string, string>>
  /** The item to take for any other value; without it such a record is an error. */
  readonly otherwise?: string
}

/** Conditions on any fields name the item that is read and written: the first that holds. */
export interface ViewByConditions {
  /**
   * Item of the set → when it is the one, as IF of COBOL has it: `KIND = 'C' AND (AGE >= 18 OR IS-STAFF)`. Relations (`=`, `<>`, `<`, `<=`, `>`,
   * `>=`, NOT) of a field and a literal (text, `X'C1'`, number, SPACES, ZEROS, LOW-VALUES, HIGH-VALUES), names of level 88, AND, OR, brackets.
   */
  readonly where: Readonly<Record<string, string>>
  /** The item to take where no condition holds; without it such a record is an error. */
  readonly otherwise?: string
}

/** How a record looks in JSON. Fields are named as in the copybook. */
export interface RecordOptions {
  readonly names?: NameStyle
  /** Cut from the front of every field name, for example `PE-`. */
  readonly prefix?: string
  /** The redefined item's name → how its view is chosen. */
  readonly views?: Readonly<Record<string, ViewChoice>>
  readonly dates?: Readonly<Record<string, DateFormat>>
  readonly classes?: Readonly<Record<string, FieldClass>>
  /** For one field by its COBOL name, or `*` for all others. Default `error`. */
  readonly invalid?: Readonly<Record<string, InvalidPolicy>>
  /**
   * What the values of a counter of OCCURS DEPENDING ON stand for that holds a code and no number: `{ 'ROW-KIND': { S: 1, D: 2 } }`. Where it
   * counts several tables in different ways, the name is that of a table: `{ 'CARDS': { A: 1, B: 0 }, 'LOANS': { A: 0, B: 1 } }`. Any other
   * value is an error.
   */
  readonly counters?: Readonly<Record<string, Readonly<Record<string, number>>>>
  /**
   * How often the tables of a record occur whose counter is no field of it (a level 77, another record, EIBCALEN), by the name of the counter:
   * `{ 'ROW-COUNT': 3 }`. Without it a table at the end of the record has as many occurrences as the record's length holds.
   */
  readonly outsideCounters?: Readonly<Record<string, number>>
  /**
   * Groups of a length and a text that are one string in JSON, by name, or `*` for all pairs of level 49: what DCLGEN makes of VARCHAR columns.
   * Blanks at the end of such a text are part of it.
   */
  readonly varchar?: readonly string[]
  /**
   * The fields that JSON has as numbers, by name, or `*` for all that a JSON number holds exactly: decimals of at most 15 digits. Without this
   * list every decimal is a string, as money should be: a number loses the zeros of its scale (12.50 → 12.5).
   */
  readonly numbers?: readonly string[]
  /**
   * The fields that a caller may leave out: they become blanks or zeros, and all others must be there. Without this list, text may
   * be left out and numbers may not. A field with a VALUE, and the counter of a table, may always be left out.
   */
  readonly optional?: readonly string[]
  /**
   * What a record is that ends before its layout does (files whose records vary in length). `refuse`: an error; `views`: read where it ends with
   * the view of a REDEFINES that holds, or lacks FILLER alone; `absent`: read without the fields behind its end; `blank`: with them, as if they
   * were blank. Tables have the occurrences that are there, or with `blank` those that their counters say. `$residue` holds its length. Default:
   * `absent` for files of varying records, else `refuse`.
   */
  readonly short?: 'refuse' | 'views' | 'absent' | 'blank'
  /**
   * With `short: blank`: the most bytes of occurrences that a record may lack by its counters. A damaged counter would have a few bytes become a
   * large JSON. Default 65536.
   */
  readonly blankLimit?: number
  /** Whether a message with OCCURS DEPENDING ON is cut to its current length or padded to its maximum (IBM: receiving a group that holds its own counter uses the maximum). Default `current`. */
  readonly variable?: 'current' | 'maximum'
}
