// Search attributes as the simulated server keeps them: read from commands, and given to a run as the server would.

import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'

/** As commands carry them. */
export type Attributes = { indexedFields?: object | null } | null | undefined

/** Attribute → value, in clear. */
export function attributesOf(attributes: Attributes): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, payload] of Object.entries(attributes?.indexedFields ?? {})) {
    const { data } = payload as { data?: Uint8Array }
    const text = Buffer.from(data ?? []).toString()
    values[name] = text === '' || text === '[]' ? undefined : JSON.parse(text)
  }
  return values
}

/** All of ours but the time are keywords, and no run begins with a time. */
export function typed(attributes: Readonly<Record<string, unknown>>) {
  return Object.entries(attributes).flatMap(([name, value]) =>
    typeof value === 'string' && name !== 'MainspanParkedAt'
      ? [{ key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD), value }]
      : [],
  )
}
