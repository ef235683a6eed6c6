export interface Request {
  /** CA-REQUEST-ID PIC X */
  readonly 'CA-REQUEST-ID'?: string
  /** CONSTRUCTOR PIC X */
  readonly CONSTRUCTOR?: string
  readonly $residue?: string
}

export interface Reply {
  /** CA-REQUEST-ID PIC X */
  readonly 'CA-REQUEST-ID': string
  /** CONSTRUCTOR PIC X */
  readonly CONSTRUCTOR: string
  readonly $residue?: string
}
