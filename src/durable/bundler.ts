// The bundler: webpack as Temporal sets it up, told to leave comments out and to say of every module only where it lies below the project.

import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'
import { failure } from '../error/failure.ts'
import { failureConverterPath } from './payload/data-converter.ts'

/** Where the modules of a bundle are found. */
export interface BundlePlaces {
  /** The team's project. */
  readonly root: string
  /** Name in the entry → path. */
  readonly aliases: Readonly<Record<string, string>>
  /** What the runs of a worker share, by such names: without state of its own between two calls. */
  readonly shared: readonly string[]
}

export interface Bundled {
  readonly code: string
  /** SHA-256 over the names and the code of all modules. */
  readonly digest: string
  /** The files that went into it, without the entry. */
  readonly files: readonly string[]
}

/** Slow to evaluate: once for each thread of the worker instead of once for each run. */
const hashModules = ['sha2', 'legacy', 'utils'].map((name) => `@noble/hashes/${name}.js`)
const preloaded = /[\\/]@noble[\\/]hashes[\\/]/

/** Bundles what the entry leads to. Throws FLOWS_NOT_BUNDLED. */
export async function bundle(entry: string, places: BundlePlaces): Promise<Bundled> {
  const mistakes: string[] = []
  const modules = new Map<string, { readonly path: string | undefined; readonly digest: string }>()
  const logger = new DefaultLogger('ERROR', () => undefined)
  const webpackConfigHook = (config: WebpackConfig) => {
    const nameOf = namesIn(entry, places.root)
    const plugins = [collector(mistakes), namer(nameOf), reader(modules)]
    const sourceName = ({ absoluteResourcePath: path }: { absoluteResourcePath: string }) =>
      isAbsolute(path) ? nameOf(path) : path
    const output = { ...config.output, pathinfo: false, devtoolModuleFilenameTemplate: sourceName }
    // Modules stand in the order of their paths from here.
    return {
      ...webpackConfig(config, places),
      context: dirname(entry),
      output,
      plugins: [...(config.plugins ?? []), ...plugins],
    }
  }
  try {
    const { code } = await bundleWorkflowCode({
      workflowsPath: entry,
      preloadModules: [...hashModules, ...places.shared],
      failureConverterPath,
      logger,
      webpackConfigHook,
    })
    const names = [...modules.keys()].sort()
    const digest = createHash('sha256')
    for (const name of names) digest.update(`${name} ${modules.get(name)?.digest}\n`)
    const paths = names.flatMap((name) => modules.get(name)?.path ?? [])
    return { code, digest: digest.digest('hex'), files: paths.filter((path) => !path.startsWith(stemOf(entry))) }
  } catch (cause) {
    if (mistakes.length === 0) mistakes.push(cause instanceof Error ? cause.message : String(cause))
    throw failure('FLOWS_NOT_BUNDLED', { problem: mistakes.join('\n') }, { cause })
  }
}

type WebpackConfig = Parameters<NonNullable<Parameters<typeof bundleWorkflowCode>[0]['webpackConfigHook']>>[0]
type WebpackPlugin = Extract<NonNullable<WebpackConfig['plugins']>[number], { apply: unknown }>

/** Halves the code by leaving comments and old syntax out; names stay, so that stack traces of flows can be read. */
function webpackConfig(config: WebpackConfig, { aliases }: BundlePlaces): WebpackConfig {
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
    resolve: {
      ...config.resolve,
      alias: { ...config.resolve?.alias, '@temporalio/workflow': workflow, ...aliases },
      modules: [...(config.resolve?.modules ?? []), modules],
    },
    module: {
      ...config.module,
      rules: [
        { test: /\.ts$/, exclude: /node_modules/, use: loader({ syntax: 'typescript' }) },
        { test: /\.js$/, use: loader({ syntax: 'ecmascript' }) },
        // Their package says that they have no side effects: webpack would leave out what is loaded for being loaded alone.
        { test: preloaded, sideEffects: true },
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

/** Gives every module a name that is the same wherever the project lies. Two of one name are told apart by their order. */
function namer(nameOf: (path: string) => string): WebpackPlugin {
  return {
    apply: ({ hooks }) => {
      hooks.compilation.tap('mainspan', ({ hooks: { moduleIds }, chunkGraph }) => {
        moduleIds.tap('mainspan', (modules) => {
          const taken = new Map<string, number>()
          const ordered = [...modules].sort((one, other) => (one.identifier() < other.identifier() ? -1 : 1))
          for (const module of ordered.filter((one) => chunkGraph.getNumberOfModuleChunks(one) > 0)) {
            const path = module.nameForCondition()
            const name = path === null ? `(${module.type})` : nameOf(path)
            const count = (taken.get(name) ?? 0) + 1
            taken.set(name, count)
            chunkGraph.setModuleId(module, count === 1 ? name : `${name}#${count}`)
          }
        })
      })
    },
  }
}

/** Notes the path of each module and the digest of the code that was made of it. */
function reader(found: Map<string, { readonly path: string | undefined; readonly digest: string }>): WebpackPlugin {
  return {
    apply: ({ hooks }) => {
      hooks.afterCompile.tap('mainspan', ({ modules, chunkGraph, codeGenerationResults }) => {
        for (const module of modules) {
          const id = chunkGraph.getModuleId(module)
          if (id === null) continue
          const code = createHash('sha256')
          for (const runtime of chunkGraph.getModuleRuntimes(module)) {
            for (const source of codeGenerationResults?.get(module, runtime).sources.values() ?? [])
              code.update(source.buffer())
          }
          found.set(String(id), { path: module.nameForCondition() ?? undefined, digest: code.digest('hex') })
        }
      })
    },
  }
}

/** Path → its name in the bundle: below the packages, below the project, or below the product. */
function namesIn(entry: string, root: string): (path: string) => string {
  const product = dirname(dirname(fileURLToPath(import.meta.url)))
  const stem = stemOf(entry)
  return (path) => {
    if (path.startsWith(stem)) return `entry${path.slice(stem.length)}`
    const packages = `${sep}node_modules${sep}`
    if (path.includes(packages)) return path.slice(path.lastIndexOf(packages) + 1)
    for (const folder of [root, dirname(product)]) {
      const below = relative(folder, path)
      if (!below.startsWith('..')) return below
    }
    return basename(path)
  }
}

function stemOf(entry: string): string {
  return entry.replace(/\.ts$/, '')
}
