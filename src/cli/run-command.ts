// Runs one command: reads its options, prints failures, gives the exit code. The build puts it together with each command over copybooks and
// records into one file (src/bundle.mjs), so it loads nothing that they do not need.
//
// Exit codes: 0 done; 1 mistakes found or work failed; 2 wrong command line.

import { parseArgs } from 'node:util'
import { isSystemError, unwritable } from '../dataset/file/system-error.ts'
import { describeFailure, failure, isFailure } from '../error/failure.ts'
import type { Command, ExitCode } from './command.ts'

/** Runs a command with the arguments behind its name. Prints what it throws that is a failure. */
export async function runCommand(command: Command, args: readonly string[]): Promise<ExitCode> {
  const invocation = parse(command, [...args])
  if (typeof invocation === 'string') return wrongCommandLine(invocation, command)
  if (invocation.values.help) return print(helpOf(command))
  try {
    return await command.run({ options: invocation.values, positionals: invocation.positionals })
  } catch (error) {
    return report(error, command)
  }
}

/** Ends the process when standard output takes no more: a reader that has seen enough (`mainspan decode … | head`) is no mistake. */
export function endWithOutput(): void {
  process.stdout.on('error', (error) => {
    if (isSystemError(error, 'EPIPE')) process.exit(0)
    process.stderr.write(`${describeFailure(unwritable(error))}\n`)
    process.exit(1)
  })
}

function parse(command: Command, args: string[]) {
  const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (error) {
    return error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error)
  }
}

function report(error: unknown, command: Command): ExitCode {
  if (!isFailure(error)) throw error
  if (error.code === 'COMMAND_LINE_INVALID') return wrongCommandLine(error.what, command)
  process.stderr.write(`${describeFailure(error)}\n`)
  return 1
}

/** Says what is wrong with a command line, and how the command is called. */
export function wrongCommandLine(problem: string, command?: Command): ExitCode {
  const usage = command ? `\n  usage: mainspan ${command.usage}` : ''
  process.stderr.write(`${describeFailure(failure('COMMAND_LINE_INVALID', { problem }))}${usage}\n`)
  return 2
}

/** The help of one command: usage, summary, options. */
export function helpOf({ summary, usage, help, options }: Command): string {
  const names = Object.keys(options).map((name) => {
    const option = options[name]
    return [`--${name}${option?.type === 'string' ? ' …' : ''}`, help[name] ?? ''] as const
  })
  const width = Math.max(0, ...names.map(([name]) => name.length))
  const lines = names.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)
  return [`mainspan ${usage}`, '', summary, ...(lines.length > 0 ? ['', ...lines] : [])].join('\n')
}

/** Prints a text with a newline. */
export function print(text: string): ExitCode {
  process.stdout.write(`${text}\n`)
  return 0
}
