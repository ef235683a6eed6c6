// The sandboxes in which flows of the tests run: bundles as the product makes them, and a mutated file in the place of its module.

import { posix } from 'node:path'
import { Sandbox } from '../../explore/sandbox.ts'
import { compiled } from '../run/modules.ts'

/** Names of the bundle's modules that are made anew; packages keep nothing of a run. */
const own = '/^(src|adapters|workflows|test|entry)\\b/'
const closed = 'var __webpack_modules__ = ({'
const opened = 'var __webpack_modules__ = globalThis.modulesOfBundle = ({'

export class Sandboxes {
  readonly #all: Sandbox[] = []
  readonly #packages: readonly string[]
  #changes = ''

  /** Names of packages are told by a bundle that holds all that flows import. */
  constructor(whole: string) {
    this.#packages = [...whole.matchAll(/^\/\*\*\*\/ "(node_modules\/[^"]+)"$/gm)].map(([, name = '']) => name)
  }

  /** A sandbox of this bundle that follows all changes from now on. */
  make(code: string): Sandbox {
    if (!code.includes(closed)) throw new Error('the bundle has another form: its modules are not found')
    const sandbox = new Sandbox(code.replace(closed, opened))
    sandbox.run('globalThis.plainModules = { ...globalThis.modulesOfBundle }; globalThis.hits = new Set()')
    sandbox.run('globalThis.__hit = (probe) => globalThis.hits.add(probe)')
    sandbox.run(renewed(this.#changes))
    this.#all.push(sandbox)
    return sandbox
  }

  /** From now on with these texts, by their paths from the root, and every module new. */
  begin(texts: ReadonlyMap<string, string>): void {
    const flows = [...texts].filter(([path]) => path.startsWith('src/flow/'))
    this.#changes = flows.map(([path, text]) => this.#replacing(path, text)).join('\n')
    for (const sandbox of this.#all) sandbox.run(renewed(this.#changes))
  }

  /** The probes that were run since this was last asked. */
  hits(): readonly number[] {
    return this.#all.flatMap((sandbox) => {
      const hits = String(sandbox.run('{ const all = [...globalThis.hits].join(); globalThis.hits.clear(); all }'))
      return hits.split(',').filter(Boolean).map(Number)
    })
  }

  /** A script that puts a file's text in the place of its module. */
  #replacing(path: string, text: string): string {
    const code = compiled(path, text).replaceAll(/\brequire\("([^"]+)"\)/g, (_, specifier: string) => {
      return `__webpack_require__(${JSON.stringify(this.#nameOf(specifier, path))})`
    })
    return `globalThis.modulesOfBundle[${JSON.stringify(path)}] = function (module, exports, __webpack_require__) {${code}\n}`
  }

  #nameOf(specifier: string, path: string): string {
    if (specifier.startsWith('.')) return posix.join(posix.dirname(path), specifier)
    const stem = `node_modules/${specifier}`
    const names = [stem, `${stem}/lib/index.js`, `${stem}/index.js`]
    const found = this.#packages.find((name) => names.includes(name))
    if (found === undefined) throw new Error(`${path} imports ${specifier}, which is not in the bundle`)
    return found
  }
}

function renewed(changes: string): string {
  return `Object.assign(globalThis.modulesOfBundle, globalThis.plainModules)
${changes}
for (const name of Object.keys(__webpack_module_cache__)) if (${own}.test(name)) delete __webpack_module_cache__[name]`
}
