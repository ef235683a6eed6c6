export interface Request {
  /** F-SHORT COMP-1 */
  readonly fShort: Decimal
  /** F-LONG COMP-2 */
  readonly fLong: Decimal
  readonly $residue?: string
}

export interface Reply {
  /** F-SHORT COMP-1 */
  readonly fShort: Decimal
  /** F-LONG COMP-2 */
  readonly fLong: Decimal
  readonly $residue?: string
}
