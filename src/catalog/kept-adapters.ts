// The adapters of a build that was kept: resolved from its own copy of their definitions and files, whatever lies on the disk today.

import { type AdapterDefinition, adapter } from '../contract/adapter.ts'
import type { ResolvedAdapter } from '../contract/catalog.ts'
import type { Build } from '../contract/store.ts'
import { type Failure, failure } from '../error/failure.ts'
import type { Report } from './check/report.ts'
import { copybooksIn } from './copybooks.ts'
import { filesInMemory } from './project-files.ts'
import { resolveAdapter } from './resolve-adapter.ts'

/** Throws KEPT_ADAPTER_INVALID when a transaction among them is none for this release. */
export function keptAdapters({ adapters, files }: Build): ReadonlyMap<string, ResolvedAdapter> {
  const kept = filesInMemory(files)
  const copybooks = copybooksIn(kept)
  const resolved = new Map<string, ResolvedAdapter>()
  for (const [name, definition] of Object.entries(adapters)) {
    // It was a definition when it was kept, and nothing but data.
    const value = adapter(name, definition as AdapterDefinition)
    const failures: Failure[] = []
    const one = resolveAdapter(kept, { file: `adapters/${name}.ts`, value }, copybooks, collecting(failures))
    // A check that has grown stricter since stops nothing; a transaction without a wire does.
    if (one.transactions.size < Object.keys(value.definition.transactions).length) {
      const problem = failures[0]?.message ?? `${name} is not whole`
      throw failure('KEPT_ADAPTER_INVALID', { adapter: name, problem }, { cause: failures[0] })
    }
    resolved.set(name, one)
  }
  return resolved
}

function collecting(failures: Failure[]): Report {
  return {
    mistake: (_path, code, facts) => failures.push(failure(code, facts)),
    add: (_path, found) => failures.push(found),
    note: () => undefined,
  }
}
