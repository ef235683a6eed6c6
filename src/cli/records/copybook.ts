// What every data command shares: the options that name a copybook, and the way from them to one layout.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type CompileOptions, compileCopybook, type Source } from '../../cobol/compile.ts'
import type { Layout, Note } from '../../cobol/layout.ts'
import { optionWords } from '../../cobol/options.ts'
import { describeFailure, type Failure, failure } from '../../error/failure.ts'
import type { Invocation } from '../command.ts'
import { unreadable } from '../system-error.ts'
import { oneOf } from './options.ts'

export interface Copybook {
  readonly source: Source
  readonly layouts: readonly Layout[]
  readonly notes: readonly Note[]
}

/** The text of a copybook and where its members are: all that a thread needs to compile it again. */
export interface CopybookText {
  readonly source: Source
  readonly folders: readonly string[]
}

/** Reads a copybook (`-`: standard input) without compiling it. */
export function readText(path: string, options: Invocation['options']): CopybookText {
  const given = options['copy-path']
  const folders = Array.isArray(given) ? given.map(String) : [path === '-' ? '.' : dirname(path)]
  return { source: readSource(path), folders }
}

/** Compiles the copybook of a path. Prints its mistakes to standard error and throws the last one. */
export function readCopybook(path: string, options: Invocation['options']): Copybook {
  compileOptions(options)
  return compileText(readText(path, options), options)
}

export function compileText({ source, folders }: CopybookText, options: Invocation['options']): Copybook {
  const asked = { ...compileOptions(options), library: libraryOf(folders) }
  const { layouts, notes, failures } = compileCopybook(source, asked)
  throwAll(failures)
  return { source, layouts, notes }
}

/** The one record that `--record` names, or the only one. */
export function chosenLayout({ layouts, source }: Copybook, options: Invocation['options']): Layout {
  const known = layouts.map((layout) => layout.name).join(', ')
  const record = options.record
  if (typeof record === 'string') {
    const layout = layouts.find(({ name }) => name === record.toUpperCase())
    if (!layout) throw failure('RECORD_UNKNOWN', { record, known })
    return layout
  }
  const [only, ...others] = layouts
  if (!only || others.length > 0) throw failure('RECORD_AMBIGUOUS', { copybook: source.name, known })
  return only
}

/** The copybook's path: the option `--copybook`, or the first positional. */
export function copybookPath({ options, positionals }: Invocation): string {
  const path = options.copybook ?? positionals[0]
  if (typeof path !== 'string') throw failure('COMMAND_LINE_INVALID', { problem: 'a copybook is needed' })
  return path
}

function readSource(path: string): Source {
  try {
    return path === '-'
      ? { name: 'stdin', text: readFileSync(0, 'latin1') }
      : { name: path, text: readFileSync(path, 'latin1') }
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

const memberEndings = ['', '.cpy', '.copy', '.cbl', '.cob', '.dcl', '.inc', '.txt']

/** Looks for a member in the folders, in upper or lower case and with the usual endings. */
function libraryOf(folders: readonly string[]): CompileOptions['library'] {
  return (member, library) => {
    const wanted = memberEndings.map((ending) => `${member}${ending}`.toLowerCase())
    for (const folder of folders.flatMap((one) =>
      library === undefined ? [one] : [join(one, library.toLowerCase()), join(one, library), one],
    )) {
      const file = filesOf(folder).find((name) => wanted.includes(name.toLowerCase()))
      if (file !== undefined) return readSource(join(folder, file))
    }
    return undefined
  }
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // A folder of --copy-path that does not exist holds no members; COPY then names the member it misses.
  }
}

function compileOptions(options: Invocation['options']): Partial<CompileOptions> {
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

/** Prints all failures but the last to standard error and throws that one, for main.ts to print. */
function throwAll(failures: readonly Failure[]): void {
  const last = failures.at(-1)
  if (!last) return
  for (const one of failures.slice(0, -1)) process.stderr.write(`${describeFailure(one)}\n\n`)
  throw last
}
