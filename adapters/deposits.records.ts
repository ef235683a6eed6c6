// Made by `mainspan types` from the contracts of the adapter deposits. Do not edit.

export interface InquireAccountRequest {
  /** INQACC-ACCOUNT-NUMBER PIC X(10) */
  readonly accountNumber: string
}

export type InquireAccountReply = {
  /** INQACC-STATUS PIC X(02) */
  readonly status: 'OK' | 'NF'
  /** INQACC-CUSTOMER-NUMBER PIC 9(08) */
  readonly customerNumber: string
  /** INQACC-HOLDER PIC X(30) */
  readonly holder: string
  /** INQACC-CURRENCY PIC X(03) */
  readonly currency: string
  /** INQACC-STATE PIC X(01) */
  readonly state: 'A' | 'B' | 'C'
  /** INQACC-OPENED-ON PIC 9(08) */
  readonly openedOn: string | null
  /** INQACC-BALANCE PIC S9(13)V99 COMP-3 */
  readonly balance: string
  /** INQACC-ENTRY-COUNT PIC 9(09) COMP-4 */
  readonly entryCount: string
} & ({
  readonly product: 'C'
  readonly currentTerms: {
    /** INQACC-OVERDRAFT-LIMIT PIC S9(11)V99 COMP-3 */
    readonly overdraftLimit: string
    /** INQACC-OVERDRAFT-RATE PIC S9(03)V9(04) COMP-3 */
    readonly overdraftRate: string
  }
  readonly savingsTerms?: never
} | {
  readonly product: 'S'
  readonly currentTerms?: never
  readonly savingsTerms: {
    /** INQACC-SAVINGS-RATE PIC S9(03)V9(04) COMP-3 */
    readonly savingsRate: string
    /** INQACC-NOTICE-DAYS PIC 9(03) */
    readonly noticeDays: string
  }
})

export interface ListEntriesRequest {
  /** LE-ACCOUNT-NUMBER PIC X(10) */
  readonly accountNumber: string
  /** LE-BEFORE-ENTRY PIC 9(09) COMP-4 */
  readonly beforeEntry?: string
}

export interface ListEntriesReply {
  /** LE-STATUS PIC X(02) */
  readonly status: 'OK' | 'NF'
  /** LE-ENTRY-COUNT PIC 9(04) COMP-4 */
  readonly entryCount: string
  /** LE-ENTRIES */
  readonly entries: readonly ({
    /** LE-ENTRY-NUMBER PIC 9(09) COMP-4 */
    readonly entryNumber: string
    /** LE-BOOKED-ON PIC 9(08) */
    readonly bookedOn: string | null
    /** LE-BOOKED-AT PIC 9(06) */
    readonly bookedAt: string
    /** LE-AMOUNT PIC S9(11)V99 */
    readonly amount: string
    /** LE-BALANCE PIC S9(13)V99 COMP-3 */
    readonly balance: string
  } & ({
    readonly kind: 'P'
    readonly postingDetail: {
      /** LE-REFERENCE PIC X(16) */
      readonly reference: string
      /** LE-TEXT PIC X(30) */
      readonly text: string
    }
    readonly reversalDetail?: never
  } | {
    readonly kind: 'R'
    readonly postingDetail?: never
    readonly reversalDetail: {
      /** LE-OWN-REFERENCE PIC X(16) */
      readonly ownReference: string
      /** LE-REVERSES PIC X(16) */
      readonly reverses: string
      /** LE-REVERSED-ENTRY PIC 9(09) COMP-4 */
      readonly reversedEntry: string
    }
  }))[]
}

export interface PostRequest {
  /** PE-ACCOUNT-NUMBER PIC X(10) */
  readonly accountNumber: string
  /** PE-DIRECTION PIC X(01) */
  readonly direction: 'D' | 'C'
  /** PE-AMOUNT PIC S9(11)V99 COMP-3 */
  readonly amount: string
  /** PE-CURRENCY PIC X(03) */
  readonly currency: string
  /** PE-TEXT PIC X(30) */
  readonly text?: string
}

export interface PostReply {
  /** PE-STATUS PIC X(02) */
  readonly status: 'OK' | 'NF' | 'BL' | 'IF' | 'CU' | 'IV' | 'DU'
  /** PE-ENTRY-NUMBER PIC 9(09) COMP-4 */
  readonly entryNumber: string
  /** PE-BALANCE PIC S9(13)V99 COMP-3 */
  readonly balance: string
}

export interface FindEntryRequest {
  /** FE-REFERENCE PIC X(16) */
  readonly reference: string
}

export interface FindEntryReply {
  /** FE-STATUS PIC X(02) */
  readonly status: 'OK' | 'NF'
  /** FE-MATCHES PIC 9(04) COMP-4 */
  readonly matches: string
  /** FE-ENTRY-NUMBER PIC 9(09) COMP-4 */
  readonly entryNumber: string
  /** FE-ACCOUNT-NUMBER PIC X(10) */
  readonly accountNumber: string
  /** FE-DIRECTION PIC X(01) */
  readonly direction: 'D' | 'C'
  /** FE-AMOUNT PIC S9(11)V99 COMP-3 */
  readonly amount: string
  /** FE-BALANCE PIC S9(13)V99 COMP-3 */
  readonly balance: string
  /** FE-REVERSED PIC X(01) */
  readonly reversed: 'Y' | 'N'
  /** FE-REVERSES PIC X(16) */
  readonly reverses: string
}

export interface ReverseRequest {
  /** RE-ORIGINAL-REFERENCE PIC X(16) */
  readonly originalReference: string
}

export interface ReverseReply {
  /** RE-STATUS PIC X(02) */
  readonly status: 'OK' | 'NF' | 'AR' | 'DU'
  /** RE-ENTRY-NUMBER PIC 9(09) COMP-4 */
  readonly entryNumber: string
  /** RE-BALANCE PIC S9(13)V99 COMP-3 */
  readonly balance: string
}
