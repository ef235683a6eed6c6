// Facts about a field's JSON that schema and types both state: descriptions, allowed values, what must be there.

import type { Item } from '../cobol/layout.ts'
import type { MessageSide } from '../contract/backend.ts'
import type { ChoiceMember, FieldMember, GroupMember, Member, Plan, TableMember } from './plan/plan.ts'

/** `PE-AMOUNT PIC S9(11)V99 COMP-3`: what an integration team looks for. */
export function describeItem(item: Item): string {
  const usage = item.usage === 'DISPLAY' ? '' : ` ${item.usage}`
  return `${item.name ?? 'FILLER'}${item.picture ? ` PIC ${item.picture.text}` : ''}${item.children.length > 0 ? '' : usage}`
}

/** Members that a JSON object names, with those of its views. */
export function namedMembers(members: readonly Member[]): Member[] {
  return members.flatMap((member) => {
    if (member.kind === 'fill' || member.kind === 'hidden') return []
    if (member.kind === 'table' && member.hidden) return []
    return [member]
  })
}

/** What a field of the same object may hold. */
export interface ValueBound {
  readonly field: FieldMember
  readonly values: readonly string[]
}

/** What the deciding fields hold where a view is chosen, as far as the same object names them: alternatives, none where anything may be. */
export function boundsOf(
  { rule }: ChoiceMember,
  view: number,
  members: readonly Member[],
): readonly (readonly ValueBound[])[] {
  const fields = members.filter((one) => one.kind === 'field')
  const alternatives = (rule?.values[view] ?? []).map((values) =>
    [...values].flatMap(([item, own]) => {
      const field = fields.find((one) => one.item === item)
      return field ? [{ field, values: own }] : []
    }),
  )
  return alternatives.every((bounds) => bounds.length > 0) ? alternatives : []
}

/** One side of a message: what its JSON must have. */
export interface Presence {
  readonly side: MessageSide
  /** Whether fields are absent of a record that ends early. */
  readonly mayEnd: boolean
}

/** What the JSON of a plan must have. A field that would decide about a view may be behind the end: then its views are not blank but absent. */
export function presenceOf({ short, members, residue }: Plan, side: MessageSide): Presence {
  const isAbsent = short === 'absent' || (short === 'blank' && hasRule(members))
  return { side, mayEnd: isAbsent && (side === 'reply' || residue) }
}

function hasRule(members: readonly Member[]): boolean {
  return members.some((member) => {
    if (member.kind === 'choice') return member.rule !== undefined || member.views.some((one) => hasRule(one.members))
    if (member.kind === 'group') return hasRule(member.members)
    return member.kind === 'table' && member.element.kind === 'group' && hasRule(member.element.members)
  })
}

/** Whether JSON must have a member of the record, group or occurrence that begins at `start` of the layout: a record that is there has its first. */
export function isNeeded(
  { item, required }: FieldMember | GroupMember | TableMember | ChoiceMember,
  { side, mayEnd }: Presence,
  start: number,
): boolean {
  return (side === 'reply' || required) && !(mayEnd && item.offset > start)
}
