// Property tests: each run has a seed. `SEED` gives it, so that a gate says the same of the same code each time; elsewhere the clock does, and a
// failure prints it.

import fc from 'fast-check'

const given = process.env.SEED

/** The seed of the run, which the tests with a generator of their own share: from `SEED`, else from the clock. */
export const runSeed: number = given ? Number(given) : Date.now() % 0x7fffffff

if (given) fc.configureGlobal({ seed: runSeed })

export { fc }
