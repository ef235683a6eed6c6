// Schemas of the API description: those of the operations, moved to where OpenAPI keeps them, and the API's own.

import type { JsonSchema } from '../../contract/json.ts'
import { type Code, catalogue } from '../../error/catalogue.ts'
import { httpOf } from '../../error/status.ts'
import { attentionTexts } from '../../operation/answer.ts'
import { issuesMax } from '../../operation/input.ts'
import { problemTextMax } from '../problem.ts'
import { idShape } from '../rest/operation-body.ts'
import { type RestSettings, restDefaults } from '../settings.ts'

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

/** A sentence without control characters, as `problem.ts` writes them. */
const sentence = { type: 'string', maxLength: problemTextMax, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' } as const
const url = { type: 'string', format: 'uri-reference', maxLength: restDefaults.urlLengthMax } as const
const moment = { type: 'string', format: 'date-time', maxLength: 35 } as const
/** The name of an operation, as `mainspan check` wants it. */
const operationName = { type: 'string', pattern: '^[a-z][A-Za-z0-9]*$', maxLength: 200 } as const

/** The id of a durable operation. */
export const operationId = { type: 'string', pattern: idShape.source } as const

/** `pointerMax`: the longest pointer into a request, in characters. */
function inputMistake(pointerMax: number): JsonSchema {
  return {
    type: 'object',
    required: ['in', 'pointer', 'message'],
    properties: {
      in: { enum: ['body', 'path', 'query'] },
      pointer: {
        type: 'string',
        format: 'json-pointer',
        maxLength: pointerMax,
        description: 'JSON Pointer (RFC 6901) to the value',
        examples: ['/amount'],
      },
      message: { ...sentence, examples: ['must be given as a string, in double quotes, so that no digit is lost'] },
    },
  }
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
    type: { type: 'string', format: 'uri', maxLength: 120, examples: ['urn:mainspan:problem:INPUT_INVALID'] },
    title: { ...sentence, examples: ['Input invalid'] },
    status: { type: 'integer', minimum: 400, maximum: 599, examples: [400] },
    detail: { ...sentence, examples: ['the input has a mistake'] },
    instance: {
      type: 'string',
      format: 'uri',
      maxLength: 120,
      description: 'Names this one refusal; the operator finds it in the log by it.',
      examples: ['urn:mainspan:request:8e03978e-40d5-43dd-bc93-6894a57f9324'],
    },
    code: {
      type: 'string',
      pattern: '^[A-Z][A-Z0-9_]{0,79}$',
      description: 'Permanent.',
      examples: ['INPUT_INVALID'],
    },
    retryable: {
      type: 'boolean',
      description: 'Whether the same request may succeed later, unchanged.',
      examples: [false],
    },
    hint: { ...sentence, description: 'What can be done about it.' },
    reason: {
      ...sentence,
      description: 'Why the core system refused: a stable word.',
      examples: ['insufficient-funds'],
    },
    errors: { type: 'array', items: { $ref: '#/components/schemas/InputMistake' }, maxItems: issuesMax },
    operation: {
      ...url,
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
    id: operationId,
    operation: { ...operationName, examples: ['transferFunds'] },
    version: { type: 'integer', minimum: 1 },
    state: {
      enum: ['running', 'parked', 'completed', 'rejected', 'failed', 'abandoned'],
      description:
        '`parked`: stopped safely, a person decides how it goes on. `rejected`: the core system said no, nothing remains changed. `abandoned`: ended by an operator.',
    },
    self: url,
    startedAt: moment,
    endedAt: moment,
    reason: { ...sentence, description: 'While parked: why.' },
    since: { ...moment, description: 'While parked: since when.' },
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
        since: moment,
        message: { enum: Object.values(attentionTexts), description: 'The same in a sentence for a person.' },
      },
    },
  },
}

/**
 * The schemas that are the product's own, by their names in `components.schemas`. A pointer names properties of the body, in which two
 * characters may stand for one (RFC 6901, section 3), or a parameter of the URL.
 */
export function ownSchemas({
  bodyBytesMax,
  urlLengthMax,
}: Pick<RestSettings, 'bodyBytesMax' | 'urlLengthMax'>): readonly (readonly [string, JsonSchema])[] {
  return [
    ['Operation', operationSchema],
    ['Problem', problemSchema],
    ['InputMistake', inputMistake(2 * Math.max(bodyBytesMax, urlLengthMax))],
  ]
}
