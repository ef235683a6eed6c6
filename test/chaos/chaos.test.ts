// A small fault run with a fixed seed, over the whole product: nothing lost, doubled or untrue, and every negative control caught.
// The long one is a command: npm run chaos -- --operations 5000 --seed 1.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { built } from '../support/parts.ts'
import { runChaos } from './chaos.ts'

const folder = mkdtempSync(join(tmpdir(), 'mainspan-chaos-'))
const said: string[] = []

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a hundred operations under faults, and a worker that stands still: all is told as it is', async () => {
  const { root } = await built()
  const result = await runChaos({
    root,
    folder,
    operations: 100,
    seed: 1,
    minutes: 2,
    every: 14,
    stopMs: 6000,
    drainSeconds: 45,
    // The disk and the changed flow take their time; the command has them.
    without: ['fill-disk', 'change-flow'],
    standstill: { points: ['after-trm-reply', 'before-commarea'], calls: 20, stopMs: 8000 },
    report: (line) => said.push(line),
  })
  expect({ findings: result.findings, uncaught: result.controls.filter(({ caught }) => !caught) }).toEqual({
    findings: [],
    uncaught: [],
  })
  expect(result.isWhole).toBe(true)
}, 400_000)
