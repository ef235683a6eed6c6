// mainspan record: keeps the history of an operation in the project, for `mainspan check` to hold later code against.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readTemporalSettings } from '../../config.ts'
import { originOf } from '../../durable/version/history.ts'
import { historyOf } from '../../durable/version/open-runs.ts'
import { failure } from '../../error/failure.ts'
import { durableSettings } from '../../start.ts'
import type { Command } from '../command.ts'
import { historiesFolder } from './recorded.ts'

/** `mainspan record`: writes the history of an operation to test/histories, payloads decrypted. */
export const record: Command = {
  name: 'record',
  summary: 'Keep the history of an operation in test/histories, for check to hold later flows against',
  usage: 'record ID [--folder DIR] [--name NAME]',
  help: {
    folder: 'the project folder; this one without it',
    name: 'what the file is called, after the flow: completed, refused …; the end of the id without it',
  },
  options: { folder: { type: 'string' }, name: { type: 'string' } },
  run: async ({ options, positionals }) => {
    const [id] = positionals
    if (id === undefined) throw failure('COMMAND_LINE_INVALID', { problem: 'record needs the ID of an operation' })
    const name = String(options.name ?? id.slice(-8))
    if (!/^[\w-]+$/.test(name))
      throw failure('COMMAND_LINE_INVALID', { problem: '--name takes letters, digits, - and _' })
    const history = await historyOf(durableSettings(readTemporalSettings()), id)
    const file = join(historiesFolder, `${originOf(history).type}-${name}.json`)
    const root = resolve(String(options.folder ?? '.'))
    mkdirSync(join(root, historiesFolder), { recursive: true })
    writeFileSync(join(root, file), `${JSON.stringify(history, null, 1)}\n`)
    process.stdout.write(`wrote ${file}: in clear, with all that was asked and answered; keep only what is test data\n`)
    return 0
  },
}
