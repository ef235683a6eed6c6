// The command line: finds the command, reads its options, prints failures, sets the exit code.
//
// Exit codes: 0 done; 1 mistakes found or work failed; 2 wrong command line.

import { parseArgs } from 'node:util'
import { isSystemError, unwritable } from '../dataset/file/system-error.ts'
import { describeFailure, failure, isFailure } from '../error/failure.ts'
import type { Command, ExitCode } from './command.ts'
import { commands } from './commands.ts'

async function main(args: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return showHelp(rest[0])
  const row = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!row) return wrongCommandLine(`there is no command ${name}; the commands are ${Object.keys(commands).join(', ')}`)
  const command = await row.load()
  const invocation = parse(command, rest)
  if (typeof invocation === 'string') return wrongCommandLine(invocation, command)
  if (invocation.values.help) return print(helpOf(command))
  try {
    return await command.run({ options: invocation.values, positionals: invocation.positionals })
  } catch (error) {
    return report(error, command)
  }
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

function wrongCommandLine(problem: string, command?: Command): ExitCode {
  const usage = command ? `\n  usage: mainspan ${command.usage}` : ''
  process.stderr.write(`${describeFailure(failure('COMMAND_LINE_INVALID', { problem }))}${usage}\n`)
  return 2
}

async function showHelp(name: string | undefined): Promise<ExitCode> {
  const row = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (row) return print(helpOf(await row.load()))
  const width = Math.max(...Object.keys(commands).map((one) => one.length))
  const lines = Object.entries(commands).map(([one, { summary }]) => `  ${one.padEnd(width)}  ${summary}`)
  const exits = 'Exit codes: 0 done, 1 mistakes found or work failed, 2 wrong command line.'
  return print(`mainspan COMMAND [OPTIONS]\n\n${lines.join('\n')}\n\nmainspan COMMAND --help tells more. ${exits}`)
}

function helpOf({ summary, usage, help, options }: Command): string {
  const names = Object.keys(options).map((name) => {
    const option = options[name]
    return [`--${name}${option?.type === 'string' ? ' …' : ''}`, help[name] ?? ''] as const
  })
  const width = Math.max(0, ...names.map(([name]) => name.length))
  const lines = names.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)
  return [`mainspan ${usage}`, '', summary, ...(lines.length > 0 ? ['', ...lines] : [])].join('\n')
}

function print(text: string): ExitCode {
  process.stdout.write(`${text}\n`)
  return 0
}

// A reader that has seen enough (`mainspan decode … | head`) is no mistake.
process.stdout.on('error', (error) => {
  if (isSystemError(error, 'EPIPE')) process.exit(0)
  process.stderr.write(`${describeFailure(unwritable(error))}\n`)
  process.exit(1)
})
process.exitCode = await main(process.argv.slice(2))
