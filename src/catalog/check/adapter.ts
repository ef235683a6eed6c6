// Checks what an adapter says about itself and how its transactions refer to each other, before any copybook is looked at.

import { optionValues } from '../../cobol/options.ts'
import {
  type Adapter,
  type AdapterDefinition,
  closedSpan,
  type Inquiry,
  minuteOfDayIn,
  type Reversal,
  type TransactionDefinition,
} from '../../contract/adapter.ts'
import type { OutcomeRule } from '../../contract/outcome.ts'
import { checkDoubt } from './doubt.ts'
import { type Report, similarTo } from './report.ts'

const namePattern = /^[a-z][A-Za-z0-9]*$/
const settingPattern = /^[A-Z][A-Z0-9_]*$/

export function checkAdapter({ name, definition }: Adapter, report: Report): void {
  if (!namePattern.test(name)) report.mistake([], 'ADAPTER_NAME_INVALID', { adapter: name })
  checkBackend(definition, report)
  checkLimits(definition, report)
  checkHours(definition, report)
  checkCompiler([], definition.compiler, report)
  const records = Object.values(definition.transactions).some((one) => one.kind === 'record')
  if (records && !definition.codePage) report.mistake([], 'ADAPTER_CODE_PAGE_MISSING', { adapter: name })
  for (const [transaction, one] of Object.entries(definition.transactions)) {
    checkTransaction(name, definition, transaction, one, report)
  }
}

function checkBackend({ backend }: AdapterDefinition, report: Report): void {
  for (const setting of ['endpoints', 'credentials', 'tls'] as const) {
    const given: string | undefined =
      setting in backend ? (backend as Record<typeof setting, string>)[setting] : undefined
    if (given !== undefined && !settingPattern.test(given)) {
      report.mistake(['backend', setting], 'BACKEND_SETTING_INVALID', { setting, given })
    }
  }
  if (backend.kind === 'cics-socket' && backend.tranid !== undefined && !/^[A-Z0-9$@#]{1,4}$/.test(backend.tranid)) {
    report.mistake(['backend', 'tranid'], 'TRANID_INVALID', { tranid: backend.tranid })
  }
}

function checkLimits({ limits }: AdapterDefinition, report: Report): void {
  for (const [setting, value] of Object.entries(limits ?? {})) {
    if (!isWhole(value, 1, 100_000))
      report.mistake(['limits', setting], 'ADAPTER_NUMBER_INVALID', { setting, wants: '1 to 100000' })
  }
}

function checkHours({ hours }: AdapterDefinition, report: Report): void {
  if (!hours) return
  if (!minuteOfDayIn(hours.zone)) {
    report.mistake(['hours', 'zone'], 'ADAPTER_HOURS_INVALID', { given: hours.zone })
  }
  for (const [index, closed] of hours.closed.entries()) {
    if (!closedSpan(closed)) {
      report.mistake(['hours', 'closed', String(index)], 'ADAPTER_HOURS_INVALID', { given: closed })
    }
  }
}

/** Types are stripped, not checked, when an adapter is loaded: a wrong word would be taken for another option. */
function checkCompiler(path: readonly string[], compiler: AdapterDefinition['compiler'], report: Report): void {
  for (const [option, value] of Object.entries(compiler ?? {})) {
    const known: Readonly<Record<string, readonly unknown[]>> = optionValues
    const values = Object.hasOwn(known, option) ? known[option] : undefined
    if (values && (values.length === 0 || values.includes(value))) continue
    const problem = values ? `it takes ${values.join(', ')}` : 'the compiler has no such option'
    report.mistake([...path, 'compiler', option], 'LAYOUT_OPTION_INVALID', { option: `compiler.${option}`, problem })
  }
}

function checkTransaction(
  adapter: string,
  definition: AdapterDefinition,
  name: string,
  transaction: TransactionDefinition,
  report: Report,
): void {
  const path = ['transactions', name]
  if (!namePattern.test(name) || name === 'name' || name === 'definition') {
    report.mistake(path, 'TRANSACTION_NAME_INVALID', { transaction: name })
  }
  const soap = definition.backend.kind === 'soap'
  if (soap !== (transaction.kind === 'soap')) {
    const needs = soap ? 'soapOperation({ … })' : 'transaction({ … })'
    report.mistake(path, 'BACKEND_KIND_MISMATCH', { transaction: name, needs })
  }
  if (transaction.kind === 'record' && !/^[A-Z0-9$@#]{1,8}$/.test(transaction.program)) {
    report.mistake([...path, 'program'], 'PROGRAM_NAME_INVALID', { program: transaction.program })
  }
  if (transaction.kind === 'record') checkCompiler(path, transaction.compiler, report)
  checkTimes(path, transaction, report)
  if (transaction.inquiry) checkInquiry(adapter, definition, name, transaction, transaction.inquiry, report)
  if (transaction.reversal) checkReversal(adapter, definition, [...path, 'reversal'], transaction.reversal, report)
  checkDoubt(name, transaction, report)
}

function checkTimes(path: readonly string[], transaction: TransactionDefinition, report: Report): void {
  if (!isWhole(transaction.deadlineMs, 1, 600_000)) {
    report.mistake([...path, 'deadlineMs'], 'ADAPTER_NUMBER_INVALID', { setting: 'deadlineMs', wants: '1 to 600000' })
  }
  if (transaction.quiescenceMs !== undefined && !isWhole(transaction.quiescenceMs, 0, 86_400_000)) {
    report.mistake([...path, 'quiescenceMs'], 'ADAPTER_NUMBER_INVALID', {
      setting: 'quiescenceMs',
      wants: '0 to 86400000',
    })
  }
}

function checkExists(
  adapter: string,
  { transactions }: AdapterDefinition,
  path: readonly string[],
  transaction: string,
  report: Report,
): boolean {
  if (transaction in transactions) return true
  report.mistake(path, 'LINKED_TRANSACTION_UNKNOWN', {
    transaction,
    adapter,
    similar: similarTo(transaction, Object.keys(transactions)),
  })
  return false
}

function checkInquiry(
  adapter: string,
  definition: AdapterDefinition,
  name: string,
  transaction: TransactionDefinition,
  inquiry: Inquiry,
  report: Report,
): void {
  const path = ['transactions', name, 'inquiry']
  if (transaction.reference === undefined) report.mistake(path, 'REFERENCE_MISSING', { transaction: name })
  if (!checkExists(adapter, definition, [...path, 'transaction'], inquiry.transaction, report)) return
  const target = definition.transactions[inquiry.transaction]
  if (target?.effect !== 'read')
    report.mistake([...path, 'transaction'], 'INQUIRY_NOT_A_READ', { transaction: inquiry.transaction })
  checkReasons([...path, 'absent'], inquiry.absent, inquiry.transaction, target, report)
}

function checkReversal(
  adapter: string,
  definition: AdapterDefinition,
  path: readonly string[],
  { transaction, undoneBefore = [] }: Reversal,
  report: Report,
): void {
  if (!checkExists(adapter, definition, [...path, 'transaction'], transaction, report)) return
  checkReasons([...path, 'undoneBefore'], undoneBefore, transaction, definition.transactions[transaction], report)
}

function checkReasons(
  path: readonly string[],
  reasons: readonly string[],
  transaction: string,
  target: TransactionDefinition | undefined,
  report: Report,
): void {
  const known = reasonsOf(target)
  for (const [index, reason] of reasons.entries()) {
    if (known.includes(reason)) continue
    report.mistake([...path, String(index)], 'INQUIRY_REASON_UNKNOWN', { reason, transaction, known: known.join(', ') })
  }
}

function reasonsOf(transaction: TransactionDefinition | undefined): string[] {
  const rules: Partial<OutcomeRule>[] = [transaction?.outcome ?? {}]
  if (transaction?.kind === 'soap') rules.push({ verdicts: transaction.faults ?? {} })
  return rules.flatMap(({ verdicts }) =>
    Object.values(verdicts ?? {}).flatMap((one) => (one.verdict === 'rejected' ? [one.reason] : [])),
  )
}

function isWhole(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && Number.isInteger(value) && value >= least && value <= most
}
