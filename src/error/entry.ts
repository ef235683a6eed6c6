// What one row of the error catalogue holds. Codes are permanent: a code may be added, never renamed or reused.

import type { Status } from './status.ts'

/** What a caller or a policy may do after this error: never try again as is; try again later; find out first what happened. */
export type Retry = 'never' | 'later' | 'inquire'

/** The facts that a message or a hint names. Never bytes of a record or customer data: these go into `Failure.detail`. */
export type Facts = Readonly<Record<string, string | number | undefined>>

/** One row of the catalogue; `F` are the facts that its texts name. Documented in docs/errors.md. */
export interface CatalogueEntry<F extends Facts> {
  /** A few words, the same for every occurrence; the title of an RFC 9457 problem. */
  readonly title: string
  /** What is wrong, in one sentence without a full stop. Safe to log. */
  readonly message: (facts: F) => string
  /** What the reader can do about it. */
  readonly hint: (facts: F) => string
  readonly retry: Retry
  /** How it ends for whoever asked; error/status.ts has the numbers. */
  readonly status: Status
}

/** The row of a code, for facts whose type is not known where they stand: those that an error carries fit its own row. */
export function rowOf<Code extends string>(
  rows: Readonly<Record<Code, CatalogueEntry<never>>>,
  code: Code,
): CatalogueEntry<Facts> {
  return rows[code] as CatalogueEntry<Facts>
}

/** The row of a code that comes as text; undefined where no row has it. */
export function rowNamed(
  rows: Readonly<Record<string, CatalogueEntry<never>>>,
  code: string,
): CatalogueEntry<Facts> | undefined {
  return Object.hasOwn(rows, code) ? rowOf(rows, code) : undefined
}

/** Declares one row; exists so that each row's facts are typed by its own message. */
export function entry<F extends Facts>(row: CatalogueEntry<F>): CatalogueEntry<F> {
  return row
}
