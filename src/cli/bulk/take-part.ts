// What another thread does of a file of equal records: its share, told at the end.

import { type Failure, isFailure } from '../../error/failure.ts'
import { failureTeller, type Setting } from '../decode/job.ts'
import { type ToldFailure, toldFailure } from '../decode/told-failure.ts'
import type { RecordTypes } from '../records/record-types.ts'
import type { RecordFile } from './chunks.ts'
import { decodeShare } from './share.ts'
import { takeTurns } from './turns.ts'

/** What a thread is sent to take part. */
export interface BulkTask {
  readonly file: RecordFile
  readonly turns: SharedArrayBuffer
}

/** What a thread says when it is done. */
export interface BulkReport {
  /** Records that it told of as unreadable. */
  readonly failures: number
  /** What ended the work. */
  readonly failure: ToldFailure | undefined
}

export async function takePart(
  { bulk }: RecordTypes,
  { options }: Setting,
  { file, turns: memory }: BulkTask,
): Promise<BulkReport> {
  const turns = takeTurns(memory)
  const failed = failureTeller(file.path, options['keep-going'] === true)
  const report = (failure?: Failure): BulkReport => ({
    failures: failed.count,
    failure: failure && toldFailure(failure),
  })
  try {
    if (bulk) await decodeShare({ bulk, file, turns, failed, read: () => undefined })
    return report()
  } catch (error) {
    turns.end()
    if (!isFailure(error)) throw error
    return report(error)
  }
}
