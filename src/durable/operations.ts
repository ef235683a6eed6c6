// The operations as the APIs see them: started once for each key, waited for, asked about, decided on. Each is noted in the store
// before anything is begun; Temporal carries it out.

import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client'
import type { OperationStatus, Operations, Resolution, StartRequest } from '../contract/durable.ts'
import type { OperationRow, OperationStore } from '../contract/store.ts'
import { failure, isFailure } from '../error/failure.ts'
import { openClient, type TemporalClient } from './connection.ts'
import { type Beginning, type Starts, starts } from './operation/begin.ts'
import { type FormerIds, formerIds } from './operation/former-ids.ts'
import { checkKeyLife } from './operation/key-life.ts'
import { type StatusParts, statusIn } from './operation/look-up.ts'
import { orderFor, orderOf } from './operation/order.ts'
import { type Recent, recentOperations } from './operation/recent.ts'
import { type Starter, startStarter } from './operation/starter.ts'
import { waitFor } from './operation/wait.ts'
import type { OperationsSettings } from './settings.ts'
import { fingerprintIn, fingerprintOf, sameRequest, workflowIdOf } from './workflow-id.ts'

export interface OperationsParts {
  readonly store: OperationStore
  /** Told of what could not be done in the background, for the log; it is tried again. */
  readonly notice?: (problem: unknown) => void
}

/** The operations over a connection to Temporal and the store. */
export interface ConnectedOperations extends Operations {
  /** Whether Temporal answers now. */
  ready(): Promise<boolean>
  /** Throws KEY_LIFE_TOO_SHORT when Temporal keeps operations longer than the store, DURABLE_UNAVAILABLE when that cannot be told now. */
  checkKeyLife(): Promise<void>
  close(): Promise<void>
}

/** A decision may ask the core first, which takes up to 5 seconds. */
const decisionMs = 15_000

/** Everything that a start needs. */
interface Room {
  readonly settings: OperationsSettings
  readonly store: OperationStore
  readonly temporal: TemporalClient
  readonly starts: Starts
  readonly starter: Starter
  readonly former: FormerIds
  readonly recent: Recent
  readonly notice: (problem: unknown) => void
  /** Operations that this process is starting right now. */
  readonly beginning: Map<string, Promise<Beginning>>
}

/** Connects when first used, so that a gateway starts before Temporal does. Every failure to reach it is DURABLE_UNAVAILABLE. */
export function connectOperations(settings: OperationsSettings, parts: OperationsParts): ConnectedOperations {
  const { store, notice = () => undefined } = parts
  const temporal = openClient(settings)
  const { taskQueue, startWithinMs = 60_000, keyDays = 30 } = settings
  const starting = starts({ temporal, store, taskQueue, notice })
  const keyLifeMs = keyDays * 86_400_000
  const starter = startStarter({ store, starts: starting, startWithinMs, keyLifeMs, notice })
  const recent = recentOperations()
  const former = formerIds(temporal, store, taskQueue)
  const room: Room = {
    ...{ settings, store, temporal, starter, former, recent, notice },
    starts: starting,
    beginning: new Map(),
  }
  const looking: StatusParts = { temporal, store, notice }
  return {
    start: (request) => start(room, request),
    idOf: (request) => workflowIdOf(request, settings.idKey),
    status: (id) => statusIn(looking, id),
    wait: (id, waitMs) => waitFor({ ...looking, recent }, id, waitMs),
    async resolve(id, resolution) {
      await decide(looking, id, resolution)
      return known(await statusIn(looking, id))
    },
    async ready() {
      try {
        await temporal.reach((client) => client.workflowService.getSystemInfo({}))
        return true
      } catch {
        return false
      }
    },
    checkKeyLife: () => checkKeyLife(temporal, keyDays),
    async close() {
      await starter.close()
      await temporal.close()
    },
  }
}

async function start(room: Room, request: StartRequest): Promise<{ readonly id: string; readonly started: boolean }> {
  const former = await room.former.find(request)
  if (former !== undefined) return { id: former, started: false }
  const id = workflowIdOf(request, room.settings.idKey)
  const order = orderFor(request, room.settings)
  const fingerprint = fingerprintOf(order)
  const { operation, version, requestedAt = '' } = order.start
  const noted = await room.store.note({ id, operation, version, fingerprint, start: order })
  if (!noted.fresh) return attach(room, request, noted.row)
  room.recent.add({ id, operation, version, startedAt: requestedAt }, true)
  if (room.temporal.away()) {
    // The caller need not wait for another try to fail.
    await goOnLater(room, id)
    return { id, started: true }
  }
  const beginning = room.starts.begin({ id, order, fingerprint })
  room.beginning.set(id, beginning)
  try {
    const how = await beginning
    if (how === 'other') throw failure('IDEMPOTENCY_KEY_REUSED', { operation })
    return { id, started: how === 'begun' }
  } catch (error) {
    if (!isFailure(error) || error.code !== 'DURABLE_UNAVAILABLE') throw error
    await goOnLater(room, id)
    return { id, started: true }
  } finally {
    room.beginning.delete(id)
  }
}

/** The key came before: the same request gets the operation that it started, any other one is refused. */
async function attach(room: Room, request: StartRequest, row: OperationRow) {
  const { id, operation, state } = row
  if (!sameRequest(request, fingerprintIn(row))) throw failure('IDEMPOTENCY_KEY_REUSED', { operation })
  if (state === 'noted') {
    const beginning = room.beginning.get(id)
    // It is being started in this process right now.
    if (!beginning) await goOnLater(room, id)
    else if ((await beginning.catch(() => undefined)) === 'other')
      throw failure('IDEMPOTENCY_KEY_REUSED', { operation })
  }
  const { version, notedAt } = row
  room.recent.add({ id, operation, version, startedAt: orderOf(row).start.requestedAt ?? notedAt }, false)
  return { id, started: false }
}

/** The row stands, so the caller is told that the operation is on its way: from now on every gateway sees to it. */
async function goOnLater({ store, starter, notice }: Room, id: string): Promise<void> {
  starter.tend(id)
  await store.promise(id).catch(notice)
}

function known(status: OperationStatus | undefined): OperationStatus {
  if (!status) throw failure('OPERATION_ID_UNKNOWN', {})
  return status
}

async function decide({ temporal, store, notice }: StatusParts, id: string, resolution: Resolution): Promise<void> {
  try {
    await temporal.linger(
      (client) => client.workflow.getHandle(id).executeUpdate('resolve', { args: [resolution] }),
      decisionMs,
    )
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) {
      throw failure('RESOLUTION_REFUSED', { why: error.cause?.message ?? 'the flow refused it' })
    }
    if (!(error instanceof WorkflowNotFoundError)) throw error
    if ((await statusIn({ temporal, store, notice }, id)) === undefined) throw failure('OPERATION_ID_UNKNOWN', {})
    throw failure('RESOLUTION_REFUSED', { why: 'the operation has ended' })
  }
}
