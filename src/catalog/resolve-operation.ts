// Resolves an operation: its route, its schemas, the transaction or flow behind it, and how an input is parsed.

import { z } from 'zod'
import type { InputIssue, ResolvedAdapter, ResolvedOperation, ResolvedTransaction } from '../contract/catalog.ts'
import { isObject, type JsonObject, type JsonSchema, type JsonValue } from '../contract/json.ts'
import type { FlowOperation, Operation, OperationDefinition, TransactionOperation } from '../contract/operation.ts'
import { isFailure } from '../error/failure.ts'
import { isCallers } from '../error/status.ts'
import { type SchemaCheck, schemaCheck } from '../operation/schema-mistakes.ts'
import { patternMistakes } from './check/patterns.ts'
import { type Report, similarTo } from './check/report.ts'
import type { FoundExport } from './modules.ts'
import { eventsOf } from './resolve-event.ts'

interface Surroundings {
  readonly adapters: ReadonlyMap<string, ResolvedAdapter>
  readonly flows: ReadonlyMap<string, string>
}

/** What carries an operation out, before its route is looked at. */
type Body = Pick<
  ResolvedOperation,
  'effect' | 'inputSchema' | 'outputSchema' | 'events' | 'workflowType' | 'transaction' | 'parse'
>

/** Undefined when the operation has mistakes; the report has told them. */
export function resolveOperation(
  found: FoundExport<Operation>,
  surroundings: Surroundings,
  report: Report,
): ResolvedOperation | undefined {
  const { file, value } = found
  if (!/^[a-z][A-Za-z0-9]*$/.test(value.name) || !Number.isInteger(value.version) || value.version < 1) {
    report.mistake([], 'OPERATION_NAME_INVALID', { operation: `${value.name} version ${value.version}` })
  }
  const body = isFlowOperation(value)
    ? flowBody(value, surroundings, report)
    : transactionBody(value, surroundings, report)
  const route = routeOf(value, report)
  if (value.rest !== undefined && !areScopes(value.scopes))
    report.mistake(['scopes'], 'OPERATION_SCOPES_MISSING', { operation: value.name })
  if (!body) return undefined
  checkParameters(value, route?.path, body.inputSchema, report)
  if (route?.method === 'GET' && body.effect === 'write')
    report.mistake(['rest'], 'ROUTE_METHOD_UNSAFE', { operation: value.name })
  return {
    name: value.name,
    version: value.version,
    file,
    definition: value,
    method: route?.method,
    path: route?.path,
    ...body,
  }
}

/** At least one, of the characters of RFC 6749 section 3.3. */
function areScopes(scopes: readonly string[] = []): boolean {
  return scopes.length > 0 && scopes.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/.test(scope))
}

function isFlowOperation(operation: OperationDefinition): operation is FlowOperation {
  return 'flow' in operation
}

function flowBody(operation: Operation<FlowOperation>, { flows }: Surroundings, report: Report): Body | undefined {
  if (!flows.has(operation.flow)) {
    report.mistake(['flow'], 'FLOW_UNKNOWN', { flow: operation.flow, similar: similarTo(operation.flow, flows.keys()) })
    return undefined
  }
  const refusePatterns = (path: readonly string[], schema: z.ZodType) => {
    for (const mistake of patternMistakes(schema)) report.add(path, mistake)
  }
  refusePatterns(['input'], operation.input)
  refusePatterns(['output'], operation.output)
  for (const [name, schema] of Object.entries(operation.events ?? {})) refusePatterns(['events', name], schema)
  const events = Object.entries(operation.events ?? {}).map(
    ([name, schema]) => [name, schemaOf(schema, 'output')] as const,
  )
  return {
    effect: 'write',
    inputSchema: schemaOf(operation.input, 'input'),
    outputSchema: schemaOf(operation.output, 'output'),
    events: new Map(events),
    workflowType: operation.flow,
    transaction: undefined,
    parse: (input) => {
      const parsed = operation.input.safeParse(input)
      if (parsed.success) return { input: parsed.data as JsonObject }
      return { issues: parsed.error.issues.flatMap(zodIssues) }
    },
  }
}

/** An unknown key is a mistake at that key, one for each. */
function zodIssues(issue: z.core.$ZodIssue): InputIssue[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: pointer(issue.path), message: issue.message }]
  return issue.keys.map((key) => ({ path: pointer([...issue.path, key]), message: 'is not known' }))
}

/** zod writes a boolean where JSON Schema allows one for `additionalProperties` alone, and no keyword without a value. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' })
  return rest as JsonSchema
}

function transactionBody(
  operation: Operation<TransactionOperation>,
  { adapters }: Surroundings,
  report: Report,
): Body | undefined {
  // A name that its adapter does not have is `undefined` here when the team's types were not checked.
  const ref: TransactionOperation['transaction'] | undefined = operation.transaction
  const transaction = adapters.get(ref?.adapter ?? '')?.transactions.get(ref?.transaction ?? '')
  if (!transaction) {
    const known = adapters.get(ref?.adapter ?? '')?.definition.transactions
    const isReported = known !== undefined && ref !== undefined && ref.transaction in known
    if (!isReported) report.mistake(['transaction'], 'OPERATION_TARGET_MISSING', { operation: operation.name })
    return undefined
  }
  const { wire, definition } = transaction
  const check = schemaCheck(wire.requestSchema)
  return {
    effect: definition.effect === 'read' ? 'read' : 'write',
    inputSchema: wire.requestSchema,
    outputSchema: wire.replySchema,
    events: eventsOf(operation, transaction, report),
    workflowType: 'runTransaction',
    transaction,
    parse: (input) => parseForWire(transaction, check, input),
  }
}

/** The schema knows the values of level 88 items; encoding knows what fits every picture and the code page. */
function parseForWire(
  { wire }: ResolvedTransaction,
  check: SchemaCheck,
  input: JsonValue,
): { input: JsonObject } | { issues: InputIssue[] } {
  const bySchema = check(input)
  if (bySchema.length > 0) return { issues: [...bySchema] }
  if (!isObject(input)) {
    return { issues: [{ path: '', message: 'wants an object' }] }
  }
  try {
    wire.encode(input)
    return { input }
  } catch (error) {
    if (!isFailure(error) || !isCallers(error.status)) throw error
    const { path } = error.facts
    const message = error.what
    return {
      issues: [
        {
          path: typeof path === 'string' && path !== '' ? pointer(path.split('.')) : '',
          message: `${message}; ${error.hint}`,
        },
      ],
    }
  }
}

/** RFC 6901. */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

function routeOf(
  operation: Operation,
  report: Report,
): { method: ResolvedOperation['method']; path: string } | undefined {
  if (operation.rest === undefined) return undefined
  const match =
    /^(GET|POST|PUT|DELETE) (\/(?:[A-Za-z0-9._~-]+|\{[A-Za-z][A-Za-z0-9]*\})(?:\/(?:[A-Za-z0-9._~-]+|\{[A-Za-z][A-Za-z0-9]*\}))*)$/.exec(
      operation.rest,
    )
  if (!match) {
    report.mistake(['rest'], 'ROUTE_INVALID', { route: operation.rest, problem: 'is not METHOD /path with {names}' })
    return undefined
  }
  return { method: match[1] as ResolvedOperation['method'], path: match[2] ?? '' }
}

function checkParameters(operation: Operation, path: string | undefined, input: JsonSchema, report: Report): void {
  const known = Object.keys(input.properties ?? {})
  if ('subject' in operation && operation.subject !== undefined && !known.includes(operation.subject)) {
    report.mistake(['subject'], 'SUBJECT_UNKNOWN', {
      subject: operation.subject,
      operation: operation.name,
      known: known.join(', '),
    })
  }
  for (const [, parameter = ''] of path?.matchAll(/\{(\w+)\}/g) ?? []) {
    if (known.includes(parameter)) continue
    report.mistake(['rest'], 'ROUTE_PARAMETER_UNKNOWN', {
      parameter,
      operation: operation.name,
      known: known.join(', '),
    })
  }
}
