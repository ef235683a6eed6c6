// A build: all that a worker's flows behave by, under one id, so that operations can end on what they began with.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Catalog } from '../../contract/catalog.ts'
import { flowContract } from '../../contract/durable.ts'
import { canonicalJson, type JsonObject } from '../../contract/json.ts'
import type { Build } from '../../contract/store.ts'
import { bundleOf, type FlowSources } from '../bundle.ts'

/** What a build is made from. */
export type BuildSources = FlowSources & Partial<Pick<Catalog, 'files'>>

/**
 * The build of a project. Its id hangs on what the code does, on the adapters and on the text of every copybook, WSDL and schema that they
 * were resolved with, and on nothing of the machine. Throws FLOWS_NOT_BUNDLED.
 */
export async function buildOf(sources: BuildSources): Promise<Build> {
  const { code, digest } = await bundleOf(sources)
  const adapters = Object.fromEntries([...sources.adapters].map(([name, { definition }]) => [name, plain(definition)]))
  const files = { ...sources.files }
  const whole = canonicalJson([digest, adapters, files, flowContract])
  const id = createHash('sha256').update(whole).digest('hex').slice(0, 16)
  return { id, code, adapters, files, contract: flowContract, sdk: sdkVersion() }
}

/** Why this process cannot run the build; undefined where it can. What activities answer, and what the sandbox expects, must be what it knows. */
export function unfitness({ contract, sdk }: Build): string | undefined {
  const own = sdkVersion()
  const minor = (version: string) => version.split('.').slice(0, 2).join('.')
  if (contract !== flowContract) return `its flows speak contract ${contract}, and this release speaks ${flowContract}`
  if (minor(sdk) !== minor(own)) return `it was made with Temporal's SDK ${sdk}, and this release has ${own}`
  return undefined
}

function sdkVersion(): string {
  const path = createRequire(import.meta.url).resolve('@temporalio/workflow/package.json')
  const { version }: { version: string } = JSON.parse(readFileSync(path, 'utf8'))
  return version
}

/** A definition is data: what JSON leaves out of it nobody reads. */
function plain(definition: object): JsonObject {
  return JSON.parse(JSON.stringify(definition))
}
