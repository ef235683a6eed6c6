// What the verdict on a survivor hangs on beside its own file: everything that the room's tests are made of.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, type Room } from '../rooms.ts'

/** A digest of all sources and tests of a room. */
export function testsDigest(root: string, room: Room): string {
  const hash = createHash('sha256')
  for (const folder of [room.sources, ...room.tests]) {
    for (const path of filesBelow(root, folder, '.ts')) hash.update(readFileSync(join(root, path)))
  }
  return hash.digest('hex')
}
