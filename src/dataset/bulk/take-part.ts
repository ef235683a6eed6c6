// What another thread does of a file of equal records: its share, answered at the end.

import { type Failure, isFailure } from '../../error/failure.ts'
import { writeAll } from '../file/descriptor.ts'
import type { RecordTypes } from '../record/record-types.ts'
import { failureReporter } from '../thread/failure-reporter.ts'
import { serializedFailure } from '../thread/serialized-failure.ts'
import type { Share, ShareAnswer } from '../thread/tasks.ts'
import { decodeShare } from './decode-share.ts'
import { takeTurns } from './turns.ts'

/** Never throws a failure: it is in the answer. */
export async function takePart(
  { bulk }: RecordTypes,
  keepGoing: boolean,
  { file, turns: memory, shared }: Share,
): Promise<ShareAnswer> {
  const turns = takeTurns(memory)
  // Not by a stream, which in a thread would wait for the first thread to write it.
  const report = (text: string): void => writeAll(shared.reports, new TextEncoder().encode(text))
  const failed = failureReporter(file.path, keepGoing, report)
  const answer = (failure?: Failure): ShareAnswer => ({
    failures: failed.count,
    failure: failure && serializedFailure(failure),
  })
  try {
    if (bulk) await decodeShare({ bulk, file, turns, failed, output: shared.output, read: () => undefined })
    return answer()
  } catch (error) {
    turns.end()
    if (!isFailure(error)) throw error
    return answer(error)
  }
}
