// What `npm run explore` runs: sees to packages and dist/, then loads test/explore/main.ts as it is. Each of its workers runs this file too.

import { register } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensure, root } from '../../src/mainspan.mjs'

const roles = { worker: 'worker.ts', simulate: 'simulate.ts' }
const role = process.argv[2]
if (role !== 'worker') ensure()
register(pathToFileURL(join(root, 'dist/catalog/typescript-loader.js')))
await import(pathToFileURL(join(root, 'test/explore', roles[role] ?? 'main.ts')).href)
