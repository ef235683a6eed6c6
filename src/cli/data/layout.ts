// mainspan layout: where every item of a copybook's records lies.

import { layoutTable, layoutTree } from '../../cobol/describe-layout.ts'
import type { Command } from '../command.ts'
import { readCopybook, wantedLayouts } from '../options/compiled-copybook.ts'
import { copybookPath } from '../options/copybook-request.ts'
import { copybookHelp, copybookOptions } from '../options/option-tables.ts'

/** `mainspan layout`: offset, length, picture and usage of each item of a copybook. */
export const layout: Command = {
  name: 'layout',
  summary: 'Show the layout of a copybook: level, name, picture, usage, offset, length',
  usage: 'layout FILE [--record NAME] [--copy-path DIR] [--json]',
  help: {
    ...copybookHelp,
    copybook: 'the copybook, instead of FILE',
    json: 'a tree of { level, name, picture, usage, offset, length, occurs, redefines, children }; an array where there are several records',
  },
  options: { ...copybookOptions, copybook: { type: 'string' }, json: { type: 'boolean' } },
  run: async (invocation) => {
    const { options } = invocation
    const copybook = readCopybook(copybookPath(invocation), options)
    const layouts = wantedLayouts(copybook, options)
    if (options.json) {
      const trees = layouts.map(layoutTree)
      process.stdout.write(`${JSON.stringify(trees.length === 1 ? trees[0] : trees, null, 2)}\n`)
      return 0
    }
    process.stdout.write(layouts.map(layoutTable).join('\n'))
    for (const { place, message } of copybook.notes) {
      process.stderr.write(`note  ${place.file}:${place.line}:${place.column}  ${message}\n`)
    }
    return 0
  },
}
