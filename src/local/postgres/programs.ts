// The installed PostgreSQL: where its programs are, and which user may run them.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../../config.ts'
import { membersOf } from '../../contract/json.ts'
import { findProgram, isProgram, type SystemUser } from '../command.ts'

function versionFolders(parent: string): string[] {
  try {
    return readdirSync(parent)
      .filter((name) => /^\d+$/.test(name))
      .sort((one, other) => Number(other) - Number(one))
      .map((version) => join(parent, version, 'bin'))
  } catch (error) {
    if (membersOf(error).code === 'ENOENT') return []
    throw error
  }
}

/** The folder with `postgres` and `initdb`: Debian keeps them off the PATH, one folder a version. The newest one wins. */
export function postgresPrograms(environment: Environment): string | undefined {
  const onPath = findProgram('postgres', environment)
  const folders = [
    ...(onPath === undefined ? [] : [join(onPath, '..')]),
    ...versionFolders('/usr/lib/postgresql'),
    ...['/opt/homebrew/opt/postgresql@17/bin', '/usr/local/opt/postgresql@17/bin', '/usr/pgsql-17/bin'],
  ]
  return folders.find((folder) => ['postgres', 'initdb'].every((name) => isProgram(join(folder, name))))
}

/** PostgreSQL refuses to run as root: then it is run as the package's user, else as `nobody`. Undefined for anyone but root. */
export function postgresUser(passwd = '/etc/passwd'): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = new Map<string, SystemUser>()
  for (const line of readFileSync(passwd, 'utf8').split('\n')) {
    const [name = '', , uid, gid] = line.split(':')
    users.set(name, { uid: Number(uid), gid: Number(gid) })
  }
  return users.get('postgres') ?? users.get('nobody')
}
