// Starts the programs of docker/mainframe and asks their control port. Shares nothing with src/.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface Effect {
  readonly sequence: number
  readonly at: string
  readonly program: string
  readonly reference: string
  readonly account: string
  readonly direction: 'C' | 'D'
  readonly amount: string
  readonly balance: string
  readonly currency: string
  readonly entry: number
}

export interface Rule {
  readonly fault: string
  readonly program?: string
  readonly reference?: string
  readonly account?: string
  readonly after?: number
  readonly count?: number
  readonly probability?: number
  readonly ms?: number
  readonly bytes?: number
  readonly code?: string
}

/** One program with its files; it can be killed and started again on them. */
export class Box {
  readonly folder = mkdtempSync(join(tmpdir(), 'mainspan-box-'))
  readonly state = join(this.folder, 'state')
  journal = join(this.folder, 'journal')
  port = 0
  control = 0
  private readonly program: string
  private readonly environment: Readonly<Record<string, string>>
  private child: ChildProcess | undefined

  constructor(program: string, environment: Readonly<Record<string, string>> = {}) {
    this.program = program
    this.environment = environment
  }

  async start(): Promise<void> {
    const files = ['--state', this.state, '--journal', this.journal]
    const child = spawn(
      this.program,
      ['--port', `${this.port}`, '--control', `${this.control}`, '--exit-with-parent', ...files],
      {
        env: { ...process.env, ...this.environment },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    )
    this.child = child
    const [ready] = await Promise.race([
      once(createInterface(child.stdout), 'line'),
      once(child, 'exit').then(([code]) => [`ended with ${code}`]),
    ])
    const found = /^\w+ ready (\d+) (\d+)$/.exec(String(ready))
    if (!found) throw new Error(`${this.program}: ${ready}`)
    this.port = Number(found[1])
    this.control = Number(found[2])
  }

  /** Ends the program: by SIGTERM, by SIGKILL, or by closing its standard input. Gives the exit code. */
  async end(how: 'SIGTERM' | 'SIGKILL' | 'input'): Promise<number | null> {
    const child = this.child
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    const exited = once(child, 'exit')
    if (how === 'input') child.stdin?.end()
    else child.kill(how)
    const [code] = await exited
    return code as number | null
  }

  async restart(how: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.end(how)
    await this.start()
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** One command; any text but JSON is sent as it is. */
  async ask(command: object | string): Promise<Record<string, unknown>> {
    const socket = connect(this.control, '127.0.0.1')
    try {
      const line = once(createInterface(socket), 'line')
      socket.write(`${typeof command === 'string' ? command : JSON.stringify(command)}\n`)
      return JSON.parse(String((await line)[0])) as Record<string, unknown>
    } finally {
      socket.destroy()
    }
  }

  plan(rules: readonly Rule[], seed = 1): Promise<Record<string, unknown>> {
    return this.ask({ command: 'plan', seed, rules })
  }

  effects(): Effect[] {
    const lines = readFileSync(this.journal, 'utf8').split('\n')
    return lines.slice(0, -1).map((line) => JSON.parse(line) as Effect)
  }
}
