// What one run of `decode` is to do, and how it tells records that cannot be read.

import { describeFailure, type Failure } from '../../error/failure.ts'
import type { RecordFormat } from '../../frame/format.ts'
import { writeAll } from '../bulk/descriptor.ts'
import type { Invocation } from '../command.ts'
import { type CopybookText, compileText } from '../records/copybook.ts'
import { formatOf, isFixed } from '../records/data-format.ts'
import { codePageOf } from '../records/record-options.ts'
import { type RecordTypes, recordTypes } from '../records/record-types.ts'
import { inContext, nameOf } from '../records/streams.ts'

export interface Job {
  readonly path: string
  readonly types: RecordTypes
  readonly format: RecordFormat
  /** Records passed over, and the number of the last one wanted. */
  readonly skip: number
  readonly last: number
  readonly failed: FailureTeller
}

/** What a thread needs to compile the copybook for itself. */
export interface Setting {
  readonly text: CopybookText
  readonly options: Invocation['options']
}

export function typesOf({ text, options }: Setting): RecordTypes {
  const page = codePageOf(options)
  return recordTypes(compileText(text, options), options, (length) => isFixed(formatOf(options, page, length)))
}

export interface FailureTeller {
  /** How many it printed. */
  count: number
  readonly goesOn: boolean
  /** Prints a failure and goes on, or throws it. */
  tell(error: Failure, number: number, offset: number): void
}

export function failureTeller(path: string, keepGoing: boolean): FailureTeller {
  return {
    count: 0,
    goesOn: keepGoing,
    tell(error, number, offset) {
      const told = inContext(error, `  in record ${number} of ${nameOf(path)}, at offset ${offset}`)
      if (!keepGoing) throw told
      this.count++
      // Not by a stream, which in a thread would wait for the first thread to write it.
      writeAll(2, new TextEncoder().encode(`${describeFailure(told)}\n`))
    },
  }
}
