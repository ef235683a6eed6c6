// The copybooks of a project: reads `copybooks/`, compiles each once, and finds the record that an adapter names.

import { basename, dirname, join, relative } from 'node:path'
import { type CompiledCopybook, type CompileOptions, compileCopybook, type Source } from '../cobol/compile.ts'
import { type CopybookFolder, copybookLibrary, recordOf } from '../cobol/copybook-library.ts'
import type { Item, Layout } from '../cobol/layout.ts'
import type { ProgramOptions } from '../cobol/options.ts'
import { itemsOf } from '../codec/plan/record-items.ts'
import { type Failure, failure, isFailure } from '../error/failure.ts'
import { similarTo } from './check/report.ts'
import { filesOnDisk, type ProjectFiles } from './project-files.ts'

/** The records of a project's copybooks. */
export interface Copybooks {
  /**
   * The record of `deposits/POSTENT.cpy` or `deposits/POSTENT.cpy#PE-AREA`, compiled with the options, or all that keeps it from being read.
   */
  record(
    spec: string,
    options?: Partial<ProgramOptions>,
  ): { readonly layout: Layout } | { readonly failures: readonly Failure[] }
}

const folder = 'copybooks'

/** The copybooks of a project on disk; `root` is the project's folder. */
export function copybooksBelow(root: string): Copybooks {
  return copybooksIn(filesOnDisk(root))
}

/** Compiles each copybook once for each set of options. */
export function copybooksIn(files: ProjectFiles): Copybooks {
  const compiled = new Map<string, CompiledCopybook | undefined>()
  const compile = (copybook: string, wanted: Partial<CompileOptions>): CompiledCopybook | undefined => {
    const key = JSON.stringify([copybook, wanted])
    if (!compiled.has(key)) compiled.set(key, compileFile(files, join(folder, copybook), wanted))
    return compiled.get(key)
  }
  return {
    record: (spec, options = {}) => {
      const [copybook = '', record] = spec.split('#')
      const inside = !relative(folder, join(folder, copybook)).startsWith('..')
      const records = record === undefined ? undefined : [record]
      const found = inside ? compile(copybook, { ...options, records }) : undefined
      if (!found) {
        const known = files.below(folder).map((path) => relative(folder, path))
        return { failures: [failure('COPYBOOK_NOT_FOUND', { copybook, similar: similarTo(copybook, known) })] }
      }
      if (found.failures.length > 0) return { failures: found.failures }
      const layout = recordOf(found.layouts, copybook, record)
      return isFailure(layout) ? { failures: [layout] } : { layout }
    },
  }
}

function compileFile(
  files: ProjectFiles,
  path: string,
  options: Partial<CompileOptions>,
): CompiledCopybook | undefined {
  const source = sourceOf(files, path)
  if (!source) return undefined
  return compileCopybook(source, { ...options, library: copybookLibrary((_library, from) => foldersFor(files, from)) })
}

function sourceOf(files: ProjectFiles, path: string): Source | undefined {
  const text = files.read(path, 'latin1')
  return text === undefined ? undefined : { name: path, text }
}

/** A member is looked for beside the copybook that asks for it, then in `copybooks/` and each of its folders. */
function foldersFor(files: ProjectFiles, from: Source): CopybookFolder[] {
  const paths = files.below(folder)
  const below = [...new Set(paths.map((path) => dirname(path)))].filter((place) => dirname(place) === folder)
  return [dirname(from.name), folder, ...below].map((place) => ({
    names: () => paths.filter((path) => dirname(path) === place).map((path) => basename(path)),
    read: (name) => sourceOf(files, join(place, name)),
  }))
}

/** The item of a COBOL name; the first one where the name is not unique. */
export function firstItemNamed(root: Item, name: string): Item | undefined {
  for (const item of itemsOf(root)) if (item.name === name.toUpperCase()) return item
  return undefined
}
