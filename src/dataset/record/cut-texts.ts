// Texts that do not fit their fields are cut as MOVE cuts them, before they are written.

import type { FieldMember, Member, Plan } from '../../codec/plan/plan.ts'
import { encodeField } from '../../codepage/field-text.ts'
import { isObject, type JsonObject, type JsonValue } from '../../contract/json.ts'

/** The object with its PIC X texts cut to their fields: whole characters, runs closed; JUSTIFIED RIGHT loses its left end. */
export function cutTexts(plan: Plan, value: JsonObject): JsonObject {
  return cutMembers(plan, plan.members, value)
}

function cutMembers(plan: Plan, members: readonly Member[], value: JsonObject): JsonObject {
  const cut: Record<string, JsonValue> = { ...value }
  for (const member of members) {
    if (member.kind === 'choice') {
      for (const view of member.views) Object.assign(cut, cutMembers(plan, view.members, cut))
    } else if (member.kind === 'field' || member.kind === 'group') {
      const inner = cut[member.key]
      if (inner !== undefined) cut[member.key] = cutOne(plan, member, inner)
    } else if (member.kind === 'table') {
      const list = cut[member.key]
      if (Array.isArray(list)) cut[member.key] = list.map((one: JsonValue) => cutOne(plan, member.element, one))
    }
  }
  return cut
}

function cutOne(plan: Plan, member: Extract<Member, { kind: 'field' | 'group' }>, value: JsonValue): JsonValue {
  if (member.kind === 'field') return typeof value === 'string' && isText(member) ? cutText(plan, member, value) : value
  return isObject(value) ? cutMembers(plan, member.members, value) : value
}

function isText({ item, store }: FieldMember): boolean {
  return store.shape.type === 'text' && item.usage === 'DISPLAY' && item.picture?.category === 'alphanumeric'
}

function cutText({ page }: Plan, { item, store }: FieldMember, text: string): string {
  if (page.encode(text).length <= store.length) return text
  const field = page.decode(encodeField(page, text, store.length, { cut: true, justified: item.justified }))
  return item.justified ? field.trimStart() : field.trimEnd()
}
