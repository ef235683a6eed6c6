// mainspan serve: one process of the product, as production runs it. Prints one line when it serves, and ends in order on a signal.

import { resolve } from 'node:path'
import { loadCatalog } from '../catalog/load.ts'
import { readSettings } from '../config.ts'
import { failure } from '../error/failure.ts'
import { type Serving, serveGateway, serveWorker } from '../start.ts'
import type { Command } from './command.ts'

/** `mainspan serve`: one process of the product, worker or gateway. Ends by a signal, or with exit code 1 when the process cannot go on. */
export const serve: Command = {
  name: 'serve',
  summary: 'Run one process of the product: worker or gateway; settings come from the environment',
  usage: 'serve worker | serve gateway [--folder DIR]',
  help: { folder: 'the project folder with adapters/, workflows/ and copybooks/; this one without it' },
  options: { folder: { type: 'string' } },
  run: async ({ options, positionals }) => {
    const [role] = positionals
    if (role !== 'worker' && role !== 'gateway') {
      throw failure('COMMAND_LINE_INVALID', { problem: 'serve takes worker or gateway' })
    }
    const catalog = await loadCatalog(resolve(String(options.folder ?? '.')))
    const settings = readSettings(catalog.adapters)
    const serving = await started(role === 'worker' ? serveWorker(catalog, settings) : serveGateway(catalog, settings))
    process.stdout.write(`${role} ready${serving.url === undefined ? '' : ` ${serving.url}`}\n`)
    await untilEnded(serving)
    return 0
  },
}

/** What a failed start has opened already, a connection or a port, must not hold the process: it would serve by half. */
function started(serving: Promise<Serving>): Promise<Serving> {
  serving.catch(() => setTimeout(() => process.exit(1), 500).unref())
  return serving
}

/** Ends on the first signal in order; a second one ends at once. Throws what ended the process by itself. */
async function untilEnded(serving: Serving): Promise<void> {
  const asked = new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop())
  })
  await Promise.race([asked, serving.failed])
  await serving.close()
}
