// Some paths of the explorer: those on which one thing goes wrong, up to a number of each kind.

import { bankOf } from '../../explore/bank.ts'
import { type Budget, branches } from '../../explore/choices.ts'
import { explore, walk as walkOne } from '../../explore/explorer.ts'
import { scenarios } from '../../explore/scenarios.ts'
import { allOn } from '../../explore/switches.ts'

/** Walks paths of a scenario by its number; `most` of those that leave the smooth one at the same place. Gives what was broken first. */
export type Walk = (scenario: number, budget: Budget, most: number) => Promise<readonly string[]>

export async function walksOf(): Promise<Walk> {
  const bank = await (await bankOf())(allOn)
  return async (at, budget, most) => {
    const scenario = scenarios[at]
    if (!scenario) throw new Error(`no scenario ${at}`)
    const smooth = await walkOne(bank, scenario, [], [budget])
    let broken = smooth.violations
    for (const prefix of branches(smooth.path.made)) {
      if (broken.length > 0) break
      let left = most
      await explore(bank, scenario, prefix, [budget], ({ violations }) => {
        broken = violations
        return --left > 0 && broken.length === 0
      })
    }
    return broken.map(({ promise, what }) => `${promise}: ${what}`)
  }
}

/** The process that runs the paths gives its own in the place of this module. */
export const walk: Walk = () => {
  throw new Error('paths are walked here only under test/mutants/run.mjs')
}
