// The rule that tells which view of a REDEFINES holds, compiled from the options.

import type { Item, Layout } from '../../cobol/layout.ts'
import type { CodePage } from '../../codepage/code-page.ts'
import { byteAt, unitAt } from '../../codepage/element.ts'
import type { ViewChoice } from '../../contract/record.ts'
import { failure } from '../../error/failure.ts'
import type { Kind } from '../kind/kind.ts'
import { offsetInScope } from './counter.ts'
import { depthOf, type Geometry } from './geometry.ts'
import { conditionTest, jsonValueOf, singleValues } from './literal.ts'
import type { ViewRule } from './plan.ts'
import { itemNamed } from './record-items.ts'

interface RuleContext {
  readonly layout: Layout
  readonly page: CodePage
  readonly geometry: Geometry
  readonly storeOf: (item: Item) => Kind
}

/** Throws FIELD_UNKNOWN, FIELD_AMBIGUOUS, LAYOUT_OPTION_INVALID. */
export function viewRule(
  choice: ViewChoice,
  first: Item,
  views: readonly Item[],
  context: RuleContext,
  origin: number,
): ViewRule {
  const { layout, page, storeOf } = context
  const by = itemNamed(layout, choice.by)
  const option = `views.${first.name ?? 'FILLER'}`
  if (depthOf(by) > depthOf(first) || by.occurs) {
    throw failure('LAYOUT_OPTION_INVALID', { option, problem: `${choice.by} has subscripts of its own` })
  }
  const indexOf = (name: string): number => views.indexOf(itemNamed(layout, name))
  const store = storeOf(by)
  const values = new Map<string, number>()
  const tests: { view: number; test: (source: Uint8Array, at: number) => boolean }[] = []
  const valuesOf: string[][] = views.map(() => [])
  for (const [value, name] of Object.entries(choice.when)) {
    const view = indexOf(name)
    const condition = by.conditions.find((one) => one.name === value.toUpperCase())
    if (condition) tests.push({ view, test: conditionTest(condition, store, page) })
    else values.set(jsonValueOf(value, store, page), view)
    valuesOf[view]?.push(
      ...(condition ? (singleValues([condition], store, page) ?? []) : [jsonValueOf(value, store, page)]),
    )
  }
  const otherwise = choice.otherwise === undefined ? -1 : indexOf(choice.otherwise)
  const trace = { residue: false }
  const decide = (source: Uint8Array, at: number): number => {
    const value = store.read(source, at, trace)
    const view = typeof value === 'string' ? values.get(value) : undefined
    return view ?? tests.find(({ test }) => test(source, at))?.view ?? otherwise
  }
  return {
    by,
    offset: offsetInScope(by, first),
    place: context.geometry.placeOf(by),
    choose: by.length === 1 ? byByte(decide) : decide,
    valuesOf,
    before: by.offset < first.offset && by.offset >= origin,
  }
}

/** A deciding field of one byte has 256 answers: looked up. */
function byByte(decide: (source: Uint8Array, at: number) => number): ViewRule['choose'] {
  const answers = Int8Array.from({ length: 256 }, (_, byte) => decide(Uint8Array.of(byte), 0))
  return (source, at) => unitAt(answers, byteAt(source, at))
}
