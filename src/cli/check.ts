// mainspan check: every mistake of adapters, copybooks, flows and operations, each at its line with a hint; and whether operations that
// ran before could go on with the flows of today.

import { resolve } from 'node:path'
import { readCatalog } from '../catalog/load.ts'
import type { Catalog } from '../contract/catalog.ts'
import { describeFailure, type Failure } from '../error/failure.ts'
import type { Command } from './command.ts'
import type { FlowComparison } from './flows/compare.ts'
import { recordedHistories } from './flows/recorded.ts'

/** `mainspan check`: names every mistake of a project at its line. Exit code 1 when there is one. */
export const check: Command = {
  name: 'check',
  summary: 'Check adapters, copybooks, flows and operations; name every mistake at its line',
  usage: 'check [FOLDER] [--deployed] [--json]',
  help: {
    deployed: 'hold the flows against the operations that are open in Temporal (TEMPORAL_ADDRESS …) too',
    json: 'print an array of { code, file, line, column, message, hint } instead of text',
  },
  options: { deployed: { type: 'boolean' }, json: { type: 'boolean' } },
  run: async ({ options, positionals }) => {
    const root = resolve(positionals[0] ?? '.')
    const { catalog, failures, notes } = await readCatalog(root)
    const { lines, failures: unreadable } = await comparison(catalog, failures.length > 0, options.deployed === true)
    failures.push(...unreadable)
    if (options.json) {
      process.stdout.write(`${JSON.stringify(failures.map(asJson), null, 2)}\n`)
      return failures.length > 0 ? 1 : 0
    }
    for (const one of failures) process.stdout.write(`${describeFailure(one)}\n\n`)
    for (const { place, text } of notes) process.stdout.write(`note  ${place.file}:${place.line}  ${text}\n`)
    for (const line of lines) process.stdout.write(`${line}\n`)
    process.stdout.write(
      failures.length > 0
        ? `${count(failures.length, 'mistake')}\n`
        : `No mistakes: ${count(catalog.adapters.size, 'adapter')}, ${count(catalog.operations.length, 'operation')}, ${count(catalog.flows.size, 'flow')}\n`,
    )
    return failures.length > 0 ? 1 : 0
  },
}

/** Flows are compared when they can be run at all. */
async function comparison(catalog: Catalog, hasMistakes: boolean, deployed: boolean): Promise<FlowComparison> {
  const files = recordedHistories(catalog.root)
  if (hasMistakes || (files.length === 0 && !deployed)) return { lines: [], failures: [] }
  const { compareFlows } = await import('./flows/compare.ts')
  return compareFlows(catalog, files, deployed)
}

function asJson({ code, place, what, hint }: Failure): object {
  return {
    code,
    file: place?.file,
    line: place?.line,
    column: place?.column,
    message: what,
    hint,
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
