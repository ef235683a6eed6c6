// Collects the mistakes of one definition, each at its own line.

import type { Code } from '../../error/catalogue.ts'
import { type FactsOf, type Failure, failure, isFailure, type SourcePosition } from '../../error/failure.ts'
import type { Positions } from './positions.ts'

/** Collects what is wrong with one definition, each at its place in the file. */
export interface Report {
  /** A mistake in the part of the definition that the path leads to. */
  mistake<C extends Code>(path: readonly string[], code: C, facts: FactsOf<C>): void
  /** Adds a failure found elsewhere. Without a source position it takes the path's, unless this file already reported the same message. */
  add(path: readonly string[], found: Failure): void
  /** A remark that stops nothing. */
  note(path: readonly string[], text: string): void
}

/** All mistakes and remarks of a project. */
export interface Findings {
  readonly failures: Failure[]
  readonly notes: { readonly place: SourcePosition; readonly text: string }[]
}

/** A report on the definition that `builder('name', …)` makes. */
export function reportOn(
  positions: Positions,
  builder: 'adapter' | 'operation',
  name: string,
  { failures, notes }: Findings,
): Report {
  const at = (path: readonly string[]) => positions.of(builder, name, path)
  return {
    mistake: (path, code, facts) => failures.push(failure(code, facts, { place: at(path) })),
    add: (path, found) => {
      if (found.place) return void failures.push(found)
      const place = at(path)
      if (failures.some((told) => told.message === found.message && told.place?.file === place.file)) return
      const { code, facts, excerpt } = found
      failures.push(failure(code, facts as FactsOf<Code>, { place, ...(excerpt !== undefined && { excerpt }) }))
    },
    note: (path, text) => notes.push({ place: at(path), text }),
  }
}

/** A Failure thrown while resolving is a mistake of the definition; anything else is ours and goes on. */
export function guarded<T>(report: Report, path: readonly string[], make: () => T): T | undefined {
  try {
    return make()
  } catch (error) {
    if (!isFailure(error)) throw error
    report.add(path, error)
    return undefined
  }
}

/** The candidate nearest in spelling, if one is near enough to be meant. */
export function similarTo(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const far = distance(word.toUpperCase(), candidate.toUpperCase())
    if (far < least) [best, least] = [candidate, far]
  }
  return best
}

/** Levenshtein's distance. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same))
    }
    row = next
  }
  return row[to.length] ?? 0
}
