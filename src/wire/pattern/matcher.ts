// Matching in linear time: one step for each character, whatever the pattern and whatever the text.
//
// An automaton becomes a table (state × class of character → state) where the table is small enough, which nearly all are. The
// others are followed state by state, and take texts up to a length for which that is bounded.

import { type Alphabet, alphabetOf } from './alphabet.ts'
import { type Automaton, automatonOf, startsAtStart } from './automaton.ts'
import type { Expression } from './syntax.ts'

/** A pattern, ready to match. */
export interface Matcher {
  matches(text: string): boolean
  /** Longer texts, in characters, never match: following them would take too long. Infinity for a table. */
  readonly lengthMax: number
}

/** Cells of a table, and states looked at while one is made. */
const CELLS_MAX = 400_000
const WORK_MAX = 600_000
/** States × characters, where there is no table. */
const STEPS_MAX = 2_000_000

/**
 * `whole`: the expression covers the text, as in XML Schema; otherwise a part of the text is enough, as in JavaScript. Undefined for
 * an expression with too many states.
 */
export function matcherOf(expression: Expression, whole: boolean): Matcher | undefined {
  const automaton = automatonOf(expression, !whole && !startsAtStart(expression))
  if (!automaton) return undefined
  const alphabet = alphabetOf(automaton.reads.filter((set) => set !== undefined))
  const walk = walkOver(automaton, whole)
  const step = stepOf(automaton, alphabet)
  const table = tableOf(walk, step, automaton.start, alphabet)
  if (table) return byTable(table, alphabet)
  // What XML Schema takes at its limit, its twin in a JSON Schema takes as well, which has some states more.
  const stepsMax = whole ? STEPS_MAX : STEPS_MAX * 2
  return byStates(walk, step, automaton.start, alphabet, Math.floor(stepsMax / automaton.reads.length))
}

/** Where one can be without reading: the states that read next, and whether the pattern has matched. */
interface ReachedStates {
  readonly states: number[]
  /** Whatever follows. */
  readonly done: boolean
  /** If the text ends here. */
  readonly ends: boolean
}

interface AutomatonWalk {
  /** `first`: nothing has been read yet. */
  from(states: readonly number[], first: boolean): ReachedStates
}

function walkOver(automaton: Automaton, whole: boolean): AutomatonWalk {
  const seen = new Int32Array(automaton.reads.length)
  let round = 0
  const spread = (from: readonly number[], passes: (place: 'start' | 'end') => boolean) => {
    round += 1
    return spreadFrom(automaton, from, passes, (state) => {
      if (seen[state] === round) return false
      seen[state] = round
      return true
    })
  }
  return {
    from: (start, first) => {
      const { states, ends, accepted } = spread(start, (place) => place === 'start' && first)
      const atEnd = accepted || (ends.length > 0 && spread(ends, (place) => place === 'end' || first).accepted)
      return { states, done: accepted && !whole, ends: atEnd }
    },
  }
}

/** Follows all that leads on without reading; `isNew`: whether a state is met for the first time. */
function spreadFrom(
  { reads, leads, places, accept }: Automaton,
  from: readonly number[],
  passes: (place: 'start' | 'end') => boolean,
  isNew: (state: number) => boolean,
) {
  const open = [...from]
  const states: number[] = []
  const ends: number[] = []
  let accepted = false
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (!isNew(at)) continue
    const place = places[at]
    if (at === accept) accepted = true
    else if (reads[at]) states.push(at)
    else if (place !== undefined && !passes(place)) ends.push(at)
    else for (const next of leads[at] ?? []) open.push(next)
  }
  return { states, ends, accepted }
}

/** Where states lead when they read a character of a class. */
type NextStates = (states: readonly number[], one: number) => number[]

function stepOf({ reads, leads }: Automaton, alphabet: Alphabet): NextStates {
  const sets = new Map([...new Set(reads)].map((set) => [set, set && alphabet.classesOf(set)] as const))
  const classes = reads.map((set) => sets.get(set))
  // What reads leads to one state.
  const next = leads.map(([only = 0]) => only)
  return (states, one) => {
    const to: number[] = []
    for (const state of states) if (classes[state]?.[one] === 1) to.push(next[state] ?? 0)
    return to
  }
}

interface Table {
  /** State × class → state; -1 for none. State 0 is the first. */
  readonly next: Int32Array
  readonly done: Uint8Array
  readonly ends: Uint8Array
}

/** Undefined when the table would be too large. */
function tableOf(walk: AutomatonWalk, step: NextStates, start: number, { size }: Alphabet): Table | undefined {
  const numbered = numbering()
  numbered.of(walk.from([start], true))
  const rows: number[] = []
  let work = 0
  // Grows while it is walked: what a state leads to is walked after it.
  for (const { states, done } of numbered.all) {
    for (let one = 0; one < size; one += 1) {
      const to = done ? [] : step(states, one)
      work += states.length + to.length + 1
      rows.push(to.length === 0 ? -1 : numbered.of(walk.from(to, false)))
    }
    if (work > WORK_MAX || numbered.all.length * size > CELLS_MAX) return undefined
  }
  return {
    next: Int32Array.from(rows),
    done: Uint8Array.from(numbered.all, ({ done }) => Number(done)),
    ends: Uint8Array.from(numbered.all, ({ ends }) => Number(ends)),
  }
}

/** Numbers for what can be reached, the same for the same. */
function numbering(): { readonly all: readonly ReachedStates[]; of(reached: ReachedStates): number } {
  const all: ReachedStates[] = []
  const numbers = new Map<string, number>()
  return {
    all,
    of: (reached) => {
      const key = `${reached.states.sort((a, b) => a - b).join()}${reached.done ? 'd' : ''}${reached.ends ? 'e' : ''}`
      const known = numbers.get(key)
      if (known !== undefined) return known
      numbers.set(key, all.length)
      return all.push(reached) - 1
    },
  }
}

function byTable({ next, done, ends }: Table, { size, classOf }: Alphabet): Matcher {
  return {
    lengthMax: Number.POSITIVE_INFINITY,
    matches: (text) => {
      let state = 0
      for (let at = 0; at < text.length; at += 1) {
        if (done[state] === 1) return true
        const point = text.codePointAt(at) ?? 0
        if (point > 0xffff) at += 1
        state = next[state * size + classOf(point)] ?? -1
        if (state < 0) return false
      }
      return done[state] === 1 || ends[state] === 1
    },
  }
}

function byStates(
  walk: AutomatonWalk,
  step: NextStates,
  start: number,
  { classOf }: Alphabet,
  lengthMax: number,
): Matcher {
  const first = walk.from([start], true)
  return {
    lengthMax,
    matches: (text) => {
      let reached = first
      let length = 0
      for (const character of text) {
        if (reached.done) return true
        if (++length > lengthMax) return false
        const to = step(reached.states, classOf(character.codePointAt(0) ?? 0))
        if (to.length === 0) return false
        reached = walk.from(to, false)
      }
      return reached.done || reached.ends
    },
  }
}
