// Ways of operations whose run was ended by force, or deleted, and that a sweep repairs.

import type { Call } from '../../../../src/contract/call.ts'
import type { Resolution } from '../../../../src/contract/durable.ts'
import { book } from '../../../support/scripted-core.ts'
import type { Rig } from '../rig.ts'
import { isCredit, type Way, type Ways } from './stage.ts'

const isDebit = ({ request, reversing }: Call) => request.direction === 'D' && !reversing
const isUndo = ({ reversing }: Call) => reversing !== undefined
const isTag = ({ transaction }: Call) => transaction === 'tag'
const isWire = ({ transaction }: Call) => transaction === 'wire'

export const repairs: Ways = {
  'ended by force before the credit, retry': repairedAfter('moveMoney', isCredit, false, { action: 'retry' }),
  'ended by force before the credit, reverse': repairedAfter('moveMoney', isCredit, false, { action: 'reverse' }),
  'ended by force before the credit, abandon': repairedAfter('moveMoney', isCredit, false, { action: 'abandon' }),
  'ended by force after the credit': repairedAfter('moveMoney', isCredit, true),
  'ended by force before all': repairedAfter('moveMoney', (call) => !isCredit(call), false),
  'ended by force over a wire, confirmed': repairedAfter('sendWire', isWire, true, { action: 'confirm-applied' }),
  'ended by force over a wire, not applied': repairedAfter('sendWire', isWire, true, { action: 'confirm-not-applied' }),
  'ended by force over a wire, reversed': repairedAfter('sendWire', isWire, true, { action: 'reverse' }),
  'ended by force in the third of three': repairedAfter('threePosts', isCredit, false, { action: 'reverse' }),
  'ended by force over a read': repairedAfter('readAndTag', isTag, false),
  'ended by force while it was undoing': async ({ it, begin, decide }) => {
    it.core.onCall = (call) =>
      isCredit(call) ? { do: 'refuse', reason: 'blocked' } : isUndo(call) ? { do: 'lose', booked: false } : undefined
    it.core.onInquiry = () => 'unclear'
    const id = await begin('moveMoney')
    await it.settled(id)
    await endedByForce(it, id)
    await decide(id, { action: 'retry' })
  },
  'ended by force after a cancellation': async ({ it, begin }) => {
    it.core.onCall = (call) => (isCredit(call) ? { do: 'lose', booked: false } : undefined)
    it.core.onInquiry = () => 'unclear'
    const id = await begin('moveMoney')
    await it.settled(id)
    await it.client.workflow.getHandle(id).cancel()
    await it.settled(id)
    await endedByForce(it, id)
  },
  'ended by force after the credit, of which the inquiry tells otherwise': async (stage) => {
    stage.it.core.found = { balance: '1.11' }
    await repairedAfter('moveMoney', isCredit, true)(stage)
  },
  'ended by force over what may be repeated, retry': repairedAfter('readAndTag', isTag, false, { action: 'retry' }),
  'ended by force in the second of three, retry': repairedAfter(
    'threePosts',
    ({ request }) => request.amount === '0.10',
    false,
    { action: 'retry' },
  ),
  'ended by force behind its undoing': async ({ it, begin }) => {
    it.core.onCall = (call) =>
      isCredit(call) ? { do: 'refuse', reason: 'blocked' } : isUndo(call) ? { do: 'lose', booked: true } : undefined
    it.core.onInquiry = () => 'unclear'
    const id = await begin('moveMoney')
    await it.settled(id)
    await endedByForce(it, id)
  },
  'ended by force behind an undoing that a person wanted': async ({ it, begin, decide }) => {
    it.core.onCall = (call) => (isCredit(call) || isUndo(call) ? { do: 'lose', booked: true } : undefined)
    it.core.onInquiry = () => 'unclear'
    const id = await begin('moveMoney')
    await it.settled(id)
    await decide(id, { action: 'reverse' })
    await endedByForce(it, id)
  },
  'ended by force, sent on, and cancelled then': async ({ it, begin, decide }) => {
    const isSecond = ({ request }: Call) => request.amount === '0.10'
    it.core.onCall = (call) => (isSecond(call) ? { do: 'lose', booked: false } : undefined)
    it.core.onInquiry = (call) => (isSecond(call) ? 'unclear' : undefined)
    const id = await begin('threePosts')
    await it.settled(id)
    await endedByForce(it, id)
    it.core.onCall = (call, nth) => (isSecond(call) && nth === 1 ? { do: 'lose', booked: true } : undefined)
    it.core.onInquiry = (call, nth) => (isSecond(call) && nth > 3 ? 'unclear' : undefined)
    await decide(id, { action: 'retry' })
    await it.client.workflow.getHandle(id).cancel()
    it.core.onInquiry = () => undefined
    await decide(id, { action: 'retry' })
  },
  'ended by force in the third of three, of which the first is gone': async ({ it, begin, decide }) => {
    it.core.onCall = (call) => (isCredit(call) ? { do: 'lose', booked: false } : undefined)
    it.core.onInquiry = (call) => (isCredit(call) ? 'unclear' : undefined)
    const id = await begin('threePosts')
    await it.settled(id)
    for (const call of it.core.calls.slice(0, 1)) it.core.booked.delete(call.reference)
    await endedByForce(it, id)
    await decide(id, { action: 'reverse' })
  },
  'deleted before the credit, retry': deletedAfter(isCredit, false, false, { action: 'retry' }),
  'deleted after the credit': deletedAfter(isCredit, true, false),
  'deleted, and other code is current': deletedAfter(isCredit, true, true, { action: 'retry' }, { action: 'abandon' }),
  'deleted before all, abandon': deletedAfter(isDebit, false, false, { action: 'abandon' }),
  'ended by force before a credit without a saga, reverse': repairedAfter('postBoth', isCredit, false, {
    action: 'reverse',
  }),
  'ended by force behind what nobody can be asked about': repairedAfter('tagAndPost', isDebit, true),
  'ended by force before the credit, which came before retry': async ({ it, begin, decide }) => {
    it.core.onCall = (call) => (isCredit(call) ? { do: 'lose', booked: false } : undefined)
    it.core.onInquiry = (call) => (isCredit(call) ? 'unclear' : undefined)
    const id = await begin('moveMoney')
    await it.settled(id)
    await endedByForce(it, id)
    for (const call of it.core.calls.filter(isCredit)) book(it.core, call)
    await decide(id, { action: 'retry' })
  },
  'ended by force while it was reading': async ({ it, begin }) => {
    it.core.onCall = () => ({ do: 'hang', booked: false })
    const id = await begin('readAndTag')
    await it.rest(50)
    await endedByForce(it, id)
  },
}

/** Parked as `faults` say, ended by force, and repaired; then decisions. */
function repairedAfter(
  flow: string,
  isIt: (call: Call) => boolean,
  booked: boolean,
  ...decisions: readonly Partial<Resolution>[]
): Way {
  return async ({ it, begin, decide }) => {
    it.core.onCall = (call) => (isIt(call) ? { do: 'lose', booked } : undefined)
    it.core.onInquiry = (call) => (isIt(call) ? 'unclear' : undefined)
    const id = await begin(flow)
    await it.settled(id)
    await endedByForce(it, id)
    await decide(id, ...decisions)
  }
}

async function endedByForce(it: Rig, id: string): Promise<void> {
  await it.client.workflow.getHandle(id).terminate()
  it.core.onCall = () => undefined
  it.core.onInquiry = () => undefined
  await sweep(it)
  await it.settled(id)
}

let sweeps = 0

async function sweep(it: Rig): Promise<void> {
  await it.client.workflow.execute('sweep', { workflowId: `sweep-${++sweeps}`, taskQueue: '', args: [] })
}

/** Its run is deleted; what is left is the row of the store. `changed`: other code became current since. */
function deletedAfter(
  isIt: (call: Call) => boolean,
  booked: boolean,
  changed: boolean,
  ...decisions: readonly Partial<Resolution>[]
): Way {
  return async ({ it, begin, decide }) => {
    it.core.onCall = (call) => (isIt(call) ? { do: 'lose', booked } : undefined)
    it.core.onInquiry = () => 'unclear'
    const id = await begin('moveMoney')
    await it.settled(id)
    await it.database.database.sql('update', [id])
    const { workflowService } = it.client
    await workflowService.deleteWorkflowExecution({ namespace: '', workflowExecution: { workflowId: id } })
    if (changed) await workflowService.setWorkerDeploymentCurrentVersion({})
    it.core.onInquiry = () => undefined
    await sweep(it)
    await it.settled(id)
    await decide(id, ...decisions)
  }
}
