// What a function throws, for tests of failures.

import { isFailure } from '../../src/error/failure.ts'

/** The code and facts of the failure that a function throws. */
export function failureOf(action: () => unknown): { code: string; facts: unknown } {
  try {
    action()
  } catch (error) {
    if (isFailure(error)) return { code: error.code, facts: error.facts }
    throw error
  }
  throw new Error('nothing was thrown')
}
