// Which builds a worker serves beside its own, and what is told of those that it cannot.

import { expect, test } from '@jest/globals'
import { flowContract } from '../../src/contract/durable.ts'
import type { Build } from '../../src/contract/store.ts'
import { buildOf } from '../../src/durable/version/build.ts'
import { type DeployedBuild, deploymentNameOf } from '../../src/durable/version/deployment.ts'
import { serveOldBuilds } from '../../src/durable/version/old-builds.ts'
import { flowSources } from '../support/rig.ts'

/** A deployment as a test says it is, and Workers that do nothing. */
async function stage() {
  const { sdk } = await buildOf(flowSources)
  const kept = (id: string): Build => ({ id, code: '', adapters: {}, files: {}, contract: flowContract, sdk })
  const it = {
    deployed: [] as DeployedBuild[],
    runs: {} as Record<string, string[]>,
    store: {} as Record<string, Build>,
    problems: [] as string[],
    started: [] as string[],
    away: false,
    kept,
  }
  const old = serveOldBuilds({
    own: 'own',
    everyMs: 1_000_000,
    deployment: {
      name: 'd',
      builds: async () => {
        if (it.away) throw new TypeError('no answer')
        return it.deployed
      },
      currentSince: async () => 0,
      openRuns: async (id) => ({ count: it.runs[id]?.length ?? 0, some: it.runs[id] ?? [] }),
      makeCurrent: async () => undefined,
    },
    builds: { keepBuild: async () => undefined, build: async (id) => it.store[id] },
    start: async ({ id }) => {
      if (id === 'broken') throw new TypeError('it does not start')
      it.started.push(id)
      let stop: () => void = () => undefined
      const ended = new Promise<void>((resolve) => {
        stop = resolve
      })
      return { ended, close: async () => stop() }
    },
    notice: ({ message }) => it.problems.push(message),
  })
  return { it, old }
}

const build = (buildId: string, state: DeployedBuild['state'], since = 1): DeployedBuild => ({ buildId, state, since })

test('a build is served while it is draining or has open runs, and no longer', async () => {
  const { it, old } = await stage()
  it.store = { a: it.kept('a'), b: it.kept('b'), c: it.kept('c') }
  it.deployed = [build('own', 'current', 9), build('a', 'draining'), build('b', 'drained'), build('c', 'inactive')]
  await old.look()
  await old.look()
  expect([old.serving(), it.started]).toEqual([['a'], ['a']])
  it.runs = { b: ['repair'] }
  await old.look()
  expect(old.serving()).toEqual(['a', 'b'])
  it.runs = {}
  it.deployed = [build('own', 'current', 9), build('a', 'drained'), build('b', 'drained')]
  await old.look()
  expect(old.serving()).toEqual([])
  await old.close()
})

test('the current build is served where it is older than the own one, and left to newer workers where it is newer', async () => {
  const { it, old } = await stage()
  it.store = { a: it.kept('a') }
  it.deployed = [build('own', 'inactive', 9), build('a', 'current', 10)]
  it.runs = { a: ['x'] }
  await old.look()
  expect(old.serving()).toEqual([])
  it.deployed = [build('a', 'current', 10)]
  await old.look()
  expect(old.serving()).toEqual(['a'])
  await old.close()
})

test('what keeps operations waiting is told once, and again when it changes', async () => {
  const { it, old } = await stage()
  it.store = { other: { ...it.kept('other'), contract: 1 }, newer: { ...it.kept('newer'), sdk: '1.99.0' } }
  it.store.broken = it.kept('broken')
  it.deployed = ['lost', 'other', 'newer', 'broken'].map((id) => build(id, 'draining'))
  await old.look()
  expect(it.problems).toEqual([])
  it.runs = { lost: ['one'], other: ['two'], newer: ['three'], broken: ['four'] }
  await old.look()
  await old.look()
  expect(it.problems).toEqual([
    'BUILD_MISSING: build lost is not in the store, and 1 running operations wait for it, among them one',
    expect.stringMatching(/^BUILD_UNREADABLE: build other .*contract 1, and this release speaks 2.* among them two$/),
    expect.stringMatching(/^BUILD_UNREADABLE: build newer .*SDK 1\.99\.0, .* among them three$/),
    expect.stringMatching(/^BUILD_UNREADABLE: build broken .*it does not start.* among them four$/),
  ])
  it.runs.lost = ['one', 'five']
  await old.look()
  expect(it.problems).toHaveLength(5)
  it.away = true
  await old.look()
  await old.look()
  expect(it.problems.slice(5)).toEqual(['DURABLE_UNAVAILABLE: Temporal cannot be reached: no answer'])
  await old.close()
})

test('a task queue of any name has a deployment of its own', () => {
  const names = ['mainspan', 'a.b:c', 'a%2Eb', '__x', 'ä"', 'team/one'].map(deploymentNameOf)
  expect(names).toEqual(['mainspan', 'a%2Eb%3Ac', 'a%252Eb', '%5F%5Fx', '%C3%A4%22', 'team/one'])
})
