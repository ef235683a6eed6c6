// Which builds a worker serves beside its own, and what is told of those that it cannot.

import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { flowContract } from '../../src/contract/durable.ts'
import type { Build } from '../../src/contract/store.ts'
import { buildOf } from '../../src/durable/version/build.ts'
import { type DeployedBuild, deploymentNameOf } from '../../src/durable/version/deployment.ts'
import { serveOldBuilds } from '../../src/durable/version/old-builds.ts'
import { failure } from '../../src/error/failure.ts'
import { flowSources } from '../support/rig.ts'

/** A deployment as a test says it is, and Workers that do nothing. */
async function stage(everyMs = 1_000_000) {
  const { sdk } = await buildOf(flowSources)
  const kept = (id: string): Build => ({ id, code: '', adapters: {}, files: {}, contract: flowContract, sdk })
  const it = {
    deployed: [] as DeployedBuild[],
    runs: {} as Record<string, string[]>,
    store: {} as Record<string, Build>,
    problems: [] as string[],
    started: [] as string[],
    away: undefined as unknown,
    ended: [] as string[],
    looks: 0,
    atLook: (): void => undefined,
    slowMs: 0,
    closing: undefined as Error | undefined,
    kept,
  }
  const old = serveOldBuilds({
    own: 'own',
    everyMs,
    deployment: {
      name: 'd',
      builds: async () => {
        it.looks += 1
        it.atLook()
        if (it.slowMs > 0) await pause(it.slowMs)
        if (it.away) throw it.away
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
      const close = async () => {
        it.ended.push(id)
        stop()
        if (it.closing) throw it.closing
      }
      return { ended, close }
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

test('one that new operations begin on in part is served likewise, and the own one by nobody else', async () => {
  const { it, old } = await stage()
  it.store = { a: it.kept('a'), own: it.kept('own'), same: it.kept('same') }
  it.deployed = [build('own', 'draining', 9), build('a', 'ramping', 8), build('same', 'current', 9)]
  await old.look()
  expect(old.serving()).toEqual(['a'])
  await old.close()
})

test('several are told in order, whichever was found first', async () => {
  const { it, old } = await stage()
  it.store = { b: it.kept('b'), a: it.kept('a') }
  it.deployed = [build('b', 'draining'), build('a', 'draining')]
  await old.look()
  expect([it.started, old.serving()]).toEqual([
    ['b', 'a'],
    ['a', 'b'],
  ])
  await old.close()
  expect(it.ended.sort()).toEqual(['a', 'b'])
})

test('is looked at every now and then until it is closed, one look after the other', async () => {
  const { it, old } = await stage(10)
  it.store = { a: it.kept('a') }
  it.deployed = [build('a', 'draining')]
  expect(it.looks).toBe(0)
  for (let tries = 0; tries < 500 && it.looks < 3; tries += 1) await pause(5)
  expect([it.looks >= 3, old.serving(), it.started]).toEqual([true, ['a'], ['a']])
  it.slowMs = 40
  let inside = 0
  it.atLook = () => {
    inside = it.looks
  }
  await Promise.all([old.look(), old.look()])
  it.slowMs = 0
  await old.close()
  const after = it.looks
  expect(inside).toBe(after)
  await pause(40)
  expect(it.looks).toBe(after)
})

test('a close waits for a look that is under way, starts nothing more in it, and says what could not be ended', async () => {
  const { it, old } = await stage()
  it.store = { a: it.kept('a'), b: it.kept('b') }
  it.deployed = [build('a', 'draining')]
  await old.look()
  it.deployed = [build('a', 'draining'), build('b', 'draining')]
  it.slowMs = 40
  const looking = old.look()
  await pause(5)
  it.closing = new Error('it does not end')
  await expect(old.close()).rejects.toThrow('it does not end')
  let isOver = false
  void looking.then(() => {
    isOver = true
  })
  await pause(0)
  expect([isOver, it.started, it.ended]).toEqual([true, ['a'], ['a']])
})

test('a build has an id of sixteen digits, by all that it was made from', async () => {
  const files = { 'x.cpy': 'text' }
  const one = await buildOf({ ...flowSources, files })
  expect(one).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{16}$/), contract: flowContract, files })
  expect(one.code.length).toBeGreaterThan(1000)
  expect(one.sdk).toMatch(/^\d+\.\d+\.\d+/)
  expect(Object.keys(one.adapters)).toEqual([...flowSources.adapters.keys()])
  expect((await buildOf({ ...flowSources, files })).id).toBe(one.id)
  const others = await Promise.all([
    buildOf({ ...flowSources, files: { 'x.cpy': 'other' } }),
    buildOf({
      ...flowSources,
      files,
      adapters: new Map([...flowSources.adapters].map(([name, adapter]) => [`${name}2`, adapter])),
    }),
  ])
  expect(new Set([one.id, ...others.map(({ id }) => id)]).size).toBe(3)
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
  expect(it.problems.join()).not.toContain('undefined')
  it.runs.lost = ['one', 'five']
  await old.look()
  expect(it.problems).toHaveLength(5)
  it.away = new TypeError('no answer')
  await old.look()
  await old.look()
  expect(it.problems.slice(5)).toEqual(['DURABLE_UNAVAILABLE: Temporal cannot be reached: no answer'])
  it.away = undefined
  await old.look()
  it.away = 'no answer'
  await old.look()
  expect(it.problems.slice(6)).toEqual(['DURABLE_UNAVAILABLE: Temporal cannot be reached: no answer'])
  it.away = failure('DURABLE_UNAVAILABLE', { why: 'no connection' })
  await old.look()
  expect(it.problems.slice(7)).toEqual(['DURABLE_UNAVAILABLE: Temporal cannot be reached: no connection'])
  await old.close()
})

test('a task queue of any name has a deployment of its own', () => {
  const names = ['mainspan', 'a.b:c', 'a%2Eb', '__x', 'ä"', 'team/one'].map(deploymentNameOf)
  expect(names).toEqual(['mainspan', 'a%2Eb%3Ac', 'a%252Eb', '%5F%5Fx', '%C3%A4%22', 'team/one'])
})
