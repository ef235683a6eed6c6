// Branches in a flow for operations that began before a change of it. Rarely needed: a running operation ends on the build that it began on.
// They are for flows whose operations have to be moved to newer code: docs/changing-flows.md.

import { deprecatePatch, patched } from '@temporalio/workflow'

/**
 * Whether this operation has the change of that name: true for every one that comes here for the first time on code that asks, and false
 * for one whose history went by this place before the change.
 *
 *     if (changed('limit-before-debit')) await call(deposits.inquireAccount, { accountNumber: order.from })
 *
 * A name is permanent: it stands in histories. One name may stand at several places of a flow, and is decided at the first.
 */
export function changed(name: string): boolean {
  return patched(name)
}

/**
 * In place of `changed` when no operation from before the change is left: the old branch is gone, and histories of operations that took the
 * new one are still replayed. When none of those is left either, this line goes too.
 */
export function changedForAll(name: string): void {
  deprecatePatch(name)
}
