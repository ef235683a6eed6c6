export interface Request {
  /** ACCOUNT PIC 9(4) */
  readonly account: Decimal
  /** ENTRY-COUNT PIC S9(2) COMP-4 */
  readonly entryCount?: Decimal
  /** ENTRIES */
  readonly entries?: readonly RequestEntries[]
  /** CLOSING */
  readonly closing?: RequestClosing
  readonly $residue?: string
}

export interface RequestClosing {
  /** BALANCE PIC S9(3)V99 COMP-3 */
  readonly balance: Decimal
  /** REMARK PIC X(4) */
  readonly remark?: string
}

export interface RequestEntries {
  /** AMOUNT PIC S9(3)V99 COMP-3 */
  readonly amount: Decimal
  /** NOTE-COUNT PIC 9 */
  readonly noteCount?: Decimal
  /** NOTES PIC X(2) */
  readonly notes?: readonly string[]
}

export interface Reply {
  /** ACCOUNT PIC 9(4) */
  readonly account: Decimal
  /** ENTRY-COUNT PIC S9(2) COMP-4 */
  readonly entryCount?: Decimal
  /** ENTRIES */
  readonly entries?: readonly ReplyEntries[]
  /** CLOSING */
  readonly closing?: ReplyClosing
  readonly $residue?: string
}

export interface ReplyClosing {
  /** BALANCE PIC S9(3)V99 COMP-3 */
  readonly balance: Decimal
  /** REMARK PIC X(4) */
  readonly remark?: string
}

export interface ReplyEntries {
  /** AMOUNT PIC S9(3)V99 COMP-3 */
  readonly amount: Decimal
  /** NOTE-COUNT PIC 9 */
  readonly noteCount?: Decimal
  /** NOTES PIC X(2) */
  readonly notes?: readonly string[]
}
