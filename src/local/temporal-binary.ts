// Getting the Temporal CLI, whose dev server is the local Temporal: found, else downloaded, else built from the pinned Go module.

import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { Environment } from '../config.ts'
import { failure } from '../error/failure.ts'
import { cacheFolder, madeOnce, workFolder } from './cache.ts'
import { findProgram, isProgram, type ReportLine, run } from './command.ts'

/** The version that the product is tested with; docker/temporal/go.mod pins the same. */
export const temporalVersion = '1.9.1'

export interface BinaryOptions {
  /** The checkout: docker/temporal is the build. */
  readonly root: string
  readonly environment: Environment
  readonly report: ReportLine
}

function rank(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return major * 1_000_000 + minor * 1_000 + patch
}

/** The version that a Temporal CLI says it has, or undefined when it does not run. */
async function versionOf(program: string, environment: Environment): Promise<string | undefined> {
  if (!isProgram(program)) return undefined
  const { code, output } = await run(program, ['--version'], { environment, timeoutMs: 30_000 })
  return code === 0 ? /version (\d+\.\d+\.\d+)/.exec(output)?.[1] : undefined
}

/** Node's name of a processor → Go's. */
const architectures = new Map<string, string>([
  ['x64', 'amd64'],
  ['arm64', 'arm64'],
])

async function download(into: string, options: BinaryOptions): Promise<string | undefined> {
  const architecture = architectures.get(arch())
  if (architecture === undefined || !['linux', 'darwin'].includes(platform())) return undefined
  const address = `https://temporal.download/cli/archive/v${temporalVersion}?platform=${platform()}&arch=${architecture}`
  const gate = new AbortController()
  // A closed network often swallows packets: the answer must begin soon, the rest may take its time.
  const timer = setTimeout(() => gate.abort(), 6000)
  try {
    options.report(`Temporal CLI ${temporalVersion}: trying the official download`)
    const answer = await fetch(address, { signal: gate.signal })
    clearTimeout(timer)
    if (!answer.ok || !answer.body) return undefined
    const archive = join(into, 'temporal.tar.gz')
    const body = Readable.fromWeb(answer.body as ReadableStream)
    await pipeline(body, createWriteStream(archive), { signal: AbortSignal.timeout(600_000) })
    const { environment } = options
    const { code } = await run('tar', ['-xzf', archive, '-C', into], { environment, timeoutMs: 120_000 })
    const program = join(into, 'temporal')
    return code === 0 && (await versionOf(program, environment)) === temporalVersion ? program : undefined
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

async function build(into: string, { root, environment, report }: BinaryOptions): Promise<string> {
  const go = findProgram('go', environment)
  if (!go) {
    throw failure('PART_MISSING', {
      part: `the Temporal CLI ${temporalVersion}`,
      get: 'install it (https://docs.temporal.io/cli) so that `temporal` is on the PATH, or set TEMPORAL_ADDRESS to a running server, or install Go 1.26.8 or later so that it can be built',
    })
  }
  const cwd = join(root, 'docker', 'temporal')
  const forGo = { ...environment, CGO_ENABLED: '0' }
  const hint =
    'see the lines above; Go 1.26.8 or later and its module proxy are needed, or install the CLI yourself: https://docs.temporal.io/cli'
  const step = async (name: string, args: readonly string[], onLine?: ReportLine) => {
    const { code, output } = await run(go, args, { cwd, environment: forGo, ...(onLine ? { onLine } : {}) })
    const facts = { part: `the Temporal CLI ${temporalVersion}`, step: name, hint }
    if (code !== 0) throw failure('PART_NOT_GOT', facts, { excerpt: output })
    return output
  }
  let reportedAt = 0
  const reportNow = (what: string) => {
    if (performance.now() - reportedAt < 3000) return
    reportedAt = performance.now()
    report(`Temporal CLI ${temporalVersion}: ${what}`)
  }
  report(`Temporal CLI ${temporalVersion}: building it once from its Go module, which takes some minutes`)
  let [modules, packages] = [0, 0]
  // Not `go mod download`: it asks the module proxy for more than a build needs, which a mirror may not have.
  await step('go list', ['list', '-deps', 'github.com/temporalio/cli/cmd/temporal'], (line) => {
    if (line.startsWith('go: downloading')) modules += 1
    else packages += 1
    if (modules > 0 && packages === 0) reportNow(`${modules} modules downloaded`)
  })
  let compiled = 0
  const program = join(into, 'temporal')
  const version = `-X github.com/temporalio/cli/internal/temporalcli.Version=${temporalVersion}`
  const flags = ['-v', '-trimpath', `-ldflags=-s -w ${version}`, '-o', program]
  await step('go build', ['build', ...flags, 'github.com/temporalio/cli/cmd/temporal'], () => {
    compiled += 1
    reportNow(`${compiled} of at most ${packages} packages compiled`)
  })
  if ((await versionOf(program, environment)) !== temporalVersion) {
    throw failure('PART_NOT_GOT', { part: 'the Temporal CLI', step: 'running what was built', hint })
  }
  return program
}

/**
 * The path of a Temporal CLI: a `temporal` on the PATH that is new enough, else the one in the user's cache folder, else got once
 * into that folder. Throws PART_MISSING or PART_NOT_GOT.
 */
export async function temporalBinary(options: BinaryOptions): Promise<string> {
  const { environment, report } = options
  const installed = findProgram('temporal', environment)
  if (installed) {
    const version = await versionOf(installed, environment)
    if (version && rank(version) >= rank(temporalVersion)) return installed
    report(`${installed} is version ${version ?? 'unknown'}, ${temporalVersion} or later is needed: not used`)
  }
  const folder = join(cacheFolder(environment), `temporal-${temporalVersion}`)
  const kept = join(folder, 'temporal')
  // It is moved there only after it ran, so that its being there is enough.
  const find = () => (isProgram(kept) ? kept : undefined)
  return madeOnce(`${folder}.lock`, report, find, async () => {
    const work = workFolder(join(folder, 'making-'))
    try {
      renameSync((await download(work, options)) ?? (await build(work, options)), kept)
      return kept
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  })
}
