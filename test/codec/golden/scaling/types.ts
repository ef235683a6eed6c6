export interface Request {
  /** P-RIGHT PIC S9(3)PPP */
  readonly pRight: Decimal
  /** P-LEFT PIC SVPP9(3) */
  readonly pLeft: Decimal
  /** P-PACKED PIC S9(3)PPP COMP-3 */
  readonly pPacked: Decimal
  /** P-BINARY PIC SVPP9(3) COMP-4 */
  readonly pBinary: Decimal
  /** V-ONLY PIC V99 */
  readonly vOnly: Decimal
  readonly $residue?: string
}

export interface Reply {
  /** P-RIGHT PIC S9(3)PPP */
  readonly pRight: Decimal
  /** P-LEFT PIC SVPP9(3) */
  readonly pLeft: Decimal
  /** P-PACKED PIC S9(3)PPP COMP-3 */
  readonly pPacked: Decimal
  /** P-BINARY PIC SVPP9(3) COMP-4 */
  readonly pBinary: Decimal
  /** V-ONLY PIC V99 */
  readonly vOnly: Decimal
  readonly $residue?: string
}
