export interface Request {
  /** CA-REQUEST-ID PIC X */
  readonly ca_request_id?: string
  /** 9A-CODE PIC X */
  readonly _9a_code?: string
  /** YEAR PIC 9 */
  readonly year: Decimal
  /** GRP */
  readonly grp: RequestGrp
  readonly $residue?: string
}

export interface RequestGrp {
  /** YEAR PIC 9 */
  readonly year: Decimal
}

export interface Reply {
  /** CA-REQUEST-ID PIC X */
  readonly ca_request_id: string
  /** 9A-CODE PIC X */
  readonly _9a_code: string
  /** YEAR PIC 9 */
  readonly year: Decimal
  /** GRP */
  readonly grp: ReplyGrp
  readonly $residue?: string
}

export interface ReplyGrp {
  /** YEAR PIC 9 */
  readonly year: Decimal
}
