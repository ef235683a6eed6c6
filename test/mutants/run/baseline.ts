// What the tests of a room do without any mutant: which pass here, how long they take, and which parts of the sources each runs.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, type Room, sourcesBelow } from '../rooms.ts'
import { type Probed, probed } from '../text/mutants.ts'
import type { Bench } from './bench.ts'
import { testsDigest } from './digest.ts'

export interface TestCase {
  readonly file: string
  readonly position: number
  readonly name: string
  readonly ms: number
  /** Probes that it runs, with those of loading and of the hooks before it. */
  readonly hits: readonly number[]
  /** It passes only behind the cases before it in its file. */
  readonly needsOthers: boolean
}

export interface Baseline {
  /** Of all sources and tests of the room. */
  readonly digest: string
  readonly cases: readonly TestCase[]
  /** Tests that do not pass here without any mutant, and why: they need a server, or time of their own. */
  readonly leftOut: readonly { readonly name: string; readonly why: string }[]
  /** Test file → the room's sources that it loads. */
  readonly loads: Readonly<Record<string, readonly string[]>>
}

export interface Sources {
  /** Path → text. */
  readonly texts: ReadonlyMap<string, string>
  /** Path → its text with probes, numbered through all files, and the number of the first. */
  readonly probed: ReadonlyMap<string, Probed & { readonly first: number }>
}

export function sourcesOf(root: string, room: Room): Sources {
  const texts = new Map(sourcesBelow(root, room).map((path) => [path, readFileSync(join(root, path), 'utf8')]))
  const all = new Map<string, Probed & { readonly first: number }>()
  let first = 0
  for (const [path, text] of texts) {
    const one = probed(text, first)
    all.set(path, { ...one, first })
    first += one.probes.length
  }
  return { texts, probed: all }
}

/** Without those that draw their cases anew each time: a verdict has to be the same tomorrow. */
export function testsOf(root: string, room: Room): string[] {
  const isDrawn = (path: string) => readFileSync(join(root, path), 'utf8').includes('fc.asyncProperty(')
  return room.tests.flatMap((folder) => filesBelow(root, folder, '.test.ts')).filter((path) => !isDrawn(path))
}

/** The baseline, from the folder of the run where it stands there already. */
export async function baselineOf(
  { root, folder, room }: { readonly root: string; readonly folder: string; readonly room: Room },
  sources: Sources,
  bench: Bench,
  say: (line: string) => void,
): Promise<Baseline> {
  const digest = testsDigest(root, room)
  const kept = join(folder, `baseline-${room.name}.json`)
  if (existsSync(kept)) {
    const known = JSON.parse(readFileSync(kept, 'utf8')) as Baseline
    if (known.digest === digest) return known
  }
  const texts = new Map([...sources.probed].map(([path, { text }]) => [path, text]))
  const cases: TestCase[] = []
  const leftOut: { name: string; why: string }[] = []
  const loads: Record<string, readonly string[]> = {}
  for (const file of testsOf(root, room)) {
    const found = await measured(file, texts, bench)
    loads[file] = found.loads
    cases.push(...found.cases)
    leftOut.push(...found.leftOut)
    say(`${file}: ${found.cases.length} tests${found.leftOut.length > 0 ? `, ${found.leftOut.length} left out` : ''}`)
  }
  const made = { digest, cases, leftOut, loads }
  writeFileSync(kept, JSON.stringify(made))
  return made
}

async function measured(file: string, texts: ReadonlyMap<string, string>, bench: Bench) {
  const passed: { position: number; name: string; ms: number }[] = []
  const leftOut: { name: string; why: string }[] = []
  const unloadable = await bench.run({
    ...{ file, texts },
    each(position, name, { ms, problem }) {
      if (problem === undefined) passed.push({ position, name, ms })
      else leftOut.push({ name: `${file}: ${name}`, why: problem })
      return true
    },
  })
  const loads = bench.loaded().filter((path) => texts.has(path))
  if (unloadable !== undefined) leftOut.push({ name: file, why: unloadable })
  const whole = bench.hits()
  const cases: TestCase[] = []
  for (const one of passed) {
    let alone = false
    await bench.run({
      ...{ file, texts, cases: [one.position] },
      each(_, __, { problem }) {
        alone = problem === undefined
        return true
      },
    })
    const own = bench.hits()
    cases.push({ file, ...one, hits: [...(alone ? own : whole)], needsOthers: !alone })
  }
  return { cases, leftOut, loads }
}
