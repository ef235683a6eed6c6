// The copybook compiler: text → words → COPY → entries → tree → layouts, a pass each. Mistakes are collected, never thrown.

import type { Failure } from '../error/failure.ts'
import { parseEntries } from './entry/parse-entries.ts'
import { constantInteger } from './entry/reader.ts'
import type { Layout, Note } from './layout.ts'
import { collectMistakes } from './mistakes.ts'
import { type CompileOptions, layoutOptions, type ResolvedOptions, resolveOptions, type Source } from './options.ts'
import { expand, memberName } from './text/copy.ts'
import { originOf } from './text/spot.ts'
import { resolveCounters } from './tree/counters.ts'
import { describeRecord } from './tree/describe.ts'
import type { Building, DraftRecord } from './tree/draft.ts'
import { growRecords } from './tree/grow.ts'
import { minimumStorage, placeRecord, storageOf } from './tree/place.ts'
import { checkRedefinesFixed, resolveRedefines } from './tree/redefine.ts'
import { resolveRenames } from './tree/renames.ts'

export type { CompileOptions, Source } from './options.ts'

/** What a copybook compiles to; all mistakes are collected, none is thrown. */
export interface CompiledCopybook {
  /** One a record (level 01 or 77), in the order of the text. Empty when there are failures: a wrong layout misreads money. */
  readonly layouts: readonly Layout[]
  /** Remarks: clauses without effect, blocks skipped. */
  readonly notes: readonly Note[]
  /** All mistakes found, each with its place, an excerpt with a caret, and a hint. */
  readonly failures: readonly Failure[]
}

/**
 * Compiles a copybook (or the data division of a whole program) to layouts.
 * Options left out are IBM's defaults; `library` is asked for the members of COPY.
 */
export function compileCopybook(source: Source, options: Partial<CompileOptions> = {}): CompiledCopybook {
  const asked = resolveOptions(options)
  const mistakes = collectMistakes(asked.limits.mistakes)
  const { words, settings } = expand(source, asked, mistakes)
  const resolved: ResolvedOptions = { ...asked, ...settings }
  const isWhole = mistakes.count === 0
  const { entries, constants, gaps } = parseEntries(words, resolved, mistakes)
  const building: Building = { options: resolved, mistakes, entryOf: new Map(), gaps: gaps || !isWhole }
  const records = growRecords(entries, memberName(source.name), building)
  const constant = (name: string) => constantInteger(constants, name)
  lay(records, building, constant)
  if (records.length === 0 && mistakes.count === 0) {
    mistakes.add('COPYBOOK_EMPTY', { name: source.name }, { origin: originOf(source), line: 1, column: 1 })
  }
  const { failures, notes } = mistakes
  return { layouts: failures.length > 0 ? [] : records.map((record) => layoutOf(record, resolved)), notes, failures }
}

/** The passes over the trees, in order: each needs what the ones before have set. */
function lay(
  records: readonly DraftRecord[],
  building: Building,
  constant: (name: string) => number | undefined,
): void {
  const roots = records.map(({ root }) => root)
  for (const root of roots) describeRecord(root, building, constant)
  resolveRedefines(roots, building)
  for (const root of roots) resolveCounters(root, building)
  for (const root of roots) checkRedefinesFixed(root, building)
  for (const root of roots) placeRecord(root, building)
  for (const record of records) resolveRenames(record, building)
}

function layoutOf({ root, renames }: DraftRecord, options: ResolvedOptions): Layout {
  return {
    name: root.name ?? 'FILLER',
    root,
    renames,
    minimumLength: minimumStorage(root),
    maximumLength: storageOf(root),
    options: layoutOptions(options),
  }
}
