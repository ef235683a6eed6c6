// mainspan types: TypeScript types of a copybook's records; without a file, those of the project's adapters.

import { typesOf } from '../../codec/typescript-types.ts'
import { describeFailure } from '../../error/failure.ts'
import type { Command, ExitCode } from '../command.ts'
import { type DescribedRecord, describedRecords } from '../options/described-records.ts'
import { describingHelp, describingOptions } from '../options/option-tables.ts'

/** `mainspan types`: TypeScript types of a copybook's records, or the type files of all adapters of a project. */
export const types: Command = {
  name: 'types',
  summary: "Print TypeScript types of a copybook's records; without FILE write those of all adapters",
  usage: 'types [FILE] [--record NAME] [--copy-path DIR] [--folder DIR] [--select RULE …] [--parent CHILD=PARENT …]',
  help: {
    ...describingHelp,
    folder: "the project folder, for the adapters' types; this one without it",
  },
  options: {
    ...describingOptions,
    folder: { type: 'string' },
  },
  run: async ({ options, positionals }) => {
    const path = options.copybook ?? positionals[0]
    if (typeof path !== 'string') {
      return writeProjectTypes(typeof options.folder === 'string' ? options.folder : process.cwd())
    }
    const [copybook, records] = describedRecords(path, options)
    const texts = records.map((record) => typesOf(record.plan, typeName(record.name), 'reply', addedMembers(record)))
    if (records.some(({ tag }) => tag !== undefined)) texts.push(lineType(records))
    const decimal = '/** An exact decimal: "-1234.50". */\nexport type Decimal = string\n'
    const head = `// Made from ${copybook.source.name} by mainspan types.\n`
    process.stdout.write(
      [head, ...(texts.some((text) => /\bDecimal\b/.test(text)) ? [decimal] : []), ...texts].join('\n'),
    )
    return 0
  },
}

/** What decode adds to a record of a file of several types. */
function addedMembers({ tag, children }: DescribedRecord): string[] {
  const element = children.length === 1 ? children.map(typeName).join('') : `(${children.map(typeName).join(' | ')})`
  return [
    ...(tag === undefined ? [] : [`  readonly $record: '${tag}'`]),
    ...(children.length === 0 ? [] : [`  readonly $children: readonly ${element}[]`]),
  ]
}

function lineType(records: readonly DescribedRecord[]): string {
  const roots = records.filter(({ isRoot }) => isRoot).map(({ name }) => typeName(name))
  const taken = records.map(({ name }) => typeName(name))
  let name = 'JsonLine'
  for (let n = 2; taken.includes(name); n++) name = `JsonLine${n}`
  return `/** A line of what decode gives. */\nexport type ${name} = ${roots.join(' | ')}\n`
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
