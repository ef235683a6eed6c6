export interface Request {
  /** J-MIXED PIC X(8) */
  readonly jMixed?: string
  /** J-DOUBLE PIC G(3) DISPLAY-1 */
  readonly jDouble?: string
  /** J-NUMBER PIC S9(3) */
  readonly jNumber: Decimal
  readonly $residue?: string
}

export interface Reply {
  /** J-MIXED PIC X(8) */
  readonly jMixed: string
  /** J-DOUBLE PIC G(3) DISPLAY-1 */
  readonly jDouble: string
  /** J-NUMBER PIC S9(3) */
  readonly jNumber: Decimal
  readonly $residue?: string
}
