// Judges a mutant that was made by hand: its test file has to fail with it, and to pass without it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ByHand } from '../hand-made.ts'
import type { Bench } from './bench.ts'
import type { Verdict } from './judge.ts'

/** Test file and pattern → whether the cases pass as the code is, and how many there are. */
const plain = new Map<string, Promise<string | undefined>>()

export async function judgedByHand(
  root: string,
  bench: Bench,
  { path, from, to, test, only, isServed }: ByHand,
  beat: (limitMs: number) => void,
): Promise<Verdict> {
  const text = readFileSync(join(root, path), 'utf8')
  const parts = text.split(from)
  if (parts.length !== 2) return { state: 'invalid', why: `${from} is found ${parts.length - 1} times in ${path}` }
  const failing = async (texts: ReadonlyMap<string, string>): Promise<string | undefined> => {
    let [problem, count]: [string | undefined, number] = [undefined, 0]
    const unloadable = await bench.run({
      ...{ file: test, texts },
      ...(only && { only }),
      ...(isServed && { isServed }),
      next: () => beat(120_000),
      each(_, name, outcome) {
        count++
        problem = outcome.problem === undefined ? undefined : `${name}: ${outcome.problem}`
        return problem === undefined
      },
    })
    return unloadable ?? problem ?? (count === 0 ? `no test of ${test} is called ${only}` : undefined)
  }
  const key = `${test} ${only}`
  const without = plain.get(key) ?? failing(new Map())
  plain.set(key, without)
  const why = await without
  if (why !== undefined) return { state: 'invalid', why: `fails without the mutant: ${why}` }
  const problem = await failing(new Map([[path, parts.join(to)]]))
  return problem === undefined ? { state: 'survived' } : { state: 'killed', by: test, why: problem }
}
