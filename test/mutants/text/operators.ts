// The mutation operators: what is changed in a place of the code. Chosen for this code: each change is a mistake that somebody could make,
// and none is a mere change of words. Texts for people are left alone.

import type { Expression, Node, Statement } from '@babel/types'
import { isStatic, type Place, textOf } from './syntax.ts'
import type { Siblings } from './unions.ts'

/** Part of a text → what stands in its place. */
export interface Change {
  readonly operator: Operator
  readonly start: number
  readonly end: number
  readonly put: string
}

export type Operator = keyof typeof operators

interface Given {
  readonly place: Place
  readonly text: string
  readonly siblings: Siblings
}

type Puts = readonly (readonly [Pick<Node, 'start' | 'end'>, string])[]

const opposites: Readonly<Record<string, string>> = {
  ...{ '<': '<=', '<=': '<', '>': '>=', '>=': '>', '===': '!==', '!==': '===' },
  ...{ '+': '-', '-': '+', '*': '/', '/': '*', '%': '*', '<<': '>>', '>>>': '<<', '&': '|', '|': '&' },
}
const assignments: Readonly<Record<string, string>> = {
  ...{ '+=': '-=', '-=': '+=', '??=': '=', '||=': '=', '&&=': '=', '&=': '|=', '|=': '&=' },
}
const methods: Readonly<Record<string, string>> = {
  ...{ some: 'every', every: 'some', min: 'max', max: 'min', floor: 'ceil', find: 'findLast', findLast: 'find' },
  ...{ startsWith: 'endsWith', endsWith: 'startsWith', push: 'unshift', unshift: 'push', shift: 'pop', has: 'delete' },
}
/** Calls that give something of the kind that they are called on. */
const passing = new Set(['filter', 'reverse', 'toReversed', 'sort', 'toSorted', 'trim', 'catch', 'finally', 'slice'])
/** From here on a number is a time or a size: one more or less would be no mistake that anybody could see. */
const large = 100

/** Operator → the changes that it makes at a place. */
const operators = {
  condition: ({ place: { node } }: Given): Puts => {
    if (node.type === 'IfStatement' || node.type === 'ConditionalExpression') return both(node.test)
    const endless = node.type === 'WhileStatement' || node.type === 'ForStatement' || node.type === 'DoWhileStatement'
    return endless && node.test && !isLiteral(node.test) ? [[node.test, 'false']] : []
  },
  comparison: ({ place: { node, around }, text }: Given): Puts => {
    if (node.type !== 'BinaryExpression' || isConcatenation(node)) return []
    const put = rowOf(opposites, node.operator)
    // The condition as a whole is made constant already; its boundary still matters.
    const isWhole = /^[!=]==$/.test(node.operator) && isTestOf(node, around[0])
    return put && !isWhole ? [[node, `(${textOf(text, node.left)} ${put} ${textOf(text, node.right)})`]] : []
  },
  operand: ({ place: { node }, text }: Given): Puts =>
    node.type === 'LogicalExpression'
      ? [
          [node, `(${textOf(text, node.left)})`],
          [node, `(${textOf(text, node.right)})`],
        ]
      : [],
  negation: ({ place: { node }, text }: Given): Puts =>
    node.type === 'UnaryExpression' && (node.operator === '!' || node.operator === '-')
      ? [[node, `(${textOf(text, node.argument)})`]]
      : [],
  statement: ({ place: { node, around } }: Given): Puts =>
    isRemovable(node) && !isOnlyOfCondition(node, around) ? [[node, ';']] : [],
  assignment: ({ place: { node }, text }: Given): Puts => {
    if (node.type === 'UpdateExpression') {
      const [put, argument] = [node.operator === '++' ? '--' : '++', textOf(text, node.argument)]
      return [[node, node.prefix ? put + argument : argument + put]]
    }
    const put = node.type === 'AssignmentExpression' ? rowOf(assignments, node.operator) : undefined
    if (node.type !== 'AssignmentExpression' || put === undefined) return []
    return [[node, `${textOf(text, node.left)} ${put} ${textOf(text, node.right)}`]]
  },
  await: ({ place: { node, around }, text }: Given): Puts =>
    node.type === 'AwaitExpression' && (around[0]?.type === 'ExpressionStatement' || isReturnedFromTry(around))
      ? [
          [
            node,
            around[0]?.type === 'ExpressionStatement'
              ? `void ${textOf(text, node.argument)}`
              : textOf(text, node.argument),
          ],
        ]
      : [],
  literal: ({ place: { node, around }, text, siblings }: Given): Puts => {
    if (node.type === 'BooleanLiteral') return isCompleted(around) ? [] : [[node, String(!node.value)]]
    if (node.type !== 'StringLiteral' || isKey(node, around[0]) || isMember(node, around[0])) return []
    const sibling = siblings.get(node.value)
    return sibling === undefined || textOf(text, node).includes('\n') ? [] : [[node, `'${sibling}'`]]
  },
  number: ({ place: { node, around } }: Given): Puts => {
    if (node.type !== 'NumericLiteral' || isKey(node, around[0])) return []
    return [[node, node.value >= large ? '0' : String(node.value + 1)]]
  },
  property: ({ place, text }: Given): Puts => {
    const { node, around } = place
    const [object] = around
    if (object?.type !== 'ObjectExpression') return []
    if (node.type !== 'ObjectProperty' && node.type !== 'SpreadElement' && node.type !== 'ObjectMethod') return []
    if (node.type === 'ObjectProperty' && isText(node.value)) return []
    return [[withComma(node, object, text), '']]
  },
  method: ({ place: { node }, text }: Given): Puts => {
    if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') return []
    const { callee } = node
    if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') return []
    if (callee.computed || callee.property.type !== 'Identifier') return []
    const { name } = callee.property
    if (passing.has(name)) return [[node, textOf(text, callee.object)]]
    const put = rowOf(methods, name)
    return put === undefined || (put === 'delete' && node.arguments.length !== 1) ? [] : [[callee.property, put]]
  },
} satisfies Readonly<Record<string, (given: Given) => Puts>>

export const operatorNames = Object.keys(operators) as Operator[]

/** All changes at a place. */
export function changesAt(given: Given): Change[] {
  // Tables of texts, and what is only loaded: their rows are held by types and generated documents.
  if (given.place.node.type === 'TemplateLiteral' && isStatic(given.place)) return []
  return operatorNames.flatMap((operator) =>
    operators[operator](given).map(([{ start, end }, put]) => ({ operator, start: start ?? 0, end: end ?? 0, put })),
  )
}

function rowOf(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

function both(test: Expression): Puts {
  return isLiteral(test)
    ? []
    : [
        [test, 'true'],
        [test, 'false'],
      ]
}

function isLiteral({ type }: Node): boolean {
  return type === 'BooleanLiteral' || type === 'NumericLiteral'
}

function isTestOf(node: Node, parent: Node | undefined): boolean {
  return (parent?.type === 'IfStatement' || parent?.type === 'ConditionalExpression') && parent.test === node
}

function isRemovable(node: Node): boolean {
  if (node.type === 'ExpressionStatement') return true
  return ['ThrowStatement', 'ContinueStatement', 'BreakStatement'].includes(node.type)
}

/** The whole of what an `if` without `else` does: the condition made false is the same change. */
function isOnlyOfCondition(node: Node, [parent, grandparent]: readonly Node[]): boolean {
  const [branch, condition] =
    parent?.type === 'BlockStatement' && parent.body.length === 1 ? [parent, grandparent] : [node, parent]
  return condition?.type === 'IfStatement' && condition.consequent === (branch as Statement) && !condition.alternate
}

/** Inside of a `try`, where it decides who catches. */
function isReturnedFromTry(around: readonly Node[]): boolean {
  if (around[0]?.type !== 'ReturnStatement') return false
  const border = around.findIndex(({ type }) => /Function|Method/.test(type))
  const inside = around.slice(0, border === -1 ? undefined : border)
  return inside.some((node, at) => node.type === 'TryStatement' && inside[at - 1] === node.block)
}

function isConcatenation(node: Extract<Node, { type: 'BinaryExpression' }>): boolean {
  return node.operator === '+' && [node.left, node.right].some(({ type }) => /^(String|Template)Literal$/.test(type))
}

function isKey(node: Node, parent: Node | undefined): boolean {
  return (parent?.type === 'ObjectProperty' || parent?.type === 'ObjectMethod') && parent.key === node
}

/** The name in `typeof x === 'object'`, or of an index: no literal of a union. */
function isMember(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === 'MemberExpression') return parent.property === node
  if (parent?.type !== 'BinaryExpression') return false
  return [parent.left, parent.right].some((one) => one.type === 'UnaryExpression' && one.operator === 'typeof')
}

/** The literal of a condition that was made constant by hand. */
function isCompleted([parent]: readonly Node[]): boolean {
  return parent?.type === 'WhileStatement'
}

/** A sentence for people. */
function isText(node: Node): boolean {
  if (node.type === 'StringLiteral') return node.value.includes(' ')
  if (node.type === 'TemplateLiteral') return node.quasis.some(({ value }) => value.raw.includes(' '))
  return false
}

/** With the comma behind it, or in front of it where it is the last one. */
function withComma(node: Node, object: Extract<Node, { type: 'ObjectExpression' }>, text: string) {
  const [start, end] = [node.start ?? 0, node.end ?? 0]
  const behind = /^\s*,/.exec(text.slice(end, object.end ?? end))
  if (behind) return { start, end: end + behind[0].length }
  const before = /,\s*$/.exec(text.slice(object.start ?? start, start))
  return { start: start - (before?.[0].length ?? 0), end }
}
