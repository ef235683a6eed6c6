// Mutants that may survive, each with its reason; kept in survivors.json. An entry that no mutant matches any more, or whose mutant is
// killed, is stale.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mutant } from './text/mutants.ts'

export interface Accepted {
  readonly path: string
  /** The function around it, and the change, as the list of survivors names them. */
  readonly within: string
  readonly change: string
  /** `equivalent`: no test can tell it from the code as it is. `left`: one could, and why there is none. */
  readonly is: 'equivalent' | 'left'
  readonly why: string
}

const list = 'test/mutants/survivors.json'

export function acceptedIn(root: string): readonly Accepted[] {
  const path = join(root, list)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Accepted[]) : []
}

export function acceptedFor(all: readonly Accepted[], mutant: Pick<Mutant, 'path' | 'within' | 'change'>) {
  return all.find((one) => one.path === mutant.path && one.within === mutant.within && one.change === mutant.change)
}
