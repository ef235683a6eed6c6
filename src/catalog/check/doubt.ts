// Checks what an adapter says for the case that a call is in doubt: how long to wait, what to ask, what proves that the answer is ours.

import {
  echoPairs,
  type Inquiry,
  type Reversal,
  type TransactionDefinition,
  targetOf,
  verdictsOf,
} from '../../contract/adapter.ts'
import type { MessageSide, Wire } from '../../contract/backend.ts'
import type { ResolvedTransaction } from '../../contract/catalog.ts'
import type { Report } from './report.ts'

/** What a definition must say, and what it had better say, before any copybook is looked at. */
export function checkDoubt(name: string, transaction: TransactionDefinition, report: Report): void {
  const path = ['transactions', name]
  const { effect, quiescenceMs, inquiry } = transaction
  const knowsDuplicates = verdictsOf(transaction).some(({ verdict }) => verdict === 'duplicate')
  if (knowsDuplicates && Object.keys(inquiry?.compares ?? {}).length === 0) {
    report.mistake([...path, 'inquiry'], 'DUPLICATE_UNPROVEN', { transaction: name })
  }
  if (effect !== 'once') return
  if (quiescenceMs === undefined) {
    const target = targetOf(transaction)
    report.mistake(path, 'QUIESCENCE_MISSING', { transaction: name, target, deadlineMs: transaction.deadlineMs })
  }
  for (const text of advice(name, transaction, knowsDuplicates)) report.note(path, text)
}

function advice(name: string, { inquiry, deduplicates, echoes }: TransactionDefinition, compared: boolean): string[] {
  if (!inquiry) return [`${name} has effect once and no inquiry: a call in doubt will always wait for an operator`]
  const notes: string[] = []
  if (deduplicates !== true && inquiry.matches === undefined) {
    notes.push(
      `${name}: the inquiry counts no matches, so that an effect that happened twice cannot be seen; name the field that counts them, or say deduplicates: true where the core refuses a reference that it knows`,
    )
  } else if (deduplicates !== true) {
    notes.push(
      `${name}: nothing says that the core refuses a reference that it knows; where it does, deduplicates: true settles that no call takes effect twice`,
    )
  }
  if (!compared && Object.keys(inquiry.compares ?? {}).length === 0) {
    notes.push(
      `${name}: the inquiry compares nothing, so that an entry with our reference and another amount is taken for this call; name account, amount and direction in compares`,
    )
  }
  if (echoPairs(echoes).length === 0) {
    notes.push(
      `${name}: no field of the reply is known to repeat what was asked, so that the reply to another call is taken for its own; name such fields in echoes`,
    )
  }
  return notes
}

/** That the fields which an inquiry or a reversal names are there to be filled, read and compared. */
export function checkLinkFields(
  transactions: ReadonlyMap<string, ResolvedTransaction>,
  isKnown: (transaction: string, field: string) => boolean,
  report: Report,
): void {
  for (const [name, own] of transactions) {
    for (const kind of ['inquiry', 'reversal'] as const) {
      const link = own.definition[kind]
      const other = link && transactions.get(link.transaction)
      if (!link || !other) continue
      for (const [key, at, side, field] of fieldsOf(link)) {
        const one = at === 'own' ? own : other
        // A name that the copybook does not have has been told.
        if (!isKnown(one.name, field) || isThere(one, side, field)) continue
        const where = `the ${side} of ${one.name}`
        report.mistake(['transactions', name, kind, ...key], 'LINK_FIELD_MISSING', { field, where })
      }
    }
  }
}

type LinkField = readonly [key: readonly string[], at: 'own' | 'other', side: MessageSide, field: string]

function fieldsOf(link: Inquiry | Reversal): LinkField[] {
  const fields: LinkField[] = []
  const pairs = (
    key: string,
    map: Readonly<Record<string, string>> | undefined,
    sides: readonly [MessageSide, MessageSide],
  ) => {
    for (const [one, other] of Object.entries(map ?? {})) {
      const [toOwn, fromOwn] = key === 'gives' ? (['own', 'other'] as const) : (['other', 'own'] as const)
      fields.push([[key, one], toOwn, sides[0], one], [[key, one], fromOwn, sides[1], other])
    }
  }
  pairs('with', link.with, ['request', 'request'])
  if ('original' in link) return [[['original'], 'other', 'request', link.original], ...fields]
  pairs('gives', link.gives, ['reply', 'reply'])
  pairs('compares', link.compares, ['reply', 'request'])
  if (link.matches !== undefined) fields.push([['matches'], 'other', 'reply', link.matches])
  return [[['by'], 'other', 'request', link.by], ...fields]
}

/** The reference is hidden from callers, and is set and read all the same. */
function isThere(
  { wire, definition }: { wire: Wire; definition: TransactionDefinition },
  side: MessageSide,
  field: string,
) {
  return wire.typeOf(side, field) !== undefined || (side === 'request' && field === definition.reference)
}
