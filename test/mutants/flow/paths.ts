// Paths of the explorer as tests of one process: what test/explore/explore.test.ts runs in processes of its own, in part.

import { expect, test } from '@jest/globals'
import { walk } from './walks.ts'

const faults = { fault: 1, deed: 0, decision: 1 }
const deeds = { fault: 0, deed: 1, decision: 1 }

/** The scenarios by their numbers: a transfer, one that is refused, and two under a key that Temporal has forgotten. */
test.each([
  [0, faults],
  [0, deeds],
  [1, faults],
  [1, deeds],
  [3, faults],
  [4, faults],
])('paths of scenario %i within %j keep every promise', async (scenario, budget) => {
  expect(await walk(scenario, budget, 1)).toEqual([])
})
