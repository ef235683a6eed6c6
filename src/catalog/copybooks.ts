// The copybooks of a project: reads `copybooks/`, compiles each once, and finds the record that an adapter names.

import { basename, dirname, join, relative } from 'node:path'
import { type CompiledCopybook, compileCopybook, type Source } from '../cobol/compile.ts'
import type { Item, Layout } from '../cobol/layout.ts'
import type { ProgramOptions } from '../cobol/options.ts'
import { type Failure, failure } from '../error/failure.ts'
import { similarTo } from './check/report.ts'
import { filesOnDisk, type ProjectFiles } from './project-files.ts'

export interface Copybooks {
  /**
   * The record of `deposits/POSTENT.cpy` or `deposits/POSTENT.cpy#PE-AREA`, compiled with the options, or all that keeps it from being read.
   */
  record(
    spec: string,
    options?: Partial<ProgramOptions>,
  ): { readonly layout: Layout } | { readonly failures: readonly Failure[] }
}

const endings = ['', '.cpy', '.CPY', '.cbl', '.CBL', '.cob', '.COB', '.dcl', '.DCL']

const folder = 'copybooks'

export function copybooksBelow(root: string): Copybooks {
  return copybooksIn(filesOnDisk(root))
}

export function copybooksIn(files: ProjectFiles): Copybooks {
  const compiled = new Map<string, CompiledCopybook | undefined>()
  const compile = (copybook: string, options: Partial<ProgramOptions>): CompiledCopybook | undefined => {
    const key = JSON.stringify([copybook, options])
    if (!compiled.has(key)) compiled.set(key, compileFile(files, join(folder, copybook), options))
    return compiled.get(key)
  }
  return {
    record: (spec, options = {}) => {
      const [copybook = '', record] = spec.split('#')
      const inside = !relative(folder, join(folder, copybook)).startsWith('..')
      const found = inside ? compile(copybook, options) : undefined
      if (!found) {
        const known = files.below(folder).map((path) => relative(folder, path))
        return { failures: [failure('COPYBOOK_NOT_FOUND', { copybook, similar: similarTo(copybook, known) })] }
      }
      if (found.failures.length > 0) return { failures: found.failures }
      return choose(found.layouts, copybook, record)
    },
  }
}

function choose(
  layouts: readonly Layout[],
  copybook: string,
  record: string | undefined,
): ReturnType<Copybooks['record']> {
  const known = layouts.map((layout) => layout.name).join(', ')
  if (record === undefined) {
    const [only, ...others] = layouts
    if (only && others.length === 0) return { layout: only }
    return { failures: [failure('RECORD_AMBIGUOUS', { copybook, known })] }
  }
  const layout = layouts.find((one) => one.name === record.toUpperCase())
  return layout ? { layout } : { failures: [failure('RECORD_UNKNOWN', { record, known })] }
}

function compileFile(
  files: ProjectFiles,
  path: string,
  options: Partial<ProgramOptions>,
): CompiledCopybook | undefined {
  const source = sourceOf(files, path)
  if (!source) return undefined
  return compileCopybook(source, { ...options, library: (member, _library, from) => findMember(files, member, from) })
}

function sourceOf(files: ProjectFiles, path: string): Source | undefined {
  const text = files.read(path, 'latin1')
  return text === undefined ? undefined : { name: path, text }
}

/** A member is looked for beside the copybook that asks for it, then in `copybooks/` and each of its folders. */
function findMember(files: ProjectFiles, member: string, from: Source): Source | undefined {
  if (!/^[\w$@#-]+$/.test(member)) return undefined
  const wanted = new Set(endings.map((ending) => (member + ending).toUpperCase()))
  const fitting = files.below(folder).filter((path) => wanted.has(basename(path).toUpperCase()))
  const depth = (path: string) => relative(folder, dirname(path)).split('/').filter(Boolean).length
  const found =
    fitting.find((path) => dirname(path) === dirname(from.name)) ??
    fitting.find((path) => depth(path) === 0) ??
    fitting.find((path) => depth(path) === 1)
  return found === undefined ? undefined : sourceOf(files, found)
}

/** Every item of a record, the record itself first, depth first. */
export function* itemsOf(item: Item): Generator<Item> {
  yield item
  for (const child of item.children) yield* itemsOf(child)
}

/** The item of a COBOL name; the first one where the name is not unique. */
export function itemNamed(root: Item, name: string): Item | undefined {
  for (const item of itemsOf(root)) if (item.name === name.toUpperCase()) return item
  return undefined
}
