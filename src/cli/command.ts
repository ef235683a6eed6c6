// What a command of the command line is: a row of the table in main.ts, loaded only when it is asked for.

import type { ParseArgsConfig } from 'node:util'

/** Exit codes: 0 done; 1 mistakes found or work failed; 2 wrong command line. */
export type ExitCode = 0 | 1 | 2

/** A command line that was taken apart. */
export interface Invocation {
  /** Values of the options, checked by `node:util` parseArgs. */
  readonly options: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>
  readonly positionals: readonly string[]
}

/** One command of `mainspan`. */
export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** How to call it, without `mainspan`: `check [FOLDER] [--json]`. */
  readonly usage: string
  /** Option name → what it does; the same names as in `options`. */
  readonly help: Readonly<Record<string, string>>
  readonly options: NonNullable<ParseArgsConfig['options']>
  /** Prints results to standard output. A Failure thrown is printed to standard error with its hint; exit code 1. */
  run(invocation: Invocation): Promise<ExitCode>
}
