// What the catalog knows of each kind of back end. How each connects stands beside it in src/protocols.ts.

import type { BackendKinds, TransactionDefinition } from '../../contract/adapter.ts'
import type { ProtocolDescription } from '../check/protocol.ts'
import { cicsSocketDescription } from './cics-socket.ts'
import { soapDescription } from './soap.ts'

export type Descriptions = {
  readonly [K in keyof BackendKinds]: ProtocolDescription<BackendKinds[K], TransactionDefinition>
}

/** Kind of back end → how its adapters are checked and their messages made. */
export const descriptions: Descriptions = {
  'cics-socket': cicsSocketDescription,
  soap: soapDescription,
}
