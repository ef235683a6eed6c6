// `npm run mutants`: mistakes are put into the code one by one, and the tests have to find them. Prints a table of rooms, the survivors with
// their reasons, and the score. The exit code is 0 when the score is 90 % or more and every survivor has a reason, 3 when the time was over.
//
//   --room A,B      only these rooms: flow, operation, backend, event, durable
//   --sample N      N mutants of each room, drawn by --seed S; all without it
//   --minutes M     begin no mutant after so long; --resume FOLDER goes on, and takes over what still holds
//   --only TEXT     only mutants whose place or change holds this
//   --by-hand       only the mutants made by hand, which need servers; --no-hand leaves them out
//   --remedies      only those of them that take out what keeps money from moving wrongly
//   --controls      only the quick ones that show that the tool works; --list prints all mutants and judges none
//   --left-out      prints the tests that do not run here
//
// `node test/mutants/run.mjs run FILE…` runs test files without any mutant, in this process; those of flows need no server for it.

import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { acceptedIn } from './accepted.ts'
import type { ByHand } from './hand-made.ts'
import { byHandLines, circumstancesOf, isSurvivor, scoreOf, staleIn, survivorLines, tableOf } from './report.ts'
import { type Room, roomOf, rooms } from './rooms.ts'
import { Results } from './run/results.ts'
import { judgeByHand, judgeRoom, mutantsIn, type RoomReport } from './session.ts'

const leastScore = 90

/** Starts what the tests' real parts are asked of; gives how that is ended. */
export type Serve = () => Promise<() => Promise<void>>

export async function mutants(args: readonly string[], root: string, serve: Serve): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      room: { type: 'string', default: rooms.map(({ name }) => name).join(',') },
      sample: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '600' },
      only: { type: 'string', default: '' },
      resume: { type: 'string' },
      'by-hand': { type: 'boolean', default: false },
      remedies: { type: 'boolean', default: false },
      'no-hand': { type: 'boolean', default: false },
      controls: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      'left-out': { type: 'boolean', default: false },
    },
  })
  const wanted = values.room.split(',').map(roomOf)
  if (values.list) return list(root, wanted, values.only)
  const began = performance.now()
  const report = (line: string) => void process.stderr.write(`${seconds(began).padStart(6)} s  ${line}\n`)
  const isServed = !values.controls && !values['no-hand']
  const end = isServed ? await serve() : undefined
  try {
    const reports: RoomReport[] = []
    const folder = values.resume ?? newFolder()
    const accepted = acceptedIn(root)
    const options = {
      ...{ root, folder, accepted, report, results: new Results(folder) },
      ...{ sample: Number(values.sample), seed: Number(values.seed), only: values.only },
      isOver: () => performance.now() - began > Number(values.minutes) * 60_000,
    }
    const isByHand = values.controls || values['by-hand'] || values.remedies
    for (const room of isByHand ? [] : wanted) reports.push(await judgeRoom(options, room))
    const isWanted = ({ path, from }: ByHand) =>
      `${path}: ${from}`.includes(values.only) && wanted.some(({ sources }) => path.startsWith(`${sources}/`))
    const hands = values['no-hand']
      ? []
      : await judgeByHand((one) => {
          if (values.remedies) return one.remedy?.includes(values.only) === true
          return values.controls ? one.isControl === true : isWanted(one)
        }, report)
    return print({ reports, hands, folder, stale: staleIn(accepted, reports), leftOut: values['left-out'] })
  } finally {
    await end?.()
  }
}

interface Printed {
  readonly reports: readonly RoomReport[]
  readonly hands: Awaited<ReturnType<typeof judgeByHand>>
  readonly folder: string
  readonly stale: readonly string[]
  readonly leftOut: boolean
}

function print({ reports, hands, folder, stale, leftOut }: Printed): number {
  const judged = reports.flatMap((one) => one.judged)
  if (reports.length > 0) console.log(`${tableOf(reports)}\n`)
  for (const line of survivorLines(reports)) console.log(line)
  for (const line of stale) console.log(`stale in survivors.json: ${line}`)
  for (const line of reports.flatMap((one) => circumstancesOf(one, leftOut))) console.log(line)
  const right = hands.filter(({ isRight }) => isRight).length
  if (hands.length > 0) console.log(`by hand: ${right} of ${hands.length} as expected`)
  for (const line of byHandLines(hands)) console.log(`  ${line}`)
  const isWhole = reports.every((one) => one.judged.length === one.drawn)
  if (!isWhole) console.log(`the time was over: go on with npm run mutants -- --resume ${folder}`)
  const unreasoned = judged.filter(({ verdict, accepted }) => isSurvivor(verdict) && !accepted).length
  const score = scoreOf(judged)
  console.log(`score ${score.toFixed(1)} %, ${unreasoned} survivors without a reason (results in ${folder})`)
  const isGood = score >= leastScore && unreasoned === 0 && stale.length === 0 && right === hands.length
  return isGood ? (isWhole ? 0 : 3) : 1
}

function list(root: string, wanted: readonly Room[], only: string): number {
  for (const room of wanted) {
    const all = mutantsIn(root, room).filter(({ id }) => id.includes(only))
    for (const { path, line, within, operator, change } of all)
      console.log(`${path}:${line} ${within} [${operator}] ${change}`)
    console.log(`${room.name}: ${all.length} mutants`)
  }
  return 0
}

function newFolder(): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'mainspan-mutants-'))
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(0)
}
