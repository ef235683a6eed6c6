// The people of a fault run: they cancel, terminate, reset and delete operations, and decide on those that are parked, rightly and
// wrongly, with and without looking. Through Temporal's own API, as its UI and command line do.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import Long from 'long'
import { dataConverter } from '../../src/durable/payload/data-converter.ts'
import type { Act, Effect } from './ledger.ts'
import type { Random } from './random.ts'
import type { Handling } from './schedule.ts'

export interface Operators {
  handle(op: number, id: string, does: Handling['does']): Promise<Act>
  /** What a search for parked workflows shows: workflow ids. */
  parked(): Promise<readonly string[]>
  /** The reference of the call that a parked operation waits on. */
  waitsOn(id: string): Promise<string | undefined>
  /** Workflows that are open, by their type. */
  open(): Promise<readonly { readonly id: string; readonly type: string }[]>
  /** Decides on a parked operation. `well`: only what the journal bears out. Undefined when there was nothing to decide. */
  decide(op: number, id: string, how: { readonly well: boolean; readonly from: Random }): Promise<Act | undefined>
  /** Only asks the core again. */
  retry(op: number, id: string): Promise<Act>
  close(): Promise<void>
}

export interface OperatorsOptions {
  readonly address: string
  readonly taskQueue: string
  readonly payloadKeys: string
  readonly effects: () => readonly Effect[]
}

interface ParkedCall {
  readonly reference: string
  readonly open: readonly string[]
}

/** Connects when first used. */
export function operatorsAt({ address, taskQueue, payloadKeys, effects }: OperatorsOptions): Operators {
  const connection = Connection.lazy({ address, connectTimeout: 5000 })
  const [id = '', key = ''] = payloadKeys.split(':')
  const client = new Client({ connection, dataConverter: dataConverter([{ id, key: Buffer.from(key, 'base64') }]) })
  const within = <T>(ask: () => Promise<T>) => client.withDeadline(Date.now() + 15_000, ask)

  async function list(query: string) {
    const found: { readonly id: string; readonly type: string }[] = []
    const search = client.workflow.list({ query: `TaskQueue = "${taskQueue}" AND ${query}` })
    for await (const { workflowId, type } of search) found.push({ id: workflowId, type })
    return found
  }

  async function parkedCall(workflowId: string): Promise<ParkedCall | undefined> {
    return within(() => client.workflow.getHandle(workflowId).query<{ parked: ParkedCall[] }>('state'))
      .then(({ parked }) => parked[0])
      .catch(() => undefined)
  }

  async function resolve(op: number, workflowId: string, decision: Decision): Promise<Act> {
    const { right, ...resolution } = decision
    const common = { op, action: resolution.action, ...(right !== undefined && { right }) }
    try {
      const handle = client.workflow.getHandle(workflowId)
      await within(() => handle.executeUpdate('resolve', { args: [{ by: 'chaos', note: 'fault run', ...resolution }] }))
      return { ...common, taken: true }
    } catch (error) {
      return { ...common, taken: false, words: wordsOf(error) }
    }
  }

  return {
    async handle(op, workflowId, does) {
      try {
        await within(() => handled(client, workflowId, does))
        return { op, action: does, taken: true }
      } catch (error) {
        return { op, action: does, taken: false, words: wordsOf(error) }
      }
    },
    parked: async () => (await list('MainspanState = "parked"')).map((one) => one.id),
    waitsOn: async (workflowId) => (await parkedCall(workflowId))?.reference,
    open: () => list('ExecutionStatus = "Running"'),
    async decide(op, workflowId, { well, from }) {
      const state = await parkedCall(workflowId)
      if (!state) return undefined
      const isWatch = workflowId.includes('/watch/')
      const there = effects().find(({ reference }) => reference === state.reference)
      const decision = isWatch ? decisionOnWatch(state, from) : decisionOn(state, there, well, from)
      return decision && (await resolve(op, workflowId, decision))
    },
    retry: (op, workflowId) => resolve(op, workflowId, { action: 'retry' }),
    close: () => connection.close(),
  }
}

interface Decision {
  readonly action: string
  readonly reply?: object
  readonly right?: boolean
}

/** What was seen late is undone, or looked at once more; who gives it up knows of it. */
function decisionOnWatch({ open }: ParkedCall, from: Random): Decision | undefined {
  const action = from.pick(['retry', 'reverse'] as const)
  return open.includes(action) ? { action } : undefined
}

function decisionOn(
  { open }: ParkedCall,
  there: Effect | undefined,
  well: boolean,
  from: Random,
): Decision | undefined {
  const wished = from.pick(['retry', 'confirm-applied', 'confirm-not-applied', 'reverse', 'abandon'] as const)
  const action = well && wished === 'abandon' ? 'retry' : wished
  if (!open.includes(action)) return open.includes('retry') ? { action: 'retry' } : undefined
  if (action === 'confirm-applied') {
    const right = there !== undefined
    if (well && !right) return { action: 'retry' }
    const reply = there ? { entryNumber: there.entry, balance: '0.00' } : { entryNumber: '999999', balance: '1.00' }
    return { action, right, reply: from.chance(0.3) ? {} : reply }
  }
  if (action === 'confirm-not-applied') {
    const right = there === undefined
    return well && !right ? { action: 'retry' } : { action, right }
  }
  return { action }
}

/** How long a paused workflow rests. */
const pauseMs = 3000

async function handled(client: Client, workflowId: string, does: Handling['does']): Promise<void> {
  const handle = client.workflow.getHandle(workflowId)
  switch (does) {
    case 'cancel':
      await handle.cancel()
      return
    case 'terminate':
      await handle.terminate('fault run')
      return
    case 'delete':
      await client.workflowService.deleteWorkflowExecution({ namespace: 'default', workflowExecution: { workflowId } })
      return
    case 'pause': {
      // Where the server allows it.
      const whom = { namespace: 'default', workflowId, reason: 'fault run' }
      await client.workflowService.pauseWorkflowExecution({ ...whom, requestId: randomUUID() })
      await sleep(pauseMs)
      await client.workflowService.unpauseWorkflowExecution({ ...whom, requestId: randomUUID() })
      return
    }
    default:
      await reset(client, workflowId, does === 'reset-first')
  }
}

async function reset(client: Client, workflowId: string, toFirst: boolean): Promise<void> {
  const handle = client.workflow.getHandle(workflowId)
  const [{ runId }, { events }] = await Promise.all([handle.describe(), handle.fetchHistory()])
  const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes)
  const task = toFirst ? tasks[0] : tasks.at(-1)
  if (!task) throw new Error('no workflow task has completed yet')
  await client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId, runId },
    reason: 'fault run',
    workflowTaskFinishEventId: Long.fromNumber(Number(task.eventId)),
    requestId: randomUUID(),
  })
}

function wordsOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message.slice(0, 200) : String(cause)
}
