// Child processes with a life of their own: each in its own process group with a log file, ended in reverse order, and ended too
// when this process is killed in a way it cannot notice.
//
//   this process ──stdin pipe──▶ guardian (sh)          closes by itself when this process dies, however it dies
//        └─ spawns ─▶ part, part, part …                the guardian knows their pids and then ends them

import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '../config.ts'
import { membersOf } from '../contract/json.ts'
import { failure } from '../error/failure.ts'
import type { SystemUser } from './command.ts'

export interface ProcessExit {
  readonly code: number | null
  readonly signal: string | null
  /** Whether we asked for it. */
  readonly wanted: boolean
}

/** A child process with its log. */
export interface Running {
  readonly name: string
  readonly pid: number
  /** The file that holds its output and error output. */
  readonly log: string
  /** Where in that file this process begins: a part that was started again appends. */
  readonly logFrom: number
  /** Settles when the process is gone; never rejects. */
  readonly ended: Promise<ProcessExit>
  /** Its stop signal, then KILL of the whole group when the grace is over. */
  end(): Promise<void>
}

export interface StartOptions {
  readonly environment: Environment
  readonly cwd?: string
  /** The user that it runs as; this process's own without it. Only root may name another one. */
  readonly user?: SystemUser
  /** What asks it to end; TERM without it. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT'
  /** How long it may take to end after its stop signal. */
  readonly graceMs?: number
}

/** The child processes of one run. */
export interface Supervisor {
  /** Where the logs are. */
  readonly folder: string
  /** Starts a program. Throws PART_NOT_STARTED when it does not exist, may not be executed, or everything is being ended. */
  start(name: string, command: string, args: readonly string[], options: StartOptions): Promise<Running>
  /** Ends everything that still runs, the last started first. */
  end(): Promise<void>
}

// POSIX sh, since it must be small, start at once and exist everywhere. Reads `+ PID TENTHS SIGNAL` and `- PID`; at the end of its
// input it ends what is left, newest first. A process that is dead but not yet waited for (Z) counts as ended.
const guardianScript = `
trap '' INT TERM HUP
kept=''
runs() { kill -s 0 "$1" 2>/dev/null && case "$(ps -o stat= -p "$1" 2>/dev/null)" in Z*) false;; esac; }
while read -r verb pid tenths how; do
  rest=''
  for item in $kept; do [ "\${item%%:*}" = "$pid" ] || rest="$rest $item"; done
  [ "$verb" = + ] && kept="$pid:$tenths:$how $rest" || kept="$rest"
done
for item in $kept; do
  pid="\${item%%:*}"; how="\${item##*:}"; left="\${item#*:}"; left="\${left%%:*}"
  kill -s "$how" "$pid" 2>/dev/null; kill -s CONT "$pid" 2>/dev/null
  while [ "$left" -gt 0 ] && runs "$pid"; do sleep 0.1; left=$((left - 1)); done
  kill -s KILL -- "-$pid" 2>/dev/null
done
`

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    // Gone already is what was wanted.
    if (membersOf(error).code !== 'ESRCH') throw error
  }
}

/** The end of a log, for a person who wants to know why a part died. */
export function lastLines(log: string, count = 15): string {
  try {
    return readFileSync(log, 'utf8')
      .trimEnd()
      .split('\n')
      .slice(-count)
      .map((line) => `  | ${line.slice(0, 400)}`)
      .join('\n')
  } catch {
    return ''
  }
}

/** How a process ended, in words. */
export function howItEnded(ending: ProcessExit): string {
  return ending.signal === null ? `exit code ${ending.code}` : `signal ${ending.signal}`
}

/**
 * Waits until a part serves: asks again and again until the probe gives a value.
 * Throws PART_ENDED when the process ends first, PART_NOT_READY when the time is over.
 */
export async function whenReady<T>(part: Running, seconds: number, probe: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + seconds * 1000
  let ending: ProcessExit | undefined
  part.ended.then((how) => {
    ending = how
  })
  while (performance.now() < deadline) {
    const value = await probe()
    if (value !== undefined) return value
    if (ending) {
      const facts = { part: part.name, how: howItEnded(ending), log: part.log }
      throw failure('PART_ENDED', facts, { excerpt: lastLines(part.log) })
    }
    await sleep(50)
  }
  throw failure('PART_NOT_READY', { part: part.name, seconds, log: part.log }, { excerpt: lastLines(part.log) })
}

/** Waits for a line in the log of this very process and gives the match. */
export function whenLogged(part: Running, seconds: number, line: RegExp): Promise<RegExpExecArray> {
  return whenReady(part, seconds, async () => {
    return line.exec(readFileSync(part.log).subarray(part.logFrom).toString('utf8')) ?? undefined
  })
}

async function spawned(name: string, child: ChildProcess): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) => reject(failure('PART_NOT_STARTED', { part: name, reason: error.message })))
  })
  return child.pid ?? 0
}

/** How a part is ended. */
type Ended = Required<Pick<StartOptions, 'stopSignal' | 'graceMs'>>

interface Guardian {
  watch(pid: number, how: Ended): void
  forget(pid: number): void
  /** Lets it go; it ends what it still watches. */
  release(): void
}

/** A guardian that is started with the first process it watches. */
function guardian(): Guardian {
  let shell: ChildProcess | undefined
  // Detached, so that a Ctrl-C in the terminal reaches this process alone and the parts are ended in order.
  function write(line: string): void {
    if (!shell) {
      shell = spawn('/bin/sh', ['-c', guardianScript], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
      shell.on('error', () => undefined)
      shell.stdin?.on('error', () => undefined)
      shell.unref()
    }
    shell.stdin?.write(`${line}\n`)
  }
  return {
    watch: (pid, { stopSignal, graceMs }) => write(`+ ${pid} ${Math.ceil(graceMs / 100)} ${stopSignal.slice(3)}`),
    forget: (pid) => write(`- ${pid} 0 -`),
    release() {
      shell?.stdin?.end()
      shell = undefined
    },
  }
}

/** Its stop signal, then KILL of the whole group when the grace is over. */
async function endProcess(child: ChildProcess, pid: number, ended: Promise<ProcessExit>, how: Ended): Promise<void> {
  const { stopSignal, graceMs } = how
  if (child.exitCode === null && child.signalCode === null) {
    signal(pid, stopSignal)
    // A part that was stopped (SIGSTOP) takes it only when it goes on.
    signal(pid, 'SIGCONT')
    const timer = setTimeout(() => signal(-pid, 'SIGKILL'), graceMs)
    await ended
    clearTimeout(timer)
  }
  signal(-pid, 'SIGKILL')
}

/** A supervisor whose parts log into `folder`. Nothing is started before the first part. */
export function supervise(folder: string): Supervisor {
  const running: Running[] = []
  const guard = guardian()
  let ending = false

  async function start(
    name: string,
    command: string,
    args: readonly string[],
    options: StartOptions,
  ): Promise<Running> {
    if (ending) throw failure('PART_NOT_STARTED', { part: name, reason: 'everything is being ended' })
    mkdirSync(folder, { recursive: true })
    const log = join(folder, `${name.replaceAll(/[^a-zA-Z0-9]+/g, '-').toLowerCase()}.log`)
    const file = openSync(log, 'a')
    const logFrom = fstatSync(file).size
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', file, file],
      env: { ...options.environment },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...options.user,
    })
    closeSync(file)
    let wanted = false
    const ended = new Promise<ProcessExit>((resolve) => {
      child.once('exit', (code, by) => resolve({ code, signal: by, wanted }))
    })
    const pid = await spawned(name, child)
    const how = { stopSignal: options.stopSignal ?? 'SIGTERM', graceMs: options.graceMs ?? 10_000 } as const
    guard.watch(pid, how)
    const end = () => {
      wanted = true
      return endProcess(child, pid, ended, how)
    }
    const part: Running = { name, pid, log, logFrom, ended, end }
    running.push(part)
    ended.then(() => {
      signal(-pid, 'SIGKILL')
      running.splice(running.indexOf(part), 1)
      guard.forget(pid)
    })
    return part
  }

  async function end(): Promise<void> {
    ending = true
    for (const part of [...running].reverse()) await part.end()
    guard.release()
  }

  return { folder, start, end }
}
