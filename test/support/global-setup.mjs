// Before all tests: opens a socket at which test/support/parts.ts asks for parts. A part (Temporal, RabbitMQ, PostgreSQL, the mainframe) starts
// when a test first asks and is shared by all Jest workers; where only pure rooms are tested nothing starts at all.

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt, root } from '../../src/mainspan.mjs'

/** How each part is started; gives what the tests are told about it, as JSON. */
const starters = {
  async build() {
    return { root, dist: join(root, 'dist') }
  },
  async temporal(common) {
    const { startTemporal } = await import('../../dist/local/temporal.js')
    const { address, ui } = await startTemporal(common)
    return { address, ui }
  },
  async rabbitmq(common) {
    const [{ startRabbit }, { ensurePackages }] = await Promise.all([
      import('../../dist/local/rabbitmq.js'),
      import('../../dist/local/packages.js'),
    ])
    if (!common.environment.AMQP_URL) await ensurePackages({ ...common, needs: ['rabbitmq'] })
    const { url } = await startRabbit({ ...common, folder: join(common.folder, 'rabbitmq') })
    return { url }
  },
  async postgresql(common) {
    const [{ startPostgres }, { ensurePackages }] = await Promise.all([
      import('../../dist/local/postgres/server.js'),
      import('../../dist/local/packages.js'),
    ])
    if (!common.environment.DATABASE_URL) await ensurePackages({ ...common, needs: ['postgresql'] })
    const { url } = await startPostgres({ ...common, folder: join(common.folder, 'postgresql') })
    return { url }
  },
  async mainframe(common) {
    const [{ startMainframe }, { ensurePackages }] = await Promise.all([
      import('../../dist/local/mainframe.js'),
      import('../../dist/local/packages.js'),
    ])
    await ensurePackages({ ...common, needs: ['mainframe'] })
    const { programs, bank, customers } = await startMainframe({ ...common, folder: join(common.folder, 'mainframe') })
    const told = ({ endpoint, control, state, journal }) => ({ endpoint, control, state, journal })
    return { programs, bank: told(bank), customers: told(customers) }
  },
}

// biome-ignore lint/style/noDefaultExport: Jest asks for it
export default async function globalSetup() {
  const folder = mkdtempSync(join(tmpdir(), 'mainspan-parts-'))
  const asked = new Map()
  let supervisor

  let compiled = false

  async function startPart(name) {
    if (!compiled) ensureBuilt()
    compiled = true
    const { supervise } = await import('../../dist/local/process.js')
    supervisor ??= supervise(join(folder, 'log'))
    const report = (line) => process.stderr.write(`[${name}] ${line}\n`)
    return starters[name]({ root, environment: process.env, report, supervisor, folder })
  }

  const server = createServer(async (request, response) => {
    const name = request.url.slice(1)
    try {
      if (!asked.has(name)) asked.set(name, startPart(name))
      response.end(JSON.stringify(await asked.get(name)))
    } catch (error) {
      response.statusCode = 500
      response.end([error.message, error.excerpt, error.hint].filter(Boolean).join('\n'))
    }
  })
  const socket = join(folder, 'parts.sock')
  await new Promise((resolve) => server.listen(socket, resolve))
  process.env.MAINSPAN_TEST_PARTS = socket
  globalThis.endTestParts = async () => {
    server.closeAllConnections()
    server.close()
    await supervisor?.end()
    rmSync(folder, { recursive: true, force: true })
  }
  // Jest ends at once on Ctrl-C, without its teardown.
  let ending = false
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      // Under npm one Ctrl-C comes as several signals.
      if (ending) return
      ending = true
      globalThis.endTestParts().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143))
    })
  }
}
