export interface Request {
  /** EFFECTIVE PIC 9(8) */
  readonly effective?: Decimal
  /** EFFECTIVE-TEXT PIC X(8) */
  readonly effectiveText?: string
  /** EFFECTIVE-YEAR PIC 9(4) */
  readonly effectiveYear?: Decimal
  readonly $residue?: string
}

export interface Reply {
  /** EFFECTIVE PIC 9(8) */
  readonly effective?: Decimal
  /** EFFECTIVE-TEXT PIC X(8) */
  readonly effectiveText?: string
  /** EFFECTIVE-YEAR PIC 9(4) */
  readonly effectiveYear?: Decimal
  readonly $residue?: string
}
