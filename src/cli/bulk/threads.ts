// The other threads that decode a file of equal records: each takes chunks and writes its lines in turn, so nothing is handed between them.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Setting } from '../decode/job.ts'
import { restoredFailure, type ToldFailure } from '../decode/told-failure.ts'
import type { RecordFile } from './chunks.ts'
import type { Turns } from './turns.ts'

/** What a thread needs to take part. */
export interface BulkSetting extends Setting {
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

export interface BulkThreads {
  /** Settles when all are done; gives the number of failures that they told. Throws what ended their work. */
  finished(): Promise<number>
  close(): Promise<void>
}

export function bulkThreads(number: number, setting: BulkSetting, turns: Turns): BulkThreads {
  const workers = Array.from({ length: number }, () => {
    const worker = new Worker(new URL('./bulk-worker.js', import.meta.url), { workerData: setting })
    worker.on('error', turns.end) // Else the others would wait for its turn.
    return worker
  })
  const reports = Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0] as BulkReport))
  reports.catch(() => undefined) // Told by `finished`.
  return {
    finished: async () => {
      const all = await reports
      const ending = all.find(({ failure }) => failure)?.failure
      if (ending) throw restoredFailure(ending)
      return all.reduce((sum, { failures }) => sum + failures, 0)
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
