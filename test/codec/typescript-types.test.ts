// TypeScript types of the bank's records.

import { describe, expect, test } from '@jest/globals'
import { deposits } from '../../adapters/deposits.ts'
import { recordCodec } from '../../src/codec/record-codec.ts'
import { typesOf } from '../../src/codec/typescript-types.ts'
import type { RecordTransaction } from '../../src/contract/adapter.ts'
import { bankLayout } from './layouts.ts'

const transactions: Readonly<Record<string, RecordTransaction>> = deposits.definition.transactions

describe('types of the deposits records', () => {
  test.each(Object.keys(transactions))('%s', (name) => {
    const { record, fields, request = '', reply = '' } = transactions[name] as RecordTransaction
    const side = (group: string) =>
      recordCodec(bankLayout(record), { ...fields, codePage: 'cp037', group, canonical: true }).plan
    expect(typesOf(side(request), 'Request', 'request')).toMatchSnapshot()
    expect(typesOf(side(reply), 'Reply', 'reply')).toMatchSnapshot()
  })
})
