// `npm run explore`: every path of every scenario up to its bound, then each remedy switched off. Prints what was explored, which promises
// held, and for each switch the shortest path that breaks, as a story. The exit code is 0 when all promises hold and each switch breaks one.
//
//   --most N      only the first N paths of each parcel, which leave the smooth path at the same place: what CI runs
//   --workers N   processes, default 2
//   --seconds N   begin no parcel after so long; the table says what was left out
//   --only TEXT   only scenarios whose name holds this; with --faults, --deeds and --decisions to another bound
//   --switches    only the switches; with --off NAME only this one

import { parseArgs } from 'node:util'
import { bankOf } from './bank.ts'
import { branches } from './choices.ts'
import { walk } from './explorer.ts'
import { type Promised, promises } from './invariants.ts'
import { type Broken, type Found, type Hands, hands, type Parcel } from './parcels.ts'
import { hunts, type Round, rounds, scenarios } from './scenarios.ts'
import { tell } from './story.ts'
import { allOn, remedies, type Switches } from './switches.ts'

const { values } = parseArgs({
  options: {
    most: { type: 'string', default: '1000000000' },
    workers: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '0' },
    switches: { type: 'boolean', default: false },
    off: { type: 'string' },
    only: { type: 'string' },
    faults: { type: 'string' },
    deeds: { type: 'string' },
    decisions: { type: 'string' },
  },
})
const most = Number(values.most)
const secondsMost = Number(values.seconds)
/** Paths put virtual time in the place of intervals. */
const every = setInterval
const print = (line: string) => process.stdout.write(`${line}\n`)

const bank = await bankOf()
// Paths put virtual time in the place of Date; this clock goes on.
const seconds = () => Number(process.hrtime.bigint() - began) / 1e9
const began = process.hrtime.bigint()
const isOver = () => secondsMost > 0 && seconds() > secondsMost

/** The parcels of a round: the path on which nothing goes wrong, and all paths that leave it at one place. */
async function parcelsOf({ scenario: name, budgets }: Round, off?: keyof Switches): Promise<Parcel[]> {
  const scenario = scenarios.find((one) => one.name === name)
  if (!scenario) throw new Error(`no scenario ${name}`)
  const { path } = await walk(await bank({ ...allOn, ...(off && { [off]: false }) }), scenario, [], budgets)
  const common = { scenario: name, budgets, ...(off && { off }) }
  const first = { ...common, id: 0, prefix: path.taken, most: 1 }
  const others = branches(path.made).map((prefix, at) => ({ ...common, id: at + 1, prefix, most: Infinity }))
  return [first, ...others]
}

interface Explored {
  readonly round: Round
  readonly parcels: number
  walked: number
  paths: number
  parked: number
  readonly broken: Map<Promised, Broken>
}

async function exploreRound(all: Hands, round: Round): Promise<Explored> {
  const parcels = await parcelsOf(round)
  const explored: Explored = { round, parcels: parcels.length, walked: 0, paths: 0, parked: 0, broken: new Map() }
  const shown = every(() => showProgress(explored, all), 5000)
  // A list is JSON on its way to a worker, which knows no infinity.
  await all.walk(
    parcels.map((one) => ({ ...one, most: Math.min(one.most, most) })),
    (found) => add(explored, found),
    isOver,
  )
  clearInterval(shown)
  return explored
}

function add(explored: Explored, { paths, parked, broken }: Found): void {
  explored.walked++
  explored.paths += paths
  explored.parked += parked
  for (const one of broken) {
    const known = explored.broken.get(one.promise)
    const times = (known?.times ?? 0) + one.times
    explored.broken.set(one.promise, known && isShorter(known, one) ? { ...known, times } : { ...one, times })
  }
}

function isShorter(one: Broken, other: Broken): boolean {
  return one.spent < other.spent || (one.spent === other.spent && one.taken.length <= other.taken.length)
}

function showProgress({ round, walked, parcels }: Explored, all: Hands): void {
  const rate = Math.round(all.walked / seconds())
  process.stderr.write(`${round.scenario}: parcel ${walked} of ${parcels}, ${all.walked} paths, ${rate} a second\n`)
}

/** The shortest path that breaks a promise with one remedy off. */
async function hunt(all: Hands, off: keyof Switches): Promise<{ readonly paths: number; readonly broken?: Broken }> {
  let paths = 0
  for (const round of hunts[off]) {
    const broken: Broken[] = []
    const parcels = (await parcelsOf(round, off)).map((one) => ({ ...one, most: Math.min(one.most, 20_000) }))
    const isFound = () => broken.length > 0 && round.budgets.some(({ fault, deed }) => fault + deed > 1)
    await all.walk(
      parcels.map((one) => ({ ...one, stopAtFirst: true })),
      (found) => {
        paths += found.paths
        broken.push(...found.broken)
      },
      isFound,
    )
    const [shortest] = broken.sort((one, other) => one.spent - other.spent || one.taken.length - other.taken.length)
    if (shortest) return { paths, broken: shortest }
  }
  return { paths }
}

async function printStory({ scenario, taken, budgets }: Broken, off?: keyof Switches): Promise<void> {
  const found = scenarios.find(({ name }) => name === scenario)
  if (!found) return
  const story = await tell(await bank({ ...allOn, ...(off && { [off]: false }) }), found, taken, budgets)
  for (const line of story) print(`    ${line}`)
}

async function printRound({ round, paths, parked, broken, walked, parcels }: Explored): Promise<void> {
  const left = walked < parcels ? `, ${parcels - walked} of ${parcels} parcels left out` : ''
  const bound = round.budgets.map(({ fault, deed, decision }) => `${fault}/${deed}/${decision}`).join(', ')
  print(`${round.scenario} · faults/deeds/decisions ≤ ${bound}: ${paths} paths, ${parked} end parked${left}`)
  for (const one of broken.values()) {
    print(`  BROKEN on ${one.times} paths: ${promises[one.promise]}: ${one.what}`)
    await printStory(one)
  }
}

/** All rounds, or those that were asked for. */
function wantedRounds(): readonly Round[] {
  const { only, faults, deeds, decisions } = values
  if (only === undefined) return rounds
  const budget = { fault: Number(faults ?? 1), deed: Number(deeds ?? 1), decision: Number(decisions ?? 1) }
  return scenarios
    .filter(({ name }) => name.includes(only))
    .map(({ name: scenario }) => ({ scenario, budgets: [budget] }))
}

async function exploreAll(all: Hands): Promise<boolean> {
  const done: Explored[] = []
  for (const round of values.switches ? [] : wantedRounds()) {
    const explored = await exploreRound(all, round)
    done.push(explored)
    await printRound(explored)
  }
  const total = done.reduce((sum, { paths }) => sum + paths, 0)
  const whole = done.every(({ broken, walked, parcels }) => broken.size === 0 && walked === parcels)
  if (done.length === 0) return true
  for (const [promise, words] of Object.entries(promises)) {
    const times = done.reduce((sum, { broken }) => sum + (broken.get(promise as Promised)?.times ?? 0), 0)
    print(`${times === 0 ? 'held  ' : 'BROKEN'} ${words}`)
  }
  print(`${total} paths in ${Math.round(seconds())} s`)
  return whole
}

async function huntAll(all: Hands): Promise<boolean> {
  let isWhole = true
  for (const off of Object.keys(remedies) as (keyof Switches)[]) {
    if (values.off !== undefined && values.off !== off) continue
    const { paths, broken } = await hunt(all, off)
    isWhole &&= broken !== undefined
    print(`without ${remedies[off]}: ${broken ? `BROKEN: ${broken.what}` : 'no path breaks'} (${paths} paths)`)
    if (broken) await printStory(broken, off)
  }
  return isWhole
}

const all = await hands(Number(values.workers))
try {
  const held = await exploreAll(all)
  const breaks = values.only === undefined ? await huntAll(all) : true
  print(held && breaks ? 'all promises hold, and each remedy is needed' : 'FAILED')
  process.exitCode = held && breaks ? 0 : 1
} finally {
  all.close()
}
