// Resolves an adapter: its transactions with the wires that its protocol makes.

import type { Adapter } from '../contract/adapter.ts'
import type { ResolvedAdapter, ResolvedTransaction } from '../contract/catalog.ts'
import { checkAdapter } from './check/adapter.ts'
import { checkLinkFields } from './check/doubt.ts'
import type { ProtocolDescription } from './check/protocol.ts'
import { guarded, type Report, similarTo } from './check/report.ts'
import type { Copybooks } from './copybooks.ts'
import type { FoundExport } from './modules.ts'
import type { ProjectFiles } from './project-files.ts'
import { descriptions } from './protocol/descriptions.ts'

/** Checks and resolves one adapter. Transactions with mistakes are left out; the report has told them. */
export function resolveAdapter(
  files: ProjectFiles,
  found: Pick<FoundExport<Adapter>, 'file' | 'value'>,
  copybooks: Copybooks,
  report: Report,
  kinds: Readonly<Record<string, ProtocolDescription>> = descriptions,
): ResolvedAdapter {
  const { name, definition } = found.value
  const transactions = new Map<string, ResolvedTransaction>()
  const resolved = { name, file: found.file, definition, transactions }
  const { kind } = definition.backend
  const protocol = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
  if (!protocol) {
    const known = Object.keys(kinds)
    const facts = { kind, known: known.join(', '), similar: similarTo(String(kind), known) }
    report.mistake(['backend', 'kind'], 'BACKEND_KIND_UNKNOWN', facts)
    return resolved
  }
  checkAdapter(found.value, protocol, report)
  // A transaction of another kind has been told, and is left out.
  const carried = Object.entries(definition.transactions).filter(([, one]) => one.kind === protocol.transactions)
  const described = { name, definition, backend: definition.backend, transactions: new Map(carried) }
  protocol.check(described, report)
  const wires = protocol.wires(described, { files, copybooks }, report)
  for (const [transaction, one] of described.transactions) {
    const wire = guarded(report, ['transactions', transaction], () => wires.of(transaction, one))
    if (wire) transactions.set(transaction, { adapter: name, name: transaction, definition: one, wire })
  }
  checkLinkFields(transactions, wires.knows, report)
  return resolved
}
