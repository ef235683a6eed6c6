export interface Request {
  /** S-TRAILING PIC S9(4) */
  readonly sTrailing: Decimal
  /** S-LEADING PIC S9(4) */
  readonly sLeading: Decimal
  /** S-TRAIL-SEP PIC S9(4) */
  readonly sTrailSep: Decimal
  /** S-LEAD-SEP PIC S9(4) */
  readonly sLeadSep: Decimal
  /** S-PACKED PIC S9(5)V99 COMP-3 */
  readonly sPacked: Decimal
  /** S-EVEN PIC S9(4) COMP-3 */
  readonly sEven: Decimal
  /** U-ZONED PIC 9(3) */
  readonly uZoned: Decimal
  /** U-PACKED PIC 9(5) COMP-3 */
  readonly uPacked: Decimal
  /** U-SIX PIC 9(5) COMP-6 */
  readonly uSix: Decimal
  readonly $residue?: string
}

export interface Reply {
  /** S-TRAILING PIC S9(4) */
  readonly sTrailing: Decimal
  /** S-LEADING PIC S9(4) */
  readonly sLeading: Decimal
  /** S-TRAIL-SEP PIC S9(4) */
  readonly sTrailSep: Decimal
  /** S-LEAD-SEP PIC S9(4) */
  readonly sLeadSep: Decimal
  /** S-PACKED PIC S9(5)V99 COMP-3 */
  readonly sPacked: Decimal
  /** S-EVEN PIC S9(4) COMP-3 */
  readonly sEven: Decimal
  /** U-ZONED PIC 9(3) */
  readonly uZoned: Decimal
  /** U-PACKED PIC 9(5) COMP-3 */
  readonly uPacked: Decimal
  /** U-SIX PIC 9(5) COMP-6 */
  readonly uSix: Decimal
  readonly $residue?: string
}
