// The data folder of a private PostgreSQL: found again or made new, with a user and a password of its own, so that no other user of
// this machine gets in.
//
//   FOLDER/place         where the rest is, when that is not FOLDER itself
//   FOLDER/password      of the user mainspan
//   FOLDER/data          what initdb makes and postgres keeps

import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Environment } from '../../config.ts'
import { failure } from '../../error/failure.ts'
import { run, type SystemUser } from '../command.ts'

/** The data folder of a private server, and the password of `databaseUser`. */
export interface Cluster {
  readonly data: string
  readonly password: string
  /** A folder outside of the asked one, which is to be removed when the data is not kept. */
  readonly elsewhere: string | undefined
}

export interface ClusterOptions {
  readonly folder: string
  /** The folder with `initdb`. */
  readonly programs: string
  readonly environment: Environment
  readonly user: SystemUser | undefined
}

/** The user and the database of a private server. */
export const databaseUser = 'mainspan'

/** Whether every user may walk down to a folder: root's home, for one, lets nobody through. */
function isReachable(folder: string): boolean {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false
    if (at === dirname(at)) return true
  }
}

/** The folder itself, or one in the system's temporary folder where the server's user cannot reach it; the same one each time. */
function placeOf(folder: string, user: SystemUser | undefined): string {
  mkdirSync(folder, { recursive: true })
  if (user === undefined || isReachable(folder)) return folder
  const pointer = join(folder, 'place')
  const known = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : ''
  if (known !== '' && existsSync(known)) return known
  const place = mkdtempSync(join(tmpdir(), 'mainspan-postgresql-'))
  chmodSync(place, 0o755)
  writeFileSync(pointer, `${place}\n`)
  return place
}

/** The data folder of before, or a new one. Throws PART_NOT_GOT with the words of initdb when it cannot be made. */
export async function openCluster({ folder, programs, environment, user }: ClusterOptions): Promise<Cluster> {
  const place = placeOf(folder, user)
  const [data, file] = [join(place, 'data'), join(place, 'password')]
  const elsewhere = place === folder ? undefined : place
  if (existsSync(join(data, 'PG_VERSION'))) return { data, password: readFileSync(file, 'utf8').trim(), elsewhere }
  const password = randomBytes(24).toString('hex')
  writeFileSync(file, `${password}\n`, { mode: 0o600 })
  mkdirSync(data, { recursive: true, mode: 0o700 })
  if (user) for (const path of [file, data]) chownSync(path, user.uid, user.gid)
  const args = [
    ...['-D', data, '-U', databaseUser, '-A', 'scram-sha-256', '--pwfile', file],
    ...['-E', 'UTF8', '--locale=C', '--no-sync'],
  ]
  const program = join(programs, 'initdb')
  const { code, output } = await run(program, args, {
    environment,
    cwd: place,
    timeoutMs: 120_000,
    ...(user && { user }),
  })
  if (code === 0) return { data, password, elsewhere }
  const hint = `run it by hand to see why: ${program} ${args.join(' ')}`
  throw failure('PART_NOT_GOT', { part: 'PostgreSQL', step: 'initdb', hint }, { excerpt: output })
}
