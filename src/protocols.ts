// The kinds of back ends: one row each, with what its adapters say, how they are checked, how messages are made, and how it connects.
//
// A further kind is its definition in contract/adapter.ts, its description in catalog/protocol/, its transport in backend/, and a row.

import { cicsSocketBackend } from './backend/cics-socket.ts'
import { soapBackend } from './backend/soap.ts'
import type { ProtocolDescription, Tagged } from './catalog/check/protocol.ts'
import { descriptions } from './catalog/protocol/descriptions.ts'
import type { BackendDefinition, BackendKinds, TransactionDefinition } from './contract/adapter.ts'
import type { Backend } from './contract/backend.ts'

/** How a core is reached, with secrets in clear. What it allows us is the gate's to keep (backend/limit/gate.ts). */
export interface ConnectSettings {
  /** The adapter's name, for messages. */
  readonly name: string
  readonly endpoints: readonly { readonly host: string; readonly port: number }[]
  readonly credentials?: { readonly user: string; readonly password: string }
  readonly tls?: { readonly ca: string }
  readonly codePage?: string
}

/** `Sent` and `Got` as in its description. */
export interface Protocol<B extends Tagged = Tagged, T extends Tagged = Tagged, Sent = Uint8Array, Got = Uint8Array>
  extends ProtocolDescription<B, T, Sent, Got> {
  /** Opens no connection before the first call. */
  connect(definition: B, settings: ConnectSettings): Backend<Sent, Got>
}

/** Kind of back end → all that the product knows of it. */
export const protocols = {
  'cics-socket': { ...descriptions['cics-socket'], connect: cicsSocketBackend },
  soap: { ...descriptions.soap, connect: soapBackend },
} as const satisfies { readonly [K in keyof BackendKinds]: Protocol<BackendKinds[K], TransactionDefinition> }

/** The row of a back end's kind. */
export function protocolOf({ kind }: BackendDefinition): Protocol {
  return protocols[kind]
}
