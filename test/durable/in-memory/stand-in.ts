// Temporal and the store as a test plays them: descriptions and results of runs by id, rows by id, and what is written down.

import { type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client'
import type { OperationRow, OperationStore } from '../../../src/contract/store.ts'
import type { TemporalClient } from '../../../src/durable/connection.ts'
import { fingerprintOf } from '../../../src/durable/workflow-id.ts'

/** What Temporal says of a run; each may take time, or fail. */
export interface Run {
  readonly description?: () => Promise<WorkflowExecutionDescription> | WorkflowExecutionDescription
  readonly result?: () => Promise<unknown>
}

const start = new Date('2026-01-01T00:00:00Z')

export interface Described {
  readonly id?: string
  readonly type?: string
  readonly status?: string
  readonly closeTime?: Date
  readonly memo?: object | null
  readonly attributes?: Readonly<Record<string, unknown>>
}

/** A description as Temporal gives it. */
export function described(part: Described = {}): WorkflowExecutionDescription {
  const { id = 'pay-1', type = 'pay', status = 'RUNNING', closeTime, memo = null, attributes = {} } = part
  const pairs = Object.entries(attributes).map(([name, value]) => ({ key: { name }, value }))
  return {
    ...{ workflowId: id, type, status: { name: status }, startTime: start, closeTime },
    ...{ memo: memo === null ? undefined : { mainspan: memo }, typedSearchAttributes: { getAll: () => pairs } },
  } as unknown as WorkflowExecutionDescription
}

/** A client to a Temporal that knows these runs. */
export function temporalOf(runs: Readonly<Record<string, Run>>, client: object = {}) {
  const asked: string[] = []
  const getHandle = (id: string) => ({
    async describe() {
      asked.push(`describe ${id}`)
      const { description } = runs[id] ?? {}
      if (!description) throw new WorkflowNotFoundError('none', id, undefined)
      return await description()
    },
    async result() {
      asked.push(`result ${id}`)
      const { result } = runs[id] ?? {}
      if (!result) throw new WorkflowNotFoundError('none', id, undefined)
      return await result()
    },
  })
  const whole = { workflow: { getHandle, ...client }, ...client }
  const ask = <T>(work: (client: never) => Promise<T>) => work(whole as never)
  const temporal: TemporalClient = {
    ...{ namespace: 'bank', reach: ask, linger: ask, away: () => false, close: async () => undefined },
  }
  return { temporal, asked }
}

export const payStart = { workflowType: 'pay', start: { operation: 'pay', version: 1, input: {}, client: 'c' } }

export function rowOf(part: Partial<OperationRow> = {}): OperationRow {
  return {
    ...{ id: 'pay-1', state: 'started', operation: 'pay', version: 1, notedAt: '2026-01-01T00:00:00Z' },
    ...{ fingerprint: fingerprintOf(payStart as never), start: { ...payStart, summary: 's' } },
    ...part,
  }
}

/** A store of these rows that says what is written into it; each write may fail. */
export function storeOf(find: (id: string) => Promise<OperationRow | undefined>, problem?: Error) {
  const written: unknown[][] = []
  const note =
    (what: string) =>
    async (...args: unknown[]) => {
      written.push([what, ...args])
      if (problem) throw problem
    }
  const store = {
    find,
    ...{ ended: note('ended'), started: note('started'), notBegun: note('notBegun'), withdraw: note('withdraw') },
  } as unknown as OperationStore
  return { store, written }
}
