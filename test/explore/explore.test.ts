// A part of the exhaustive run: the first paths of each parcel hold all promises, and each remedy that is switched off breaks one.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from '@jest/globals'
import { remedies } from './switches.ts'

const ending = new AbortController()
afterAll(() => ending.abort())

test('the explorer holds every promise on a part of all paths, and finds each hole again', async () => {
  const command = [fileURLToPath(new URL('run.mjs', import.meta.url)), '--most', '6']
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'ignore'], signal: ending.signal })
  child.on('error', () => undefined)
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  expect(said).not.toMatch(/^ *BROKEN/m)
  for (const remedy of Object.values(remedies)) expect(said).toContain(`without ${remedy}: BROKEN: `)
  expect(Number(/^(\d+) paths in /m.exec(said)?.[1])).toBeGreaterThan(5000)
  expect(code).toBe(0)
}, 600_000)
