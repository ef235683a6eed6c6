// What `npm run explore` runs: sees to packages and dist/, then loads test/explore/main.ts as it is. Each of its workers runs this file too.

import { register } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensure, root } from '../../src/mainspan.mjs'

const isWorker = process.send !== undefined && process.argv[2] === 'worker'
if (!isWorker) ensure()
register(pathToFileURL(join(root, 'dist/catalog/typescript-loader.js')))
const file = join(root, 'test/explore', isWorker ? 'worker.ts' : 'main.ts')
await import(pathToFileURL(file).href)
