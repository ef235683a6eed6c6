export interface Request {
  /** LINE-COUNT PIC 9(2) */
  readonly lineCount?: Decimal
  /** LINES */
  readonly lines?: readonly RequestLines[]
  /** MONTHS */
  readonly months: readonly RequestMonths[]
  /** LAST-ITEM PIC X(2) */
  readonly lastItem?: string
  readonly $residue?: string
}

export interface RequestMonths {
  /** AMOUNT PIC S9(2) COMP-4 */
  readonly amount: Decimal
  /** FLAG PIC X */
  readonly flag?: string
}

export interface RequestLines {
  /** ARTICLE PIC X(3) */
  readonly article?: string
  /** TAX-COUNT PIC 9 */
  readonly taxCount?: Decimal
  /** TAXES PIC S9(3) COMP-3 */
  readonly taxes?: readonly Decimal[]
}

export interface Reply {
  /** LINE-COUNT PIC 9(2) */
  readonly lineCount: Decimal
  /** LINES */
  readonly lines: readonly ReplyLines[]
  /** MONTHS */
  readonly months: readonly ReplyMonths[]
  /** LAST-ITEM PIC X(2) */
  readonly lastItem: string
  readonly $residue?: string
}

export interface ReplyMonths {
  /** AMOUNT PIC S9(2) COMP-4 */
  readonly amount: Decimal
  /** FLAG PIC X */
  readonly flag: string
}

export interface ReplyLines {
  /** ARTICLE PIC X(3) */
  readonly article: string
  /** TAX-COUNT PIC 9 */
  readonly taxCount: Decimal
  /** TAXES PIC S9(3) COMP-3 */
  readonly taxes: readonly Decimal[]
}
