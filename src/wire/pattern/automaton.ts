// An expression as an automaton: states that read one character, and states that only lead on (Thompson's construction).

import { anyCharacter, type CharSet } from './char-set.ts'
import type { Expression } from './syntax.ts'

/** A nondeterministic automaton; its states are numbered from 0. */
export interface Automaton {
  readonly start: number
  /** The state in which the pattern has matched. */
  readonly accept: number
  /** What a state reads; undefined for one that leads on without reading. */
  readonly reads: readonly (CharSet | undefined)[]
  readonly leads: readonly (readonly number[])[]
  /** The place at which alone a state may be passed. */
  readonly places: readonly ('start' | 'end' | undefined)[]
}

/** More states are not built: `(a{1000}){1000}`. */
export const STATES_MAX = 20_000

interface AutomatonDraft {
  readonly reads: (CharSet | undefined)[]
  readonly leads: number[][]
  readonly places: ('start' | 'end' | undefined)[]
}

/**
 * The automaton of an expression; `search`: the match may begin at any character. Undefined when it would have too many states.
 */
export function automatonOf(expression: Expression, search: boolean): Automaton | undefined {
  const building: AutomatonDraft = { reads: [], leads: [], places: [] }
  const accept = state(building, undefined, [])
  const entry = built(building, expression, accept)
  if (entry === undefined) return undefined
  if (!search) return { start: entry, accept, ...building }
  const start = state(building, undefined, [entry])
  building.leads[start]?.push(state(building, anyCharacter, [start]))
  return { start, accept, ...building }
}

function state({ reads, leads, places }: AutomatonDraft, set: CharSet | undefined, to: number[]): number {
  reads.push(set)
  leads.push(to)
  places.push(undefined)
  return reads.length - 1
}

/** The state in which to enter an expression behind which the automaton goes on in `next`. */
function built(building: AutomatonDraft, expression: Expression, next: number): number | undefined {
  if (building.reads.length > STATES_MAX) return undefined
  switch (expression.kind) {
    case 'set':
      return state(building, expression.set, [next])
    case 'start':
    case 'end': {
      const place = state(building, undefined, [next])
      building.places[place] = expression.kind
      return place
    }
    case 'sequence':
      return expression.parts.reduceRight<number | undefined>(
        (after, part) => (after === undefined ? undefined : built(building, part, after)),
        next,
      )
    case 'choice': {
      const entries = expression.branches.map((branch) => built(building, branch, next))
      return entries.includes(undefined)
        ? undefined
        : state(
            building,
            undefined,
            entries.filter((one) => one !== undefined),
          )
    }
    case 'repeat':
      return repeated(building, expression, next)
  }
}

function repeated(
  building: AutomatonDraft,
  { of, min, max }: Extract<Expression, { kind: 'repeat' }>,
  next: number,
): number | undefined {
  let entry: number | undefined = next
  if (max === Number.POSITIVE_INFINITY) {
    const loop = state(building, undefined, [])
    const body = built(building, of, loop)
    if (body === undefined) return undefined
    building.leads[loop]?.push(body, next)
    entry = loop
  } else {
    for (let count = min; count < max; count += 1) {
      const body: number | undefined = entry === undefined ? undefined : built(building, of, entry)
      if (body === undefined) return undefined
      entry = state(building, undefined, [body, next])
    }
  }
  for (let count = 0; count < min && entry !== undefined; count += 1) entry = built(building, of, entry)
  return entry
}

/** The longest text that an expression matches, in characters; Infinity where there is none. */
export function longest(expression: Expression): number {
  switch (expression.kind) {
    case 'set':
      return 1
    case 'start':
    case 'end':
      return 0
    case 'sequence':
      return expression.parts.reduce((sum, part) => sum + longest(part), 0)
    case 'choice':
      return Math.max(...expression.branches.map(longest))
    case 'repeat': {
      const one = longest(expression.of)
      return one === 0 || expression.max === 0 ? 0 : one * expression.max
    }
  }
}

/** Whether a match can begin nowhere but at the start of a text. */
export function startsAtStart(expression: Expression): boolean {
  if (expression.kind === 'start') return true
  if (expression.kind === 'choice') return expression.branches.every(startsAtStart)
  return expression.kind === 'sequence' && expression.parts[0] !== undefined && startsAtStart(expression.parts[0])
}
