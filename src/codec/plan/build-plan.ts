// Layout + options → plan: the members of every JSON object, in the order of the bytes.

import type { Item, Layout } from '../../cobol/layout.ts'
import type { CodePage } from '../../codepage/code-page.ts'
import type { ViewChoice } from '../../contract/record.ts'
import { failure } from '../../error/failure.ts'
import { counterOf } from './counter.ts'
import { depthOf, isVariable } from './geometry.ts'
import { singleValues } from './literal.ts'
import { jsonName, keysOf, nameClaims } from './names.ts'
import type { ChoiceMember, FieldMember, Member, Plan, TableMember, View } from './plan.ts'
import { type PlanContext, type PlanOptions, prepare } from './plan-context.ts'
import { isWithin, itemNamed, itemsOf } from './record-items.ts'
import { type Template, template } from './template.ts'
import { namedViews, viewRule } from './view-rule.ts'

/** A scope while its members are listed: `cursor` is the offset up to which bytes have a member. */
interface MemberScope {
  readonly origin: number
  readonly template: Template
  cursor: number
}

/** A JSON object while its members are listed. */
interface ObjectDraft {
  readonly members: Member[]
  readonly claim: (name: string) => string
  readonly path: string
}

/** Makes the plan. Throws FIELD_UNKNOWN, FIELD_AMBIGUOUS, LAYOUT_OPTION_INVALID, VIEW_MISSING. */
export function buildPlan(layout: Layout, page: CodePage, options: PlanOptions): Plan {
  const making = prepare(layout, page, options)
  const { root } = layout
  const scope: MemberScope = { origin: 0, template: template(root, 0, layout.maximumLength, making), cursor: 0 }
  const shown = making.target.children.length > 0 ? making.target.children : [making.target]
  const members: Member[] = []
  const into: ObjectDraft = { members, claim: claims(making, shown), path: '' }
  fillStretch(scope, members, 0)
  addItem(making, root, scope, into)
  closeGap(scope, members, layout.maximumLength)
  const items = [...itemsOf(root)]
  return {
    layout,
    members,
    fixed: !isVariable(root),
    length: layout.maximumLength,
    fields: making.fields,
    storeOf: making.storeOf,
    geometry: making.geometry,
    page,
    slots: making.slots.size,
    depth: Math.max(0, ...items.map((item) => depthOf(item) + (item.occurs ? 1 : 0))),
    residue: options.canonical !== true,
    views: options.undeclaredViews === 'all' ? 'all' : 'first',
    variable: options.variable ?? 'current',
    short: options.short ?? 'refuse',
    blankLimit: options.blankLimit ?? 65_536,
  }
}

/** `shown`: JSON has it. `through`: it holds the shown group. `not`: only its bytes count. */
function visibility({ target, hidden }: PlanContext, item: Item): 'shown' | 'through' | 'not' {
  for (const one of hidden) if (isWithin(item, one)) return 'not'
  if (isWithin(item, target)) return item === target && item.children.length > 0 ? 'through' : 'shown'
  return isWithin(target, item) ? 'through' : 'not'
}

/** Whether an item is one field, with nothing of its own below. */
function isField({ varying }: PlanContext, item: Item): boolean {
  return item.children.length === 0 || varying.has(item)
}

/** Whether JSON has anything of the item. */
function hasShown(making: PlanContext, item: Item): boolean {
  if (visibility(making, item) === 'not') return false
  if (isField(making, item)) return item.name !== undefined && visibility(making, item) === 'shown'
  return item.children.some((child) => hasShown(making, child))
}

function claims({ options }: PlanContext, items: readonly Item[]): ObjectDraft['claim'] {
  const style = options.names ?? 'camelCase'
  const wanted = (item: Item): string[] =>
    item.name === undefined ? item.children.flatMap(wanted) : [jsonName(item.name, style, options.prefix)]
  return nameClaims(items.flatMap(wanted), style)
}

function claim({ options }: PlanContext, item: Item, into: ObjectDraft): { key: string; path: string } {
  const key = into.claim(
    item.name === undefined ? 'filler' : jsonName(item.name, options.names ?? 'camelCase', options.prefix),
  )
  return { key, path: into.path === '' ? key : `${into.path}.${key}` }
}

function fillStretch({ template }: MemberScope, members: Member[], offset: number): void {
  const stretch = template.stretches.find((one) => one.offset === offset && one.bytes.length > 0)
  if (stretch) members.push({ kind: 'fill', offset, bytes: stretch.bytes })
}

/** Gives the bytes up to `offset` that have no member yet to a hidden one. */
function closeGap(scope: MemberScope, members: Member[], offset: number): void {
  if (offset > scope.cursor) {
    members.push({ kind: 'hidden', offset: scope.cursor, bytes: scope.template.slice(scope.cursor, offset) })
  }
  scope.cursor = Math.max(scope.cursor, offset)
}

/** Adds one item with all its occurrences. */
function addItem(making: PlanContext, item: Item, scope: MemberScope, into: ObjectDraft): void {
  const shown = hasShown(making, item)
  if (item.occurs) {
    if (shown || isVariable(item)) addTable(making, item, scope, into, !shown)
    return
  }
  if (!isField(making, item)) addGroup(making, item, scope, into, shown)
  else if (shown) addField(making, item, scope, into)
}

function addField(making: PlanContext, item: Item, scope: MemberScope, into: ObjectDraft): void {
  const offset = item.offset - scope.origin
  closeGap(scope, into.members, offset)
  into.members.push(fieldMember(making, item, offset, claim(making, item, into)))
  scope.cursor = offset + item.length
}

function fieldMember(
  making: PlanContext,
  item: Item,
  offset: number,
  name: { key: string; path: string },
): FieldMember {
  const store = making.storeOf(item)
  const codes = making.limits.get(item)?.codes?.values
  const conditions = store.shape.type === 'date' ? [] : item.conditions
  const values = codes ?? singleValues(conditions, store, making.page)
  const slot = making.slots.get(item)
  const blankAllowed = store.shape.type === 'text' && (values === undefined || values.includes(''))
  const omissible = making.omissible?.has(item) ?? blankAllowed
  const member: FieldMember = {
    kind: 'field',
    ...name,
    item,
    offset,
    store,
    policy: making.policies.get(item) ?? making.options.invalid?.['*'] ?? 'error',
    fieldClass: making.classes.get(item),
    required: slot === undefined && !omissible && item.value === undefined,
    slot,
    values,
    asNumber: making.isNumber(item),
  }
  making.fields.set(item, member)
  return member
}

function addGroup(making: PlanContext, item: Item, scope: MemberScope, into: ObjectDraft, shown: boolean): void {
  const own = shown && item.name !== undefined && visibility(making, item) === 'shown'
  if (!own) {
    addChildren(making, item, scope, into)
    return
  }
  const name = claim(making, item, into)
  const inner: ObjectDraft = { members: [], claim: claims(making, item.children), path: name.path }
  closeGap(scope, into.members, item.offset - scope.origin)
  addChildren(making, item, scope, inner)
  into.members.push({ kind: 'group', ...name, item, members: inner.members, required: inner.members.some(isRequired) })
}

/** Whether a caller must give the member: it is shown, and neither optional nor filled by a VALUE clause or a counted array. */
export function isRequired(member: Member): boolean {
  return member.kind !== 'hidden' && member.kind !== 'fill' && member.required
}

/** An item and those that redefine it. */
type SharedStorage = readonly [Item, ...Item[]]

function addChildren(making: PlanContext, group: Item, scope: MemberScope, into: ObjectDraft): void {
  for (const child of group.children) {
    if (child.redefines) continue
    const set: SharedStorage = [child, ...group.children.filter((one) => one.redefines === child)]
    const shown = set.filter((one) => hasShown(making, one))
    if (set.length === 1) addItem(making, child, scope, into)
    else if (shown.length > 0) addSharedStorage(making, set, shown, scope, into)
  }
}

function addTable(making: PlanContext, item: Item, scope: MemberScope, into: ObjectDraft, hidden: boolean): void {
  const offset = item.offset - scope.origin
  const { stride } = item
  const { minimum = 1, maximum = 1 } = item.occurs ?? {}
  const moving = isVariable(item)
  closeGap(scope, into.members, offset)
  const { key, path } = hidden ? { key: '', path: into.path } : claim(making, item, into)
  const inner: MemberScope = { origin: item.offset, template: template(item, 0, stride, making), cursor: 0 }
  const elementPath = `${path}[]`
  let element: TableMember['element']
  if (isField(making, item) && !hidden) {
    element = fieldMember(making, item, 0, { key, path: elementPath })
  } else {
    const members: Member[] = []
    const target: ObjectDraft = { members, claim: claims(making, item.children), path: elementPath }
    if (moving) fillStretch(inner, members, 0)
    addChildren(making, item, inner, target)
    closeGap(inner, members, stride)
    element = { kind: 'group', key, item, members, path: elementPath, required: members.some(isRequired) }
  }
  into.members.push({
    kind: 'table',
    key,
    item,
    offset,
    stride,
    minimum,
    maximum,
    counter: counterOf(item, making),
    outside: making.outside.get(item),
    element,
    depth: depthOf(item),
    path,
    required: !hidden && minimum > 0 && element.required,
    hidden,
  })
  scope.cursor = offset + stride * maximum
  if (moving) fillStretch(scope, into.members, scope.cursor)
}

function addSharedStorage(
  making: PlanContext,
  set: SharedStorage,
  shown: readonly Item[],
  scope: MemberScope,
  into: ObjectDraft,
): void {
  const [first] = set
  const offset = first.offset - scope.origin
  const length = Math.max(...set.map((item) => item.stride * (item.occurs?.maximum ?? 1)))
  const choice = making.views.get(first) ?? set.map((item) => making.views.get(item)).find((one) => one)
  closeGap(scope, into.members, offset)
  const chosen = choice ? chosenViews(making, choice, first, set) : shown
  const policy = making.policies.get(first) ?? making.options.invalid?.['*'] ?? 'error'
  const views = chosen.map((item) => view(making, item, item === first, offset, length, scope, into))
  scope.cursor = offset + length
  const [only] = views
  if (views.length === 1 && only && !choice) {
    into.members.push(...only.members)
    return
  }
  if (!choice && making.options.undeclaredViews === 'refuse') {
    const names = shown.map((item) => item.name ?? 'FILLER').join(', ')
    throw failure('VIEW_MISSING', { field: first.name ?? 'FILLER', views: names })
  }
  const shownKey = views.find((one) => one.item === first)?.keys[0]
  const needsKey = shownKey === undefined && choice && policy !== 'error'
  const key = needsKey ? claim(making, first, into).key : (shownKey ?? views.flatMap((one) => one.keys)[0] ?? '')
  const member: ChoiceMember = {
    kind: 'choice',
    item: first,
    offset,
    length,
    views,
    rule: choice && viewRule(choice, first, chosen, making, scope.origin),
    policy,
    initial: scope.template.slice(offset, offset + length),
    key,
    path: into.path === '' ? key : `${into.path}.${key}`,
    required: views.every((one) => one.required),
  }
  into.members.push(member)
}

/** The views that a rule can choose, in the order of the copybook. */
function chosenViews({ layout }: PlanContext, choice: ViewChoice, first: Item, set: readonly Item[]): readonly Item[] {
  const named = namedViews(choice).map((name) => {
    const item = itemNamed(layout, name)
    if (set.includes(item)) return item
    const problem = `${name} does not share storage with ${first.name}`
    throw failure('LAYOUT_OPTION_INVALID', { option: `views.${first.name ?? 'FILLER'}`, problem })
  })
  return set.filter((item) => named.includes(item))
}

function view(
  making: PlanContext,
  item: Item,
  isFirst: boolean,
  offset: number,
  length: number,
  scope: MemberScope,
  into: ObjectDraft,
): View {
  const own = item.stride * (item.occurs?.maximum ?? 1)
  const inner: MemberScope = {
    origin: scope.origin,
    template: isFirst ? scope.template : viewTemplate(making, item, offset, own),
    cursor: offset,
  }
  const members: Member[] = []
  if (!isFirst) fillStretch(inner, members, offset)
  const before = members.length
  addItem(making, item, inner, { ...into, members })
  closeGap(inner, members, offset + own)
  if (length > own) {
    members.push({ kind: 'hidden', offset: offset + own, bytes: scope.template.slice(offset + own, offset + length) })
  }
  const keys = members.slice(before).flatMap(keysOf)
  return { item, keys, members, required: members.some(isRequired) }
}

/** A view that is a table needs the bytes of all its occurrences. */
function viewTemplate(making: PlanContext, item: Item, offset: number, length: number): Template {
  const one = template(item, 0, item.stride, making)
  if (!item.occurs) return template(item, offset, length, making)
  const bytes = new Uint8Array(length)
  const element = one.slice(0, item.stride)
  for (let at = 0; at < length; at += item.stride) bytes.set(element, at)
  return {
    stretches: [{ offset, bytes }],
    slice: (from, to) => bytes.slice(from - offset, to - offset),
  }
}
