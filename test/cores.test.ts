// Cores as builds know them: one set of limits for all, and settings of today by the names that each build's adapter gives.

import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from '@jest/globals'
import { loadCatalog } from '../src/catalog/load.ts'
import type { Catalog } from '../src/contract/catalog.ts'
import type { JsonObject } from '../src/contract/json.ts'
import type { Build } from '../src/contract/store.ts'
import { coresOf } from '../src/cores.ts'

const call = {
  adapter: 'deposits',
  transaction: 'inquireAccount',
  request: { accountNumber: '1000000001' },
  reference: 'A'.repeat(16),
}

/** A build of the project; its deposits are reached by another setting. */
function buildWith(catalog: Catalog, endpoints: string): Build {
  const definitions = [...catalog.adapters].map(([name, { definition }]) => [name, definition])
  const adapters = JSON.parse(JSON.stringify(Object.fromEntries(definitions)).replace('DEPOSITS_ENDPOINTS', endpoints))
  return {
    id: 'b',
    code: '',
    adapters: adapters as Record<string, JsonObject>,
    files: catalog.files,
    contract: 2,
    sdk: '',
  }
}

const nowhere = { endpoints: [{ host: '127.0.0.1', port: 1 }] }
const settings = {
  backends: new Map([['deposits', nowhere]]),
  backendSettings: ({ endpoints }: { readonly endpoints: string }) =>
    endpoints === 'GONE' ? { problem: 'GONE: is not set' } : nowhere,
}

test('a setting that an older build names and that is gone lets nothing be sent, and says which', async () => {
  const catalog = await loadCatalog(process.cwd())
  const cores = coresOf(catalog, settings, undefined)
  const older = cores.callerOf(buildWith(catalog, 'GONE'))
  expect(await older.caller.call(call)).toEqual({
    outcome: 'not-sent',
    code: 'BACKEND_SETTING_GONE',
    message: 'deposits, as an older build knows it, cannot be reached (GONE: is not set); nothing was sent',
  })
  await older.close()
  await cores.close()
})

test('what stands before a core, its breaker say, stands before it for all builds', async () => {
  const catalog = await loadCatalog(process.cwd())
  const cores = coresOf(catalog, settings, undefined)
  const older = cores.callerOf(buildWith(catalog, 'OTHER'))
  const codes = async (times: number, { caller }: Pick<typeof older, 'caller'>) => {
    const outcomes = []
    for (let count = 0; count < times; count += 1) outcomes.push(await caller.call(call))
    return new Set(outcomes.map((one) => ('code' in one ? one.code : one.outcome)))
  }
  expect([...(await codes(10, older))]).not.toContain('CORE_BREAKER_OPEN')
  expect([...(await codes(1, cores))]).toEqual(['CORE_BREAKER_OPEN'])
  await older.close()
  await cores.close()
})

test('all builds together open no more connections than the core allows', async () => {
  const catalog = await loadCatalog(process.cwd())
  let open = 0
  let most = 0
  const core = createServer((socket) => {
    most = Math.max(most, ++open)
    setTimeout(() => socket.destroy(), 50)
    socket.on('close', () => open--).on('error', () => undefined)
  })
  await new Promise<void>((resolve) => core.listen(0, '127.0.0.1', resolve))
  const { port } = core.address() as AddressInfo
  const own = { endpoints: [{ host: '127.0.0.1', port }] }
  const cores = coresOf(catalog, { backends: new Map([['deposits', own]]), backendSettings: () => own }, undefined)
  const older = cores.callerOf(buildWith(catalog, 'OTHER'))
  const calls = Array.from({ length: 60 }, (_, index) => (index % 2 ? cores : older).caller.call(call))
  const outcomes = new Set((await Promise.all(calls)).map(({ outcome }) => outcome))
  expect(outcomes).toEqual(new Set(['not-sent']))
  expect(most).toBe(catalog.adapters.get('deposits')?.definition.limits?.concurrent)
  await older.close()
  await cores.close()
  core.close()
})
