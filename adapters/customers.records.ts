// Made by `mainspan types` from the contracts of the adapter customers. Do not edit.

export interface GetCustomerRequest {
  readonly customerNumber: string
}

export interface GetCustomerReply {
  readonly customer: {
    readonly customerNumber: string
    readonly givenName: string
    readonly familyName: string
    readonly birthDate?: string
    readonly state: 'ACTIVE' | 'SUSPENDED' | 'CLOSED'
    readonly creditLimit: string
    readonly currency: string
    readonly version: string
    readonly since: string
    readonly changedAt: string
    readonly address: readonly {
      readonly kind: 'HOME' | 'POSTAL' | 'WORK'
      readonly line: readonly string[]
      readonly postCode?: string
      readonly city: string
      readonly country: string
    }[]
    readonly phone: readonly string[]
    readonly email?: string
  }
}

export interface ChangeAddressRequest {
  readonly customerNumber: string
  readonly address: {
    readonly kind: 'HOME' | 'POSTAL' | 'WORK'
    readonly line: readonly string[]
    readonly postCode?: string
    readonly city: string
    readonly country: string
  }
}

export interface ChangeAddressReply {
  readonly version: string
  readonly changedAt: string
}

export interface RaiseCreditLimitRequest {
  readonly customerNumber: string
  readonly raiseBy: string
  readonly currency: string
  readonly remark?: string
}

export interface RaiseCreditLimitReply {
  readonly customerNumber: string
  readonly raisedBy: string
  readonly decisionNumber: string
  readonly previousLimit: string
  readonly creditLimit: string
}

export interface FindRequestRequest {
  readonly requestReference: string
}

export interface FindRequestReply {
  readonly requestReference: string
  readonly status: 'FOUND' | 'NOT-FOUND'
  readonly matches: number
  readonly operation?: string
  readonly customerNumber?: string
  readonly receivedAt?: string
  readonly version?: string
  readonly raisedBy?: string
  readonly decisionNumber?: string
  readonly previousLimit?: string
  readonly creditLimit?: string
}
