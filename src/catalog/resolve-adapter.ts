// Resolves an adapter: its transactions with the wires made from copybooks and WSDL.

import { dirname, join } from 'node:path'
import type { Layout } from '../cobol/layout.ts'
import { codePage } from '../codepage/code-page.ts'
import type {
  Adapter,
  AdapterDefinition,
  RecordTransaction,
  SoapTransaction,
  TransactionDefinition,
} from '../contract/adapter.ts'
import type { Wire } from '../contract/backend.ts'
import type { ResolvedAdapter, ResolvedTransaction } from '../contract/catalog.ts'
import { isFailure } from '../error/failure.ts'
import { recordWire } from '../wire/record-wire.ts'
import { soapWires } from '../wire/soap-wire.ts'
import { checkAdapter } from './check/adapter.ts'
import { checkLinkFields } from './check/doubt.ts'
import { checkLink, checkRecordTransaction } from './check/record.ts'
import type { Report } from './check/report.ts'
import { type Copybooks, itemNamed } from './copybooks.ts'
import type { Found } from './modules.ts'
import type { ProjectFiles } from './project-files.ts'

/** Checks and resolves one adapter. Transactions with mistakes are left out; the report has told them. */
export function resolveAdapter(
  files: ProjectFiles,
  found: Pick<Found<Adapter>, 'file' | 'value'>,
  copybooks: Copybooks,
  report: Report,
): ResolvedAdapter {
  const { name, definition } = found.value
  checkAdapter(found.value, report)
  const layouts = layoutsOf(definition, copybooks, report)
  checkLinks(definition.transactions, layouts, report)
  const soap = definition.backend.kind === 'soap' ? wsdlWires(files, definition.backend.wsdl, report) : undefined
  const page = usableCodePage(definition.codePage, report)
  const transactions = new Map<string, ResolvedTransaction>()
  for (const [transaction, one] of Object.entries(definition.transactions)) {
    const wire = guarded(report, ['transactions', transaction], () =>
      one.kind === 'soap' ? soap?.(one) : recordWireOf(one, layouts.get(transaction), page),
    )
    if (wire) transactions.set(transaction, { adapter: name, name: transaction, definition: one, wire })
  }
  const isKnown = (transaction: string, field: string) => {
    const layout = layouts.get(transaction)
    return !layout || itemNamed(layout.root, field) !== undefined
  }
  checkLinkFields(transactions, isKnown, report)
  return { name, file: found.file, definition, transactions }
}

function layoutsOf(
  { transactions, compiler }: AdapterDefinition,
  copybooks: Copybooks,
  report: Report,
): Map<string, Layout> {
  const layouts = new Map<string, Layout>()
  for (const [name, transaction] of Object.entries(transactions)) {
    if (transaction.kind !== 'record') continue
    const record = copybooks.record(transaction.record, { ...compiler, ...transaction.compiler })
    if ('failures' in record) for (const one of record.failures) report.add(['transactions', name, 'record'], one)
    else {
      layouts.set(name, record.layout)
      checkRecordTransaction(name, transaction, record.layout, report)
    }
  }
  return layouts
}

function checkLinks(
  transactions: Readonly<Record<string, TransactionDefinition>>,
  layouts: ReadonlyMap<string, Layout>,
  report: Report,
): void {
  for (const [name, { inquiry, reversal }] of Object.entries(transactions)) {
    for (const [kind, link] of [
      ['inquiry', inquiry],
      ['reversal', reversal],
    ] as const) {
      const own = layouts.get(name)
      const other = layouts.get(link?.transaction ?? '')
      if (link && own && other) checkLink(['transactions', name, kind], link, own, other, report)
    }
  }
}

function usableCodePage(name: string | undefined, report: Report): string | undefined {
  if (name === undefined) return undefined
  return guarded(report, ['codePage'], () => codePage(name).name)
}

function recordWireOf(
  transaction: RecordTransaction,
  layout: Layout | undefined,
  page: string | undefined,
): Wire | undefined {
  return layout && page !== undefined ? recordWire(transaction, layout, page) : undefined
}

function wsdlWires(
  files: ProjectFiles,
  wsdl: string,
  report: Report,
): ((transaction: SoapTransaction) => Wire) | undefined {
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

/** A Failure thrown while resolving is a mistake of the definition; anything else is ours and goes on. */
function guarded<T>(report: Report, path: readonly string[], make: () => T): T | undefined {
  try {
    return make()
  } catch (error) {
    if (!isFailure(error)) throw error
    report.add(path, error)
    return undefined
  }
}
