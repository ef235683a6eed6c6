// How values travel in the simulation: as JSON would carry them, and yet without the turn to text and back that takes much of the time of
// a path. What JSON would lose is lost here too.

import type { Payload, PayloadConverter } from '@temporalio/common'

interface Carried {
  readonly carried: unknown
}

export const payloads: PayloadConverter = {
  toPayload: (value: unknown) => ({ carried: copied(value) }) as Payload,
  fromPayload: <T>(payload: Payload): T => copied((payload as Carried).carried) as T,
}

/** What JSON.parse(JSON.stringify(value)) gives. */
export function copied(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  // JSON has no negative zero.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null
  if (typeof value !== 'object') return undefined
  if (Array.isArray(value)) return value.map((one) => copied(one) ?? null)
  if (!isPlain(value)) return JSON.parse(JSON.stringify(value))
  const copy: Record<string, unknown> = {}
  for (const name of Object.keys(value)) {
    const inner = copied((value as Readonly<Record<string, unknown>>)[name])
    if (inner !== undefined) copy[name] = inner
  }
  return copy
}

/** Made by braces, in whatever V8 context, and without a way of its own to become JSON. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return (prototype === null || Object.getPrototypeOf(prototype) === null) && !Object.hasOwn(value, 'toJSON')
}
