// What `npm run mutants` runs: sees to packages and dist/, then loads the command as it is. Each of its workers runs this file too.

import { register } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensure, root } from '../../src/mainspan.mjs'

/** The parts that tests share: each is started when a test first asks for it. */
async function serve() {
  const { default: setUp } = await import('../support/global-setup.mjs')
  const { default: tearDown } = await import('../support/global-teardown.mjs')
  await setUp()
  return tearDown
}

const [role, ...others] = process.argv.slice(2)
if (role !== 'worker') ensure()
register(pathToFileURL(join(root, 'dist/catalog/typescript-loader.js')))
if (role === 'worker') await import('./run/worker.ts')
else if (role === 'run') {
  const { plain } = await import('./run/plain.ts')
  process.exit(await plain(others, root))
} else {
  const { mutants } = await import('./command.ts')
  process.exit(await mutants(process.argv.slice(2), root, serve))
}
