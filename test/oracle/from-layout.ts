// A compiled copybook as an oracle record: names, pictures and counters are taken over, offsets and lengths are not.

import type { Layout, Item as LayoutItem } from '../../src/cobol/layout.ts'
import type { RecordOptions } from '../../src/contract/record.ts'
import type { Choice, Item, OracleRecord, Storage } from './record.ts'

/** `PE-ENTRY-NUMBER` with prefix `PE-` → `entryNumber`. */
function keyOf(name: string, prefix: string): string {
  const cut = name.startsWith(prefix) && name !== prefix ? name.slice(prefix.length) : name
  return cut.toLowerCase().replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function storageOf({ children, picture, usage, length, justified, blankWhenZero }: LayoutItem): Storage | undefined {
  if (children.length > 0) return undefined
  if (!picture) throw new Error(`no picture: ${usage}`)
  const { category, digits, scale, signed } = picture
  if (category === 'alphanumeric' || category === 'alphabetic') {
    return { kind: 'text', length, justified, alphabetic: category === 'alphabetic' }
  }
  if (category !== 'numeric' || blankWhenZero) return { kind: 'edited', digits, scale, signed }
  return { kind: 'number', digits, scale, signed, characters: usage === 'DISPLAY', little: usage === 'COMP-5' }
}

/** The record of a layout, with the text that GnuCOBOL is to compile. */
export function fromLayout(layout: Layout, text: string, options: RecordOptions): OracleRecord {
  const choiceOf = (item: LayoutItem, views: readonly LayoutItem[]): Choice | undefined => {
    const rule = options.views?.[item.name ?? '']
    if (!rule || 'where' in rule) return undefined
    const values = [item, ...views].map((view) => Object.entries(rule.when).find(([, name]) => name === view.name)?.[0])
    // A redefined item that no value chooses only gives the place: its views are the choice.
    return { by: rule.by, values: values.map((value) => value ?? '') }
  }
  const convert = (item: LayoutItem): Item => {
    const views = item.parent?.children.filter((one) => one.redefines === item) ?? []
    const { name, occurs } = item
    const format = options.dates?.[name ?? '']
    const choice = choiceOf(item, views)
    return {
      name,
      storage: storageOf(item),
      times: occurs && {
        least: occurs.minimum,
        most: occurs.maximum,
        counter: occurs.dependingOn === undefined ? undefined : occurs.counter?.name,
      },
      children: item.children.filter((child) => !child.redefines).map(convert),
      views: views.map(convert),
      choice,
      key: name === undefined ? undefined : keyOf(name, options.prefix ?? ''),
      date: format === 'YYYYMMDD' || format === 'HHMMSS' ? format : undefined,
    }
  }
  return { root: convert(layout.root), text, length: layout.maximumLength, renames: [] }
}
