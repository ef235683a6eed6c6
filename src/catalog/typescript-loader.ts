// A module loader for Node: lets a running product import the TypeScript that integration teams write, without a build.
// Their imports of `../src/…` are led to the built product, so that there is one copy of every module.

import { readFile } from 'node:fs/promises'
import type { LoadHook, ResolveHook } from 'node:module'
import { fileURLToPath } from 'node:url'
import { transform } from '@swc/core'

const root = new URL('../../', import.meta.url).href
const sources = `${root}src/`
const built = `${root}dist/`

/** Leads `../src/x.ts` to the built `dist/x.js`; hook of node:module. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  if (!specifier.startsWith('.') || !specifier.endsWith('.ts') || context.parentURL === undefined) {
    return next(specifier, context)
  }
  const url = new URL(specifier, context.parentURL).href
  if (!url.startsWith(sources)) return next(specifier, context)
  return { url: `${built}${url.slice(sources.length, -3)}.js`, format: 'module', shortCircuit: true }
}

/** Takes the types out of a `.ts` file; hook of node:module. */
export const load: LoadHook = async (url, context, next) => {
  const path = new URL(url).pathname
  if (!url.startsWith('file:') || !path.endsWith('.ts')) return next(url, context)
  const file = fileURLToPath(url)
  const { code } = await transform(await readFile(file, 'utf8'), {
    filename: file,
    sourceMaps: 'inline',
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  })
  return { format: 'module', source: code, shortCircuit: true }
}
