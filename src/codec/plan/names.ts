// COBOL names → JSON names. ACCOUNT-NUMBER → accountNumber | account_number (DFHLS2WS) | ACCOUNT-NUMBER. And which of them a member has.

import type { NameStyle } from '../../contract/record.ts'
import type { Member } from './plan.ts'

/** Names that JSON objects of the codec may not have: the residue's own, and one that JavaScript treats apart. */
const reserved = new Set(['$residue', '__proto__'])

/** A JSON name before collisions are resolved; `prefix` is cut from the front unless nothing would be left. */
export function jsonName(cobolName: string, style: NameStyle, prefix = ''): string {
  const upper = prefix.toUpperCase()
  const name =
    cobolName.length > upper.length && cobolName.startsWith(upper) ? cobolName.slice(upper.length) : cobolName
  if (style === 'verbatim') return name
  return style === 'camelCase' ? camelCase(name) : dfhls2ws(name)
}

function camelCase(name: string): string {
  const words = name.split(/[-_]+/).filter((word) => word !== '')
  const text = words
    .map((word, i) => (i === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()))
    .join('')
  return /^[0-9]/.test(text) ? `_${text}` : text || name
}

/** CICS: hyphens become underscores, upper-case segments lower case, a leading digit gets an underscore. */
function dfhls2ws(name: string): string {
  const text = name
    .split('-')
    .map((segment) => (segment === segment.toUpperCase() ? segment.toLowerCase() : segment))
    .join('_')
  return /^[0-9]/.test(text) ? `_${text}` : text
}

/**
 * Gives the names of one JSON object. A name that is taken gets a number: year, year2, year3 (DFHLS2WS: year, year1). `wanted` are all names
 * that the object's items ask for, so that a number never takes the name of a later item.
 */
export function nameClaims(wanted: Iterable<string>, style: NameStyle): (name: string) => string {
  const taken = new Set<string>(reserved)
  const others = new Set(wanted)
  return (name) => {
    let free = name
    for (let n = style === 'dfhls2ws' ? 1 : 2; taken.has(free) || (free !== name && others.has(free)); n++) {
      free = `${name}${n}`
    }
    taken.add(free)
    return free
  }
}

/** The keys of the JSON object that a member may set: several for a choice, none for what is not shown. */
export function keysOf(member: Member): readonly string[] {
  if (member.kind === 'hidden' || member.kind === 'fill' || (member.kind === 'table' && member.hidden)) return []
  if (member.kind !== 'choice') return [member.key]
  return [...new Set([...member.views.flatMap((view) => view.keys), member.key])]
}
