// The copybooks of a project: reads `copybooks/`, compiles each once, and finds the record that an adapter names.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { type CompiledCopybook, compileCopybook, type Source } from '../cobol/compile.ts'
import type { Item, Layout } from '../cobol/layout.ts'
import type { ProgramOptions } from '../cobol/options.ts'
import { type Failure, failure } from '../error/failure.ts'
import { similarTo } from './check/report.ts'

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

export function copybooksBelow(root: string): Copybooks {
  const folder = join(root, 'copybooks')
  const compiled = new Map<string, CompiledCopybook | undefined>()
  const compile = (copybook: string, options: Partial<ProgramOptions>): CompiledCopybook | undefined => {
    const key = JSON.stringify([copybook, options])
    if (!compiled.has(key)) compiled.set(key, compileFile(root, join(folder, copybook), options))
    return compiled.get(key)
  }
  return {
    record: (spec, options = {}) => {
      const [copybook = '', record] = spec.split('#')
      const inside = !relative(folder, resolve(folder, copybook)).startsWith('..')
      const found = inside ? compile(copybook, options) : undefined
      if (!found)
        return {
          failures: [failure('COPYBOOK_NOT_FOUND', { copybook, similar: similarTo(copybook, filesBelow(folder)) })],
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

function compileFile(root: string, file: string, options: Partial<ProgramOptions>): CompiledCopybook | undefined {
  if (!existsSync(file)) return undefined
  const source = sourceOf(root, file)
  return compileCopybook(source, { ...options, library: (member, _library, from) => findMember(root, member, from) })
}

function sourceOf(root: string, file: string): Source {
  return { name: relative(root, file), text: readFileSync(file, 'latin1') }
}

/** A member is looked for beside the copybook that asks for it, then in the other folders of `copybooks/`. */
function findMember(root: string, member: string, from: Source): Source | undefined {
  if (!/^[\w$@#-]+$/.test(member)) return undefined
  const folder = join(root, 'copybooks')
  const beside = dirname(join(root, from.name))
  const folders = [
    beside,
    folder,
    ...readdirSync(folder, { withFileTypes: true })
      .filter((one) => one.isDirectory())
      .map((one) => join(folder, one.name)),
  ]
  for (const place of folders) {
    const wanted = new Set(endings.map((ending) => (member + ending).toUpperCase()))
    const name = existsSync(place) ? readdirSync(place).find((one) => wanted.has(one.toUpperCase())) : undefined
    if (name !== undefined) return sourceOf(root, join(place, name))
  }
  return undefined
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(relative(folder, one.parentPath), basename(one.name)))
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
