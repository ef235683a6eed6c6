// mainspan types: TypeScript types of a copybook's records; without a file, those of the project's adapters.

import { typesOf } from '../../codec/typescript-types.ts'
import type { Command } from '../command.ts'
import { chosenLayout, readCopybook } from '../records/copybook.ts'
import { copybookHelp, copybookOptions, recordHelp, recordOptions } from '../records/options.ts'
import { codecOf } from '../records/record-options.ts'

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
      const { typesCommand } = await import('../../catalog/types-command.ts')
      return typesCommand(typeof options.folder === 'string' ? options.folder : process.cwd())
    }
    const copybook = readCopybook(path, options)
    const layouts = options.record === undefined ? copybook.layouts : [chosenLayout(copybook, options)]
    const texts = layouts.map((layout) => typesOf(codecOf(layout, options).plan, typeName(layout.name), 'reply'))
    const decimal = '/** An exact decimal: "-1234.50". */\nexport type Decimal = string\n'
    const head = `// Made from ${copybook.source.name} by mainspan types.\n`
    process.stdout.write(
      [head, ...(texts.some((text) => /\bDecimal\b/.test(text)) ? [decimal] : []), ...texts].join('\n'),
    )
    return 0
  },
}

/** PE-AREA → PeArea. */
export function typeName(record: string): string {
  const words = record.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join('')
  return /^\d/.test(name) ? `Record${name}` : name
}
