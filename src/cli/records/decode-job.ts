// What one run of `decode` is to do, and how it tells records that cannot be read.

import { describeFailure, type Failure } from '../../error/failure.ts'
import type { RecordFormat } from '../../frame/format.ts'
import type { RecordTypes } from './record-types.ts'
import { inContext, nameOf } from './streams.ts'

export interface Job {
  readonly path: string
  readonly types: RecordTypes
  readonly format: RecordFormat
  /** Records passed over, and the number of the last one wanted. */
  readonly skip: number
  readonly last: number
  readonly failed: FailureTeller
}

export interface FailureTeller {
  count: number
  /** Prints a failure and goes on, or throws it. */
  tell(error: Failure, number: number, offset: number): void
}

export function failureTeller(path: string, keepGoing: boolean): FailureTeller {
  return {
    count: 0,
    tell(error, number, offset) {
      const told = inContext(error, `  in record ${number} of ${nameOf(path)}, at offset ${offset}`)
      if (!keepGoing) throw told
      this.count++
      process.stderr.write(`${describeFailure(told)}\n`)
    },
  }
}
