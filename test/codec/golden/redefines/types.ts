export type Request = {
  /** KIND PIC X */
  readonly kind: 'C' | 'D' | 'E'
  /** TRAILER PIC X(2) */
  readonly trailer?: string
  readonly $residue?: string
} & ({
  readonly kind: 'C'
  /** CARD */
  readonly card: RequestCard
} | {
  readonly kind: 'D' | 'E'
  /** DEBIT */
  readonly debit: RequestDebit
})

export interface RequestDebit {
  /** DEBIT-AMOUNT PIC S9(7)V99 COMP-3 */
  readonly debitAmount: Decimal
  /** DEBIT-NOTE PIC X(3) */
  readonly debitNote?: string
}

export interface RequestCard {
  /** CARD-PAN PIC 9(8) */
  readonly cardPan: Decimal
}

export type Reply = {
  /** KIND PIC X */
  readonly kind: 'C' | 'D' | 'E'
  /** TRAILER PIC X(2) */
  readonly trailer: string
  readonly $residue?: string
} & ({
  readonly kind: 'C'
  /** CARD */
  readonly card: ReplyCard
} | {
  readonly kind: 'D' | 'E'
  /** DEBIT */
  readonly debit: ReplyDebit
})

export interface ReplyDebit {
  /** DEBIT-AMOUNT PIC S9(7)V99 COMP-3 */
  readonly debitAmount: Decimal
  /** DEBIT-NOTE PIC X(3) */
  readonly debitNote: string
}

export interface ReplyCard {
  /** CARD-PAN PIC 9(8) */
  readonly cardPan: Decimal
}
