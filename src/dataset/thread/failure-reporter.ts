// How records that cannot be read are reported, by whichever thread meets them.

import { describeFailure, type Failure } from '../../error/failure.ts'
import { inContext, nameOf } from '../file/streams.ts'

/** What becomes of records that cannot be read. */
export interface FailureReporter {
  /** How many it printed. */
  count: number
  readonly goesOn: boolean
  /** Prints a failure and goes on, or throws it. */
  report(error: Failure, number: number, offset: number): void
}

/** Of the records of a file. With `keepGoing` `report` gets the text of each failure, else the first is thrown. */
export function failureReporter(path: string, keepGoing: boolean, report: (text: string) => void): FailureReporter {
  return {
    count: 0,
    goesOn: keepGoing,
    report(error, number, offset) {
      const located = inContext(error, `  in record ${number} of ${nameOf(path)}, at offset ${offset}`)
      if (!keepGoing) throw located
      this.count++
      report(`${describeFailure(located)}\n`)
    },
  }
}
