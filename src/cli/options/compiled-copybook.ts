// The copybook of a command, compiled.

import type { Layout } from '../../cobol/layout.ts'
import { type Copybook, chosenLayout, compileText } from '../../dataset/record/copybook.ts'
import { describeFailure, type Failure } from '../../error/failure.ts'
import type { Invocation } from '../command.ts'
import { compilerRequest, copybookText, recordName } from './copybook-request.ts'

/** Compiles the copybook of a path. Prints its mistakes to standard error and throws the last one. */
export function readCopybook(path: string, options: Invocation['options']): Copybook {
  const compiler = compilerRequest(options)
  const copybook = copybookText(path, options)
  return compileText({ copybook, compiler, record: recordName(options), select: [] }, printMistake)
}

/** The one record that `--record` names, or all. Throws RECORD_UNKNOWN. */
export function wantedLayouts(copybook: Copybook, options: Invocation['options']): readonly Layout[] {
  const record = recordName(options)
  return record === undefined ? copybook.layouts : [chosenLayout(copybook, record)]
}

/** Of several mistakes of a copybook, those before the last, which main.ts prints. */
export function printMistake(mistake: Failure): void {
  process.stderr.write(`${describeFailure(mistake)}\n\n`)
}
