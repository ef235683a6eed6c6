// Packages of the operating system that the local parts need: looked for, and installed where that is allowed.

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Environment } from '../config.ts'
import { failure } from '../error/failure.ts'
import { findProgram, type ReportLine, run } from './command.ts'
import { postgresPrograms } from './postgres/programs.ts'
import { rabbitScripts } from './rabbitmq.ts'

interface Package {
  /** Debian's and Ubuntu's name. */
  readonly apt: string
  /** Homebrew's name; undefined when another one brings it. */
  readonly brew: string | undefined
  readonly present: (environment: Environment) => boolean
}

const packages: Readonly<Record<'rabbitmq' | 'postgresql' | 'mainframe' | 'tests', readonly Package[]>> = {
  rabbitmq: [{ apt: 'rabbitmq-server', brew: 'rabbitmq', present: (e) => rabbitScripts(e) !== undefined }],
  postgresql: [{ apt: 'postgresql', brew: 'postgresql@17', present: (e) => postgresPrograms(e) !== undefined }],
  mainframe: [
    { apt: 'gnucobol3', brew: 'gnucobol', present: (e) => findProgram('cobc', e) !== undefined },
    { apt: 'gcc', brew: undefined, present: (e) => findProgram('gcc', e) !== undefined },
    {
      apt: 'libc6-dev',
      brew: undefined,
      present: () => existsSync('/usr/include/stdio.h') || !existsSync('/usr/bin/dpkg'),
    },
    { apt: 'gsoap', brew: 'gsoap', present: (e) => findProgram('soapcpp2', e) !== undefined },
    { apt: 'libgsoap-dev', brew: undefined, present: hasGsoapLibrary },
  ],
  // Independent judges: ICU's code pages, libxml2's schema validation, a browser; and what makes certificates.
  tests: [
    { apt: 'icu-devtools', brew: 'icu4c', present: (e) => findProgram('uconv', e) !== undefined },
    { apt: 'libxml2-utils', brew: 'libxml2', present: (e) => findProgram('xmllint', e) !== undefined },
    { apt: 'openssl', brew: 'openssl@3', present: (e) => findProgram('openssl', e) !== undefined },
    { apt: 'chromium', brew: 'chromium', present: (e) => findProgram('chromium', e) !== undefined },
  ],
}

/** What packages are needed for. */
export type Need = keyof typeof packages

function hasGsoapLibrary(environment: Environment): boolean {
  const folders = ['/usr/include', '/usr/local/include', '/opt/homebrew/include', environment.CPATH ?? '']
  return folders.some((folder) => folder !== '' && existsSync(`${folder}/stdsoap2.h`))
}

export interface PackagesOptions {
  readonly environment: Environment
  readonly report: ReportLine
  readonly needs: readonly Need[]
}

function missingFailure(missing: readonly Package[], environment: Environment) {
  const apt = `apt-get update && apt-get install --no-install-recommends ${missing.map((one) => one.apt).join(' ')}`
  const brew = `brew install ${missing.flatMap((one) => one.brew ?? []).join(' ')}`
  const get = findProgram('apt-get', environment)
    ? `run as root: ${apt}`
    : `on macOS: ${brew}; on Debian or Ubuntu, as root: ${apt}`
  return failure('PART_MISSING', { part: missing.map((one) => one.apt).join(', '), get })
}

/**
 * Sees to it that the packages for these needs are there. As root on a system with apt-get they are installed; elsewhere one
 * PART_MISSING names all that is missing and the command that gets it.
 */
export async function ensurePackages({ environment, report, needs }: PackagesOptions): Promise<void> {
  const missing = needs.flatMap((need) => packages[need]).filter((one) => !one.present(environment))
  if (missing.length === 0) return
  const apt = findProgram('apt-get', environment)
  if (!apt || process.getuid?.() !== 0) throw missingFailure(missing, environment)
  const names = missing.map((one) => one.apt)
  // A package must not start its service: what we need is a private node.
  const quiet = { ...environment, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  const step = async (name: string, args: readonly string[]) => {
    report(name)
    const onLine = (line: string) => {
      if (/^(Unpacking|Setting up|Get:)/.test(line)) report(line.slice(0, 100))
    }
    const { code, output } = await run(apt, args, { environment: quiet, onLine, timeoutMs: 900_000 })
    const hint = `run it by hand to see why: ${apt} ${args.join(' ')}`
    if (code !== 0) throw failure('PART_NOT_GOT', { part: names.join(', '), step: name, hint }, { excerpt: output })
  }
  await step('apt-get update', ['update'])
  await withoutMainCluster(names, () =>
    step(`installing ${names.join(', ')}`, ['install', '-y', '--no-install-recommends', ...names]),
  )
  const still = missing.filter((one) => !one.present(environment))
  if (still.length > 0) throw missingFailure(still, environment)
}

const clusterSettings = '/etc/postgresql-common/createcluster.d/mainspan.conf'

/** Debian's package makes a server on port 5432 that starts by itself, unless this file forbids it while the package is installed. */
async function withoutMainCluster(names: readonly string[], install: () => Promise<void>): Promise<void> {
  if (!names.includes('postgresql')) return install()
  mkdirSync(dirname(clusterSettings), { recursive: true })
  writeFileSync(clusterSettings, 'create_main_cluster = false\n')
  try {
    await install()
  } finally {
    rmSync(clusterSettings, { force: true })
  }
}
