// The one error class of the product, made only from a row of the catalogue.

import { type Catalogue, type Code, catalogue } from './catalogue.ts'
import { type Facts, type Retry, rowOf } from './entry.ts'
import type { Status } from './status.ts'

/** Where a mistake was made: `column` and `line` count from 1. */
export interface SourcePosition {
  readonly file: string
  readonly line: number
  readonly column: number
}

export interface FailureOptions {
  readonly place?: SourcePosition
  /** Context for a person: source lines and a caret, a field's path. Safe to log. */
  readonly excerpt?: string
  /** Evidence that may hold customer data (record bytes, a reply). Never logged, never in `message`; stored encrypted. */
  readonly detail?: unknown
  readonly cause?: unknown
}

/** The facts that the message of a code takes. */
export type FactsOf<C extends Code> = Parameters<Catalogue[C]['message']>[0]

/** An error of the catalogue. `message` reads `CODE: what is wrong`, since many tools show nothing else. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: Code
  /** The message without the code before it. */
  readonly what: string
  readonly facts: Facts
  readonly hint: string
  readonly retry: Retry
  readonly status: Status
  readonly place: SourcePosition | undefined
  readonly excerpt: string | undefined
  /** Unsafe to log; not enumerable, so that serialisers pass it by. */
  declare readonly detail: unknown

  constructor(code: Code, facts: Facts, options: FailureOptions = {}) {
    const row = rowOf(catalogue, code)
    const what = row.message(facts)
    super(`${code}: ${what}`, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.what = what
    this.facts = facts
    this.hint = row.hint(facts)
    this.retry = row.retry
    this.status = row.status
    this.place = options.place
    this.excerpt = options.excerpt
    Object.defineProperty(this, 'detail', { value: options.detail, enumerable: false })
  }
}

/** Makes the error of a code: `throw failure('RECORD_TOO_SHORT', { needed: 60, got: 12 })`. */
export function failure<C extends Code>(code: C, facts: FactsOf<C>, options?: FailureOptions): Failure {
  return new Failure(code, facts, options)
}

/** Whether a value is a Failure, also across two copies of this module. */
export function isFailure(value: unknown): value is Failure {
  return value instanceof Error && value.name === 'Failure' && 'code' in value && 'hint' in value
}

/** The failure as a person reads it in a terminal: `CODE  file:line:column  what`, the excerpt, the hint. */
export function describeFailure(error: Failure): string {
  const place = error.place ? `  ${error.place.file}:${error.place.line}:${error.place.column}` : ''
  const excerpt = error.excerpt ? `\n${error.excerpt}` : ''
  return `${error.code}${place}  ${error.what}${excerpt}\n  hint: ${error.hint}`
}
