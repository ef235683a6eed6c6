export interface Request {
  /** B-HALF PIC S9(4) COMP-4 */
  readonly bHalf: Decimal
  /** B-WORD PIC S9(7)V99 COMP-4 */
  readonly bWord: Decimal
  /** B-DOUBLE PIC S9(18) COMP-4 */
  readonly bDouble: Decimal
  /** B-UNSIGNED PIC 9(4) COMP-4 */
  readonly bUnsigned: Decimal
  /** B-NATIVE PIC S9(4) COMP-5 */
  readonly bNative: Decimal
  /** B-FULL PIC 9(18) COMP-5 */
  readonly bFull: Decimal
  /** B-INDEX INDEX */
  readonly bIndex: string
  /** B-POINTER POINTER */
  readonly bPointer: string
  readonly $residue?: string
}

export interface Reply {
  /** B-HALF PIC S9(4) COMP-4 */
  readonly bHalf: Decimal
  /** B-WORD PIC S9(7)V99 COMP-4 */
  readonly bWord: Decimal
  /** B-DOUBLE PIC S9(18) COMP-4 */
  readonly bDouble: Decimal
  /** B-UNSIGNED PIC 9(4) COMP-4 */
  readonly bUnsigned: Decimal
  /** B-NATIVE PIC S9(4) COMP-5 */
  readonly bNative: Decimal
  /** B-FULL PIC 9(18) COMP-5 */
  readonly bFull: Decimal
  /** B-INDEX INDEX */
  readonly bIndex: string
  /** B-POINTER POINTER */
  readonly bPointer: string
  readonly $residue?: string
}
