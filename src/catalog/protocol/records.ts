// Transactions with the records of COBOL programs, whatever back end carries them: their checks, and their wires from copybooks.

import type { Layout } from '../../cobol/layout.ts'
import { codePage } from '../../codepage/code-page.ts'
import type { BackendDefinition, RecordTransaction } from '../../contract/adapter.ts'
import { recordWire } from '../../wire/record-wire.ts'
import type { Described, Sources, Wires } from '../check/protocol.ts'
import { checkCompiler, checkLink, checkRecordTransaction } from '../check/record.ts'
import { guarded, type Report } from '../check/report.ts'
import { firstItemNamed } from '../copybooks.ts'

type RecordAdapter = Described<BackendDefinition, RecordTransaction>

/** Checks code page, program names and compiler options, before any copybook is read. */
export function checkRecords({ name, definition, transactions }: RecordAdapter, report: Report): void {
  if (transactions.size > 0 && !definition.codePage) report.mistake([], 'ADAPTER_CODE_PAGE_MISSING', { adapter: name })
  for (const [transaction, { program, compiler }] of transactions) {
    const path = ['transactions', transaction]
    if (!/^[A-Z0-9$@#]{1,8}$/.test(program)) report.mistake([...path, 'program'], 'PROGRAM_NAME_INVALID', { program })
    checkCompiler(path, compiler, report)
  }
}

/** The wires of transactions whose messages are records; reports what is wrong with their copybooks. */
export function recordWires(adapter: RecordAdapter, sources: Sources, report: Report): Wires<RecordTransaction> {
  const layouts = layoutsOf(adapter, sources, report)
  checkLinks(adapter, layouts, report)
  const { codePage: asked } = adapter.definition
  const page = asked === undefined ? undefined : guarded(report, ['codePage'], () => codePage(asked).name)
  return {
    of: (name, transaction) => {
      const layout = layouts.get(name)
      return layout && page !== undefined ? recordWire(transaction, layout, page) : undefined
    },
    knows: (transaction, field) => {
      const layout = layouts.get(transaction)
      return !layout || firstItemNamed(layout.root, field) !== undefined
    },
  }
}

function layoutsOf(
  { transactions, definition }: RecordAdapter,
  { copybooks }: Sources,
  report: Report,
): Map<string, Layout> {
  const layouts = new Map<string, Layout>()
  for (const [name, transaction] of transactions) {
    const record = copybooks.record(transaction.record, { ...definition.compiler, ...transaction.compiler })
    if ('failures' in record) for (const one of record.failures) report.add(['transactions', name, 'record'], one)
    else {
      layouts.set(name, record.layout)
      checkRecordTransaction(name, transaction, record.layout, report)
    }
  }
  return layouts
}

function checkLinks({ transactions }: RecordAdapter, layouts: ReadonlyMap<string, Layout>, report: Report): void {
  for (const [name, { inquiry, reversal }] of transactions) {
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
