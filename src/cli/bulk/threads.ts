// The other threads that decode a file of equal records: each takes chunks and writes its lines in turn, so nothing is handed between them.

import { once } from 'node:events'
import type { Thread } from '../decode/threads.ts'
import { restoredFailure } from '../decode/told-failure.ts'
import type { BulkReport, BulkTask } from './take-part.ts'
import type { Turns } from './turns.ts'

/** Sets the threads to work. Settles when all are done, with the number of failures that they told. Throws what ended their work. */
export async function letTakePart(threads: readonly Thread[], task: BulkTask, turns: Turns): Promise<number> {
  const reports = await Promise.all(
    threads.map(async ({ worker, broken }) => {
      broken.catch(turns.end) // Else the others would wait for its turn.
      const report = once(worker, 'message') as Promise<[BulkReport]>
      worker.postMessage(task)
      const [told] = await Promise.race([report, broken])
      return told
    }),
  )
  const ending = reports.find(({ failure }) => failure)?.failure
  if (ending) throw restoredFailure(ending)
  return reports.reduce((sum, { failures }) => sum + failures, 0)
}
