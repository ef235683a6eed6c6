// Options that name a copybook and say how it is compiled.

import { optionWords } from '../../cobol/options.ts'
import { readCopybookText } from '../../dataset/record/copybook-text.ts'
import type { CompilerRequest, CopybookText } from '../../dataset/record/request.ts'
import { failure } from '../../error/failure.ts'
import type { Invocation } from '../command.ts'
import { oneOf } from './option-values.ts'

/** The copybook's path: the option `--copybook`, or the first positional. */
export function copybookPath({ options, positionals }: Invocation): string {
  const path = options.copybook ?? positionals[0]
  if (typeof path !== 'string') throw failure('COMMAND_LINE_INVALID', { problem: 'a copybook is needed' })
  return path
}

/** The text of a copybook, not yet compiled. Throws FILE_UNREADABLE. */
export function copybookText(path: string, options: Invocation['options']): CopybookText {
  const folders = options['copy-path']
  return readCopybookText(path, Array.isArray(folders) ? folders.map(String) : undefined)
}

/** The record that `--record` names. */
export function recordName({ record }: Invocation['options']): string | undefined {
  return typeof record === 'string' ? record : undefined
}

/** How the programs were compiled. Throws COMMAND_LINE_INVALID. */
export function compilerRequest(options: Invocation['options']): Partial<CompilerRequest> {
  const format = oneOf(options, 'source-format', ['fixed', 'variable', 'free'])
  const words = Object.entries(optionWords).map(([name, known]) => [name, oneOf<string>(options, name, known)])
  return {
    ...Object.fromEntries(words.filter(([, word]) => word !== undefined)),
    ...(format && { format }),
    ...(options['decimal-comma'] === true && { decimalPointIsComma: true }),
    ...(Array.isArray(options.define) && { define: Object.fromEntries(options.define.map(definition)) }),
  }
}

/** `LEVEL=2`, `TEST=B'1'`, `REGION=EU` or, as a text though it is digits, `CODE='05'`; a name alone is B'1'. */
function definition(given: unknown): [string, string | number | boolean] {
  const found = /^([A-Z0-9][A-Z0-9_-]*)(?:=(.*))?$/is.exec(String(given))
  const [, name = '', value = "B'1'"] = found ?? []
  if (!found) throw failure('COMMAND_LINE_INVALID', { problem: '--define takes NAME=VALUE' })
  if (/^[+-]?\d{1,15}$/.test(value)) return [name, Number(value)]
  const boolean = /^B(['"])([01])\1$/i.exec(value)?.[2]
  if (boolean !== undefined) return [name, boolean === '1']
  return [name, /^(['"])(.*)\1$/s.exec(value)?.[2] ?? value]
}
