// A thing is made once although several want it at the same time, and a lock whose owner is dead does not hold anyone up.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { cacheFolder, madeOnce, workFolder } from '../../src/local/cache.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainspan-cache-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  [{ HOME: '/home/a' }, '/home/a/.cache/mainspan'],
  [{ HOME: '/home/a', XDG_CACHE_HOME: '/var/b' }, '/var/b/mainspan'],
])('the cache folder of %j', (environment, expected) => {
  expect(cacheFolder(environment)).toBe(expected)
})

test('three who want it get what one made', async () => {
  let made: string | undefined
  let makings = 0
  const waited: string[] = []
  const want = () =>
    madeOnce(
      join(folder, 'thing.lock'),
      (line) => waited.push(line),
      () => made,
      async () => {
        makings += 1
        await sleep(100)
        made = 'thing'
        return made
      },
    )
  expect(await Promise.all([want(), want(), want()])).toEqual(['thing', 'thing', 'thing'])
  expect(makings).toBe(1)
  expect(waited.length).toBeGreaterThan(0)
  expect(existsSync(join(folder, 'thing.lock'))).toBe(false)
})

test('the lock of a dead process is taken over', async () => {
  const { pid } = spawnSync('/bin/true')
  mkdirSync(join(folder, 'thing.lock'))
  writeFileSync(join(folder, 'thing.lock', 'pid'), String(pid))
  const quiet = () => undefined
  await expect(
    madeOnce(
      join(folder, 'thing.lock'),
      quiet,
      () => undefined,
      async () => 'made',
    ),
  ).resolves.toBe('made')
})

test('a making that fails leaves no lock', async () => {
  const quiet = () => undefined
  const making = madeOnce(
    join(folder, 'thing.lock'),
    quiet,
    () => undefined,
    () => Promise.reject(new Error('no disk')),
  )
  await expect(making).rejects.toThrow('no disk')
  expect(existsSync(join(folder, 'thing.lock'))).toBe(false)
})

test('a work folder is empty and clears away what a killed run left', () => {
  const prefix = join(folder, 'deep', 'making-')
  const left = workFolder(prefix)
  writeFileSync(join(left, 'half'), '')
  const next = workFolder(prefix)
  expect(readdirSync(join(folder, 'deep'))).toEqual([basename(next)])
  expect(readdirSync(next)).toEqual([])
})
