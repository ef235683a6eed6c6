// Runs one test file of a room in this process, with changed texts in the place of some sources.

import { createRequire } from 'node:module'
import type { Scene } from '../flow/simulation.ts'
import { isSimulated } from '../rooms.ts'
import { type Exports, Modules } from './modules.ts'
import { type Case, inRealTime, type Outcome, Suite, textOf } from './suite.ts'

export interface Run {
  /** A test file; paths are those from the root. */
  readonly file: string
  readonly texts: ReadonlyMap<string, string>
  /** Which cases are run, by their positions, in this order; or by their names. All without it. */
  readonly cases?: readonly number[]
  readonly only?: string
  /** Beside real servers, also where the file could run in the simulation. */
  readonly isServed?: boolean
  /** Hears how a case ended; false ends the run. */
  readonly each: (position: number, name: string, outcome: Outcome) => boolean
  /** Hears which case comes next. */
  readonly next?: (position: number) => void
  /** At most so many ms for each case, in real time. */
  readonly limitMs?: (position: number) => number
}

export interface Bench {
  /** Gives what keeps the file from being loaded, if anything does. */
  run(run: Run): Promise<string | undefined>
  /** The probes that were run since this was last asked, and the project's files that were loaded. */
  hits(): ReadonlySet<number>
  loaded(): readonly string[]
}

/** The SDK, whose native core is set up once a process however often the modules are made anew. */
function sdkOfWorker(): Exports {
  const { Runtime, ...others } = createRequire(import.meta.url)('@temporalio/worker') as {
    Runtime: NativeCore
  } & Exports
  let isInstalled = false
  const install = (options: object) => {
    if (!isInstalled) Runtime.install(options)
    isInstalled = true
  }
  return { ...others, Runtime: Object.assign(Object.create(Runtime), { install }) }
}

interface NativeCore {
  install(options: object): void
}

export function benchOf(root: string): Bench {
  const sdk = sdkOfWorker()
  const hits = new Set<number>()
  const hit = { __hit: (probe: number) => void hits.add(probe) }
  let simulation: Promise<(texts: ReadonlyMap<string, string>) => Scene> | undefined
  let loaded: readonly string[] = []
  return {
    async run({ file, texts, cases, only = '', isServed = !isSimulated(root, file), each, next, limitMs }) {
      const suite = new Suite()
      if (!isServed) simulation ??= import('../flow/simulation.ts').then((one) => one.simulation(root))
      const scene = isServed ? undefined : (await simulation)?.(texts)
      const modules = new Modules({
        texts: new Map([...texts].map(([path, text]) => [`${root}/${path}`, text])),
        given: new Map([['@jest/globals', suite.globals], ['@temporalio/worker', sdk], ...(scene?.given ?? [])]),
        globals: { ...hit, ...scene?.globals },
        ...(scene && { instead: scene.instead }),
      })
      try {
        modules.load(`${root}/${file}`)
        const inOrder = cases ? cases.flatMap((position) => suite.cases[position] ?? []) : suite.cases
        const chosen = inOrder.filter(({ name }) => name.includes(only))
        const positionOf = (one: Case) => suite.cases.indexOf(one)
        const wait = scene?.wait ?? inRealTime
        await suite.run(
          chosen,
          wait,
          (one, outcome) => each(positionOf(one), one.name, outcome),
          (one) => {
            next?.(positionOf(one))
            return limitMs?.(positionOf(one))
          },
        )
        return undefined
      } catch (error) {
        return textOf(error)
      } finally {
        loaded = modules.loaded.map((path) => path.slice(root.length + 1))
        for (const probe of scene?.hits() ?? []) hits.add(probe)
      }
    },
    hits() {
      const found = new Set(hits)
      hits.clear()
      return found
    },
    loaded: () => loaded,
  }
}
