// The command line: finds the command, and runs it or shows the help.

import type { ExitCode } from './command.ts'
import { commands } from './commands.ts'
import { endWithOutput, helpOf, print, runCommand, wrongCommandLine } from './run-command.ts'

async function main(args: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return showHelp(rest[0])
  const row = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!row) return wrongCommandLine(`there is no command ${name}; the commands are ${Object.keys(commands).join(', ')}`)
  return runCommand(await row.load(), rest)
}

async function showHelp(name: string | undefined): Promise<ExitCode> {
  const row = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (row) return print(helpOf(await row.load()))
  const width = Math.max(...Object.keys(commands).map((one) => one.length))
  const lines = Object.entries(commands).map(([one, { summary }]) => `  ${one.padEnd(width)}  ${summary}`)
  const exits = 'Exit codes: 0 done, 1 mistakes found or work failed, 2 wrong command line.'
  return print(`mainspan COMMAND [OPTIONS]\n\n${lines.join('\n')}\n\nmainspan COMMAND --help tells more. ${exits}`)
}

endWithOutput()
process.exitCode = await main(process.argv.slice(2))
