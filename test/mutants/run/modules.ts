// Loads the project's TypeScript from its sources, each time anew and with other texts in the place of some: what a mutant needs. A file is
// compiled once and its modules are made again and again; packages are those of the process.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import vm from 'node:vm'
import { transformSync } from '@swc/core'

export type Exports = Record<string, unknown>
type Evaluate = (...given: readonly unknown[]) => void

export interface ModulesOptions {
  /** Path → the text in its place. */
  readonly texts?: ReadonlyMap<string, string>
  /** Path or package → what an import of it gives. */
  readonly given?: ReadonlyMap<string, Exports>
  /** Path → the file that is loaded in its place, but by that file itself. */
  readonly instead?: ReadonlyMap<string, string>
  /** Names that stand for something else in all modules: clocks, say. */
  readonly globals?: Readonly<Record<string, unknown>>
}

/** CommonJS, as one function of what a module is given. */
export function compiled(path: string, text: string): string {
  return transformSync(text, {
    filename: path,
    sourceMaps: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  }).code
}

/** Path and names → text → its function. Only the plain text of a file is kept: mutants come once. */
const kept = new Map<string, { readonly text: string; readonly evaluate: Evaluate }>()

function evaluating(path: string, text: string, names: readonly string[], isPlain: boolean): Evaluate {
  const key = `${path} ${names.join()}`
  const known = kept.get(key)
  if (known?.text === text) return known.evaluate
  const code = compiled(path, text)
  const evaluate = vm.compileFunction(code, ['exports', 'require', 'module', '__filename', '__dirname', ...names], {
    filename: path,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as Evaluate
  if (isPlain) kept.set(key, { text, evaluate })
  return evaluate
}

export class Modules {
  readonly #options: ModulesOptions
  readonly #made = new Map<string, { exports: Exports }>()
  readonly #names: readonly string[]
  readonly #values: readonly unknown[]

  constructor(options: ModulesOptions) {
    this.#options = options
    this.#names = Object.keys(options.globals ?? {})
    this.#values = Object.values(options.globals ?? {})
  }

  /** The files that were loaded so far. */
  get loaded(): readonly string[] {
    return [...this.#made.keys()]
  }

  /** The exports of a file of the project. */
  load(file: string, by?: string): Exports {
    const other = this.#options.instead?.get(file)
    const path = other === undefined || other === by ? file : other
    const given = this.#options.given?.get(path)
    if (given) return given
    const known = this.#made.get(path)
    if (known) return known.exports
    const module = { exports: {} as Exports }
    this.#made.set(path, module)
    const mutant = this.#options.texts?.get(path)
    const text = mutant ?? readFileSync(path, 'utf8')
    const evaluate = evaluating(path, text, this.#names, mutant === undefined)
    evaluate(module.exports, this.#requireFrom(path), module, path, dirname(path), ...this.#values)
    return module.exports
  }

  #requireFrom(path: string): (specifier: string) => unknown {
    const foreign = createRequire(path)
    return (specifier) => {
      const given = this.#options.given?.get(specifier)
      if (given) return given
      const file = specifier.startsWith('file:')
        ? fileURLToPath(specifier)
        : specifier.startsWith('.')
          ? join(dirname(path), specifier)
          : specifier
      // Also that of projects which tests make elsewhere.
      const isOwn = file.endsWith('.ts') && !file.includes(`${sep}node_modules${sep}`)
      return isOwn ? this.load(file, path) : foreign(specifier.startsWith('file:') ? file : specifier)
    }
  }
}
