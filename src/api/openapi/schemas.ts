// Schemas of the API description: those of the operations, moved to where OpenAPI keeps them, and the API's own.

import type { JsonSchema } from '../../contract/json.ts'
import { type Code, catalogue } from '../../error/catalogue.ts'
import { httpOf } from '../../error/status.ts'
import { attentionTexts } from '../../operation/answer.ts'

/**
 * Puts a schema under `components/schemas` by its name, and its `$defs` beside it under that name as a prefix; references
 * are rewritten to fit. Gives a reference to it.
 */
export function addSchema(schemas: Map<string, JsonSchema>, name: string, schema: JsonSchema): JsonSchema {
  const { $schema: _dialect, $id: _id, $defs: definitions, ...own } = schema
  const inner = isSchema(definitions) ? definitions : {}
  const rewrite = (reference: string): string => {
    const definition = /^#\/\$defs\/([^/]+)(.*)$/.exec(reference)
    if (definition !== null) return `#/components/schemas/${name}${capital(definition[1] ?? '')}${definition[2]}`
    return reference.startsWith('#') ? `#/components/schemas/${name}${reference.slice(1)}` : reference
  }
  schemas.set(name, rewritten(own, rewrite) as JsonSchema)
  for (const [key, one] of Object.entries(inner)) {
    if (isSchema(one)) schemas.set(`${name}${capital(key)}`, rewritten(one, rewrite) as JsonSchema)
  }
  return { $ref: `#/components/schemas/${name}` }
}

/** A word with its first letter in upper case: names of components. */
export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** A schema of an object without some of its properties: those that stand in the path. */
export function withoutProperties(schema: JsonSchema, names: readonly string[]): JsonSchema {
  const { properties, required, ...rest } = schema
  if (!isSchema(properties)) return schema
  const kept = Object.entries(properties).filter(([name]) => !names.includes(name))
  const needed = Array.isArray(required) ? required.filter((name) => !names.includes(name)) : []
  return { ...rest, properties: Object.fromEntries(kept), ...(needed.length > 0 && { required: needed }) }
}

/** Whether a value is a schema that is an object. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function rewritten(value: unknown, rewrite: (reference: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => rewritten(one, rewrite))
  if (!isSchema(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === '$ref' && typeof one === 'string' ? rewrite(one) : rewritten(one, rewrite),
    ]),
  )
}

const inputMistake: JsonSchema = {
  type: 'object',
  required: ['in', 'pointer', 'message'],
  properties: {
    in: { enum: ['body', 'path', 'query'] },
    pointer: { type: 'string', description: 'JSON Pointer (RFC 6901) to the value', examples: ['/amount'] },
    message: { type: 'string', examples: ['must be given as a string, in double quotes, so that no digit is lost'] },
  },
}

/** What callers of the REST API meet; other codes come from the core systems and from what carries operations out. */
const apiCodes = [
  'BODY_MALFORMED',
  'INPUT_INVALID',
  'REQUEST_MALFORMED',
  'HOST_MISSING',
  'IDEMPOTENCY_KEY_MISSING',
  'IDEMPOTENCY_KEY_MALFORMED',
  'OPERATION_UNKNOWN',
  'OPERATION_ID_UNKNOWN',
  'METHOD_NOT_ALLOWED',
  'NOT_ACCEPTABLE',
  'REQUEST_TIMED_OUT',
  'OPERATION_ABANDONED',
  'BODY_TOO_LARGE',
  'URI_TOO_LONG',
  'MEDIA_TYPE_UNSUPPORTED',
  'EXPECTATION_UNMET',
  'CORE_REJECTED',
  'IDEMPOTENCY_KEY_REUSED',
  'HEADERS_TOO_LARGE',
  'DOOR_FAULT',
  'READ_FAILED',
  'READ_UNANSWERED',
  'CORE_UNREACHABLE',
  'DURABLE_UNAVAILABLE',
  'DOOR_BUSY',
  'DOOR_CLOSING',
  'DOOR_NOT_READY',
] as const satisfies readonly Code[]

/** How an operation may end beside the refusals of the core; its key gives the same answer again. */
const endCodes = [
  'CORE_UNREACHABLE',
  'CORE_ABENDED',
  'CORE_UNANSWERED',
  'CALL_NOT_APPLIED',
  'CALL_REVERSED',
  'OPERATOR_REVERSED',
  'REFERENCE_TAKEN',
  'FLOW_FAILED',
  'OPERATION_CANCELLED',
  'OPERATION_NOT_BEGUN',
  'OPERATION_TERMINATED',
  'OPERATION_WITHOUT_EFFECT',
] as const satisfies readonly Code[]

function codeTable(): string {
  const row = (code: Code, isRetryable: boolean) => {
    const { status, title } = catalogue[code]
    return `| \`${code}\` | ${httpOf(status)} | ${title} | ${isRetryable ? 'yes' : 'no'} |`
  }
  const rows = [
    ...apiCodes.map((code) => row(code, catalogue[code].retry === 'later')),
    ...endCodes.map((code) => row(code, false)),
  ]
  return ['| code | status | title | retryable |', '|---|---|---|---|', ...rows].join('\n')
}

const problemSchema: JsonSchema = {
  type: 'object',
  description: `A refusal, after RFC 9457. Decide by \`code\`, and for \`CORE_REJECTED\` by \`reason\`.\n\n${codeTable()}`,
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'retryable'],
  properties: {
    type: { type: 'string', format: 'uri', examples: ['urn:mainspan:problem:INPUT_INVALID'] },
    title: { type: 'string', examples: ['Input invalid'] },
    status: { type: 'integer', minimum: 400, maximum: 599, examples: [400] },
    detail: { type: 'string', examples: ['the input has a mistake'] },
    instance: {
      type: 'string',
      format: 'uri',
      description: 'Names this one refusal; the operator finds it in the log by it.',
      examples: ['urn:mainspan:request:8e03978e-40d5-43dd-bc93-6894a57f9324'],
    },
    code: { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$', description: 'Permanent.', examples: ['INPUT_INVALID'] },
    retryable: {
      type: 'boolean',
      description: 'Whether the same request may succeed later, unchanged.',
      examples: [false],
    },
    hint: { type: 'string', description: 'What can be done about it.' },
    reason: {
      type: 'string',
      description: 'Why the core system refused: a stable word.',
      examples: ['insufficient-funds'],
    },
    errors: { type: 'array', items: { $ref: '#/components/schemas/InputMistake' } },
    operation: {
      type: 'string',
      format: 'uri-reference',
      description: 'The durable operation that this is the end of.',
    },
  },
}

const operationSchema: JsonSchema = {
  type: 'object',
  description:
    'A durable operation: started once for its Idempotency-Key, it runs until it has ended, whatever happens to servers and callers.',
  required: ['id', 'operation', 'version', 'state', 'self'],
  properties: {
    id: { type: 'string' },
    operation: { type: 'string', examples: ['transferFunds'] },
    version: { type: 'integer', minimum: 1 },
    state: {
      enum: ['running', 'parked', 'completed', 'rejected', 'failed', 'abandoned'],
      description:
        '`parked`: stopped safely, a person decides how it goes on. `rejected`: the core system said no, nothing remains changed. `abandoned`: ended by an operator.',
    },
    self: { type: 'string', format: 'uri-reference' },
    startedAt: { type: 'string', format: 'date-time' },
    endedAt: { type: 'string', format: 'date-time' },
    reason: { type: 'string', description: 'While parked: why.' },
    since: { type: 'string', format: 'date-time', description: 'While parked: since when.' },
    output: { type: 'object', description: 'When completed: the answer of the operation.' },
    error: { $ref: '#/components/schemas/Problem', description: 'When rejected, failed or abandoned.' },
    attention: {
      type: 'object',
      description:
        'Something was seen in the core after the end, or after a step had been taken for not applied. People are looking into it; a correction is published as the event `effect-corrected`.',
      required: ['reason', 'since', 'message'],
      properties: {
        reason: {
          enum: Object.keys(attentionTexts),
          description: Object.entries(attentionTexts)
            .map(([reason, text]) => `\`${reason}\`: ${text}.`)
            .join(' '),
        },
        since: { type: 'string', format: 'date-time' },
        message: { type: 'string', description: 'The same in a sentence for a person.' },
      },
    },
  },
}

/** The schemas that are the product's own, by their names in `components.schemas`. */
export const ownSchemas: readonly (readonly [string, JsonSchema])[] = [
  ['Operation', operationSchema],
  ['Problem', problemSchema],
  ['InputMistake', inputMistake],
]
