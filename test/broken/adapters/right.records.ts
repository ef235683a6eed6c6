// Made by `mainspan types` from the contracts of the adapter right, before its copybook changed.

export interface ChangeRequest {
  readonly gdShort: string
}
