// The mainframe in a box: the COBOL bank and the SOAP customer service of docker/mainframe, built once a content and started.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Environment } from '../config.ts'
import { failure } from '../error/failure.ts'
import { cacheFolder, madeOnce, workFolder } from './cache.ts'
import { isProgram, type ReportLine, run } from './command.ts'
import { freePort } from './ports.ts'
import { type Running, type Supervisor, whenLogged } from './process.ts'

export interface BuildOptions {
  readonly root: string
  readonly environment: Environment
  readonly report: ReportLine
}

export interface MainframeOptions extends BuildOptions {
  readonly supervisor: Supervisor
  /** Where both keep their state and journal; made when missing. */
  readonly folder: string
}

/** One of the two programs, serving. */
export interface Core {
  /** host:port, as an adapter's endpoint setting takes it. */
  readonly endpoint: string
  /** host:port of the control port: the fault plan. */
  readonly control: string
  readonly state: string
  /** Append-only: what was really applied. */
  readonly journal: string
  readonly running: Running
  /** Starts the same program again on the same ports and state, after its process has ended. */
  restart(): Promise<Core>
}

/** The COBOL bank and the customers' SOAP service, built and running. */
export interface Mainframe {
  /** Where the programs are. */
  readonly programs: string
  readonly bank: Core
  readonly customers: Core
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((found) => found.isFile())
    .map((found) => join(found.parentPath, found.name))
    .sort()
}

/** One hash over all that the programs are made of. */
function contentHash(root: string): string {
  const hash = createHash('sha256')
  const sources = ['docker/mainframe', 'copybooks'].flatMap((folder) => filesBelow(join(root, folder)))
  for (const file of [...sources, join(root, 'adapters', 'customers.wsdl')]) {
    hash.update(`${relative(root, file)}\0`).update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 16)
}

/** The folder with the programs `bank` and `customers`, built when this content was not built before. Throws PART_NOT_GOT. */
export async function buildMainframe({ root, environment, report }: BuildOptions): Promise<string> {
  const script = join(root, 'docker', 'mainframe', 'build.sh')
  if (!existsSync(script)) {
    throw failure('PART_MISSING', { part: 'docker/mainframe/build.sh', get: 'the checkout is not whole: get it again' })
  }
  const folder = join(cacheFolder(environment), `mainframe-${contentHash(root)}`)
  // The folder is moved there as a whole after the build, so that its being there is enough.
  const find = () => (isProgram(join(folder, 'bank')) && isProgram(join(folder, 'customers')) ? folder : undefined)
  return madeOnce(`${folder}.lock`, report, find, async () => {
    report('compiling the COBOL bank')
    const work = workFolder(`${folder}-making-`)
    try {
      const { code, output } = await run('/bin/sh', [script, work], { cwd: root, environment, timeoutMs: 600_000 })
      const hint = 'see the lines above; gnucobol3, gcc, gsoap and libgsoap-dev are needed'
      const facts = { part: 'the COBOL bank', step: 'docker/mainframe/build.sh', hint }
      if (code !== 0) throw failure('PART_NOT_GOT', facts, { excerpt: output })
      rmSync(folder, { recursive: true, force: true })
      renameSync(work, folder)
      return folder
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  })
}

/** Starts one program (`bank` or `customers`) of a built mainframe on ports of its own and waits until it serves. */
export async function startCore(
  program: 'bank' | 'customers',
  programs: string,
  { supervisor, folder, environment }: Pick<MainframeOptions, 'supervisor' | 'folder' | 'environment'>,
): Promise<Core> {
  const port = await freePort()
  const control = await freePort()
  const state = join(folder, program)
  const journal = join(folder, `${program}.journal`)
  mkdirSync(state, { recursive: true })
  const args = ['--port', port, '--control', control, '--state', state, '--journal', journal].map(String)
  async function start(): Promise<Core> {
    const name = program === 'bank' ? 'COBOL bank' : 'customer service'
    const options = { environment, cwd: programs, graceMs: 5000 }
    const running = await supervisor.start(name, join(programs, program), args, options)
    await whenLogged(running, 30, new RegExp(`${program} ready ${port} ${control}`))
    return { endpoint: `127.0.0.1:${port}`, control: `127.0.0.1:${control}`, state, journal, running, restart: start }
  }
  return start()
}

/** Builds the programs when needed and starts both. */
export async function startMainframe(options: MainframeOptions): Promise<Mainframe> {
  const programs = await buildMainframe(options)
  options.report('starting the COBOL bank')
  const [bank, customers] = await Promise.all([
    startCore('bank', programs, options),
    startCore('customers', programs, options),
  ])
  return { programs, bank, customers }
}
