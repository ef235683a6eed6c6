// Plays plans (plans.ts) in the simulation, over the scripted core, and gives the commands of each run. Reads and writes JSON.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { asyncLocalStorage } from '@temporalio/activity'
import { traitsTableOf } from '../../src/contract/activity.ts'
import { flowContract, type OperationStart, type Patience } from '../../src/contract/durable.ts'
import type { OperationStore } from '../../src/contract/store.ts'
import { activitiesOf } from '../../src/durable/activities.ts'
import { flowBundle } from '../../src/durable/bundle.ts'
import { bank } from '../flow/fast-bank/bank.ts'
import { scriptedCore } from '../support/scripted-core.ts'
import { activityContext, infoOf, settled, taskOf } from './activity-context.ts'
import { clientOf } from './client.ts'
import { Clock } from './clock.ts'
import { type Run, recordOf, taskStarts } from './history.ts'
import { orderOf, type Plan, type PlannedDeed, resolutionOf, script, withoutJitter } from './plans.ts'
import { Sandbox } from './sandbox.ts'
import { SimulatedTemporal } from './temporal.ts'
import { useTimeOf } from './time.ts'

/** What the test asks for: the plans with the ids that their operations have on the real server. */
export interface Request {
  readonly patience: Patience
  readonly plans: readonly {
    readonly id: string
    readonly salt: string
    readonly number: number
    readonly plan: Plan
  }[]
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const begin = Date.UTC(2026, 0, 5, 10)

async function played(sandbox: Sandbox, patience: Patience, { id, salt, number, plan }: Request['plans'][number]) {
  const clock = new Clock(begin)
  useTimeOf(clock, begin)
  const core = scriptedCore()
  script(core, () => plan)
  const store: Partial<OperationStore> = { attend: () => Promise.resolve() }
  const activities = activitiesOf({ ...core, store: store as OperationStore, transactions })
  const temporal: SimulatedTemporal = new SimulatedTemporal({
    clock,
    builds: new Map([['shipped', sandbox]]),
    identity: true,
    idle: [],
    note: () => undefined,
    perform: (run, activity, token) => {
      const carryOut = activities[activity.type as keyof typeof activities] as (task: unknown) => Promise<unknown>
      const context = activityContext(infoOf(run, activity, token), clientOf(temporal))
      return asyncLocalStorage.run(context, () => carryOut(taskOf(activity)))
    },
  })
  const start: OperationStart = {
    operation: 'moveMoney',
    version: 1,
    input: orderOf(number),
    client: 'tests',
    door: 'rest',
    contract: flowContract,
    requestedAt: new Date(begin).toISOString(),
    salt,
    patience,
  }
  temporal.start({
    workflowId: id,
    type: 'moveMoney',
    input: [start],
    build: 'shipped',
    attributes: { MainspanState: 'running' },
  })
  await untilAtRest(temporal, clock, id)
  for (const deed of plan.deeds) {
    carryOut(temporal, temporal.latest(id), deed)
    await untilAtRest(temporal, clock, id)
  }
  return temporal.runs.filter(({ workflowId }) => workflowId === id).map(commandsOf)
}

function carryOut(temporal: SimulatedTemporal, run: Run | undefined, deed: PlannedDeed): void {
  if (!run) return
  if (deed.do === 'reset') temporal.reset(run, Math.min(deed.to, taskStarts(run.history).length) - 1)
  if (run.state !== 'running') return
  if (deed.do === 'cancel') temporal.cancel(run)
  if (deed.do === 'decide') temporal.resolve(run, resolutionOf(deed.action), () => undefined)
}

async function untilAtRest(temporal: SimulatedTemporal, clock: Clock, id: string): Promise<void> {
  for (;;) {
    const run = temporal.latest(id)
    if (run?.state !== 'running') return
    const isQuiet = !run.planned && run.activities.size === 0 && run.open.length === 0
    if (isQuiet && run.attributes.get('MainspanState') === 'parked') return
    if (!clock.step(Number.POSITIVE_INFINITY)) return
    await settled()
  }
}

function commandsOf({ history }: Run): string[] {
  return history.flatMap(({ commands }) => commands.flatMap((one) => recordOf(one, true) ?? [])).map(withoutJitter)
}

const { patience, plans } = JSON.parse(readFileSync(0, 'utf8')) as Request
const flows = new Map([['moveMoney', `${root}test/flow/fast-bank/flows.ts`]])
const { name, definition } = bank
const adapters = new Map([[name, { name, definition, file: '', transactions: new Map() }]])
const transactions = traitsTableOf([[name, definition]])
const sandbox = new Sandbox(await flowBundle({ adapters, flows, root }))
const commands: string[][][] = []
for (const one of plans) commands.push(await played(sandbox, patience, one))
process.stdout.write(JSON.stringify(commands))
