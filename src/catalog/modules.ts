// Finds and imports what an integration team wrote: adapters/*.ts, workflows/*.ts and workflows/*.operation.ts.

import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { register } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Adapter } from '../contract/adapter.ts'
import type { Operation } from '../contract/operation.ts'
import { type Failure, failure } from '../error/failure.ts'
import { syntaxErrorIn } from './check/positions.ts'

/** One exported thing and the file that it comes from, relative to the root. */
export interface FoundExport<T> {
  readonly file: string
  readonly exportName: string
  readonly value: T
}

/** What the files of `adapters/` and `workflows/` export, and what keeps some from being loaded. */
export interface TeamModules {
  readonly adapters: readonly FoundExport<Adapter>[]
  readonly operations: readonly FoundExport<Operation>[]
  /** Flow files by the names that they export. */
  readonly flows: ReadonlyMap<string, string>
  readonly flowExports: readonly FoundExport<unknown>[]
  readonly failures: readonly Failure[]
}

/** Imports every module; one that cannot be imported becomes a failure and the others go on. `fresh` reads changed files again. */
export async function importTeamModules(root: string): Promise<TeamModules> {
  readTypeScript()
  const failures: Failure[] = []
  const adapterFiles = (await filesIn(root, 'adapters')).filter((file) => !file.endsWith('.records.ts'))
  const workflowFiles = await filesIn(root, 'workflows')
  const operationFiles = workflowFiles.filter((file) => file.endsWith('.operation.ts'))
  const flowFiles = workflowFiles.filter((file) => !file.endsWith('.operation.ts'))
  const adapters = await exportsOf(root, adapterFiles, isAdapter, failures)
  const operations = await exportsOf(root, operationFiles, isOperation, failures)
  const functions = await exportsOf(root, flowFiles, isFlow, failures)
  return {
    adapters,
    operations,
    flows: new Map(functions.map((one) => [one.exportName, one.file])),
    flowExports: functions,
    failures,
  }
}

let registered = false

/** Node needs the loader only when the product runs from its build; a test runner brings its own. */
function readTypeScript(): void {
  if (registered || !import.meta.url.endsWith('.js')) return
  registered = true
  register('./typescript-loader.js', import.meta.url)
}

async function filesIn(root: string, folder: string): Promise<string[]> {
  const names = await readdir(join(root, folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort()
    .map((name) => join(folder, name))
}

async function exportsOf<T>(
  root: string,
  files: readonly string[],
  isWanted: (value: unknown) => value is T,
  failures: Failure[],
): Promise<FoundExport<T>[]> {
  const found: FoundExport<T>[] = []
  for (const file of files) {
    try {
      const module: Record<string, unknown> = await import(pathToFileURL(join(root, file)).href)
      for (const [exportName, value] of Object.entries(module))
        if (isWanted(value)) found.push({ file, exportName, value })
    } catch (error) {
      failures.push(importFailure(root, file, error))
    }
  }
  return found
}

/** A syntax error is told as the parser sees it; anything else as it was thrown, at the line of this file that it came from. */
function importFailure(root: string, file: string, error: unknown): Failure {
  const syntax = syntaxErrorIn(readFileSync(join(root, file), 'utf8'))
  if (syntax)
    return failure('MODULE_NOT_LOADED', { problem: syntax.problem }, { place: { file, ...syntax }, cause: error })
  const problem = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const at = new RegExp(`${escaped(join(root, file))}:(\\d+):(\\d+)`).exec(stack)
  const place = { file, line: Number(at?.[1] ?? 1), column: Number(at?.[2] ?? 1) }
  return failure('MODULE_NOT_LOADED', { problem: problem.replaceAll(root, '') }, { place, cause: error })
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isAdapter(value: unknown): value is Adapter {
  return (
    isRecord(value) && typeof value.name === 'string' && isRecord(value.definition) && 'backend' in value.definition
  )
}

function isOperation(value: unknown): value is Operation {
  return (
    isRecord(value) &&
    typeof value.name === 'string' &&
    'version' in value &&
    ('flow' in value || 'transaction' in value)
  )
}

function isFlow(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === 'function'
}
