// One run of decoding a file: what the request becomes in the first thread.

import type { FileParts } from '../../frame/file-parts.ts'
import type { Streams } from '../file/streams.ts'
import type { RecordTypes } from '../record/record-types.ts'
import type { FailureReporter } from './failure-reporter.ts'

/** What is done, and with which codec. */
export interface Job {
  readonly path: string
  readonly types: RecordTypes
  readonly parts: FileParts
  /** Records passed over, and the number of the last one wanted. */
  readonly skip: number
  readonly last: number
  readonly failed: FailureReporter
  readonly streams: Streams
}
