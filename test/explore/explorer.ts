// Goes through all paths of a scenario, one after the other, up to a number of faults and deeds.

import { type Budget, following, Path } from './choices.ts'
import { type Violation, violationsOf } from './invariants.ts'
import { type Scenario, World, type WorldParts } from './world.ts'

export type Bank = Pick<WorldParts, 'catalog' | 'builds' | 'switches'>

export interface Walk {
  readonly violations: readonly Violation[]
  readonly world: World
  readonly path: Path
}

/** One path, from its beginning to its end. */
export async function walk(
  bank: Bank,
  scenario: Scenario,
  prefix: readonly number[],
  budgets: readonly Budget[],
  story?: WorldParts['story'],
): Promise<Walk> {
  const path = new Path(prefix, budgets)
  const world = new World({ ...bank, scenario, path, ...(story && { story }) })
  await world.run()
  return { violations: violationsOf(world), world, path }
}

/** Every path below `prefix`. `each` may end the search by giving false. */
export async function explore(
  bank: Bank,
  scenario: Scenario,
  prefix: readonly number[],
  budgets: readonly Budget[],
  each: (walked: Walk) => boolean,
): Promise<void> {
  for (let next: readonly number[] | undefined = prefix; next; ) {
    const walked = await walk(bank, scenario, next, budgets)
    if (!each(walked)) return
    next = following(walked.path.made, prefix.length)
  }
}
