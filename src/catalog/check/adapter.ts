// Checks what an adapter says about itself and how its transactions refer to each other, before any copybook is looked at.

import {
  type Adapter,
  type AdapterDefinition,
  type BackendDefinition,
  closedSpan,
  type Inquiry,
  minuteOfDayIn,
  type Reversal,
  type TransactionDefinition,
  verdictsOf,
} from '../../contract/adapter.ts'
import { checkDoubt } from './doubt.ts'
import { namedSetting, type ProtocolDescription } from './protocol.ts'
import { checkCompiler } from './record.ts'
import { type Report, similarTo } from './report.ts'

const namePattern = /^[a-z][A-Za-z0-9]*$/
const settingPattern = /^[A-Z][A-Z0-9_]*$/

/** `protocol` describes the adapter's back end. */
export function checkAdapter({ name, definition }: Adapter, protocol: ProtocolDescription, report: Report): void {
  if (!namePattern.test(name)) report.mistake([], 'ADAPTER_NAME_INVALID', { adapter: name })
  checkSettings(definition.backend, protocol, report)
  checkLimits(definition, report)
  checkHours(definition, report)
  checkCompiler([], definition.compiler, report)
  for (const [transaction, one] of Object.entries(definition.transactions)) {
    if (one.kind !== protocol.transactions) {
      const { declaredBy: needs } = protocol
      report.mistake(['transactions', transaction], 'BACKEND_KIND_MISMATCH', { transaction, needs })
    }
    checkTransaction(name, definition, transaction, one, report)
  }
}

function checkSettings(backend: BackendDefinition, { settings }: ProtocolDescription, report: Report): void {
  for (const setting of settings) {
    const given = namedSetting(backend, setting)
    if (given !== undefined && !settingPattern.test(given)) {
      report.mistake(['backend', setting], 'BACKEND_SETTING_INVALID', { setting, given })
    }
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
  const verdicts = transaction ? verdictsOf(transaction) : []
  return verdicts.flatMap((one) => (one.verdict === 'rejected' ? [one.reason] : []))
}

function isWhole(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && Number.isInteger(value) && value >= least && value <= most
}
