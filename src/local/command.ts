// Programs of this machine: where one is, and running one to its end.

import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Environment } from '../config.ts'
import { membersOf } from '../contract/json.ts'

/** A user of this system, as `spawn` takes it. */
export interface SystemUser {
  readonly uid: number
  readonly gid: number
}

/** Takes one line of progress, without a line end. */
export type ReportLine = (line: string) => void

/** Whether a path is a file that may be executed. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** The full path of a program on the PATH. */
export function findProgram(name: string, environment: Environment): string | undefined {
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    const path = join(folder, name)
    if (folder && isProgram(path)) return path
  }
  return undefined
}

export interface RunOptions {
  readonly cwd?: string
  readonly environment: Environment
  /** The user that it runs as; this process's own without it. Only root may name another one. */
  readonly user?: SystemUser
  /** Each line of output and error output as it comes. */
  readonly onLine?: ReportLine
  readonly timeoutMs?: number
}

export interface RunResult {
  /** The exit code; 127 when the program could not be started, 124 when its time was over. */
  readonly code: number
  /** The last lines of output and error output together. */
  readonly output: string
}

const keptLines = 40

/** What runs now. A build must not go on when this process is ended in the middle of it. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) killGroup(child)
})

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if (membersOf(error).code !== 'ESRCH') throw error
  }
}

/** Runs a program to its end. Never throws: a program that cannot be started gives code 127. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  return new Promise((resolve) => {
    const lines: string[] = []
    const child = spawn(command, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...options.user,
      env: { ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that what it starts can be ended with it.
      detached: true,
    })
    running.add(child)
    const settle = (result: RunResult) => {
      clearTimeout(timer)
      running.delete(child)
      resolve(result)
    }
    let late = false
    const timer = setTimeout(() => {
      late = true
      killGroup(child)
    }, options.timeoutMs ?? 3_600_000)
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line)
        if (lines.length > keptLines) lines.shift()
        options.onLine?.(line)
      })
    }
    child.once('error', (error) => settle({ code: 127, output: error.message }))
    child.once('close', (code) => settle({ code: late ? 124 : (code ?? 1), output: lines.join('\n') }))
  })
}
