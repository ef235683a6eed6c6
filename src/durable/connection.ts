// How Temporal is reached: address and namespace from our settings, TLS, API key and profiles through Temporal's own configuration.

import { setTimeout as pause } from 'node:timers/promises'
import { Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client'
import { loadClientConnectConfig } from '@temporalio/envconfig'
import type { NativeConnectionOptions } from '@temporalio/worker'
import { failure } from '../error/failure.ts'
import type { DurableSettings } from './settings.ts'

export interface Target {
  readonly options: NativeConnectionOptions
  readonly namespace: string
}

/** Throws SETTINGS_INVALID when Temporal's own configuration is not readable. */
export function temporalTarget(settings: DurableSettings): Target {
  const environment = { ...settings.environment }
  try {
    const config = loadClientConnectConfig({ overrideEnvVars: environment })
    const address = settings.address ?? config.connectionOptions.address ?? '127.0.0.1:7233'
    return {
      options: { ...config.connectionOptions, address },
      namespace: settings.namespace ?? config.namespace ?? 'default',
    }
  } catch (cause) {
    const mistakes = `Temporal's configuration (TEMPORAL_CONFIG_FILE, TEMPORAL_TLS…) cannot be read: ${(cause as Error).message}`
    throw failure('SETTINGS_INVALID', { mistakes }, { cause })
  }
}

export interface OpenConnection {
  readonly connection: Connection
  readonly namespace: string
  close(): Promise<void>
}

/** A connection that is made when first used. */
export function openConnection(settings: DurableSettings, connectTimeout: number): OpenConnection {
  const { options, namespace } = temporalTarget(settings)
  const { address, tls, apiKey, metadata } = options
  const retries = gentleRetries()
  const connection = Connection.lazy({
    ...(address !== undefined && { address }),
    ...(tls !== undefined && tls !== null && { tls }),
    ...(apiKey !== undefined && { apiKey }),
    ...(metadata !== undefined && { metadata: metadata as Record<string, string> }),
    connectTimeout,
    interceptors: [retries.interceptor],
  })
  const close = async () => {
    await retries.end()
    await connection.close()
  }
  return { connection, namespace, close }
}

/**
 * Temporal's own retries, which can be ended. They run on timers that outlive an aborted call, and a timer that meets a closed
 * connection takes the process down.
 */
function gentleRetries() {
  const { retryableDecider, delayFunction } = defaultGrpcRetryOptions()
  let ending = false
  let lastAt = 0
  return {
    interceptor: makeGrpcRetryInterceptor({
      retryableDecider: (attempt, status) => !ending && retryableDecider(attempt, status),
      delayFunction: (attempt, status) => {
        const delayMs = delayFunction(attempt, status)
        lastAt = Math.max(lastAt, Date.now() + delayMs)
        return delayMs
      },
    }),
    /** Starts no more retries, and waits for those that are due. */
    async end() {
      ending = true
      const dueMs = lastAt - Date.now()
      if (dueMs > -100) await pause(Math.max(0, dueMs) + 100)
    },
  }
}
