// Who may import whom: the rings of the design, the fences around foreign libraries, no cycles, no dead files.

import { type Finding, type Import, importsOf, type SourceFile, targetOf } from './source.ts'

export const pureRooms = ['error', 'cobol', 'codepage', 'codec', 'wire', 'frame', 'contract', 'iso20022']
/** Entries of the library, which re-export what pure rooms hold. */
const publicRoom = 'public'
export const edgeRooms = ['backend', 'catalog', 'dataset', 'durable', 'store', 'event', 'api', 'guard', 'telemetry']
/** What every API does with an operation: stands on pure rooms alone, and edge rooms stand on it. */
const neutralRoom = 'operation'
const mainRooms = ['local', 'cli']
export const rooms = [...pureRooms, publicRoom, 'flow', neutralRoom, ...edgeRooms, ...mainRooms]

/** Each library that speaks a protocol or reaches the outside is known to one file. */
const fences: Readonly<Record<string, string>> = {
  ajv: 'src/operation/schema-mistakes.ts',
  amqplib: 'src/event/broker.ts',
  pg: 'src/store/database.ts',
  soap: 'src/backend/soap.ts',
  ibm_db: 'src/backend/db2.ts',
  saxes: 'src/wire/soap/xml.ts',
  undici: 'src/backend/soap.ts',
}

/** What a pure room may stand on beside zod: a library that opens nothing. */
const pureLibraries: Readonly<Record<string, readonly string[]>> = {
  codepage: ['iconv-lite'],
  wire: ['saxes'],
  operation: ['ajv'],
}

export function roomOf(path: string): string | undefined {
  const match = /^src\/([^/]+)\//.exec(path)
  return match?.[1]
}

export function importFindings(files: readonly SourceFile[]): Finding[] {
  return files.flatMap((file) =>
    importsOf(file).flatMap((one) => {
      const broken = brokenRule(file.path, one)
      return broken ? [{ path: file.path, line: one.line, rule: broken[0], hint: broken[1] }] : []
    }),
  )
}

/** The rule that an import breaks, and a hint. */
function brokenRule(path: string, { from, typeOnly }: Import): readonly [string, string] | undefined {
  const target = targetOf(path, from)
  if (target?.startsWith('src/') && !target.endsWith('.ts')) return [`${from} has no .ts ending`, 'write the ending']
  if (path.startsWith('adapters/') || path.startsWith('workflows/')) return brokenByTeam(path, from, target, typeOnly)
  if (!path.startsWith('src/')) return undefined
  if (target && /^(adapters|workflows|test|bench)\//.test(target)) {
    return [`src/ imports ${target}`, 'find it by path at start, through src/catalog']
  }
  const room = roomOf(path)
  const fence = target === undefined ? fences[from.split('/')[0] ?? ''] : undefined
  if (fence !== undefined && fence !== path && !typeOnly)
    return [`${from} is fenced into ${fence}`, 'go through that file']
  if (room === undefined) return undefined
  if ([...pureRooms, publicRoom, neutralRoom].includes(room)) return brokenByPure(room, from, target)
  if (room === 'flow') return brokenByFlow(from, target, typeOnly)
  if (room !== 'cli' && target?.startsWith('src/cli/'))
    return [`${room} imports ${target}`, 'the command line is on top: take what it gives as an argument']
  return edgeRooms.includes(room) ? brokenByEdge(room, target) : undefined
}

function brokenByPure(room: string, from: string, target: string | undefined): readonly [string, string] | undefined {
  if (target === undefined) {
    const library = from.split('/')[0] ?? ''
    return ['zod', ...(pureLibraries[room] ?? [])].includes(library)
      ? undefined
      : [`${ringOf(room)} imports ${from}`, 'take what it gives as an argument']
  }
  const other = roomOf(target)
  if (other !== undefined && pureRooms.includes(other)) return undefined
  if (room === neutralRoom && other === room) return undefined
  return [`${ringOf(room)} imports ${target}`, 'turn the dependency round, or share a type in src/contract']
}

function ringOf(room: string): string {
  return `${room === neutralRoom ? 'neutral' : 'pure'} room ${room}`
}

function brokenByFlow(
  from: string,
  target: string | undefined,
  typeOnly: boolean,
): readonly [string, string] | undefined {
  if (target === undefined) {
    const allowed = /^(@temporalio\/workflow|@temporalio\/common|@noble\/hashes\/.*)$/.test(from)
    return allowed || typeOnly
      ? undefined
      : [`flow imports ${from}`, 'the sandbox has no Node and no zod; do it in an activity']
  }
  const other = roomOf(target)
  if (target === 'src/contract/operation.ts' && !typeOnly)
    return ['flow imports zod by src/contract/operation.ts', 'import types alone']
  return other === 'flow' || other === 'contract' || other === 'error'
    ? undefined
    : [`flow imports ${target}`, 'flow stands on contract and error only']
}

function brokenByEdge(room: string, target: string | undefined): readonly [string, string] | undefined {
  const other = target === undefined ? undefined : roomOf(target)
  if (target === undefined || other === room || (other !== undefined && pureRooms.includes(other))) return undefined
  if (other === neutralRoom) return undefined
  if (other === 'flow' && room === 'durable') return undefined
  if (target === 'src/config.ts') return [`${room} reads ${target}`, 'take the settings it needs as an argument']
  return [`edge room ${room} imports ${target}`, 'share a type in src/contract and let src/start.ts put them together']
}

function brokenByTeam(
  path: string,
  from: string,
  target: string | undefined,
  typeOnly: boolean,
): readonly [string, string] | undefined {
  if (typeOnly) return undefined
  if (path.startsWith('adapters/')) {
    return target?.startsWith('src/contract/') ? undefined : [`an adapter imports ${from}`, 'import src/contract only']
  }
  if (path.endsWith('.operation.ts')) {
    const fine = from === 'zod' || /^(src\/contract|adapters|workflows)\//.test(target ?? '')
    return fine ? undefined : [`an operation imports ${from}`, 'import zod, src/contract and adapters only']
  }
  const fine =
    /^(src\/flow|adapters)\//.test(target ?? '') ||
    (/^workflows\//.test(target ?? '') && !from.endsWith('.operation.ts'))
  return fine ? undefined : [`a flow imports ${from}`, 'import src/flow and adapters; types alone from operations']
}

/** Every cycle of imports, told once at its first file; in the product a cycle of types is one too. */
export function cycleFindings(files: readonly SourceFile[]): Finding[] {
  const targetsOf = (file: SourceFile) => (roomOf(file.path) === undefined ? valueTargets(file) : allTargets(file))
  return cyclesOf(new Map(files.map((file) => [file.path, targetsOf(file)]))).map((cycle) => ({
    path: cycle[0] ?? '',
    line: 1,
    rule: `import cycle ${cycle.join(' → ')}`,
    hint: 'move what both need to a third file',
  }))
}

/** Every cycle of value imports between the folders of src/; a folder and one inside of it belong together. */
export function folderCycleFindings(files: readonly SourceFile[]): Finding[] {
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/'))
  const isInside = (one: string, other: string) => `${one}/`.startsWith(`${other}/`)
  const graph = new Map<string, readonly string[]>()
  for (const file of files) {
    if (roomOf(file.path) === undefined) continue
    const folder = folderOf(file.path)
    const others = valueTargets(file)
      .map(folderOf)
      .filter((other) => !isInside(other, folder) && !isInside(folder, other))
    graph.set(folder, [...new Set([...(graph.get(folder) ?? []), ...others])])
  }
  return cyclesOf(graph).map((cycle) => ({
    path: cycle[0] ?? '',
    line: 1,
    rule: `folder cycle ${cycle.join(' → ')}`,
    hint: 'move what both need below both',
  }))
}

/** The cycles of a graph; each ends where it begins. */
function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = []
  const state = new Map<string, 'open' | 'done'>()
  const trail: string[] = []
  const visit = (node: string): void => {
    if (state.get(node) === 'done') return
    if (state.get(node) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(node)), node])
      return
    }
    state.set(node, 'open')
    trail.push(node)
    for (const next of graph.get(node) ?? []) if (graph.has(next)) visit(next)
    trail.pop()
    state.set(node, 'done')
  }
  for (const node of graph.keys()) visit(node)
  return cycles
}

function allTargets(file: SourceFile): string[] {
  return importsOf(file).flatMap(({ from }) => targetOf(file.path, from) ?? [])
}

function valueTargets(file: SourceFile): string[] {
  return importsOf(file).flatMap(({ from, typeOnly }) => {
    const target = targetOf(file.path, from)
    return target === undefined || typeOnly ? [] : [target]
  })
}

/** Files of src/ that nothing leads to from an entry. */
export function deadFileFindings(files: readonly SourceFile[], entries: readonly string[]): Finding[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const reached = new Set<string>()
  const pending = [...entries]
  while (pending.length > 0) {
    const path = pending.pop() ?? ''
    const file = byPath.get(path)
    if (!file || reached.has(path)) continue
    reached.add(path)
    for (const { from } of importsOf(file)) pending.push((targetOf(path, from) ?? '').replace(/\.js$/, '.ts'))
  }
  return files
    .filter((file) => file.path.startsWith('src/') && !reached.has(file.path))
    .map((file) => ({ path: file.path, line: 1, rule: 'nothing leads to this file', hint: 'use it or delete it' }))
}
