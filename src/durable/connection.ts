// How Temporal is reached: address and namespace from our settings, TLS, API key and profiles through Temporal's own configuration.

import {
  Client,
  isGrpcDeadlineError,
  isGrpcServiceError,
  ServiceError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client'
import { loadClientConnectConfig } from '@temporalio/envconfig'
import type { LogLevel, LogMetadata, NativeConnectionOptions } from '@temporalio/worker'
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime, TransportError } from '@temporalio/worker'
import { membersOf } from '../contract/json.ts'
import { failure, isFailure } from '../error/failure.ts'
import { dataConverter } from './payload/data-converter.ts'
import type { DurableSettings } from './settings.ts'

export interface TemporalTarget {
  readonly options: NativeConnectionOptions
  readonly namespace: string
}

/** Throws SETTINGS_INVALID when Temporal's own configuration is not readable. */
export function temporalTarget(settings: DurableSettings): TemporalTarget {
  const environment = { ...settings.environment }
  try {
    const config = loadClientConnectConfig({ overrideEnvVars: environment })
    const address = settings.address ?? config.connectionOptions.address ?? '127.0.0.1:7233'
    return {
      options: { ...config.connectionOptions, address },
      namespace: settings.namespace ?? config.namespace ?? 'default',
    }
  } catch (cause) {
    const mistakes = `Temporal's configuration (TEMPORAL_CONFIG_FILE, TEMPORAL_TLS…) cannot be read: ${membersOf(cause).message}`
    throw failure('SETTINGS_INVALID', { mistakes }, { cause })
  }
}

let runtimeInstalled = false

/** What Temporal's native core has to say, warnings and errors only. The first call counts: there is one core a process. */
export function installRuntime(log: NativeLog | undefined): void {
  if (runtimeInstalled) return
  runtimeInstalled = true
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => log?.(level, message, meta)),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
    },
    // Signals belong to start.ts, which closes the parts in their order.
    shutdownSignals: [],
  })
}

/** Takes a message of Temporal's native core; warnings and errors only. */
export type NativeLog = (level: LogLevel, message: string, meta: LogMetadata | undefined) => void

/** Temporal as a gateway reaches it. */
export interface TemporalClient {
  readonly namespace: string
  /** One exchange within 5 seconds; whatever keeps Temporal from answering is DURABLE_UNAVAILABLE. */
  reach<T>(ask: (client: Client) => Promise<T>): Promise<T>
  /** The same within another time: for an exchange that waits for something to happen, whose lateness says nothing about Temporal. */
  linger<T>(ask: (client: Client) => Promise<T>, ms: number): Promise<T>
  /** Whether Temporal could not be reached a moment ago. */
  away(): boolean
  close(): Promise<void>
}

const usualMs = 5000
const awayMs = 3000

/**
 * A client over the native connection, which costs half of what the JavaScript one does. It connects when it is first used, so that a
 * gateway starts before Temporal does.
 */
export function openClient(settings: DurableSettings): TemporalClient {
  const { options, namespace } = temporalTarget(settings)
  installRuntime(undefined)
  let opening: Promise<Client> | undefined
  let failedAt = Number.NEGATIVE_INFINITY

  function client(): Promise<Client> {
    opening ??= NativeConnection.connect(options).then(
      (connection) => new Client({ connection, namespace, dataConverter: dataConverter(settings.payloadKeys) }),
    )
    opening.catch(() => {
      opening = undefined
    })
    return opening
  }

  async function exchange<T>(ask: (client: Client) => Promise<T>, ms: number): Promise<T> {
    const deadline = Date.now() + ms
    let timer: NodeJS.Timeout | undefined
    // The native core goes on with its own retries past the deadline: the answer then comes too late for us.
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(failure('DURABLE_UNAVAILABLE', { why: 'no answer in time' })), ms)
    })
    try {
      return await Promise.race([client().then((open) => open.withDeadline(deadline, () => ask(open))), late])
    } catch (error) {
      const why = unreachable(error)
      if (why === undefined) throw error
      throw failure('DURABLE_UNAVAILABLE', { why }, { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    namespace,
    async reach(ask) {
      try {
        const answer = await exchange(ask, usualMs)
        failedAt = Number.NEGATIVE_INFINITY
        return answer
      } catch (error) {
        if (isFailure(error) && error.code === 'DURABLE_UNAVAILABLE') failedAt = Date.now()
        throw error
      }
    },
    linger: exchange,
    away: () => Date.now() - failedAt < awayMs,
    async close() {
      const open = await opening?.catch(() => undefined)
      // Made above as a native one.
      if (open?.connection instanceof NativeConnection) await open.connection.close()
    },
  }
}

function unreachable(error: unknown): string | undefined {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return 'no worker answered in time'
  if (error instanceof TransportError) return 'no connection'
  const inner = error instanceof ServiceError && error.cause ? error.cause : error
  if (isGrpcDeadlineError(inner)) return 'no answer in time'
  if (isGrpcServiceError(inner)) return inner.details || inner.message
  return error instanceof ServiceError ? error.message : undefined
}
