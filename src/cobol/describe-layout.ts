// A layout as people and programs look at it: a tree of objects for `layout --json`, and a table in plain text.

import type { JsonObject, JsonValue } from '../contract/json.ts'
import type { Item, Layout, Occurs } from './layout.ts'

/**
 * The layout as a tree: `level, name, picture, usage, offset, length, occurs, stride, redefines, children`, keys absent when they do not apply.
 * Offsets count from 0; `length` is of one occurrence; `occurs` is a number or `{minimum, maximum, dependingOn}`, with `outside` where another
 * record holds the counter. `stride` is the distance of two occurrences, where slack bytes at the end of each make it more than `length`.
 */
export function layoutTree(layout: Layout): JsonObject {
  const root = itemTree(layout.root)
  if (layout.renames.length === 0) return root
  const renames = layout.renames.map(({ name, from, through, offset, length }) => {
    const range = { from: from.name ?? 'FILLER', through: through.name ?? 'FILLER' }
    return { level: 66, name, offset, length, renames: range }
  })
  return { ...root, renames }
}

function itemTree({
  level,
  name,
  picture,
  usage,
  offset,
  length,
  occurs,
  stride,
  redefines,
  children,
}: Item): JsonObject {
  const isGroup = children.length > 0
  return {
    level,
    name: name ?? 'FILLER',
    ...(picture ? { picture: picture.text } : {}),
    ...(isGroup && usage === 'DISPLAY' ? {} : { usage }),
    offset,
    length,
    ...(occurs ? { occurs: occursTree(occurs) } : {}),
    ...(stride === length ? {} : { stride }),
    ...(redefines ? { redefines: redefines.name ?? 'FILLER' } : {}),
    ...(isGroup ? { children: children.map(itemTree) } : {}),
  }
}

function occursTree({ minimum, maximum, dependingOn, outside }: Occurs): JsonValue {
  if (dependingOn === undefined) return maximum
  return { minimum, maximum, dependingOn, ...(outside === undefined ? {} : { outside }) }
}

/** The layout as a table with aligned columns, one line an item, indented by depth; ends with a line feed. */
export function layoutTable(layout: Layout): string {
  const rows = [
    ['level', 'name', 'picture', 'usage', 'offset', 'length', 'occurs', 'redefines'],
    ...itemRows(layout.root, 0),
  ]
  for (const { name, from, through, offset, length } of layout.renames) {
    const range = from === through ? `${from.name}` : `${from.name} THRU ${through.name}`
    rows.push(['66', name, '', '', String(offset), String(length), '', `renames ${range}`])
  }
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        RIGHT_ALIGNED.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

/** Offset, length. */
const RIGHT_ALIGNED = new Set([4, 5])

function itemRows(item: Item, depth: number): string[][] {
  const isGroup = item.children.length > 0
  const row = [
    String(item.level).padStart(2, '0'),
    '  '.repeat(depth) + (item.name ?? 'FILLER'),
    item.picture?.text ?? '',
    isGroup && item.usage === 'DISPLAY' ? '' : item.usage,
    String(item.offset),
    String(item.length),
    item.occurs ? occursText(item.occurs, item) : '',
    item.redefines ? (item.redefines.name ?? 'FILLER') : '',
  ]
  return [row, ...item.children.flatMap((child) => itemRows(child, depth + 1))]
}

function occursText({ minimum, maximum, dependingOn, outside }: Occurs, { stride, length }: Item): string {
  const times = dependingOn === undefined ? String(maximum) : `${minimum}-${maximum} by ${dependingOn}`
  const where = outside === undefined || outside === dependingOn ? '' : ` of ${outside}`
  return `${times}${where}${stride === length ? '' : `, every ${stride} bytes`}`
}
