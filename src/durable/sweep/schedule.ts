// The schedule that starts the sweep. Each worker sees to it when it starts; Temporal keeps it while no worker runs.

import {
  Client,
  type ConnectionLike,
  isGrpcServiceError,
  ScheduleAlreadyRunning,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
} from '@temporalio/client'
import { failure } from '../../error/failure.ts'

/** Which operations are swept, and how often. */
export interface SweepPlan {
  readonly namespace: string
  readonly taskQueue: string
  readonly everyMs: number
}

/** Makes the schedule of this task queue, or sets its pace where another was set. Throws DURABLE_UNAVAILABLE when it cannot. */
export async function scheduleSweeps(connection: ConnectionLike, plan: SweepPlan): Promise<void> {
  const client = new Client({ connection, namespace: plan.namespace })
  try {
    await scheduled(client, plan)
  } catch (cause) {
    const why = isGrpcServiceError(cause) ? cause.details : 'the schedule of sweeps was refused'
    throw failure('DURABLE_UNAVAILABLE', { why }, { cause })
  }
}

async function scheduled(client: Client, { taskQueue, everyMs }: SweepPlan): Promise<void> {
  const scheduleId = `mainspan-sweep-${taskQueue}`
  const schedule: Omit<ScheduleOptions, 'scheduleId'> = {
    spec: { intervals: [{ every: everyMs }] },
    // What was missed while nobody swept is caught up with by one sweep: it begins where the last one ended.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
    action: {
      type: 'startWorkflow',
      workflowType: 'sweep',
      workflowId: scheduleId,
      taskQueue,
      args: [],
      workflowExecutionTimeout: '5 minutes',
      staticSummary: 'finds operations that were ended by force',
    },
  }
  try {
    await client.schedule.create({ scheduleId, ...schedule })
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error
    const handle = client.schedule.getHandle(scheduleId)
    const { spec } = await handle.describe()
    if (spec.intervals?.[0]?.every !== everyMs) await handle.update(({ state }) => ({ ...schedule, state }))
  }
}
