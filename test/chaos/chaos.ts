// One fault run from beginning to end, on a folder: the world, the schedule, the drain, the verdict.

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { casesOf } from './cases.ts'
import { check, type Finding } from './checker.ts'
import { clientsOf } from './clients.ts'
import { changedProject, giveBackDisk, smallDisk } from './disasters.ts'
import { drain } from './drain.ts'
import { carryOut, type Engine } from './engine.ts'
import { soapFramer, trmFramer } from './framers.ts'
import { type Book, type Final, type Ledgers, openBook } from './ledger.ts'
import { lieControls } from './lies.ts'
import { type Links, linksOf } from './links.ts'
import { naiveControl } from './naive.ts'
import { operatorsAt } from './operators.ts'
import { type LinkProxy, startProxy } from './proxy.ts'
import { type Control, type Summary, summary, verdict } from './report.ts'
import { type Disaster, type Part, schedule } from './schedule.ts'
import { gatherer, type Scene, type Standstill, standStill } from './standstill.ts'
import { type CoreBox, effectsOf, startWorld, type World } from './world.ts'

export interface ChaosOptions {
  readonly root: string
  readonly folder: string
  readonly operations: number
  readonly seed: number
  /** After so many no more orders are begun. */
  readonly minutes: number
  readonly report: (line: string) => void
  /** Orders between two disasters. */
  readonly every?: number
  readonly stopMs?: number
  readonly lanes?: number
  readonly drainSeconds?: number
  /** After the schedule: a worker that stands still with calls in flight. */
  readonly standstill?: Standstill
  /** Disasters that this run leaves out. */
  readonly without?: readonly Disaster['does'][]
  readonly environment?: NodeJS.ProcessEnv
}

export interface ChaosResult {
  readonly isWhole: boolean
  readonly isRight: boolean
  readonly findings: readonly Finding[]
  readonly summary: Summary
  readonly controls: readonly Control[]
  /** What this machine cannot do. */
  readonly notRun: readonly string[]
  readonly verdict: string
}

const everything = [
  'stop',
  'kill',
  'close-port',
  'stall',
  'bank-down',
  'silent-inquiries',
  'fill-disk',
  'change-flow',
] as const satisfies readonly Disaster['does'][]

/** Runs, or goes on with, the fault run of this folder. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { folder, report } = options
  mkdirSync(folder, { recursive: true })
  // Another user's server has to reach its folder.
  chmodSync(folder, 0o711)
  const wished = options.without?.includes('fill-disk') ? [] : ['cores', 'postgresql']
  const disks = wished.map((name) => join(folder, name)).filter(smallDisk)
  try {
    return await onDisk(options, disks.length === 2)
  } finally {
    for (const disk of disks) giveBackDisk(disk)
    report(`everything is in ${folder}`)
  }
}

async function onDisk(options: ChaosOptions, hasDisk: boolean): Promise<ChaosResult> {
  const { root, folder, report } = options
  const stage = await startStage(options)
  const { world } = stage
  try {
    const parts = new Set<Part>(['temporal', 'rabbitmq', 'postgresql', 'bank', 'customers', 'worker', 'gateway'])
    const without = new Set<Disaster['does']>([
      ...(options.without ?? []),
      ...(hasDisk ? [] : (['fill-disk'] as const)),
    ])
    const steps = schedule(options.seed, {
      operations: options.operations,
      every: options.every ?? 35,
      stopMs: options.stopMs ?? 45_000,
      disasters: new Set(everything.filter((one) => !without.has(one))),
      parts,
    })
    const projects = without.has('change-flow') ? [root] : [root, changedProject(root, join(folder, 'changed'))]
    const engine: Engine = { ...stage, projects }
    const isOver = overAfter(options.minutes, report)
    const isWhole = await carryOut(engine, steps, { lanes: options.lanes ?? 16, openMost: 120, isOver })
    if (options.standstill) await standStill(stage, options.operations, options.standstill)
    const orders = stage.book.read('order')
    const finals = await drain(engine, orders, { seconds: options.drainSeconds ?? 240 })
    const ledgers = ledgersOf(stage.book, stage.links, folder, finals)
    const naive = await naiveRun(world.bank, folder)
    return judge(ledgers, naive, { isWhole, notRun: [...without].filter((one) => one === 'fill-disk'), folder })
  } finally {
    report('ending everything')
    await stage.end()
  }
}

/** The first Ctrl-C ends the run as the end of its time does: it drains, judges, and can be gone on with. A second one ends it at once. */
function overAfter(minutes: number, report: (line: string) => void): () => boolean {
  const until = Date.now() + minutes * 60_000
  let isAsked = false
  process.once('SIGINT', () => {
    isAsked = true
    report('no more orders: it drains now, and can be resumed')
    process.once('SIGINT', () => process.exit(130))
  })
  return () => isAsked || Date.now() > until
}

interface Stage extends Scene {
  readonly operators: Engine['operators']
  end(): Promise<void>
}

/** The world with its proxies, and everybody who acts in it. */
async function startStage({ root, folder, report, environment }: ChaosOptions): Promise<Stage> {
  const book = openBook(folder)
  const links = linksOf(book)
  const gathering = gatherer()
  let world: World | undefined
  const proxyOf = (core: 'bank' | 'customers', framer: typeof trmFramer): Promise<LinkProxy> =>
    startProxy({
      target: () => world?.[core].port ?? 1,
      framer,
      disturb: (point, exchange) => gathering.disturb(point, exchange) ?? links.disturb(point, exchange),
      request: async (exchange) => {
        if (world) await links.request(world[core].control, exchange)
      },
      replied: links.replied,
    })
  const [bank, customers] = await Promise.all([proxyOf('bank', trmFramer), proxyOf('customers', soapFramer)])
  const ports = { bank: bank.port, customers: customers.port }
  const own = environment ? { environment } : {}
  const since = performance.now()
  const started = await startWorld({ root, folder, project: root, report, ports, ...own })
  world = started
  report(`everything serves after ${((performance.now() - since) / 1000).toFixed(0)} s`)
  const clients = await clientsOf(started, book)
  const operators = operatorsAt({
    address: started.own.temporal,
    taskQueue: started.taskQueue,
    payloadKeys: started.payloadKeys,
    effects: () => effectsOf(folder, (reference) => links.orderOf(reference)?.amount),
  })
  return {
    world: started,
    book,
    links,
    clients,
    operators,
    gathering,
    report,
    async end() {
      await clients.broker.close().catch(() => undefined)
      await operators.close()
      await Promise.all([bank.close(), customers.close()])
      await started.end()
    },
  }
}

/** All ledgers of a run, when everything has come to rest. */
function ledgersOf(book: Book, links: Links, folder: string, finals: readonly Final[]): Ledgers {
  return {
    orders: book.read('order'),
    told: book.read('told'),
    // Those of the negative control are no orders of the run.
    effects: effectsOf(folder, (reference) => links.orderOf(reference)?.amount).filter(
      ({ reference }) => !reference.startsWith('NAIVE'),
    ),
    events: book.read('event'),
    faults: book.read('fault'),
    acts: book.read('act'),
    finals,
  }
}

async function naiveRun(bank: CoreBox, folder: string): Promise<Control[]> {
  const own = join(folder, `naive-${Date.now()}`)
  mkdirSync(own, { recursive: true })
  return naiveControl(bank, own, folder)
}

function judge(
  ledgers: Ledgers,
  naive: readonly Control[],
  {
    isWhole,
    notRun,
    folder,
  }: { readonly isWhole: boolean; readonly notRun: readonly string[]; readonly folder: string },
): ChaosResult {
  const findings = check(ledgers)
  const counted = summary(ledgers)
  const controls = [...lieControls(ledgers), ...naive]
  const { isRight, line } = verdict(findings, counted, controls)
  writeFileSync(join(folder, 'findings.txt'), stories(ledgers, findings))
  writeFileSync(join(folder, 'finals.json'), JSON.stringify(ledgers.finals, undefined, 1))
  return { isWhole, isRight, findings, summary: counted, controls, notRun, verdict: line }
}

/** Each finding with all that is known of its order, for the person who mends it. */
function stories(ledgers: Ledgers, findings: readonly Finding[]): string {
  const cases = casesOf(ledgers)
  return findings
    .map(({ rule, op, story }) => {
      const one = op === undefined ? undefined : cases.get(op)
      if (!one) return `${rule}: ${story}\n`
      const { order, told, effects, events, faults, acts, final } = one
      const lines = { order, told, effects, events, faults: faults.map(({ what }) => what), acts, final }
      return `${rule}: order ${op}: ${story}\n${Object.entries(lines)
        .map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`)
        .join('\n')}\n`
    })
    .join('\n')
}

/** The options of a run, kept in its folder, so that `--resume` needs nothing else. */
export function keepOptions(folder: string, options: { readonly operations: number; readonly seed: number }): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'run.json'), JSON.stringify(options))
}

export function keptOptions(folder: string): { readonly operations: number; readonly seed: number } {
  return JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))
}
