// Reads a whole project (adapters, copybooks, flows, operations) into the catalog, and tells every mistake at its line.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Catalog, ResolvedAdapter, ResolvedOperation } from '../contract/catalog.ts'
import { type Failure, failure } from '../error/failure.ts'
import { type Positions, positionsIn } from './check/positions.ts'
import { type Findings, reportOn } from './check/report.ts'
import { copybooksIn } from './copybooks.ts'
import { type FoundExport, importTeamModules, type TeamModules } from './modules.ts'
import { filesOnDisk, type ProjectFiles, recording } from './project-files.ts'
import { staleRecordTypes } from './record-types.ts'
import { resolveAdapter } from './resolve-adapter.ts'
import { resolveOperation } from './resolve-operation.ts'

/** What a project holds, and what is wrong with it. */
export interface CatalogReading extends Findings {
  readonly catalog: Catalog
}

type PositionsOf = (file: string) => Positions

/** Never throws for mistakes of a team: they are in `failures`, sorted by place, and the catalog holds what has none. */
export async function readCatalog(root: string): Promise<CatalogReading> {
  const modules = await importTeamModules(root)
  const findings: Findings = { failures: [...modules.failures], notes: [] }
  const positions = remembered((file) => positionsIn(file, readFileSync(join(root, file), 'utf8')))
  const { files, noted } = recording(filesOnDisk(root))
  const adapters = readAdapters(files, modules, positions, findings)
  const operations = readOperations(modules, adapters, positions, findings)
  checkImports(modules, positions, findings)
  checkFlowNames(modules, positions, findings)
  findings.failures.push(...(await staleRecordTypes(root, adapters)))
  findings.failures.sort(byPlace)
  return { catalog: { root, adapters, operations, flows: modules.flows, files: noted }, ...findings }
}

/** The catalog, or the first mistake thrown: for parts of the product that cannot go on with any. */
export async function loadCatalog(root: string): Promise<Catalog> {
  const { catalog, failures } = await readCatalog(root)
  const blocking = failures.find((one) => one.code !== 'RECORD_TYPES_STALE')
  if (blocking) throw blocking
  return catalog
}

function readAdapters(
  files: ProjectFiles,
  modules: TeamModules,
  positions: PositionsOf,
  findings: Findings,
): Map<string, ResolvedAdapter> {
  const copybooks = copybooksIn(files)
  const adapters = new Map<string, ResolvedAdapter>()
  for (const found of modules.adapters) {
    const { name } = found.value
    const report = reportOn(positions(found.file), 'adapter', name, findings)
    const twin = adapters.get(name)
    if (twin) report.mistake([], 'ADAPTER_DUPLICATE', { adapter: name, file: twin.file })
    else adapters.set(name, resolveAdapter(files, found, copybooks, report))
  }
  return adapters
}

function readOperations(
  modules: TeamModules,
  adapters: ReadonlyMap<string, ResolvedAdapter>,
  positions: PositionsOf,
  findings: Findings,
): ResolvedOperation[] {
  const operations: ResolvedOperation[] = []
  for (const found of modules.operations) {
    const report = reportOn(positions(found.file), 'operation', found.value.name, findings)
    const resolved = resolveOperation(found, { adapters, flows: modules.flows }, report)
    if (!resolved) continue
    const { name, version, method, path } = resolved
    const twin = operations.find((one) => one.name === name && one.version === version)
    if (twin) report.mistake([], 'OPERATION_DUPLICATE', { operation: name, version, file: twin.file })
    const rival = operations.find(
      (one) => path !== undefined && one.method === method && shape(one.path) === shape(path),
    )
    if (rival) report.mistake(['rest'], 'ROUTE_DUPLICATE', { route: `${method} ${path}`, operation: rival.name })
    if (!twin && !rival) operations.push(resolved)
  }
  return operations
}

/** Two paths that differ only in the names of their parameters are one route. */
function shape(path: string | undefined): string | undefined {
  return path?.replaceAll(/\{\w+\}/g, '{}')
}

/** Adapters import the contract only; flows import src/flow and adapters, and types from operations. */
function checkImports(modules: TeamModules, positions: PositionsOf, { failures }: Findings): void {
  const check = (file: string, allowed: RegExp, words: string) => {
    for (const one of positions(file).imports) {
      if (one.typeOnly || allowed.test(one.source)) continue
      failures.push(failure('IMPORT_NOT_ALLOWED', { source: one.source, allowed: words }, { place: one.place }))
    }
  }
  for (const file of filesOf(modules.adapters)) check(file, /\/src\/contract\/[\w-]+\.ts$/, 'src/contract')
  for (const file of new Set(modules.flows.values())) {
    check(
      file,
      /\/src\/flow\/[\w-]+\.ts$|^\.\.\/adapters\/[\w-]+\.ts$|^\.\/(?!.*\.operation\.ts$)[\w-]+\.ts$/,
      'src/flow and adapters',
    )
  }
}

/** The workflow types that are there without any flow. */
const builtIn = ['runTransaction', 'notBegun', 'watch', 'sweep']

/** The exported name is the workflow type, so no two files may share one. */
function checkFlowNames({ flowExports }: TeamModules, positions: PositionsOf, { failures }: Findings): void {
  const first = new Map(builtIn.map((name) => [name, 'the product itself']))
  for (const { exportName, file } of flowExports) {
    const other = first.get(exportName)
    if (other === undefined) first.set(exportName, file)
    else
      failures.push(
        failure(
          'FLOW_NAME_DUPLICATE',
          { flow: exportName, file: other },
          { place: positions(file).ofExport(exportName) },
        ),
      )
  }
}

function filesOf(found: readonly FoundExport<unknown>[]): Set<string> {
  return new Set(found.map((one) => one.file))
}

function remembered<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return (key) => {
    const value = known.get(key) ?? make(key)
    known.set(key, value)
    return value
  }
}

function byPlace(one: Failure, other: Failure): number {
  const [a, b] = [one.place, other.place]
  if (!a || !b) return Number(a === undefined) - Number(b === undefined)
  return a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column
}
