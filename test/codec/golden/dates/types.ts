export interface Request {
  /** D-1 PIC 9(8) */
  readonly d1: string | null
  /** D-2 PIC 9(6) */
  readonly d2: string | null
  /** D-3 PIC 9(7) COMP-3 */
  readonly d3: string | null
  /** D-4 PIC 9(7) */
  readonly d4: string | null
  /** D-5 PIC 9(5) COMP-3 */
  readonly d5: string | null
  /** D-6 PIC X(8) */
  readonly d6: string | null
  /** D-7 PIC X(8) */
  readonly d7: string | null
  /** T-1 PIC 9(6) */
  readonly t1: string
  /** T-2 PIC 9(4) COMP-4 */
  readonly t2: string
  /** S-1 PIC 9(14) */
  readonly s1: string | null
  readonly $residue?: string
}

export interface Reply {
  /** D-1 PIC 9(8) */
  readonly d1: string | null
  /** D-2 PIC 9(6) */
  readonly d2: string | null
  /** D-3 PIC 9(7) COMP-3 */
  readonly d3: string | null
  /** D-4 PIC 9(7) */
  readonly d4: string | null
  /** D-5 PIC 9(5) COMP-3 */
  readonly d5: string | null
  /** D-6 PIC X(8) */
  readonly d6: string | null
  /** D-7 PIC X(8) */
  readonly d7: string | null
  /** T-1 PIC 9(6) */
  readonly t1: string
  /** T-2 PIC 9(4) COMP-4 */
  readonly t2: string
  /** S-1 PIC 9(14) */
  readonly s1: string | null
  readonly $residue?: string
}
