// The rooms that are mutated, and the tests that may see it.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Room {
  readonly name: string
  /** The folder of its sources, and folders or files of its tests, below the root. */
  readonly sources: string
  readonly tests: readonly string[]
  /** Files that only tests beside real servers see: they are measured by mutants made by hand (by-hand.ts), and not here. */
  readonly byHand?: readonly string[]
  /** Files that only processes of the built product run, into which no mutant comes. */
  readonly unreached?: readonly string[]
}

/** Tests of flows that stand with the worker, since people or the sweep begin what they show. */
const resetsAndRepairs = ['reset', 'sweep', 'sweep-pages'].map((name) => `test/durable/${name}.test.ts`)

const simulatedOnly = ['paths', 'transcripts'].map((name) => `test/mutants/flow/${name}.ts`)

export const rooms: readonly Room[] = [
  { name: 'flow', sources: 'src/flow', tests: ['test/flow', ...resetsAndRepairs, ...simulatedOnly] },
  { name: 'operation', sources: 'src/operation', tests: ['test/operation', 'test/api'] },
  { name: 'backend', sources: 'src/backend', tests: ['test/backend'] },
  {
    name: 'event',
    sources: 'src/event',
    // The others ask for a broker, and one starts its own.
    tests: ['test/event/in-memory', 'test/event/envelope.test.ts', 'test/event/asyncapi.test.ts'],
    byHand: ['src/event/broker.ts'],
  },
  {
    name: 'durable',
    sources: 'src/durable',
    tests: ['in-memory', 'payload', 'activities.test.ts', 'server-refusals.test.ts', 'old-builds.test.ts'].map(
      (name) => `test/durable/${name}`,
    ),
    byHand: [
      ...['bundle', 'bundler', 'connection', 'operations', 'worker', 'operation/former-ids', 'operation/starter'],
      ...['sweep/ended-run', 'sweep/schedule', 'sweep/sweeper'],
      ...['version/deployment', 'version/history', 'version/replay'],
    ].map((name) => `src/durable/${name}.ts`),
    // For `check --deployed` and `flows record`: test/cli/flows.test.ts.
    unreached: ['src/durable/version/open-runs.ts'],
  },
]

/** Not a room of the product: the end of each of its mutants is known. */
const control: Room = { name: 'control', sources: 'test/mutants/control', tests: ['test/mutants/control'] }

export function roomOf(name: string): Room {
  const room = [...rooms, control].find((one) => one.name === name)
  if (!room) throw new Error(`no room ${name}: there are ${rooms.map((one) => one.name).join(', ')}`)
  return room
}

/** Paths from the root, in order. */
export function filesBelow(root: string, folder: string, ending: string): string[] {
  if (folder.endsWith('.ts')) return [folder]
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .sort()
}

/** The files that are mutated: without those that are measured by hand, or not at all. */
export function sourcesBelow(root: string, { sources, byHand = [], unreached = [] }: Room): string[] {
  const others = new Set([...byHand, ...unreached])
  return filesBelow(root, sources, '.ts').filter((path) => !path.endsWith('.test.ts') && !others.has(path))
}

/** Tests over the rig, and paths of the explorer, run on the simulated Temporal, in virtual time; all others as they are. */
export function isSimulated(root: string, file: string): boolean {
  return /'(\.\.\/support\/rig|\.\/(walks|rig))\.ts'/.test(readFileSync(join(root, file), 'utf8'))
}
