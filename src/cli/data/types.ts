// mainspan types: TypeScript types of a copybook's records; without a file, those of the project's adapters.

import { recordCodec } from '../../codec/record-codec.ts'
import { typesOf } from '../../codec/typescript-types.ts'
import { pageOf } from '../../dataset/record/copybook.ts'
import { describeFailure } from '../../error/failure.ts'
import type { Command, ExitCode } from '../command.ts'
import { codecRequest } from '../options/codec-request.ts'
import { readCopybook, wantedLayouts } from '../options/compiled-copybook.ts'
import { copybookHelp, copybookOptions, recordHelp, recordOptions } from '../options/option-tables.ts'

/** `mainspan types`: TypeScript types of a copybook's records, or the type files of all adapters of a project. */
export const types: Command = {
  name: 'types',
  summary: "Print TypeScript types of a copybook's records; without FILE write those of all adapters",
  usage: 'types [FILE] [--record NAME] [--copy-path DIR] [--folder DIR]',
  help: {
    ...copybookHelp,
    ...recordHelp,
    copybook: 'the copybook, instead of FILE',
    folder: "the project folder, for the adapters' types; this one without it",
  },
  options: { ...copybookOptions, ...recordOptions, copybook: { type: 'string' }, folder: { type: 'string' } },
  run: async ({ options, positionals }) => {
    const path = options.copybook ?? positionals[0]
    if (typeof path !== 'string') {
      return writeProjectTypes(typeof options.folder === 'string' ? options.folder : process.cwd())
    }
    const copybook = readCopybook(path, options)
    const layouts = wantedLayouts(copybook, options)
    const request = codecRequest(options)
    const page = pageOf(copybook, request.codePage)
    const texts = layouts.map((layout) =>
      typesOf(recordCodec(layout, { ...request, codePage: page }).plan, typeName(layout.name), 'reply'),
    )
    const decimal = '/** An exact decimal: "-1234.50". */\nexport type Decimal = string\n'
    const head = `// Made from ${copybook.source.name} by mainspan types.\n`
    process.stdout.write(
      [head, ...(texts.some((text) => /\bDecimal\b/.test(text)) ? [decimal] : []), ...texts].join('\n'),
    )
    return 0
  },
}

/** Writes the types of every adapter's records; adapters with mistakes are reported and left alone. The catalog is loaded when it is needed. */
async function writeProjectTypes(root: string): Promise<ExitCode> {
  const { readCatalog } = await import('../../catalog/load.ts')
  const { writeRecordTypes } = await import('../../catalog/record-types.ts')
  const { catalog, failures } = await readCatalog(root)
  const mistakes = failures.filter((one) => one.code !== 'RECORD_TYPES_STALE')
  const written = await writeRecordTypes(root, catalog.adapters)
  for (const file of written) process.stdout.write(`wrote ${file}\n`)
  if (written.length === 0 && mistakes.length === 0) process.stdout.write('all types are up to date\n')
  for (const one of mistakes) process.stderr.write(`${describeFailure(one)}\n\n`)
  return mistakes.length > 0 ? 1 : 0
}

/** PE-AREA → PeArea. */
export function typeName(record: string): string {
  const words = record.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join('')
  return /^\d/.test(name) ? `Record${name}` : name
}
