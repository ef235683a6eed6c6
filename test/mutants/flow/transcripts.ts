// What flows ask Temporal for, word by word, on many ways through a transfer and through the other flows of the fast bank: activities with
// their time limits and arguments, timers, search attributes, late looks, the runbook, and how each run ends. Running operations were
// begun by it, so a change here is a change for them. The file beside is written anew by
// UPDATE=1 node test/mutants/run.mjs run test/mutants/flow/transcripts.ts

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Call } from '../../../src/contract/call.ts'
import { flowContract, type OperationStart, type Resolution } from '../../../src/contract/durable.ts'
import { failure } from '../../../src/error/failure.ts'
import { type Plan, plans, resolutionOf } from '../../explore/plans.ts'
import { book, type Fault, type InquiryFault, reset } from '../../support/scripted-core.ts'
import { order, type Rig, resetWorkflow, rig } from './rig.ts'
import { readTranscripts, transcriptOf, writeTranscripts } from './transcript.ts'

const golden = new URL('golden/transcripts.txt', import.meta.url)
const known = readTranscripts(existsSync(golden) ? readFileSync(golden, 'utf8') : '')
const seen = new Map<string, readonly string[]>()

let it: Rig
beforeAll(async () => {
  it = await rig({ askAgainMs: 40_000, askAgainMaxMs: 100_000 })
})
beforeEach(() => reset(it.core))
afterAll(async () => {
  await it.close()
  if (process.env.UPDATE) writeFileSync(golden, writeTranscripts(seen))
})

/** Each starts an operation and takes it as far as it goes; what it leaves is played to its end. */
type Way = (begin: (flow: string, more?: More) => Promise<string>, adopt: (id: string) => void) => Promise<void>
type More = Partial<Pick<OperationStart, 'call' | 'replyTo'>> & { readonly input?: Record<string, string> }

const isCredit = ({ request, reversing }: Call) => request.direction === 'C' && !reversing
const by = { by: 'ops', note: 'told so' }
const reply = { entryNumber: 'E-1', balance: '1.00' }

function faults(side: (call: Call) => boolean, ...list: readonly Fault[]): void {
  it.core.onCall = (call, nth) => (side(call) ? list[nth] : undefined)
}

async function decide(id: string, ...decisions: readonly Partial<Resolution>[]): Promise<void> {
  for (const one of decisions) {
    // What the person reads before; lines that were read already are left out.
    for (const read of await runbookOf(id)) if (read !== '' && !said.includes(read)) said.push(read)
    await it.operations
      .resolve(id, { action: 'retry', ...by, ...(one.action === 'confirm-applied' && { reply }), ...one })
      .catch((problem: Error) => said.push(problem.message))
    await it.settled(id)
  }
}

/** Refusals of decisions, in words. */
const said: string[] = []

/** As the explorer plays plans, over its accounts. */
function planned({ debit, credit, undo, inquiry, deeds }: Plan): Way {
  return async (begin) => {
    it.core.onCall = (call, nth) => (call.reversing ? undo : call.request.direction === 'D' ? debit : credit)[nth]
    it.core.onInquiry = (_, nth) => inquiry[nth]
    const id = await begin('moveMoney')
    await it.settled(id)
    for (const deed of deeds) {
      if (deed.do === 'reset') await resetWorkflow(it, id, deed.to)
      if (deed.do === 'cancel') await it.client.workflow.getHandle(id).cancel()
      if (deed.do === 'decide') await decide(id, resolutionOf(deed.action))
      await it.settled(id)
    }
  }
}

/** Parked on its credit, over what the inquiry says; then one decision each. */
function parkedOn(inquiry: InquiryFault, ...decisions: readonly Partial<Resolution>[]): Way {
  return async (begin) => {
    faults(isCredit, { do: 'lose', booked: true })
    it.core.onInquiry = (call) => (isCredit(call) ? inquiry : undefined)
    const id = await begin('moveMoney')
    await it.settled(id)
    await decide(id, ...decisions)
  }
}

function undoingAs(...undo: readonly Fault[]): Way {
  return async (begin) => {
    it.core.onCall = (call, nth) =>
      call.reversing ? undo[nth] : isCredit(call) ? { do: 'refuse', reason: 'blocked' } : undefined
    const id = await begin('moveMoney')
    await it.settled(id)
    await decide(id, {})
  }
}

/** Parked as `faults` say, ended by force, and repaired; then decisions. */
function repairedAfter(
  flow: string,
  isIt: (call: Call) => boolean,
  booked: boolean,
  ...decisions: readonly Partial<Resolution>[]
): Way {
  return async (begin) => {
    it.core.onCall = (call) => (isIt(call) ? { do: 'lose', booked } : undefined)
    it.core.onInquiry = (call) => (isIt(call) ? 'unclear' : undefined)
    const id = await begin(flow)
    await it.settled(id)
    await endedByForce(id)
    await decide(id, ...decisions)
  }
}

async function endedByForce(id: string): Promise<void> {
  await it.client.workflow.getHandle(id).terminate()
  it.core.onCall = () => undefined
  it.core.onInquiry = () => undefined
  await sweep()
  await it.settled(id)
}

async function sweep(): Promise<void> {
  await it.client.workflow.execute('sweep', { workflowId: `sweep-${++sweeps}`, taskQueue: '', args: [] })
}
let sweeps = 0

/** Its run is deleted; what is left is the row of the store. `changed`: other code became current since. */
function deletedAfter(booked: boolean, changed: boolean, ...decisions: readonly Partial<Resolution>[]): Way {
  return async (begin) => {
    it.core.onCall = (call) => (isCredit(call) ? { do: 'lose', booked } : undefined)
    it.core.onInquiry = () => 'unclear'
    const id = await begin('moveMoney')
    await it.settled(id)
    await it.database.database.sql('update', [id])
    const { workflowService } = it.client
    await workflowService.deleteWorkflowExecution({ namespace: '', workflowExecution: { workflowId: id } })
    if (changed) await workflowService.setWorkerDeploymentCurrentVersion({})
    it.core.onInquiry = () => undefined
    await sweep()
    await it.settled(id)
    await decide(id, ...decisions)
  }
}

/** A flow of three posts, the last of which is refused; then taken back to a task of it, as the core says or not. */
function undoneAndReset(to: number, inquiry?: InquiryFault, ...decisions: readonly Partial<Resolution>[]): Way {
  return async (begin) => {
    it.core.onCall = (call, nth) => (isCredit(call) && nth === 0 ? { do: 'refuse', reason: 'blocked' } : undefined)
    const id = await begin('threePosts')
    await it.settled(id)
    it.core.onInquiry = (call) => (call.reversing ? inquiry : undefined)
    await resetWorkflow(it, id, to)
    await it.settled(id)
    await decide(id, ...decisions)
  }
}

const isUndo = ({ reversing }: Call) => reversing !== undefined
const isWire = ({ transaction }: Call) => transaction === 'wire'
const bankPost = { adapter: 'bank', transaction: 'post' }
const entry = { account: order.from, direction: 'D', amount: '1.00', text: 'rent' }

const ways: Record<string, Way> = {
  ...Object.fromEntries(plans(12).map((plan, at) => [`plan ${at}`, planned(plan)])),
  ...Object.fromEntries(
    (['unclear', 'ambiguous', 'differs'] as const).flatMap((inquiry) =>
      (['retry', 'confirm-applied', 'confirm-not-applied', 'reverse', 'abandon'] as const).map((action) => [
        `${inquiry}, ${action}`,
        parkedOn(inquiry, { action }),
      ]),
    ),
  ),
  'an undoing that is refused': undoingAs({ do: 'refuse', reason: 'day-end' }),
  'an undoing that abends': undoingAs({ do: 'abend' }),
  'an undoing that is lost': undoingAs({ do: 'lose', booked: false }),
  'an undoing that somebody else has made': undoingAs({ do: 'refuse', reason: 'already-reversed' }),
  'an undoing that cannot be sent': undoingAs(...Array.from({ length: 40 }, () => ({ do: 'not-sent' }) as const)),
  'ended by force before the credit, retry': repairedAfter('moveMoney', isCredit, false, { action: 'retry' }),
  'ended by force before the credit, reverse': repairedAfter('moveMoney', isCredit, false, { action: 'reverse' }),
  'ended by force before the credit, abandon': repairedAfter('moveMoney', isCredit, false, { action: 'abandon' }),
  'ended by force after the credit': repairedAfter('moveMoney', isCredit, true),
  'ended by force before all': repairedAfter('moveMoney', (call) => !isCredit(call), false),
  'ended by force over a wire, confirmed': repairedAfter('sendWire', isWire, true, { action: 'confirm-applied' }),
  'ended by force over a wire, not applied': repairedAfter('sendWire', isWire, true, { action: 'confirm-not-applied' }),
  'ended by force over a wire, reversed': repairedAfter('sendWire', isWire, true, { action: 'reverse' }),
  'ended by force in the third of three': repairedAfter('threePosts', isCredit, false, { action: 'reverse' }),
  'ended by force over a read': repairedAfter('readAndTag', ({ transaction }) => transaction === 'tag', false),
  'ended by force while it was undoing': async (begin) => {
    it.core.onCall = (call) =>
      isCredit(call) ? { do: 'refuse', reason: 'blocked' } : isUndo(call) ? { do: 'lose', booked: false } : undefined
    it.core.onInquiry = () => 'unclear'
    const id = await begin('moveMoney')
    await it.settled(id)
    await endedByForce(id)
    await decide(id, { action: 'retry' })
  },
  'ended by force after a cancellation': async (begin) => {
    it.core.onCall = (call) => (isCredit(call) ? { do: 'lose', booked: false } : undefined)
    it.core.onInquiry = () => 'unclear'
    const id = await begin('moveMoney')
    await it.settled(id)
    await it.client.workflow.getHandle(id).cancel()
    await it.settled(id)
    await endedByForce(id)
  },
  'deleted before the credit, retry': deletedAfter(false, false, { action: 'retry' }),
  'deleted after the credit': deletedAfter(true, false),
  'deleted, and other code is current': deletedAfter(true, true, { action: 'retry' }, { action: 'abandon' }),
  'undone, and reset to the beginning': undoneAndReset(1),
  'undone, and reset to the second post': undoneAndReset(2),
  'undone, and reset to the third post': undoneAndReset(3),
  'undone, and reset to the last task': undoneAndReset(9),
  'undone, and reset where the core is silent, confirmed': undoneAndReset(1, 'unclear', { action: 'confirm-applied' }),
  'undone, and reset where the core is silent, denied': undoneAndReset(1, 'unclear', { action: 'confirm-not-applied' }),
  'undone, and reset where the core holds many, abandoned': undoneAndReset(2, 'ambiguous', { action: 'abandon' }),
  'completed, and reset': async (begin) => {
    const id = await begin('moveMoney')
    await it.settled(id)
    it.core.onInquiry = (call) => (isCredit(call) ? 'unclear' : undefined)
    await resetWorkflow(it, id, 1)
    await it.settled(id)
    await decide(id, { action: 'reverse' })
  },
  'a wire that cannot be asked for': async (begin) => {
    it.core.onCall = ({ transaction }) => (transaction === 'wire' ? { do: 'lose', booked: true } : undefined)
    const id = await begin('sendWire')
    await it.settled(id)
    await decide(id, {}, { action: 'confirm-not-applied' })
  },
  'two wires at once': async (begin) => {
    it.core.onCall = () => ({ do: 'lose', booked: true })
    const id = await begin('bothAtOnce')
    await it.settled(id)
    await decide(id, { action: 'confirm-applied' }, { action: 'confirm-applied' })
  },
  'two posts at once, one refused': async (begin) => {
    faults(isCredit, { do: 'refuse', reason: 'blocked' })
    await it.settled(await begin('bothPosted'))
  },
  'reads and what may be repeated': async (begin) => {
    it.core.onCall = (_, nth) => [{ do: 'lose', booked: false } as const, { do: 'not-sent' } as const][nth]
    await it.settled(await begin('readAndTag'))
  },
  'a tag that never comes through': async (begin) => {
    it.core.onCall = ({ transaction }) => (transaction === 'tag' ? { do: 'lose', booked: false } : undefined)
    const id = await begin('readAndTag')
    await it.settled(id)
    await decide(id, {}, { action: 'abandon' })
  },
  'an own answer to a refusal': async (begin) => {
    it.core.onCall = ({ request }) =>
      request.account === order.from ? { do: 'refuse', reason: 'insufficient-funds' } : undefined
    await it.settled(await begin('orElse'))
  },
  'three posts, the last refused': async (begin) => {
    faults(isCredit, { do: 'refuse', reason: 'blocked' })
    await it.settled(await begin('threePosts'))
  },
  'one saga undone by the flow itself': async (begin) => void (await it.settled(await begin('undoOne'))),
  'a start by hand, without patience and attributes': async (_, adopt) => {
    const id = 'moveMoney-by-hand'
    const contract = { contract: flowContract, operation: 'moveMoney', version: 1, client: 'tests', door: 'rest' }
    it.core.onCall = (call, nth) => (isCredit(call) ? [{ do: 'lose', booked: true } as const][nth] : undefined)
    it.core.onInquiry = (_, nth) => (nth < 3 ? 'unclear' : undefined)
    const args = [{ ...contract, input: order, requestedAt: new Date().toISOString() }]
    const handle = await it.client.workflow.start('moveMoney', { workflowId: id, taskQueue: '', args })
    adopt(id)
    await handle.result()
  },
  'two events': async (begin) => void (await it.settled(await begin('tellTwice'))),
  'a flow that gives up': async (begin) => void (await it.settled(await begin('giveUp'))),
  'what was not begun': async (begin) => void (await it.settled(await begin('notBegun'))),
  'one transaction with its event': async (begin) => {
    const eventFields = { request: ['account', 'amount'], reply: ['balance'] }
    const call = { ...bankPost, event: 'entry-posted', eventFields, subject: order.from }
    await it.settled(await begin('postEntry', { call, input: entry }))
  },
  'one transaction given up, which came late': async (begin) => {
    it.core.onCall = (call) => (call.reversing ? undefined : { do: 'lose', booked: false })
    const id = await begin('postEntry', { call: { ...bankPost, subject: order.from }, input: entry })
    await it.settled(id)
    for (const call of it.core.calls.slice(0, 1)) book(it.core, call)
    const watchId = `${id}/watch/${it.core.calls[0]?.reference}`
    await it.settled(watchId)
    await decide(watchId, { action: 'confirm-applied' }, { action: 'reverse' })
  },
  'a late look at a silent core, whose end somebody asks for': async (begin) => {
    it.core.onCall = (call, nth) => (nth === 0 && !isCredit(call) ? { do: 'lose', booked: false } : undefined)
    const id = await begin('moveMoney')
    await it.settled(id)
    it.core.onInquiry = () => 'unclear'
    const watchId = `${id}/watch/${it.core.calls[0]?.reference}`
    await it.rest(20_000)
    await it.client.workflow.getHandle(watchId).cancel()
    await it.settled(watchId)
    await decide(watchId, { action: 'retry' }, { action: 'abandon' })
  },
  'one transaction completed, reset and reversed': async (begin) => {
    const call = { ...bankPost, event: 'entry-posted', subject: order.from }
    const id = await begin('postEntry', { call, input: entry })
    await it.settled(id)
    it.core.onInquiry = () => 'unclear'
    await resetWorkflow(it, id, 1)
    await it.settled(id)
    await decide(id, { action: 'reverse' })
  },
  'one transaction that nobody knows': async (begin) =>
    void (await it.settled(await begin('payOut', { call: { adapter: 'bank', transaction: 'payOut' } }))),
  'an answer that nobody takes': async (begin) => {
    it.core.onReply = () => {
      throw failure('MESSAGE_UNROUTABLE', { exchange: '', key: 'gone' })
    }
    await it.settled(await begin('moveMoney', { replyTo: { queue: 'gone', correlationId: 'c' } }))
  },
  'an answer and an event that a broker takes late': async (begin) => {
    it.core.onPublish = (nth) => nth > 3
    it.core.onReply = (nth) => {
      if (nth < 3) throw failure('CORE_UNREACHABLE', { adapter: 'broker' })
    }
    await it.settled(await begin('moveMoney', { replyTo: { queue: 'q', correlationId: 'c' } }))
  },
}

test.each(Object.keys(ways))('%s', async (name) => {
  let count = 0
  said.length = 0
  const ids: string[] = []
  const begin = async (flow: string, { input, ...more }: More = {}) => {
    ids.push(await it.begin(flow, input, { ...more, key: `${name} ${++count}` }))
    return ids.at(-1) ?? ''
  }
  await ways[name]?.(begin, (id) => ids.push(id))
  const runbooks = await Promise.all(ids.map(runbookOf))
  // Late looks, and what a parked flow asks by itself.
  it.core.onInquiry = () => undefined
  await it.rest(60_000)
  const events = it.core.events.map((one) => JSON.stringify(one))
  const lines = transcriptOf(ids, it.runs, [...runbooks.flat(), ...said, ...events])
  seen.set(name, lines)
  if (!process.env.UPDATE) expect(lines).toEqual(known.get(name))
})

async function runbookOf(id: string): Promise<string[]> {
  const handle = it.client.workflow.getHandle(id)
  const { currentDetails } = (await handle.query('__temporal_workflow_metadata')) as { currentDetails?: string }
  return [...(currentDetails?.split('\n') ?? []), JSON.stringify(await handle.query('state'))]
}
