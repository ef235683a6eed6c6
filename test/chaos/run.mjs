// What `npm run chaos` runs: sees to packages and dist/, then loads the run as it is.

import { register } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensure, root } from '../../src/mainspan.mjs'

ensure()
register(pathToFileURL(join(root, 'dist/catalog/typescript-loader.js')))
const { chaos } = await import('./command.ts')
process.exit(await chaos(process.argv.slice(2), root))
