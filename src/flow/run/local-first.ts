// Activities that are short: tried inside of the workflow task, which costs a single event of history, and only then regularly.

import { isCancellation, proxyLocalActivities } from '@temporalio/workflow'
import type { Activities } from '../../contract/activity.ts'

const quick = { startToCloseTimeout: '2 seconds', retry: { maximumAttempts: 2, initialInterval: '100 ms' } } as const

/** Twice at once by a local activity; then `patiently`, which gets what went wrong. A cancellation is no failure, and is thrown on. */
export async function localFirst<T>(
  summary: string,
  ask: (activities: Activities) => Promise<T>,
  patiently: (error: unknown) => Promise<T>,
): Promise<T> {
  try {
    return await ask(proxyLocalActivities<Activities>({ ...quick, summary }))
  } catch (error) {
    if (isCancellation(error)) throw error
    return await patiently(error)
  }
}
