// A failure on its way from one thread to another, which only plain values can go.

import type { Code } from '../../error/catalogue.ts'
import { Failure } from '../../error/failure.ts'

export interface ToldFailure {
  readonly code: Code
  readonly facts: Failure['facts']
  readonly excerpt: string | undefined
}

export function toldFailure({ code, facts, excerpt }: Failure): ToldFailure {
  return { code, facts, excerpt }
}

export function restoredFailure({ code, facts, excerpt }: ToldFailure): Failure {
  return new Failure(code, facts, excerpt === undefined ? {} : { excerpt })
}
