// The copybook compiler: text → words → COPY → entries → tree → layouts, a pass each. Mistakes are collected, never thrown.

import type { Failure } from '../error/failure.ts'
import type { Entry, QualifiedName } from './entry/entry.ts'
import { type Measure, type ParsedEntries, parseEntries } from './entry/parse-entries.ts'
import { constantInteger } from './entry/reader.ts'
import type { Layout, Note } from './layout.ts'
import { collectMistakes } from './mistakes.ts'
import { type CompileOptions, layoutOptions, type ResolvedOptions, resolveOptions, type Source } from './options.ts'
import { expand, memberName } from './text/copy.ts'
import { type ProcessOptions, readProcessStatements } from './text/process-statement.ts'
import { originOf } from './text/spot.ts'
import { candidates, namesOf, resolveCounters } from './tree/counters.ts'
import { describeRecord } from './tree/describe.ts'
import type { Building, DraftRecord } from './tree/draft.ts'
import { growRecords } from './tree/grow.ts'
import { minimumStorage, placeRecord, storageOf } from './tree/place.ts'
import { checkRedefinesFixed, resolveRedefines } from './tree/redefine.ts'
import { resolveRenames } from './tree/renames.ts'
import { wantedRecords } from './wanted-records.ts'

export type { CompileOptions, Source } from './options.ts'

/** What a copybook compiles to; all mistakes are collected, none is thrown. */
export interface CompiledCopybook {
  /**
   * One a record (level 01 or 77) without mistakes, in the order of the text. Empty when there are failures: a wrong layout misreads money.
   */
  readonly layouts: readonly Layout[]
  /** Remarks: clauses without effect, blocks skipped, mistakes in records that were not asked for. */
  readonly notes: readonly Note[]
  /** All mistakes found in what was asked for, each with its place, an excerpt with a caret, and a hint. */
  readonly failures: readonly Failure[]
}

/**
 * Compiles a copybook (or the data division of a whole program) to layouts. Without `records` a mistake anywhere refuses the text.
 * Options left out are IBM's defaults; those that the program says itself count more. `library` is asked for the members of COPY.
 */
export function compileCopybook(source: Source, options: Partial<CompileOptions> = {}): CompiledCopybook {
  const limit = resolveOptions(options).limits.mistakes
  const mistakes = collectMistakes(limit)
  const process = readProcessStatements(originOf(source), options, mistakes)
  const asked = optionsWith(process, options)
  const { words, settings } = expand(source, asked, mistakes)
  const resolved: ResolvedOptions = { ...asked, ...settings }
  const isWhole = mistakes.count === 0
  const copybook = memberName(source.name)
  // Each LENGTH OF looks at all entries before it.
  let looked = 0
  const measure: Measure = (parsed, name) => {
    looked += parsed.entries.length
    return looked > LOOKED_AT * resolved.limits.entries ? undefined : measured(parsed, name, copybook, resolved)
  }
  const parsed = parseEntries(words, resolved, mistakes, measure)
  const records = treesOf(parsed, copybook, { options: resolved, mistakes, entryOf: new Map(), gaps: !isWhole })
  mistakes.scope = undefined
  if (records.length === 0 && mistakes.count === 0) {
    mistakes.add('COPYBOOK_EMPTY', { name: source.name }, { origin: originOf(source), line: 1, column: 1 })
  }
  const wanted = wantedRecords(records, mistakes, resolved.records)
  return {
    layouts: wanted.records.map((record) => layoutOf(record, resolved, process.codePage)),
    notes: [...mistakes.notes, ...wanted.notes],
    failures: wanted.failures,
  }
}

/** Times the limit of entries that may be looked at for LENGTH OF. */
const LOOKED_AT = 4

/** The options that count for a program: its own before those asked for. */
function optionsWith(process: ProcessOptions, options: Partial<CompileOptions>): ResolvedOptions {
  const define = { ...process.predefined, ...options.define, ...process.define }
  return resolveOptions({ ...options, ...process.settings, define })
}

/** The entries as records whose items have their places. */
function treesOf({ entries, constants }: ParsedEntries, copybook: string, building: Building): DraftRecord[] {
  const records = growRecords(entries, copybook, building)
  lay(records, building, (name) => constantInteger(constants, name))
  return records
}

/** Bytes of an item of entries whose text is not read to its end yet. */
function measured(
  parsed: ParsedEntries,
  name: QualifiedName,
  copybook: string,
  options: ResolvedOptions,
): number | undefined {
  const building: Building = { options, mistakes: collectMistakes(1), entryOf: new Map(), gaps: false }
  const records = treesOf({ ...parsed, entries: unscoped(parsed.entries) }, copybook, building)
  const [found, another] = candidates(name, namesOf(records.map(({ root }) => root)))
  return found === undefined || another || building.mistakes.count > 0 ? undefined : found.item.length
}

/** Entries whose mistakes are told by those that compile the whole text. */
function unscoped(entries: readonly Entry[]): Entry[] {
  const scopes = new Map(entries.map(({ scope }) => [scope, { ...scope }]))
  return entries.map((entry) => ({ ...entry, scope: scopes.get(entry.scope) ?? entry.scope }))
}

/** The passes over the trees, in order: each needs what the ones before have set. */
function lay(
  records: readonly DraftRecord[],
  building: Building,
  constant: (name: string) => number | undefined,
): void {
  const roots = records.map(({ root }) => root)
  const each = (pass: (record: DraftRecord) => void) => {
    for (const record of records) {
      building.mistakes.scope = record.scope
      pass(record)
    }
  }
  each(({ root }) => describeRecord(root, building, constant))
  resolveRedefines(roots, building)
  const elsewhere = namesOf(roots)
  each(({ root }) => resolveCounters(root, elsewhere, building))
  each(({ root }) => checkRedefinesFixed(root, building))
  each(({ root }) => placeRecord(root, building))
  each((record) => resolveRenames(record, building))
}

function layoutOf({ root, renames }: DraftRecord, options: ResolvedOptions, codePage: string | undefined): Layout {
  return {
    name: root.name ?? 'FILLER',
    root,
    renames,
    minimumLength: minimumStorage(root),
    maximumLength: storageOf(root),
    options: layoutOptions(options),
    ...(codePage !== undefined && { codePage }),
  }
}
