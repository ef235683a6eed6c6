// What `mainspan types` does for a whole project.

import { describeFailure } from '../error/failure.ts'
import { readCatalog } from './load.ts'
import { writeRecordTypes } from './record-types.ts'

/** Writes the types of every adapter's records; adapters with mistakes are told and left alone. */
export async function typesCommand(root: string): Promise<0 | 1> {
  const { catalog, failures } = await readCatalog(root)
  const mistakes = failures.filter((one) => one.code !== 'RECORD_TYPES_STALE')
  const written = await writeRecordTypes(root, catalog.adapters)
  for (const file of written) process.stdout.write(`wrote ${file}\n`)
  if (written.length === 0 && mistakes.length === 0) process.stdout.write('all types are up to date\n')
  for (const one of mistakes) process.stderr.write(`${describeFailure(one)}\n\n`)
  return mistakes.length > 0 ? 1 : 0
}
