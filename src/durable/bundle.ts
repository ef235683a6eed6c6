// The workflow bundle: one file of code for the sandbox, made from every flow of the catalog and the built-in workflows.
// Bundling takes seconds, so a bundle is kept with the digests of all files that went into it, and used as long as none has changed.

import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'
import { traitsOf } from '../contract/activity.ts'
import type { Catalog } from '../contract/catalog.ts'
import { failure } from '../error/failure.ts'
import { failureConverterPath } from './payload/data-converter.ts'

export type FlowSources = Pick<Catalog, 'adapters' | 'flows'>

interface Kept {
  readonly code: string
  /** Path → SHA-256 of every file that went into the code. */
  readonly inputs: Readonly<Record<string, string>>
}

/** The code of all workflows. Throws FLOWS_NOT_BUNDLED with the bundler's own words when a flow imports what the sandbox forbids. */
export async function flowBundle(sources: FlowSources): Promise<string> {
  const folder = await privateFolder()
  const entry = entryOf(sources)
  const stem = join(folder, digest(entry + (await bundlerDigest())).slice(0, 32))
  const kept = await keptBundle(`${stem}.json`)
  if (kept) return kept.code
  await replaceFile(`${stem}.ts`, entry)
  const code = await bundle(`${stem}.ts`)
  await replaceFile(`${stem}.json`, JSON.stringify({ code, inputs: await inputsOf(code, stem) } satisfies Kept))
  return code
}

/** The entry file: its exports are the workflow types. */
export function entryOf({ adapters, flows }: FlowSources): string {
  const table = Object.fromEntries(
    [...adapters].map(([name, { definition }]) => [
      name,
      Object.fromEntries(Object.entries(definition.transactions).map(([one, it]) => [one, traitsOf(it)])),
    ]),
  )
  const own = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const builtIn = (file: string) => JSON.stringify(fileURLToPath(new URL(`../flow/${file}.${own}`, import.meta.url)))
  return [
    `import { runTransactionOf } from ${builtIn('run-transaction')}`,
    `export { notBegun } from ${builtIn('not-begun')}`,
    `export const runTransaction = runTransactionOf(${JSON.stringify(table)})`,
    ...[...flows].map(([type, file]) => `export { ${type} } from ${JSON.stringify(resolve(file))}`),
    '',
  ].join('\n')
}

async function bundle(entry: string): Promise<string> {
  const mistakes: string[] = []
  const logger = new DefaultLogger('ERROR', () => undefined)
  const webpackConfigHook = (config: WebpackConfig) => webpackConfig(config, mistakes)
  try {
    return (await bundleWorkflowCode({ workflowsPath: entry, failureConverterPath, logger, webpackConfigHook })).code
  } catch (cause) {
    if (mistakes.length === 0) mistakes.push(cause instanceof Error ? cause.message : String(cause))
    throw failure('FLOWS_NOT_BUNDLED', { problem: mistakes.join('\n') }, { cause })
  }
}

type WebpackConfig = Parameters<NonNullable<Parameters<typeof bundleWorkflowCode>[0]['webpackConfigHook']>>[0]

type WebpackPlugin = Extract<NonNullable<WebpackConfig['plugins']>[number], { apply: unknown }>

/** Halves the code by leaving comments and old syntax out; names stay, so that stack traces of flows can be read. */
function webpackConfig(config: WebpackConfig, mistakes: string[]): WebpackConfig {
  const require = createRequire(import.meta.url)
  // The entry lies outside of the project: where no node_modules is found, or another one, whose SDK would be a second copy.
  const workflow = dirname(require.resolve('@temporalio/workflow/package.json'))
  const modules = resolve(workflow, '../..')
  const swc = createRequire(require.resolve('@temporalio/worker')).resolve('swc-loader')
  const minify = { compress: false, mangle: false, format: { comments: false } }
  const loader = (parser: object) => ({
    loader: swc,
    options: { sourceMaps: true, minify: true, jsc: { target: 'es2022', parser, minify } },
  })
  return {
    ...config,
    plugins: [...(config.plugins ?? []), collector(mistakes)],
    resolve: {
      ...config.resolve,
      alias: { ...config.resolve?.alias, '@temporalio/workflow': workflow },
      modules: [...(config.resolve?.modules ?? []), modules],
    },
    module: {
      ...config.module,
      rules: [
        { test: /\.ts$/, exclude: /node_modules/, use: loader({ syntax: 'typescript' }) },
        { test: /\.js$/, use: loader({ syntax: 'ecmascript' }) },
      ],
    },
  }
}

/** What webpack has to say about each mistake: the file, and what is wrong, without stacks and search paths. */
function collector(mistakes: string[]): WebpackPlugin {
  return {
    apply: ({ hooks }) => {
      hooks.done.tap('mainspan', ({ compilation }) => {
        for (const error of compilation.errors) {
          // Absent from the declared type, present on every error about a file.
          const { module } = error as { module?: Parameters<typeof compilation.moduleGraph.getIssuer>[0] }
          const importer = module && compilation.moduleGraph.getIssuer(module)
          const files = [module, importer].flatMap((one) => one?.nameForCondition() ?? [])
          const file = files.find((path) => path.startsWith('/'))
          const what = error.message
            .split(/\n\s+at |\nresolve '|\nCaused by|\nStack backtrace|\nWebpack supports/)[0]
            ?.trim()
          mistakes.push(`${file ?? 'a flow'}: ${what}`)
        }
      })
    },
  }
}

/** The code without the source map that is appended to it. */
export function withoutSourceMap(code: string): string {
  const at = code.lastIndexOf('//# sourceMappingURL=')
  return at === -1 ? code : code.slice(0, at)
}

/** What makes other code of the same files: this file and the version of the SDK. */
async function bundlerDigest(): Promise<string> {
  const sdk = createRequire(import.meta.url).resolve('@temporalio/worker/package.json')
  return `${await digestOfFile(fileURLToPath(import.meta.url))} ${await digestOfFile(sdk)}`
}

/** The files that the source map names, with their digests. The entry itself is in the name of the bundle. */
async function inputsOf(code: string, stem: string): Promise<Record<string, string>> {
  const map = code.slice(code.lastIndexOf('//# sourceMappingURL='))
  const { sources } = JSON.parse(Buffer.from(map.slice(map.indexOf(',') + 1), 'base64').toString('utf8')) as {
    sources: string[]
  }
  const inputs: Record<string, string> = {}
  for (const path of sources) {
    if (path.startsWith(stem) || !path.startsWith('/')) continue
    const found = await digestOfFile(path)
    if (found !== undefined) inputs[path] = found
  }
  return inputs
}

async function keptBundle(path: string): Promise<Kept | undefined> {
  try {
    const kept = JSON.parse(await readFile(path, 'utf8')) as Kept
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
