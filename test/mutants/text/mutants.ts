// The mutants of a file: each one change, with the place where people and the list of accepted survivors find it again.

import type { Node } from '@babel/types'
import { changesAt, type Operator } from './operators.ts'
import { isStatic, type Place, placesIn } from './syntax.ts'
import type { Siblings } from './unions.ts'

export interface Mutant {
  /** The same as long as neither the file nor the operators change. */
  readonly id: string
  /** Relative to the root. */
  readonly path: string
  readonly line: number
  readonly operator: Operator | 'by hand'
  readonly start: number
  readonly end: number
  readonly put: string
  /** The name of the function around it. */
  readonly within: string
  /** `from → to`, shortened; `#2` behind it for the second one of its kind in a function. */
  readonly change: string
}

/** All mutants of a text. Two operators that come to the same text count once. */
export function mutantsOf(path: string, text: string, siblings: Siblings): Mutant[] {
  const made = new Set<string>()
  const named = new Map<string, number>()
  const mutants: Mutant[] = []
  for (const place of placesIn(text)) {
    for (const { operator, start, end, put } of changesAt({ place, text, siblings })) {
      const was = text.slice(start, end)
      const key = `${start} ${end} ${put}`
      if (was === put || made.has(key)) continue
      made.add(key)
      const within = nameOf(place)
      const change = `${short(was)} → ${short(put) || 'nothing'}`
      const nth = (named.get(`${within} ${change}`) ?? 0) + 1
      named.set(`${within} ${change}`, nth)
      const line = text.slice(0, start).split('\n').length
      const whole = nth === 1 ? change : `${change} #${nth}`
      mutants.push({ id: `${path} ${within}: ${whole}`, path, line, operator, start, end, put, within, change: whole })
    }
  }
  return mutants
}

/** The text with the change in it. */
export function mutated(text: string, { start, end, put }: Pick<Mutant, 'start' | 'end' | 'put'>): string {
  return text.slice(0, start) + put + text.slice(end)
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 90 ? `${line.slice(0, 87)}…` : line
}

function nameOf({ node, around }: Place): string {
  for (const one of [node, ...around]) {
    const named = nameIn(one)
    if (named !== undefined) return named
  }
  return 'the file'
}

function nameIn(node: Node): string | undefined {
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') return node.id?.name
  if (node.type === 'ObjectMethod' || node.type === 'ClassMethod') return keyOf(node.key)
  if (node.type === 'ClassPrivateMethod') return node.key.id.name
  const isTopLevel = node.type === 'VariableDeclarator' && node.id.type === 'Identifier'
  return isTopLevel && node.init && /Function|Object/.test(node.init.type) ? keyOf(node.id) : undefined
}

function keyOf(key: Node): string | undefined {
  if (key.type === 'Identifier') return key.name
  return key.type === 'StringLiteral' ? key.value : undefined
}

/** The text with calls of `__hit(n)` in it, and the part of the text that each stands for, the outer ones first. */
export interface Probed {
  readonly text: string
  readonly probes: readonly { readonly start: number; readonly end: number }[]
}

/** A probe before each statement of a block and in each function that is an expression; none where the file is loaded. */
export function probed(text: string, first: number): Probed {
  const probes: { start: number; end: number }[] = []
  const inserted: { at: number; put: string }[] = []
  for (const place of placesIn(text)) {
    const kind = isStatic(place) ? undefined : kindOf(place)
    if (kind === undefined) continue
    const [start, end] = [place.node.start ?? 0, place.node.end ?? 0]
    const hit = `__hit(${first + probes.length})`
    probes.push({ start, end })
    inserted.push({ at: start, put: kind === 'statement' ? `${hit};` : `(${hit}, (` })
    if (kind === 'expression') inserted.push({ at: end, put: '))' })
  }
  const ordered = inserted.map((one, order) => ({ ...one, order })).sort((a, b) => b.at - a.at || b.order - a.order)
  let whole = text
  for (const { at, put } of ordered) whole = whole.slice(0, at) + put + whole.slice(at)
  return { text: whole, probes }
}

function kindOf({ node, around: [parent] }: Place): 'statement' | 'expression' | undefined {
  if (parent?.type === 'BlockStatement' || parent?.type === 'SwitchCase') {
    return parent.type === 'SwitchCase' && node === parent.test ? undefined : 'statement'
  }
  const isBody = parent?.type === 'ArrowFunctionExpression' && parent.body === node && node.type !== 'BlockStatement'
  return isBody ? 'expression' : undefined
}

/** The number of the innermost probe around a change; undefined where there is none: it is run whenever the file is loaded. */
export function probeOf({ probes }: Probed, { start, end }: Pick<Mutant, 'start' | 'end'>): number | undefined {
  let found: number | undefined
  for (const [at, probe] of probes.entries()) if (probe.start <= start && end <= probe.end) found = at
  return found
}
