// The simulated Temporal is held against the real server: the same flow over the same scripted core, with the same faults and deeds, has
// to ask for the same activities, timers and children under the same ids in the same order, and to end alike.

import { spawnSync } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Patience } from '../../src/contract/durable.ts'
import { orderOf as startOrderOf } from '../../src/durable/operation/order.ts'
import { impatient, type Rig, resetWorkflow, rig } from '../support/rig.ts'
import { orderOf, type Plan, type PlannedDeed, plans, resolutionOf, script } from './plans.ts'
import { commandsIn } from './real-commands.ts'

const count = 120
const atOnce = 20

const patience: Partial<Patience> = {
  // Long enough for a busy machine, and shorter than the core hangs.
  marginMs: 2000,
  // Watches outlive the test: whether one had ended before a reset is a matter of the machine's speed.
  lateMs: 600_000,
}

let it: Rig
beforeAll(async () => {
  it = await rig(patience)
})
afterAll(() => it.close())

interface Played {
  readonly id: string
  /** What the ids of its activities are mixed with. */
  readonly salt: string
  readonly number: number
  readonly plan: Plan
  /** The commands of each run, the first one first. */
  readonly commands: readonly string[][]
}

test(`${count} paths have the same commands on the real server and in the simulation`, async () => {
  const all = plans(count)
  script(it.core, (number) => all[number])
  const seen = new Set<string>()
  let left = all.map((_, number) => number)
  let different: object[] = []
  // On a busy machine an activity may time out that should not: such a path is played again.
  for (let round = 0; round < 3 && left.length > 0; round++) {
    const played = await playAll(all, left)
    const simulated = simulate(played)
    different = played.flatMap(({ number, plan, commands }, at) => {
      seen.add(JSON.stringify(commands))
      return isDeepStrictEqual(commands, simulated[at]) ? [] : [{ number, plan, commands, simulated: simulated[at] }]
    })
    left = played.flatMap(({ number, commands }, at) => (isDeepStrictEqual(commands, simulated[at]) ? [] : [number]))
  }
  expect(different).toEqual([])
  expect(seen.size).toBeGreaterThan(count / 3)
}, 300_000)

async function playAll(all: readonly Plan[], numbers: readonly number[]): Promise<Played[]> {
  const played: Played[] = []
  for (let first = 0; first < numbers.length; first += atOnce) {
    const some = numbers.slice(first, first + atOnce)
    played.push(...(await Promise.all(some.map((number) => play(all[number] as Plan, number)))))
  }
  return played
}

async function play(plan: Plan, number: number): Promise<Played> {
  const id = await it.begin('moveMoney', orderOf(number))
  const handle = it.client.workflow.getHandle(id)
  const runs = [(await handle.describe()).runId]
  await untilAtRest(id)
  for (const deed of plan.deeds) {
    await carryOut(id, deed)
    await untilAtRest(id)
    const { runId } = await handle.describe()
    if (!runs.includes(runId)) runs.push(runId)
  }
  const commands: string[][] = []
  for (const runId of runs) {
    const { events } = await it.client.workflow.getHandle(id, runId).fetchHistory()
    commands.push(commandsIn(events ?? []).map((one) => one.replaceAll(id, 'ID')))
  }
  const row = await it.database.store.find(id)
  return { id, salt: (row && startOrderOf(row).start.salt) ?? '', number, plan, commands }
}

/** What comes too late is refused, and then nothing has happened. */
async function carryOut(id: string, deed: PlannedDeed): Promise<void> {
  if (deed.do === 'reset') return await resetWorkflow(it, id, deed.to)
  const handle = it.client.workflow.getHandle(id)
  const { status } = await handle.describe()
  if (status.name !== 'RUNNING') return
  if (deed.do === 'cancel') {
    await handle.cancel()
    // The request is a workflow task of its own, after which the flow may well stay parked.
    await pause(300)
  } else {
    await it.operations.resolve(id, resolutionOf(deed.action)).catch(() => undefined)
  }
}

/** Ended; or parked, with nothing under way but timers. */
async function untilAtRest(id: string): Promise<void> {
  const handle = it.client.workflow.getHandle(id)
  for (;;) {
    const { raw, status, typedSearchAttributes } = await handle.describe()
    if (status.name !== 'RUNNING') return
    const isBusy = (raw.pendingActivities?.length ?? 0) > 0 || raw.pendingWorkflowTask
    const state = typedSearchAttributes.getAll().find(({ key }) => key.name === 'MainspanState')?.value
    if (!isBusy && state === 'parked') return
    await pause(50)
  }
}

function simulate(played: readonly Played[]): string[][][] {
  const run = fileURLToPath(new URL('run.mjs', import.meta.url))
  const request = {
    patience: { ...impatient, ...patience },
    plans: played.map(({ id, salt, number, plan }) => ({ id, salt, number, plan })),
  }
  const { stdout, stderr, status } = spawnSync(process.execPath, [run, 'simulate'], {
    input: JSON.stringify(request),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(stderr)
  const commands = JSON.parse(stdout) as string[][][]
  return commands.map((runs, at) =>
    runs.map((one) => one.map((command) => command.replaceAll(played[at]?.id ?? '', 'ID'))),
  )
}
