// Checks a record transaction against its record: every name it mentions, its reference, its status values, its views.

import type { Item, Layout } from '../../cobol/layout.ts'
import { optionValues } from '../../cobol/options.ts'
import { itemsOf } from '../../codec/plan/record-items.ts'
import { optionMistake } from '../../codec/record-options.ts'
import {
  type AdapterDefinition,
  echoPairs,
  type Inquiry,
  type RecordTransaction,
  type Reversal,
} from '../../contract/adapter.ts'
import type { ViewChoice } from '../../contract/record.ts'
import { firstItemNamed } from '../copybooks.ts'
import { type Report, similarTo } from './report.ts'

const referenceLength = 16

/** Holds what a transaction says of its fields against the record's layout; each mistake is reported at its place. */
export function checkRecordTransaction(
  name: string,
  transaction: RecordTransaction,
  layout: Layout,
  report: Report,
): void {
  const path = ['transactions', name]
  const find = (where: readonly string[], field: string) => findField(layout.root, field, [...path, ...where], report)
  for (const side of ['request', 'reply'] as const) {
    const group = transaction[side]
    if (group !== undefined) find([side], group)
  }
  checkReference(path, transaction, layout, report)
  checkEchoes(path, transaction, layout, report)
  const status = find(['outcome', 'field'], transaction.outcome.field)
  if (status) checkStatusValues(path, transaction, status, report)
  checkOptions(path, transaction, layout, report)
  checkViews(path, transaction, layout, report)
}

/** The names of an inquiry or reversal that lie in the other transaction's record. */
export function checkLink(
  path: readonly string[],
  link: Inquiry | Reversal,
  own: Layout,
  other: Layout,
  report: Report,
): void {
  const key = 'by' in link ? 'by' : 'original'
  findField(other.root, 'by' in link ? link.by : link.original, [...path, key], report)
  for (const [target, source] of Object.entries(link.with ?? {})) {
    findField(other.root, target, [...path, 'with', target], report)
    findField(own.root, source, [...path, 'with', target], report)
  }
  if (!('by' in link)) return
  if (link.matches !== undefined) findField(other.root, link.matches, [...path, 'matches'], report)
  for (const [target, source] of Object.entries(link.compares ?? {})) {
    findField(other.root, target, [...path, 'compares', target], report)
    findField(own.root, source, [...path, 'compares', target], report)
  }
  for (const [target, source] of Object.entries(link.gives ?? {})) {
    findField(own.root, target, [...path, 'gives', target], report)
    findField(other.root, source, [...path, 'gives', target], report)
  }
}

/** Types are stripped, not checked, when an adapter is loaded: a wrong word would be taken for another option. */
export function checkCompiler(path: readonly string[], compiler: AdapterDefinition['compiler'], report: Report): void {
  for (const [option, value] of Object.entries(compiler ?? {})) {
    const known: Readonly<Record<string, readonly unknown[]>> = optionValues
    const values = Object.hasOwn(known, option) ? known[option] : undefined
    if (values && (values.length === 0 || values.includes(value))) continue
    const problem = values ? `it takes ${values.join(', ')}` : 'the compiler has no such option'
    report.mistake([...path, 'compiler', option], 'LAYOUT_OPTION_INVALID', { option: `compiler.${option}`, problem })
  }
}

function findField(root: Item, field: string, path: readonly string[], report: Report): Item | undefined {
  const item = firstItemNamed(root, field)
  if (item) return item
  const known = [...itemsOf(root)].flatMap((one) => (one.name === undefined ? [] : [one.name]))
  report.mistake(path, 'FIELD_UNKNOWN', { field, record: root.name ?? 'the record', similar: similarTo(field, known) })
  return undefined
}

function checkReference(
  path: readonly string[],
  { reference }: RecordTransaction,
  layout: Layout,
  report: Report,
): void {
  if (reference === undefined) return
  const item = findField(layout.root, reference, [...path, 'reference'], report)
  if (!item) return
  const fits = item.picture?.category === 'alphanumeric' && item.length >= referenceLength
  if (!fits) {
    report.mistake([...path, 'reference'], 'REFERENCE_FIELD_UNFIT', {
      field: reference,
      picture: item.picture?.text ?? 'none (a group)',
    })
  }
}

/** In a COMMAREA both sides of an echo lie in the one record. */
function checkEchoes(path: readonly string[], { echoes }: RecordTransaction, { root }: Layout, report: Report): void {
  for (const [index, [back, out]] of echoPairs(echoes).entries()) {
    const where = [...path, 'echoes', Array.isArray(echoes) ? String(index) : back]
    const found = findField(root, back, where, report)
    if (found && out !== back) findField(root, out, where, report)
  }
}

/** Every value is the name of a level 88, or text that the picture can hold. */
function checkStatusValues(
  path: readonly string[],
  { outcome }: RecordTransaction,
  status: Item,
  report: Report,
): void {
  const conditions = new Set(status.conditions.map((one) => one.name))
  for (const value of Object.keys(outcome.verdicts)) {
    if (conditions.has(value.toUpperCase()) || fitsPicture(value, status)) continue
    const facts = { value, field: outcome.field, picture: status.picture?.text ?? 'none (a group)' }
    report.mistake([...path, 'outcome', 'verdicts', value], 'STATUS_VALUE_IMPOSSIBLE', facts)
  }
}

function fitsPicture(value: string, { picture }: Item): boolean {
  if (!picture) return false
  if (picture.category !== 'numeric') return value.length <= picture.positions
  return (
    /^-?\d+$/.test(value) &&
    value.replace('-', '').length <= picture.digits &&
    (picture.signed || !value.startsWith('-'))
  )
}

function checkOptions(path: readonly string[], { fields }: RecordTransaction, layout: Layout, report: Report): void {
  const wrong = optionMistake(fields ?? {})
  if (wrong) {
    const { at, option, problem } = wrong
    report.mistake([...path, 'fields', ...at], 'LAYOUT_OPTION_INVALID', { option: `fields.${option}`, problem })
    return
  }
  for (const option of ['dates', 'classes', 'invalid', 'views', 'counters'] as const) {
    for (const field of Object.keys(fields?.[option] ?? {})) {
      if (field !== '*') findField(layout.root, field, [...path, 'fields', option, field], report)
    }
  }
  for (const option of ['optional', 'numbers'] as const) {
    for (const [index, field] of (fields?.[option] ?? []).entries())
      if (option === 'optional' || field !== '*')
        findField(layout.root, field, [...path, 'fields', option, String(index)], report)
  }
  for (const [field, choice] of Object.entries(fields?.views ?? {})) {
    checkViewNames([...path, 'fields', 'views', field], choice, layout, report)
  }
}

function checkViewNames(where: readonly string[], choice: ViewChoice, { root }: Layout, report: Report): void {
  if ('where' in choice) {
    for (const view of Object.keys(choice.where)) findField(root, view, [...where, 'where', view], report)
  } else {
    findField(root, choice.by, [...where, 'by'], report)
    for (const [value, view] of Object.entries(choice.when)) findField(root, view, [...where, 'when', value], report)
  }
  if (choice.otherwise !== undefined) findField(root, choice.otherwise, [...where, 'otherwise'], report)
}

/** A redefined item that callers would see needs a rule that chooses its view. */
function checkViews(
  path: readonly string[],
  { fields, request, reply }: RecordTransaction,
  layout: Layout,
  report: Report,
): void {
  const seen = [request, reply].map((name) => (name === undefined ? layout.root : firstItemNamed(layout.root, name)))
  const shown = new Set(seen.flatMap((item) => (item ? [...itemsOf(item)] : [])))
  const sets = new Map<Item, string[]>()
  for (const item of shown) {
    if (item.redefines) sets.set(item.redefines, [...(sets.get(item.redefines) ?? []), item.name ?? 'FILLER'])
  }
  for (const [target, views] of sets) {
    if (target.name !== undefined && fields?.views?.[target.name]) continue
    report.mistake([...path, 'fields', 'views'], 'VIEW_MISSING', {
      field: target.name ?? 'FILLER',
      views: views.join(', '),
    })
  }
}
