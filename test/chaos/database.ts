// The PostgreSQL of a fault run: a server of its own behind a gate, in a folder that may be a small disk.

import { join } from 'node:path'
import { startPostgres } from '../../src/local/postgres/server.ts'
import { type Gate, startServer } from './gate.ts'
import { type Kept, keep } from './kept.ts'
import type { PartOptions } from './world.ts'

export interface Database {
  readonly kept: Kept
  readonly gate: Gate
  /** What the product needs to find it. */
  readonly settings: Readonly<Record<string, string>>
}

/** Starts it on the data of the folder. */
export async function startDatabase(options: PartOptions): Promise<Database> {
  const { DATABASE_URL: _, ...environment } = options.environment
  const folder = join(options.folder, 'postgresql')
  let start = () => startPostgres({ ...options, environment, folder, keep: true })
  let url = ''
  const { kept, gate } = await startServer((moved) =>
    keep(
      'PostgreSQL',
      async () => {
        const server = await start()
        start = server.restart
        url = server.url
        moved(Number(new URL(url).port))
        if (!server.running) throw new Error('the run needs a database of its own')
        return server.running
      },
      options.report,
    ),
  )
  const gated = new URL(url)
  gated.port = String(gate.port)
  return { kept, gate, settings: { DATABASE_URL: gated.href } }
}
