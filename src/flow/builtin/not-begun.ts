// The built-in workflow that closes an operation which could not be started in time. It takes the operation's id, so that nothing can
// be started under it any more, and says that nothing was begun.

import { flow } from '../flow.ts'
import { endEarly, failedWith } from '../run/ending.ts'

/** Ends at once as failed with OPERATION_NOT_BEGUN. */
export const notBegun = flow<unknown, never>(async () => {
  throw endEarly(failedWith('OPERATION_NOT_BEGUN', {}))
})
