// package-lock.json serves every platform: npm install drops the packages of other platforms when its registry has not got them, and
// npm ci then refuses the file.

import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

interface Locked {
  readonly version?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const { packages } = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Readonly<Record<string, Locked>>
}

/** Whether a package finds another as Node does: in its own node_modules, or in one further out. */
function finds(from: string, name: string): boolean {
  if (packages[`${from === '' ? '' : `${from}/`}node_modules/${name}`]) return true
  if (from === '') return false
  return finds(from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1)), name)
}

test('every optional package of every locked package is locked too', () => {
  const wanted = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => ({ path, name })),
  )
  expect(wanted.length).toBeGreaterThan(30)
  expect(wanted.filter(({ path, name }) => !finds(path, name))).toEqual([])
})

test('no registry is named', () => {
  expect(Object.values(packages).filter((one) => 'resolved' in one)).toEqual([])
})
