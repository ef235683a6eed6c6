// Where the recorded histories of a project are. Loads nothing, so that `mainspan check` is quick where there are none.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where a project keeps histories, below its root. */
export const historiesFolder = 'test/histories'

/** Their paths below the project. */
export function recordedHistories(root: string): string[] {
  const folder = join(root, historiesFolder)
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.sort().map((name) => join(historiesFolder, name))
}
