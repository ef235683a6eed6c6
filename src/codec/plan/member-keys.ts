// The names that a member may have in its JSON object.

import type { Member } from './plan.ts'

/** The keys of the JSON object that a member may set: several for a choice, none for what is not shown. */
export function keysOf(member: Member): readonly string[] {
  if (member.kind === 'hidden' || member.kind === 'fill' || (member.kind === 'table' && member.hidden)) return []
  if (member.kind !== 'choice') return [member.key]
  return [...new Set([...member.views.flatMap((view) => view.keys), member.key])]
}
