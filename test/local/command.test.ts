// Programs are found on the PATH, and run to their end with their last lines kept.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { findProgram, run } from '../../src/local/command.ts'

const environment = process.env
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainspan-command-'))
  writeFileSync(join(folder, 'runs'), '#!/bin/sh\n', { mode: 0o755 })
  writeFileSync(join(folder, 'plain'), 'text', { mode: 0o644 })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  ['runs', true],
  ['plain', false],
  ['absent', false],
])('%s is a program: %s', (name, found) => {
  expect(findProgram(name, { PATH: `/nonexistent:${folder}` })).toBe(found ? join(folder, name) : undefined)
})

describe('run', () => {
  test('gives code and lines of both outputs', async () => {
    const seen: string[] = []
    const onLine = (line: string) => seen.push(line)
    const { code, output } = await run('/bin/sh', ['-c', 'echo one; echo two >&2; exit 3'], { environment, onLine })
    expect(code).toBe(3)
    expect(output.split('\n').sort()).toEqual(['one', 'two'])
    expect(seen.sort()).toEqual(['one', 'two'])
  })
  test('keeps the last lines only', async () => {
    const { output } = await run('/bin/sh', ['-c', 'i=0; while [ $i -lt 100 ]; do echo $i; i=$((i+1)); done'], {
      environment,
    })
    expect(output.split('\n')).toEqual(Array.from({ length: 40 }, (_, index) => String(60 + index)))
  })
  test('a program that is not there gives 127', async () => {
    expect((await run(join(folder, 'absent'), [], { environment })).code).toBe(127)
  })
  test('a program that takes too long is ended with its children and gives 124', async () => {
    const { code } = await run('/bin/sh', ['-c', 'sleep 60 & sleep 60'], { environment, timeoutMs: 100 })
    expect(code).toBe(124)
  })
})
