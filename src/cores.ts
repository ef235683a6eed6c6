// The core systems as one process reaches them: today's adapters, and those of older builds beside them.

import { type CallerOptions, caller } from './backend/caller.ts'
import type { Gate } from './backend/limit/gate.ts'
import { keptAdapters } from './catalog/kept-adapters.ts'
import type { BackendSettings, Settings } from './config.ts'
import type { AdapterDefinition } from './contract/adapter.ts'
import type { Backend } from './contract/backend.ts'
import type { Caller } from './contract/call.ts'
import type { Catalog } from './contract/catalog.ts'
import { asJson, canonicalJson } from './contract/json.ts'
import type { Build } from './contract/store.ts'
import { failure } from './error/failure.ts'
import { protocolOf } from './protocols.ts'

/** Calls to cores, and the connections that they stand on. */
export interface Cores {
  readonly caller: Caller
  close(): Promise<void>
}

/** The cores of today's catalog, and those of kept builds. */
export interface AllCores extends Cores {
  /**
   * Calls cores as a build of before knows them. What a core allows us holds for all builds together. Throws KEPT_ADAPTER_INVALID.
   */
  callerOf(build: Build): Cores
}

type CoreSettings = Pick<Settings, 'backends' | 'backendSettings'>

/** Opens no connection before the first call. */
export function coresOf(catalog: Catalog, settings: CoreSettings, observe: CallerOptions['observe']): AllCores {
  const backends = new Map<string, Backend>()
  for (const [name, { definition }] of catalog.adapters) {
    const own = settings.backends.get(name)
    if (own) backends.set(name, backendOf(name, definition, own))
  }
  const gates = new Map<string, Gate>()
  const options: CallerOptions = { gates, ...(observe && { observe }) }
  return {
    caller: caller(catalog, backends, options),
    close: () => closed(backends.values()),
    callerOf: (build) => {
      const adapters = keptAdapters(build)
      const reached = new Map<string, Backend>()
      const opened: Backend[] = []
      for (const [name, { definition }] of adapters) {
        const shared = backends.get(name)
        const today = catalog.adapters.get(name)?.definition
        const backend =
          shared && today && sameWay(today, definition) ? shared : olderBackend(name, definition, settings)
        if (backend !== shared) opened.push(backend)
        reached.set(name, backend)
      }
      return { caller: caller({ adapters }, reached, options), close: () => closed(opened) }
    },
  }
}

/** Whether both are reached by the same connections. */
function sameWay(one: AdapterDefinition, other: AdapterDefinition): boolean {
  const way = ({ backend, codePage }: AdapterDefinition) => canonicalJson([asJson(backend), codePage ?? null])
  return way(one) === way(other)
}

/** Settings are today's, by the names that the build's adapter gives them; one that is gone lets nothing be sent. */
function olderBackend(name: string, definition: AdapterDefinition, settings: CoreSettings): Backend {
  const found = settings.backendSettings(definition.backend)
  if (!('problem' in found)) return backendOf(name, definition, found)
  const cause = failure('BACKEND_SETTING_GONE', { adapter: name, problem: found.problem })
  return { exchange: async () => ({ kind: 'not-sent', cause }), close: async () => undefined }
}

function backendOf(name: string, { backend, codePage }: AdapterDefinition, own: BackendSettings): Backend {
  const { endpoints, credentials, tls } = own
  const settings = {
    name,
    endpoints,
    ...(credentials && { credentials: { user: credentials.user, password: credentials.password.reveal() } }),
    ...(tls && { tls }),
    ...(codePage !== undefined && { codePage }),
  }
  return protocolOf(backend).connect(backend, settings)
}

/** Closes all, also after one has failed; the first failure is thrown at the end. */
async function closed(backends: Iterable<Backend>): Promise<void> {
  for (const ending of await Promise.allSettled([...backends].map((backend) => backend.close()))) {
    if (ending.status === 'rejected') throw ending.reason
  }
}
