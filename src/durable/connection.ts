// How Temporal is reached: address and namespace from our settings, TLS, API key and profiles through Temporal's own configuration.

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
