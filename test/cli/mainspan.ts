// Runs the command as a person does, and gives what it printed.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Ended {
  readonly status: number | null
  readonly stdout: Buffer
  readonly text: string
  readonly errors: string
}

// Sees to dist/, once; the runs below then start what `mainspan` starts. MAINSPAN_DIST names another build of src/, whose commands are no bundles.
const dist = process.env.MAINSPAN_DIST ?? 'dist'
if (dist === 'dist') spawnSync(process.execPath, ['src/mainspan.mjs', '--help'], { cwd: root })

/** The command line as modules, each loaded by itself. */
export const modules = join(dist, 'cli', 'main.js')

/** The command line as a person starts it. */
export const program = dist === 'dist' ? join('src', 'mainspan.cjs') : modules

/** `mainspan ARGS` in the checkout, with `input` on standard input; settings that are undefined are left out. */
export function mainspan(
  args: readonly string[],
  input: string | Uint8Array = '',
  settings: NodeJS.ProcessEnv = {},
): Ended {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    env: { ...process.env, ...settings },
    input,
    maxBuffer: 1 << 28,
  })
  if (error) throw error
  return { status, stdout, text: stdout.toString(), errors: stderr.toString() }
}

/** The objects of NDJSON. */
export function objectsOf({ text }: Ended): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}
