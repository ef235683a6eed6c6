// mainspan check: every mistake of adapters, copybooks, flows and operations, each at its line with its mend.

import { resolve } from 'node:path'
import { readCatalog } from '../catalog/load.ts'
import { describeFailure, type Failure } from '../error/failure.ts'
import type { Command } from './command.ts'

export const check: Command = {
  name: 'check',
  summary: 'Check adapters, copybooks, flows and operations; name every mistake at its line',
  usage: 'check [FOLDER] [--json]',
  help: { json: 'print an array of { code, file, line, column, message, hint } instead of text' },
  options: { json: { type: 'boolean' } },
  run: async ({ options, positionals }) => {
    const root = resolve(positionals[0] ?? '.')
    const { catalog, failures, notes } = await readCatalog(root)
    if (options.json) {
      process.stdout.write(`${JSON.stringify(failures.map(asJson), null, 2)}\n`)
      return failures.length > 0 ? 1 : 0
    }
    for (const one of failures) process.stdout.write(`${describeFailure(one)}\n\n`)
    for (const { place, text } of notes) process.stdout.write(`note  ${place.file}:${place.line}  ${text}\n`)
    process.stdout.write(
      failures.length > 0
        ? `${count(failures.length, 'mistake')}\n`
        : `No mistakes: ${count(catalog.adapters.size, 'adapter')}, ${count(catalog.operations.length, 'operation')}, ${count(catalog.flows.size, 'flow')}\n`,
    )
    return failures.length > 0 ? 1 : 0
  },
}

function asJson({ code, place, message, hint }: Failure): object {
  return {
    code,
    file: place?.file,
    line: place?.line,
    column: place?.column,
    message: message.slice(code.length + 2),
    hint,
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
