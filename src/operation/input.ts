// The input of an operation, validated once, whichever API it came by.

import type { InputIssue, ResolvedOperation } from '../contract/catalog.ts'
import type { JsonObject, JsonValue } from '../contract/json.ts'
import { type SchemaCheck, schemaCheck } from './schema-mistakes.ts'

/** The input as the flow takes it, or all that is wrong with it: at most so many mistakes are told. */
export type Validated = { readonly input: JsonObject } | { readonly issues: readonly InputIssue[] }

/** So many mistakes of one input are reported. */
export const issuesMax = 50

const checks = new WeakMap<ResolvedOperation, SchemaCheck>()

/**
 * Holds an input against the published schema of its operation and against what the operation itself knows: its own rules, or what fits
 * the record. Of two mistakes at one place the schema's is told.
 */
export function validated(operation: ResolvedOperation, given: JsonValue): Validated {
  // The input of a single transaction is held against its schema by `parse`.
  const bySchema = operation.transaction ? [] : checkOf(operation)(given)
  const parsed = operation.parse(given)
  if ('input' in parsed && bySchema.length === 0) return parsed
  const isNamed = (path: string) => bySchema.some((one) => one.path === path || one.path.startsWith(`${path}/`))
  const others = 'input' in parsed ? [] : parsed.issues.filter(({ path }) => !isNamed(path))
  return { issues: [...bySchema, ...others].slice(0, issuesMax) }
}

/** Compiled with the first input. */
function checkOf(operation: ResolvedOperation): SchemaCheck {
  const known = checks.get(operation)
  if (known) return known
  const check = schemaCheck(operation.inputSchema)
  checks.set(operation, check)
  return check
}
