// The workflow bundle: one file of code for the sandbox, made from every flow of the catalog and the built-in workflows.
// Bundling takes seconds, so a bundle is kept with the digests of all files that went into it, and used as long as none has changed.
// Nothing in it tells where the files lie: the same files give the same digest on every machine.

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, lstat, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { traitsTableOf } from '../contract/activity.ts'
import type { Catalog } from '../contract/catalog.ts'
import { failure } from '../error/failure.ts'
import { type BundlePlaces, bundle } from './bundler.ts'

/** The root is where relative paths of flows begin; the working folder without it. */
export type FlowSources = Pick<Catalog, 'adapters' | 'flows'> & Partial<Pick<Catalog, 'root'>>

export interface Bundle {
  readonly code: string
  /** SHA-256 of what the code does: comments, layout and the places of files are not in it. */
  readonly digest: string
}

interface Kept extends Bundle {
  /** Path → SHA-256 of every file that went into the code. */
  readonly inputs: Readonly<Record<string, string>>
}

/** The code of all workflows. Throws FLOWS_NOT_BUNDLED with the bundler's own words when a flow imports what the sandbox forbids. */
export async function flowBundle(sources: FlowSources): Promise<string> {
  return (await bundleOf(sources)).code
}

/** The same, with its digest. */
export async function bundleOf(sources: FlowSources): Promise<Bundle> {
  const folder = await privateFolder()
  const entry = entryOf(sources)
  const places = placesOf(sources)
  const stem = join(folder, digest(JSON.stringify([entry, places, await bundlerDigest()])).slice(0, 32))
  const kept = await keptBundle(`${stem}.json`)
  if (kept) return kept
  await replaceFile(`${stem}.ts`, entry)
  const made = await bundle(`${stem}.ts`, places)
  const inputs: Record<string, string> = {}
  for (const path of made.files) inputs[path] = (await digestOfFile(path)) ?? ''
  const { code, digest: ofCode } = made
  await replaceFile(`${stem}.json`, JSON.stringify({ code, digest: ofCode, inputs } satisfies Kept))
  return made
}

/**
 * The flow kit is evaluated once for each thread of the worker; of a run's own are the flow, its adapters and what `flow/run/state` keeps.
 * `run/stack-depth` is loaded for being loaded.
 */
const sharedModules = [
  ...['run/stack-depth', 'call', 'emit', 'flow', 'rejection', 'saga', 'version'],
  ...['builtin/late-look', 'builtin/not-begun', 'builtin/run-transaction', 'builtin/sweep'],
]

/** Where the entry finds what it imports: names that are the same on every machine → paths of this one. */
function placesOf({ flows, root = '' }: FlowSources): BundlePlaces {
  const { folder, extension } = productFor(root)
  return {
    root: resolve(root),
    shared: sharedModules.map((name) => `mainspan-product/flow/${name}.${extension}`),
    aliases: {
      'mainspan-product': folder,
      ...Object.fromEntries([...flows].map(([type, file]) => [`mainspan-flow/${type}$`, resolve(root, file)])),
    },
  }
}

/**
 * Where the built-in workflows come from: in the product's own project the sources, which its flows import; elsewhere this build. A second
 * copy of the flow kit would be evaluated for each run, and share nothing with the first.
 */
function productFor(root = ''): { readonly folder: string; readonly extension: string } {
  const folder = dirname(dirname(fileURLToPath(import.meta.url)))
  const sources = join(dirname(folder), 'src')
  const isOwn = resolve(root) === dirname(folder) && existsSync(join(sources, 'flow', 'flow.ts'))
  return isOwn
    ? { folder: sources, extension: 'ts' }
    : { folder, extension: import.meta.url.endsWith('.ts') ? 'ts' : 'js' }
}

/** The entry file: its exports are the workflow types. */
export function entryOf({ adapters, flows, root }: FlowSources): string {
  const table = traitsTableOf([...adapters].map(([name, { definition }]) => [name, definition]))
  const own = productFor(root).extension
  return [
    `import { runTransactionOf } from 'mainspan-product/flow/builtin/run-transaction.${own}'`,
    `export { notBegun } from 'mainspan-product/flow/builtin/not-begun.${own}'`,
    `export { watch } from 'mainspan-product/flow/builtin/late-look.${own}'`,
    `export { sweep } from 'mainspan-product/flow/builtin/sweep.${own}'`,
    `export const runTransaction = runTransactionOf(${JSON.stringify(table)})`,
    ...[...flows.keys()].sort().map((type) => `export { ${type} } from 'mainspan-flow/${type}'`),
    '',
  ].join('\n')
}

/** The code without the source map that is appended to it. */
export function withoutSourceMap(code: string): string {
  const at = code.lastIndexOf('//# sourceMappingURL=')
  return at === -1 ? code : code.slice(0, at)
}

/** What makes other code of the same files: this file and the next, and the version of the SDK. */
async function bundlerDigest(): Promise<string> {
  const sdk = createRequire(import.meta.url).resolve('@temporalio/worker/package.json')
  const own = ['bundle', 'bundler'].map((name) => import.meta.url.replace(/bundle(?=\.[jt]s$)/, name))
  const digests = await Promise.all([...own.map((url) => fileURLToPath(url)), sdk].map(digestOfFile))
  return digests.join(' ')
}

async function keptBundle(path: string): Promise<Bundle | undefined> {
  try {
    const kept: Kept = JSON.parse(await readFile(path, 'utf8'))
    for (const [input, expected] of Object.entries(kept.inputs)) {
      if ((await digestOfFile(input)) !== expected) return undefined
    }
    return kept
  } catch {
    return undefined
  }
}

/** A folder below the system's temporary one that nobody else can write to: code is run from it. */
async function privateFolder(): Promise<string> {
  const { uid, username } = userInfo()
  const folder = join(tmpdir(), `mainspan-${uid === -1 ? username : uid}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const found = await lstat(folder)
  if (!found.isDirectory() || (uid !== -1 && found.uid !== uid)) throw failure('TEMPORARY_FOLDER_UNSAFE', { folder })
  if (uid !== -1) await chmod(folder, 0o700)
  return folder
}

async function replaceFile(path: string, content: string): Promise<void> {
  const fresh = `${path}.${process.pid}.${Date.now()}`
  await writeFile(fresh, content, { mode: 0o600 })
  await rename(fresh, path)
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

async function digestOfFile(path: string): Promise<string | undefined> {
  try {
    return digest(await readFile(path))
  } catch {
    return undefined
  }
}
