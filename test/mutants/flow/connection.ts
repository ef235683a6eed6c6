// In the place of src/durable/connection.ts where tests run in the simulation: "connects" to the client that a rig has put down here.

import type { Client } from '@temporalio/client'
import type { TemporalClient } from '../../../src/durable/connection.ts'
import type { OperationsSettings } from '../../../src/durable/settings.ts'

const clients = new Map<string, Client>()

export function putDown(address: string, client: Client): void {
  clients.set(address, client)
}

export function openClient({ address = '' }: OperationsSettings): TemporalClient {
  const client = clients.get(address)
  if (!client) throw new Error(`nothing is simulated at ${address}`)
  return {
    namespace: 'default',
    reach: (ask) => ask(client),
    linger: (ask) => ask(client),
    away: () => false,
    close: async () => undefined,
  }
}
