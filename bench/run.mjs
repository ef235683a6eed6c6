// What `npm run bench -- NAME [options]` runs: sees to packages and dist/, then loads bench/NAME.ts as it is.

import { existsSync } from 'node:fs'
import { register } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensure, root } from '../src/mainspan.mjs'

const [name = '', ...rest] = process.argv.slice(2)
const file = join(root, 'bench', `${name}.ts`)
if (!/^[a-z]+$/.test(name) || !existsSync(file)) {
  console.error('usage: npm run bench -- codec | encode | memory | reads | span [--quick]')
  process.exit(2)
}
ensure()
register(pathToFileURL(join(root, 'dist/catalog/typescript-loader.js')))
const { bench } = await import(pathToFileURL(file).href)
await bench(rest)
