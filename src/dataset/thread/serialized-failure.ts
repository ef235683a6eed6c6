// A failure on its way from one thread to another, which only plain values can go.

import type { Code } from '../../error/catalogue.ts'
import { Failure } from '../../error/failure.ts'

/** The parts of a failure that a message is made of. */
export interface SerializedFailure {
  readonly code: Code
  readonly facts: Failure['facts']
  readonly excerpt: string | undefined
}

/** The failure as another thread is sent it. */
export function serializedFailure({ code, facts, excerpt }: Failure): SerializedFailure {
  return { code, facts, excerpt }
}

/** The failure again; its stack is that of this thread. */
export function restoredFailure({ code, facts, excerpt }: SerializedFailure): Failure {
  return new Failure(code, facts, excerpt === undefined ? {} : { excerpt })
}
