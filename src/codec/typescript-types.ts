// TypeScript types of what a codec gives and takes: an interface for a record or group, a union where views of a REDEFINES differ.

import type { MessageSide } from '../contract/backend.ts'
import type { ChoiceMember, FieldMember, GroupMember, Member, Plan, TableMember } from './plan/plan.ts'
import {
  boundsOf,
  describeItem,
  isNeeded,
  namedMembers,
  type Presence,
  presenceOf,
  type ValueBound,
} from './shape-rules.ts'

/**
 * Declarations of the JSON object of a plan under `name`; its groups are named after it: `PostReplyTerms`. Amounts are `Decimal`, which the
 * file must import from the contract. `request`: what may be left out is optional. So is what a record may lack that ends early. `added`: lines
 * of members that the object has beside those of the plan.
 */
export function typesOf(plan: Plan, name: string, side: MessageSide, added: readonly string[] = []): string {
  const typing: Typing = { presence: presenceOf(plan, side), declarations: [], names: new Set() }
  declare(plan.members, name, typing, 0, [...(plan.residue ? ['  readonly $residue?: string'] : []), ...added])
  return `${typing.declarations.reverse().join('\n\n')}\n`
}

interface Typing {
  readonly presence: Presence
  readonly declarations: string[]
  readonly names: Set<string>
}

/** Declares the type of an object, which begins at `start` of the layout, and returns its name. */
function declare(
  all: readonly Member[],
  wanted: string,
  typing: Typing,
  start: number,
  extra: readonly string[] = [],
): string {
  const name = freeName(wanted, typing)
  const members = namedMembers(all)
  const lines = members.flatMap((one) =>
    one.kind === 'choice' ? anyViewLines(one, name, typing) : memberLines(one, name, typing, start),
  )
  const body = [...lines, ...extra]
  const unions = members.flatMap((one) =>
    one.kind === 'choice' && one.rule ? [unionOf(one, members, name, typing)] : [],
  )
  if (unions.length === 0) typing.declarations.push(`export interface ${name} ${block(body)}`)
  else
    typing.declarations.push(
      `export type ${name} = ${[...(body.length > 0 ? [block(body)] : []), ...unions].join(' & ')}`,
    )
  return name
}

const block = (lines: readonly string[]) => `{\n${lines.join('\n')}\n}`

/** Without a rule, each view that the bytes can be read as is there. */
function anyViewLines({ rule, views }: ChoiceMember, owner: string, typing: Typing): string[] {
  if (rule) return []
  return views.flatMap((view) =>
    namedMembers(view.members).flatMap((one) => viewLines(one, owner, typing).map(optional)),
  )
}

function freeName(wanted: string, { names }: Typing): string {
  let name = wanted
  for (let n = 2; names.has(name); n++) name = `${wanted}${n}`
  names.add(name)
  return name
}

function memberLines(member: Member, owner: string, typing: Typing, start: number): string[] {
  if (member.kind === 'hidden' || member.kind === 'fill' || member.kind === 'choice') return []
  const optional = isNeeded(member, typing.presence, start) ? '' : '?'
  return [
    `  /** ${describeItem(member.item).replaceAll('*/', '* /')} */`,
    `  readonly ${propertyName(member.key)}${optional}: ${typeOf(member, owner, typing)}`,
  ]
}

function typeOf(member: FieldMember | GroupMember | TableMember, owner: string, typing: Typing): string {
  switch (member.kind) {
    case 'field':
      return fieldType(member)
    case 'group':
      return declare(member.members, owner + capital(member.key), typing, member.item.offset)
    case 'table': {
      const element = typeOf(member.element, owner, typing)
      return /[ |]/.test(element) ? `readonly (${element})[]` : `readonly ${element}[]`
    }
  }
}

function fieldType(member: FieldMember): string {
  const { store, values, policy } = member
  const { shape } = store
  const plain = values ? literals(values, member) : wordOf(member)
  const alternatives = [plain]
  if (policy === 'null' || (shape.type === 'date' && shape.nullable)) alternatives.push('null')
  if (policy === 'raw') alternatives.push('{ readonly $raw: string }')
  return alternatives.join(' | ')
}

function wordOf({ store: { shape }, asNumber }: FieldMember): string {
  if (asNumber) return 'number'
  return shape.type === 'decimal' || shape.type === 'float' ? 'Decimal' : 'string'
}

function literals(values: readonly string[], { asNumber }: FieldMember): string {
  if (asNumber) return values.map(Number).join(' | ')
  return values.map((value) => `'${value.replace(/[\\']/g, '\\$&').replace(/[^ -~]/g, escapeUnit)}'`).join(' | ')
}

const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** One alternative a view, or several where the deciding fields go together in several ways; their values tell them apart. */
function unionOf(choice: ChoiceMember, members: readonly Member[], owner: string, typing: Typing): string {
  const alternatives = choice.views.flatMap((view, i) => {
    const lines = namedMembers(view.members).flatMap((one) => viewLines(one, owner, typing))
    const bounds = boundsOf(choice, i, members)
    return (bounds.length > 0 ? bounds : [[]]).map((bound) => block([...bound.map(boundLine), ...lines]))
  })
  if (choice.policy !== 'error') {
    const other = choice.policy === 'raw' ? '{ readonly $raw: string }' : 'null'
    alternatives.push(block([`  readonly ${propertyName(choice.key)}: ${other}`]))
  }
  const { side, mayEnd } = typing.presence
  if (mayEnd || (side === 'request' && !choice.required)) alternatives.push('object')
  return `(${alternatives.join(' | ')})`
}

function boundLine({ field, values }: ValueBound): string {
  return `  readonly ${propertyName(field.key)}: ${literals(values, field)}`
}

/** The key of a view that is one group or field must be there: it tells which view it is. */
function viewLines(member: Member, owner: string, typing: Typing): string[] {
  const lines = memberLines(member, owner, typing, 0)
  return member.kind === 'group' || member.kind === 'field' ? lines.map((line) => line.replace('?: ', ': ')) : lines
}

const optional = (line: string) => line.replace(/^( {2}readonly (?:\w+|'[^']*')): /, '$1?: ')

const capital = (key: string) => key.replace(/[^\w]/g, '_').replace(/^[a-z]/, (letter) => letter.toUpperCase())

function propertyName(key: string): string {
  return /^[A-Za-z_][\w]*$/.test(key) ? key : `'${key}'`
}
