export interface Request {
  /** A-TEXT PIC X(5) */
  readonly aText?: string
  /** A-SIGNED PIC S9(3) */
  readonly aSigned: Decimal
  /** A-SEP PIC S9(3) */
  readonly aSep: Decimal
  /** A-NATIVE PIC S9(4) COMP-5 */
  readonly aNative: Decimal
  readonly $residue?: string
}

export interface Reply {
  /** A-TEXT PIC X(5) */
  readonly aText: string
  /** A-SIGNED PIC S9(3) */
  readonly aSigned: Decimal
  /** A-SEP PIC S9(3) */
  readonly aSep: Decimal
  /** A-NATIVE PIC S9(4) COMP-5 */
  readonly aNative: Decimal
  readonly $residue?: string
}
