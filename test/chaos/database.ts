// The PostgreSQL of a fault run: a server of its own behind a gate.

import type { Gate } from './gate.ts'
import type { Kept } from './kept.ts'
import type { PartOptions } from './world.ts'

export interface Database {
  readonly kept: Kept
  readonly gate: Gate
  /** What the product needs to find it. */
  readonly settings: Readonly<Record<string, string>>
}

/** Undefined as long as the product keeps nothing in a database. */
export async function startDatabase(_options: PartOptions): Promise<Database | undefined> {
  return undefined
}
