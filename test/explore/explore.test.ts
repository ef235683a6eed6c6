// A part of the exhaustive run: the first paths of each parcel hold all promises, and each remedy that is switched off breaks one.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { remedies } from './switches.ts'

const run = promisify(execFile)

test('the explorer holds every promise on a part of all paths, and finds each hole again', async () => {
  const command = [fileURLToPath(new URL('run.mjs', import.meta.url)), '--most', '15']
  const { stdout } = await run(process.execPath, command, { maxBuffer: 64 * 1024 * 1024 })
  expect(stdout).not.toMatch(/^ *BROKEN/m)
  for (const remedy of Object.values(remedies)) expect(stdout).toContain(`without ${remedy}: BROKEN: `)
  const paths = Number(/^(\d+) paths in /m.exec(stdout)?.[1])
  expect(paths).toBeGreaterThan(10_000)
}, 280_000)
