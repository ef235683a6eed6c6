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

const isWorker = process.argv[2] === 'worker'
if (!isWorker) ensure()
register(pathToFileURL(join(root, 'dist/catalog/typescript-loader.js')))
if (isWorker) await import('./run/worker.ts')
else {
  const { mutants } = await import('./command.ts')
  process.exit(await mutants(process.argv.slice(2), root, serve))
}
