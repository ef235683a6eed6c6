// Whether JavaScript, which tries one way after the other, matches a pattern in linear time: proved, or not.
//
// For every text, the ways in which the pattern can have read its beginning are counted: a vector of counts, one for each state of the
// automaton. If no reachable vector counts more than a bound, then no character is looked at more often than that, and the time
// grows with the length alone. `(a|a)*`, `a*a*` and `.*=.*` exceed any bound; they are exponential, or quadratic.

import { alphabetOf } from './alphabet.ts'
import { type Automaton, automatonOf, startsAtStart } from './automaton.ts'
import type { Expression } from './syntax.ts'

/** Steps for one character, and vectors looked at before the proof is given up. */
const STEPS_MAX = 4096
const VECTORS_MAX = 20_000
const WORK_MAX = 3_000_000

/** Why a pattern is not linear as far as can be proved, or undefined where it is. */
export function backtracksWhy(expression: Expression): string | undefined {
  const anchored = startsAtStart(expression)
  const automaton = automatonOf(withoutTail(expression), !anchored)
  if (!automaton) return 'has counts that need too many states'
  const proof = boundedWays(automaton)
  if (proof) return undefined
  return anchored
    ? 'can read one text in many ways, so that a text which does not match takes long'
    : 'can begin and read one text in many ways; begin it with ^, or let its parts differ'
}

/** A loop at the very end stops where it stops: what follows it always fits, so nothing is tried again. */
function withoutTail(expression: Expression): Expression {
  if (expression.kind === 'repeat' && expression.of.kind === 'set') return { ...expression, max: expression.min }
  if (expression.kind !== 'sequence') return expression
  const last = expression.parts.at(-1)
  return last ? { kind: 'sequence', parts: [...expression.parts.slice(0, -1), withoutTail(last)] } : expression
}

/** State → the number of ways that lead to it. */
type Ways = ReadonlyMap<number, number>

function boundedWays(automaton: Automaton): boolean {
  const { reads } = automaton
  const alphabet = alphabetOf(reads.filter((set) => set !== undefined))
  const sets = new Map([...new Set(reads)].map((set) => [set, set && alphabet.classesOf(set)] as const))
  const classes = reads.map((set) => sets.get(set))
  const first = spread(automaton, [[automaton.start, 1]], true)
  if (!first) return false
  const seen = new Set([keyOf(first)])
  const open: Ways[] = [first]
  let work = 0
  for (let ways = open.pop(); ways; ways = open.pop()) {
    for (let one = 0; one < alphabet.size; one += 1) {
      const to = readBy(automaton, classes, ways, one)
      const reached = spread(automaton, to, false)
      work += ways.size + to.length
      if (!reached || work > WORK_MAX || seen.size > VECTORS_MAX) return false
      const key = keyOf(reached)
      if (!seen.has(key)) open.push(reached)
      seen.add(key)
    }
  }
  return true
}

/** Where the ways lead when each reads a character of a class. */
function readBy(
  { leads }: Automaton,
  classes: readonly (Uint8Array | undefined)[],
  ways: Ways,
  one: number,
): readonly [number, number][] {
  const to: [number, number][] = []
  for (const [state, count] of ways) {
    if (classes[state]?.[one] === 1) for (const next of leads[state] ?? []) to.push([next, count])
  }
  return to
}

const keyOf = (ways: Ways) =>
  [...ways]
    .map(([state, count]) => `${state}:${count}`)
    .sort()
    .join()

/** Follows every way that reads nothing; undefined when there are too many. */
function spread(automaton: Automaton, from: readonly [number, number][], first: boolean): Ways | undefined {
  const { reads, leads, places } = automaton
  const ways = new Map<number, number>()
  const under = new Set<number>()
  let steps = 0
  const visit = (state: number, count: number): boolean => {
    // JavaScript leaves a loop whose turn has read nothing.
    if (under.has(state)) return true
    steps += count
    if (steps > STEPS_MAX) return false
    if (reads[state]) {
      ways.set(state, (ways.get(state) ?? 0) + count)
      return true
    }
    if (places[state] === 'start' && !first) return true
    under.add(state)
    const bounded = (leads[state] ?? []).every((next) => visit(next, count))
    under.delete(state)
    return bounded
  }
  return from.every(([state, count]) => visit(state, count)) ? ways : undefined
}
