// The user's cache folder, and making a thing in it once although several runs want it at the same time.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '../config.ts'
import { membersOf } from '../contract/json.ts'
import type { ReportLine } from './command.ts'

/** `$XDG_CACHE_HOME/mainspan`, or `~/.cache/mainspan`. */
export function cacheFolder(environment: Environment): string {
  return join(environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), '.cache'), 'mainspan')
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return membersOf(error).code === 'EPERM'
  }
}

/** Whether the lock's owner is gone; an owner that has had no time yet to write its pid is given ten seconds. */
function abandoned(lock: string): boolean {
  try {
    return !alive(Number(readFileSync(join(lock, 'pid'), 'utf8')))
  } catch {
    try {
      return Date.now() - statSync(lock).mtimeMs > 10_000
    } catch {
      return false
    }
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock)
    writeFileSync(join(lock, 'pid'), String(process.pid))
    return true
  } catch (error) {
    if (membersOf(error).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Gives what `find` finds; when it finds nothing, makes it by `make` under a lock (a folder `LOCK` holding its owner's pid), so that
 * two runs do not make it twice. A lock whose owner is dead is taken over.
 */
export async function madeOnce<T>(
  lock: string,
  report: ReportLine,
  find: () => T | undefined | Promise<T | undefined>,
  make: () => Promise<T>,
): Promise<T> {
  const found = await find()
  if (found !== undefined) return found
  mkdirSync(join(lock, '..'), { recursive: true })
  let isReported = false
  while (!take(lock)) {
    if (abandoned(lock)) rmSync(lock, { recursive: true, force: true })
    else {
      if (!isReported) report('another run is making it; waiting')
      isReported = true
      await sleep(500)
    }
  }
  try {
    // The one that held the lock before us may have made it.
    return (await find()) ?? (await make())
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** An empty folder to make something in. Those that a run left which was killed are removed: call it under the lock. */
export function workFolder(prefix: string): string {
  const within = dirname(prefix)
  mkdirSync(within, { recursive: true })
  for (const name of readdirSync(within)) {
    if (name.startsWith(basename(prefix))) rmSync(join(within, name), { recursive: true, force: true })
  }
  return mkdtempSync(prefix)
}
