// A SOAP service as adapters describe it: its WSDL is a file of the project, and so is all that it imports.

import { dirname, isAbsolute, join, sep } from 'node:path'
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
  check: ({ backend: { path } }, report) => {
    if (path !== undefined && !/^\/[!-~]*$/.test(path))
      report.mistake(['backend', 'path'], 'SERVICE_PATH_INVALID', { path })
  },
  wires: ({ backend }, { files }, report) => {
    const wireOf = wsdlWires(files, backend, report)
    const of = (_name: string, transaction: SoapTransaction) => {
      const wire = wireOf?.(transaction)
      if (!wire?.route?.secure || backend.tls !== undefined) return wire
      report.mistake(['backend'], 'TLS_SETTING_MISSING', { name: `the service of ${backend.wsdl}` })
      return undefined
    }
    return { of, knows: () => true }
  },
}

function wsdlWires(
  files: ProjectFiles,
  { wsdl, path: servicePath }: SoapBackend,
  report: Report,
): ReturnType<typeof soapWires> | undefined {
  const text = files.read(wsdl, 'utf8')
  if (text === undefined) {
    report.mistake(['backend', 'wsdl'], 'WSDL_NOT_FOUND', { wsdl })
    return undefined
  }
  const beside = (location: string) => {
    const path = join(dirname(wsdl), location)
    return isAbsolute(path) || path.split(sep)[0] === '..' ? undefined : files.read(path, 'utf8')
  }
  return guarded(report, ['backend', 'wsdl'], () => soapWires(text, beside, servicePath))
}
