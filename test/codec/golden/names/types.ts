export interface Request {
  /** CA-REQUEST-ID PIC X */
  readonly requestId?: string
  /** 9A-CODE PIC X */
  readonly _9aCode?: string
  /** CA-YEAR PIC 9 */
  readonly year: Decimal
  /** CA_YEAR PIC 9 */
  readonly caYear: Decimal
  /** GRP */
  readonly grp: RequestGrp
  readonly $residue?: string
}

export interface RequestGrp {
  /** CA-YEAR-2 PIC 9 */
  readonly year2: Decimal
}

export interface Reply {
  /** CA-REQUEST-ID PIC X */
  readonly requestId: string
  /** 9A-CODE PIC X */
  readonly _9aCode: string
  /** CA-YEAR PIC 9 */
  readonly year: Decimal
  /** CA_YEAR PIC 9 */
  readonly caYear: Decimal
  /** GRP */
  readonly grp: ReplyGrp
  readonly $residue?: string
}

export interface ReplyGrp {
  /** CA-YEAR-2 PIC 9 */
  readonly year2: Decimal
}
