// One of the other threads that decode a file of equal records: compiles the copybook for itself, then does its share.

import { parentPort, workerData } from 'node:worker_threads'
import { type Failure, isFailure } from '../../error/failure.ts'
import { failureTeller, typesOf } from '../decode/job.ts'
import { toldFailure } from '../decode/told-failure.ts'
import { linesInTurn } from './lines-out.ts'
import { decodeShare } from './share.ts'
import type { BulkReport, BulkSetting } from './threads.ts'
import { takeTurns } from './turns.ts'

const setting = workerData as BulkSetting
const turns = takeTurns(setting.turns)
const types = typesOf(setting)
const { path } = setting.file
const failed = failureTeller(path, setting.options['keep-going'] === true)
const report = (failure?: Failure): void => {
  const told: BulkReport = { failures: failed.count, failure: failure && toldFailure(failure) }
  parentPort?.postMessage(told)
}
try {
  if (types.bulk) {
    const { file } = setting
    await decodeShare({ bulk: types.bulk, file, turns, failed, out: linesInTurn(turns), read: () => undefined })
  }
  report()
} catch (error) {
  turns.end()
  if (!isFailure(error)) throw error
  report(error)
}
