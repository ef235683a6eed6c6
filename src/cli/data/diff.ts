// mainspan diff: what changed between two versions of a copybook, and whether that breaks anyone.

import { failure } from '../../error/failure.ts'
import type { Command } from '../command.ts'
import { readCopybook, wantedLayouts } from '../options/compiled-copybook.ts'
import { copybookHelp, copybookOptions } from '../options/option-tables.ts'
import { type Change, compareLayouts } from './compare-layouts.ts'

/** `mainspan diff`: the changes between two versions of a copybook. Exit code 1 when a change is breaking. */
export const diff: Command = {
  name: 'diff',
  summary: 'Compare two versions of a copybook: changes of layout and API, breaking or not',
  usage: 'diff OLD NEW [--record NAME] [--copy-path DIR] [--json]; exit code 1 when a change breaks',
  help: { ...copybookHelp, json: 'print an array of { class, in, record, item, what }' },
  options: { ...copybookOptions, json: { type: 'boolean' } },
  run: async ({ options, positionals }) => {
    const [before, after] = positionals
    if (before === undefined || after === undefined) {
      throw failure('COMMAND_LINE_INVALID', { problem: 'diff takes two copybooks: the old one and the new one' })
    }
    const layouts = (path: string) => wantedLayouts(readCopybook(path, options), options)
    const changes = compareLayouts(layouts(before), layouts(after))
    process.stdout.write(options.json ? `${JSON.stringify(changes, null, 2)}\n` : listing(changes))
    return changes.some((change) => change.class === 'breaking') ? 1 : 0
  },
}

function listing(changes: readonly Change[]): string {
  if (changes.length === 0) return 'no changes\n'
  const name = ({ record, item }: Change) => (record === item ? record : `${record} ${item}`)
  const width = Math.max(...changes.map((change) => name(change).length))
  const lines = changes.map(
    (change) => `${change.class.padEnd(12)}  ${change.in.padEnd(6)}  ${name(change).padEnd(width)}  ${change.what}`,
  )
  const breaking = changes.filter((change) => change.class === 'breaking').length
  return `${lines.join('\n')}\n\n${changes.length} changes, ${breaking} of them breaking\n`
}
