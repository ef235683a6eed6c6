// What test files in the simulation get: virtual time, sandboxes with the mutant in them, and simulated parts in the place of real ones.

import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { flowBundle } from '../../../src/durable/bundle.ts'
import type { Sandbox } from '../../explore/sandbox.ts'
import { flowSources } from '../../support/rig.ts'
import { type Exports, Modules } from '../run/modules.ts'
import type { Wait } from '../run/suite.ts'
import type { SimulatedHistory } from './client.ts'
import { Sandboxes } from './sandboxes.ts'
import { virtualTime } from './time.ts'
import type { Walk } from './walks.ts'

/** What one run of one file gets. */
export interface Scene {
  readonly given: readonly (readonly [string, Exports])[]
  readonly instead: ReadonlyMap<string, string>
  readonly globals: Readonly<Record<string, unknown>>
  readonly wait: Wait
  readonly hits: () => readonly number[]
}

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export async function simulation(root: string): Promise<(texts: ReadonlyMap<string, string>) => Scene> {
  const code = await flowBundle({ ...flowSources, root })
  const sandboxes = new Sandboxes(code)
  const pool: Sandbox[] = []
  const others = new Map<string, Sandbox>()
  const makeOther = (other: string) => {
    const made = others.get(other) ?? sandboxes.make(other)
    others.set(other, made)
    return made
  }
  let walking: Promise<Walk> | undefined
  const walk: Walk = async (...asked) => {
    walking ??= walkIn(root, sandboxes)
    return (await walking)(...asked)
  }
  const instead = new Map([
    [`${root}/test/support/rig.ts`, at('rig.ts')],
    [`${root}/src/durable/connection.ts`, at('connection.ts')],
  ])
  return (texts) => {
    const { clock, globals, promises, wait } = virtualTime()
    let taken = 0
    sandboxes.begin(texts)
    // Each rig of a file has its own, and the next file takes them over.
    const take = () => {
      if (taken === pool.length) pool.push(sandboxes.make(code))
      return pool[taken++]
    }
    return {
      given: [
        [at('parts.ts'), { parts: { clock, take } }],
        [at('walks.ts'), { walk }],
        ['node:timers/promises', promises],
        ['@temporalio/worker', sdkOfWorker(makeOther)],
      ],
      ...{ instead, globals, wait, hits: () => sandboxes.hits() },
    }
  }
}

/** The explorer, loaded once: its clocks are its own, and its sandboxes follow the mutants. */
async function walkIn(root: string, sandboxes: Sandboxes): Promise<Walk> {
  const clocks = {
    performance: { now: () => 0 },
    Date: class extends Date {},
    AbortSignal: {},
    Error: class extends Error {},
  }
  const globals: Record<string, unknown> = {
    ...clocks,
    setInterval: (run: () => void, everyMs: number) => (global.setInterval as typeof setInterval)(run, everyMs),
  }
  const global: Record<string, unknown> = { ...globals }
  // A class in the place of the explorer's own, as `new` gives what its constructor returns.
  const Made = function make(code: string) {
    return sandboxes.make(code)
  }
  const given = new Map([[`${root}/test/explore/sandbox.ts`, { Sandbox: Made } as Exports]])
  const modules = new Modules({ given, globals: { ...globals, globalThis: global } })
  const { walksOf } = modules.load(at('walks.ts')) as { walksOf: () => Promise<Walk> }
  return await walksOf()
}

/** The SDK, but for the replay of one history: the core ends the process over one that is none of the server's. */
function sdkOfWorker(make: (code: string) => Sandbox): Exports {
  const { Worker, ...others } = createRequire(import.meta.url)('@temporalio/worker') as { Worker: object } & Exports
  const runReplayHistory = async (
    { workflowBundle }: { workflowBundle: { code: string } },
    history: SimulatedHistory,
  ) => {
    try {
      history.replayOn(make(workflowBundle.code))
    } catch (error) {
      throw Object.assign(new Error(`Activity id or command: ${String(error)}`), { name: 'DeterminismViolationError' })
    }
  }
  return { ...others, Worker: Object.assign(Object.create(Worker), { runReplayHistory }) }
}
