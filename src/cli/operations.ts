// mainspan operations: what the outside sees, as a list or one with its schemas.

import { resolve } from 'node:path'
import { loadCatalog } from '../catalog/load.ts'
import type { ResolvedOperation } from '../contract/catalog.ts'
import { failure } from '../error/failure.ts'
import type { Command } from './command.ts'

/** `mainspan operations`: lists the operations of a project, or shows one with its schemas. */
export const operations: Command = {
  name: 'operations',
  summary: 'List the operations, or show one with its schemas',
  usage: 'operations [list] | operations show NAME [--version N] [--json]',
  help: {
    json: 'print JSON',
    version: 'the version to show; the newest without it',
    folder: 'the project folder; this one without it',
  },
  options: { json: { type: 'boolean' }, version: { type: 'string' }, folder: { type: 'string' } },
  run: async ({ options, positionals }) => {
    const { operations: all } = await loadCatalog(resolve(String(options.folder ?? '.')))
    const [verb = 'list', name] = positionals
    if (verb === 'list') print(options.json ? json(all.map(row)) : listing(all))
    else if (verb === 'show' && name !== undefined) print(json(whole(find(all, name, options.version))))
    else throw failure('COMMAND_LINE_INVALID', { problem: 'operations takes list, or show NAME' })
    return 0
  },
}

function find(all: readonly ResolvedOperation[], name: string, version: unknown): ResolvedOperation {
  const named = all.filter((one) => one.name === name && (version === undefined || one.version === Number(version)))
  const [newest] = named.sort((one, other) => other.version - one.version)
  if (!newest) throw failure('OPERATION_UNKNOWN', { operation: name })
  return newest
}

function row({
  name,
  version,
  method,
  path,
  effect,
  transaction,
  workflowType,
  definition,
  file,
}: ResolvedOperation): object {
  const behind = transaction ? `${transaction.adapter}.${transaction.name}` : workflowType
  return { name, version, rest: path && `${method} ${path}`, effect, behind, summary: definition.summary, file }
}

function whole(operation: ResolvedOperation): object {
  const { inputSchema: input, outputSchema: output, events, definition } = operation
  return { ...row(operation), scopes: definition.scopes ?? [], input, output, events: Object.fromEntries(events) }
}

function listing(all: readonly ResolvedOperation[]): string {
  const cells = all.map((one) => [
    `${one.name} v${one.version}`,
    one.path ? `${one.method} ${one.path}` : '–',
    one.effect,
    one.definition.summary ?? '',
  ])
  const widths = [0, 1, 2].map((column) => Math.max(0, ...cells.map((line) => line[column]?.length ?? 0)))
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
