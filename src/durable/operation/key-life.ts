// The life of a key is a promise: the store must not forget an operation that Temporal still knows.

import { failure } from '../../error/failure.ts'
import type { TemporalClient } from '../connection.ts'

const secondsOfDay = 86_400

/** Throws KEY_LIFE_TOO_SHORT, or DURABLE_UNAVAILABLE when it cannot be told now. */
export async function checkKeyLife(temporal: TemporalClient, days: number): Promise<void> {
  const { namespace } = temporal
  const { config } = await temporal.reach((client) => client.workflowService.describeNamespace({ namespace }))
  const retention = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / secondsOfDay
  if (days < retention) throw failure('KEY_LIFE_TOO_SHORT', { days, retention: Math.ceil(retention), namespace })
}
