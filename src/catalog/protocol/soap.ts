// A SOAP service as adapters describe it: its WSDL is a file of the project, and imports lie beside it.

import { dirname, join } from 'node:path'
import type { SoapBackend, SoapTransaction } from '../../contract/adapter.ts'
import { soapWires } from '../../wire/soap-wire.ts'
import type { ProtocolDescription } from '../check/protocol.ts'
import { guarded, type Report } from '../check/report.ts'
import type { ProjectFiles } from '../project-files.ts'

/** Adapters of SOAP services. */
export const soapDescription: ProtocolDescription<SoapBackend, SoapTransaction> = {
  transactions: 'soap',
  declaredBy: 'soapOperation({ … })',
  settings: ['endpoints', 'tls'],
  check: () => undefined,
  wires: ({ backend }, { files }, report) => {
    const wireOf = wsdlWires(files, backend.wsdl, report)
    return { of: (_name, transaction) => wireOf?.(transaction), knows: () => true }
  },
}

function wsdlWires(files: ProjectFiles, wsdl: string, report: Report): ReturnType<typeof soapWires> | undefined {
  const text = files.read(wsdl, 'utf8')
  if (text === undefined) {
    report.mistake(['backend', 'wsdl'], 'WSDL_NOT_FOUND', { wsdl })
    return undefined
  }
  const beside = (location: string) => {
    const path = join(dirname(wsdl), location)
    return dirname(path) === dirname(join(wsdl)) ? files.read(path, 'utf8') : undefined
  }
  return guarded(report, ['backend', 'wsdl'], () => soapWires(text, beside))
}
