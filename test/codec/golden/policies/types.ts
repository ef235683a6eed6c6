export interface Request {
  /** P-ERROR-FREE PIC 9(2) */
  readonly pErrorFree: Decimal
  /** P-NULL PIC 9(2) */
  readonly pNull: Decimal | null
  /** P-RAW PIC S9(3) COMP-3 */
  readonly pRaw: Decimal | { readonly $raw: string }
  /** P-ZERO PIC 9(2)V99 */
  readonly pZero: Decimal
  readonly $residue?: string
}

export interface Reply {
  /** P-ERROR-FREE PIC 9(2) */
  readonly pErrorFree: Decimal
  /** P-NULL PIC 9(2) */
  readonly pNull: Decimal | null
  /** P-RAW PIC S9(3) COMP-3 */
  readonly pRaw: Decimal | { readonly $raw: string }
  /** P-ZERO PIC 9(2)V99 */
  readonly pZero: Decimal
  readonly $residue?: string
}
