// What the rigs of one test file in the simulation share. The process that runs the file gives its own in the place of this module.

import type { Clock } from '../../explore/clock.ts'
import type { Sandbox } from '../../explore/sandbox.ts'

export interface SimulationParts {
  readonly clock: Clock
  /** A sandbox for one more rig. */
  take(): Sandbox
}

export const parts: SimulationParts = {
  get clock(): Clock {
    throw new Error('the simulation runs only under test/mutants/run.mjs')
  },
  take(): Sandbox {
    throw new Error('the simulation runs only under test/mutants/run.mjs')
  },
}
