// One source file, parsed, for the rules to look at.

import { parse } from '@babel/parser'
import type { File, Node } from '@babel/types'

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly tree: File
}

export interface Finding {
  readonly path: string
  readonly line: number
  readonly rule: string
  readonly hint: string
}

export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, tree: parse(text, { sourceType: 'module', plugins: ['typescript'] }) }
}

/** One line: place, rule, hint. */
export function findingText({ path, line, rule, hint }: Finding): string {
  return `${path}:${line}: ${rule}; ${hint}`
}

/** Every node of a tree, parents first. */
export function* nodesOf(root: unknown): Generator<Node> {
  if (Array.isArray(root)) {
    for (const one of root) yield* nodesOf(one)
  } else if (typeof root === 'object' && root !== null && 'type' in root && typeof root.type === 'string') {
    yield root as Node
    for (const [key, child] of Object.entries(root)) {
      if (key !== 'loc' && !key.endsWith('Comments')) yield* nodesOf(child)
    }
  }
}

export function lineOf(node: Node): number {
  return node.loc?.start.line ?? 1
}

export interface Import {
  readonly from: string
  readonly typeOnly: boolean
  readonly line: number
}

/** Static and dynamic imports and re-exports by the specifier as written. */
export function importsOf({ tree }: SourceFile): Import[] {
  const found: Import[] = []
  for (const node of nodesOf(tree.program)) {
    if (node.type === 'ImportDeclaration') {
      const each = node.specifiers.every((one) => one.type === 'ImportSpecifier' && one.importKind === 'type')
      const typeOnly = node.importKind === 'type' || (node.specifiers.length > 0 && each)
      found.push({ from: node.source.value, typeOnly, line: lineOf(node) })
    } else if ((node.type === 'ExportNamedDeclaration' || node.type === 'ExportAllDeclaration') && node.source) {
      found.push({ from: node.source.value, typeOnly: node.exportKind === 'type', line: lineOf(node) })
    } else if (node.type === 'ImportExpression' && node.source.type === 'StringLiteral') {
      found.push({ from: node.source.value, typeOnly: false, line: lineOf(node) })
    } else if (node.type === 'CallExpression' && node.callee.type === 'Import') {
      const [from] = node.arguments
      if (from?.type === 'StringLiteral') found.push({ from: from.value, typeOnly: false, line: lineOf(node) })
    }
  }
  return found
}

/** Where a relative import leads, relative to the root; undefined for a package. */
export function targetOf(path: string, from: string): string | undefined {
  if (!from.startsWith('.')) return undefined
  return new URL(from, `file:///${path}`).pathname.slice(1)
}
