export interface Request {
  /** T-PLAIN PIC X(6) */
  readonly tPlain?: string
  /** T-RIGHT PIC X(6) */
  readonly tRight?: string
  /** T-NATIONAL PIC N(4) NATIONAL */
  readonly tNational?: string
  /** T-UTF PIC U(2) UTF-8 */
  readonly tUtf?: string
  /** T-FIXED PIC X(3) */
  readonly tFixed?: string
  readonly $residue?: string
}

export interface Reply {
  /** T-PLAIN PIC X(6) */
  readonly tPlain: string
  /** T-RIGHT PIC X(6) */
  readonly tRight: string
  /** T-NATIONAL PIC N(4) NATIONAL */
  readonly tNational: string
  /** T-UTF PIC U(2) UTF-8 */
  readonly tUtf: string
  /** T-FIXED PIC X(3) */
  readonly tFixed: string
  readonly $residue?: string
}
