// What is known of each mutant, kept in the folder of the run line by line, so that a run that was broken off is gone on with.

import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Verdict } from './judge.ts'

export interface Result extends Verdict {
  readonly id: string
  /** Of the file that the mutant is in. */
  readonly source: string
  /** Of all tests and sources of the room. */
  readonly tests: string
  readonly ms: number
}

export class Results {
  readonly #path: string
  readonly #known = new Map<string, Result>()

  constructor(folder: string) {
    this.#path = join(folder, 'results.jsonl')
    const lines = existsSync(this.#path) ? readFileSync(this.#path, 'utf8').split('\n') : []
    for (const line of lines) {
      // A line that was being written when the run was ended.
      if (!line.endsWith('}')) continue
      const result = JSON.parse(line) as Result
      this.#known.set(result.id, result)
    }
  }

  /** What still holds: a mutant that was killed stays so while its file is the same, any other one only while the tests are, too. */
  find(id: string, source: string, tests: string): Result | undefined {
    const known = this.#known.get(id)
    if (known?.source !== source) return undefined
    const isKilled = known.state === 'killed' || known.state === 'timed out' || known.state === 'invalid'
    return isKilled || known.tests === tests ? known : undefined
  }

  add(result: Result): void {
    this.#known.set(result.id, result)
    appendFileSync(this.#path, `${JSON.stringify(result)}\n`)
  }
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
