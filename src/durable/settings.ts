// What the durable room is told by config.ts.

import type { Patience } from '../contract/durable.ts'

/** A key that encrypts payloads. The id stands beside each payload, in clear. */
export interface PayloadKey {
  readonly id: string
  /** 32 bytes. */
  readonly key: Uint8Array
}

/** How Temporal is reached, and how payloads are encrypted. */
export interface DurableSettings {
  /** host:port of the Temporal frontend; without it the one of `environment`. */
  readonly address?: string
  readonly namespace?: string
  /** The environment that Temporal's own configuration is read from: TLS, API key, profile (TEMPORAL_TLS…, TEMPORAL_API_KEY, TEMPORAL_PROFILE). */
  readonly environment?: Readonly<Record<string, string>>
  readonly taskQueue: string
  /** The first one encrypts, all decrypt. Without any, payloads are stored in clear. */
  readonly payloadKeys?: readonly PayloadKey[]
  /** How patient flows are; recorded with each start. */
  readonly patience?: Partial<Patience>
}

/** The settings of a gateway. */
export interface OperationsSettings extends DurableSettings {
  /** 32 bytes that nobody else has: the ids of operations are made with it. */
  readonly idKey: Uint8Array
  /** How many days after its end an operation's key is recognised. Default 30. */
  readonly keyDays?: number
  /** How long it is tried to start an operation that was accepted while Temporal was away. Default 60 s. */
  readonly startWithinMs?: number
}

/** The settings of a worker. */
export interface WorkerSettings extends DurableSettings {
  /** Calls carried out at once by this process. Default 100. */
  readonly concurrentCalls?: number
  /** Workflow tasks worked on at once. Default 40. */
  readonly concurrentFlows?: number
  /** How often operations that were ended by force are looked for; 0 leaves the schedule as it is. Default one minute. */
  readonly sweepEveryMs?: number
  /** Flows kept in memory between tasks. Default 500. */
  readonly cachedFlows?: number
  /** `auto`: new operations begin on this worker's build as soon as it polls. `manual`: a person makes it current. Default `auto`. */
  readonly rollout?: 'auto' | 'manual'
}
