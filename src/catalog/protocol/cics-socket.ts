// The CICS sockets listener as adapters describe it.

import type { CicsSocketBackend, RecordTransaction } from '../../contract/adapter.ts'
import type { ProtocolDescription } from '../check/protocol.ts'
import { checkRecords, recordWires } from './records.ts'

/** Adapters of the CICS sockets listener. */
export const cicsSocketDescription: ProtocolDescription<CicsSocketBackend, RecordTransaction> = {
  transactions: 'record',
  declaredBy: 'transaction({ … })',
  settings: ['endpoints', 'credentials', 'tls'],
  check: (adapter, report) => {
    const { tranid } = adapter.backend
    if (tranid !== undefined && !/^[A-Z0-9$@#]{1,4}$/.test(tranid)) {
      report.mistake(['backend', 'tranid'], 'TRANID_INVALID', { tranid })
    }
    checkRecords(adapter, report)
  },
  wires: recordWires,
}
