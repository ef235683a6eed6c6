// Missing packages are named with the command that gets them, for this kind of system.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { isFailure } from '../../src/error/failure.ts'
import { ensurePackages } from '../../src/local/packages.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainspan-packages-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function program(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

async function missing(): Promise<{ part: unknown; hint: string }> {
  try {
    await ensurePackages({ environment: { PATH: folder }, report: () => undefined, needs: ['mainframe'] })
    throw new Error('nothing was missing')
  } catch (error) {
    if (!isFailure(error)) throw error
    expect(['PART_MISSING', 'PART_NOT_GOT']).toContain(error.code)
    return { part: error.facts.part, hint: error.hint }
  }
}

test('without apt-get both ways are named', async () => {
  const { part, hint } = await missing()
  expect(part).toContain('gnucobol3')
  expect(hint).toContain('brew install gnucobol gsoap')
  expect(hint).toContain('apt-get install --no-install-recommends gnucobol3')
})

test('an apt-get that fails is named with the step', async () => {
  program('apt-get', 'echo no network; exit 100')
  const { hint } = await missing()
  // As root it is tried, otherwise the command is named.
  expect(hint).toContain('apt-get')
})

test('nothing is missing where nothing is needed', async () => {
  await expect(
    ensurePackages({ environment: { PATH: folder }, report: () => undefined, needs: [] }),
  ).resolves.toBeUndefined()
})
