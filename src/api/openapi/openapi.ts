// The API description: an OpenAPI 3.1 document made from the catalog. What it says is what the API does: both are built
// from the same operations, and a test holds every answer against it.

import type { Catalog, ResolvedOperation } from '../../contract/catalog.ts'
import type { JsonSchema } from '../../contract/json.ts'
import type { Status } from '../../error/status.ts'
import { pathParameters, takesBody } from '../rest/gather.ts'
import { keyPattern } from '../rest/idempotency-key.ts'
import { preferLengthMax } from '../rest/prefer.ts'
import type { RestSettings } from '../settings.ts'
import { exampleOf } from './example.ts'
import { infoOf, serverOf } from './info.ts'
import { limited } from './limits.ts'
import {
  headers,
  headersOf,
  keyReused,
  rejectionResponses,
  rejectionsOf,
  shared,
  sharedResponses,
} from './responses.ts'
import { addSchema, capital, operationId as idSchema, isSchema, ownSchemas, withoutProperties } from './schemas.ts'
import { type DescribedOperation, guarded, guardHeaders, guardResponses, oauthScheme } from './security.ts'

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: string
  readonly info: object
  readonly paths: Readonly<Record<string, object>>
  readonly components: object
  readonly [section: string]: unknown
}

type DocumentSettings = Pick<
  RestSettings,
  | 'title'
  | 'version'
  | 'contact'
  | 'licence'
  | 'publicUrl'
  | 'oauth'
  | 'waitMsDefault'
  | 'waitMsMax'
  | 'bodyBytesMax'
  | 'urlLengthMax'
>

/** Describes every operation that has a REST route, in the order of the catalog, and the API's own resources. */
export function openApi(catalog: Catalog, settings: DocumentSettings): OpenApiDocument {
  const operations = catalog.operations.filter(({ method, path }) => method !== undefined && path !== undefined)
  const schemas = new Map<string, JsonSchema>()
  const paths: Record<string, object> = {}
  for (const operation of operations) {
    const { path = '', method = 'GET' } = operation
    const described = describe(operation, schemas, catalog, settings)
    const shown = settings.oauth ? guarded(described, operation.definition.scopes ?? []) : described
    paths[path] = { ...paths[path], [method.toLowerCase()]: shown }
  }
  for (const [name, schema] of ownSchemas(settings)) schemas.set(name, limited(schema))
  return {
    openapi: '3.1.1',
    info: infoOf(settings),
    servers: [serverOf(settings)],
    tags: tagsOf(operations, settings),
    ...(settings.oauth === undefined && { security: [] }),
    paths: {
      ...paths,
      '/operations/{id}': { get: settings.oauth ? guarded(getOperation, []) : getOperation },
      // For machines that stand beside it, which show no token.
      ...(!settings.oauth && healthPaths),
    },
    components: {
      schemas: Object.fromEntries(schemas),
      responses: settings.oauth ? { ...sharedResponses, ...guardResponses } : sharedResponses,
      parameters: parametersOf(settings),
      headers: settings.oauth ? { ...headers, ...guardHeaders } : headers,
      ...(settings.oauth && { securitySchemes: { oauth2: oauthScheme(operations, settings.oauth.tokenUrl) } }),
    },
  }
}

function describe(
  operation: ResolvedOperation,
  schemas: Map<string, JsonSchema>,
  catalog: Catalog,
  settings: DocumentSettings,
): DescribedOperation {
  const { definition } = operation
  const isWrite = operation.effect === 'write'
  const name = capital(operationId(operation))
  const inPath = pathParameters(operation)
  const ownParameters = [
    ...inPath.map((parameter) => parameterOf(operation, parameter, 'path', settings)),
    ...(takesBody(operation) ? [] : queryParameters(operation, inPath, settings)),
  ]
  const forWrites = isWrite
    ? [{ $ref: '#/components/parameters/IdempotencyKey' }, { $ref: '#/components/parameters/Prefer' }]
    : []
  return {
    operationId: operationId(operation),
    summary: summaryOf(operation),
    description: [definition.description ?? [], effectTexts[operation.effect]].flat().join(' '),
    tags: [tagOf(operation)],
    ...(ownParameters.length + forWrites.length > 0 && { parameters: [...ownParameters, ...forWrites] }),
    ...(takesBody(operation) && { requestBody: requestBody(operation, name, schemas, settings) }),
    responses: {
      ...success(operation, addSchema(schemas, `${name}Output`, outputSchema(operation))),
      ...refusals(operation, catalog),
    },
  }
}

function requestBody(
  operation: ResolvedOperation,
  name: string,
  schemas: Map<string, JsonSchema>,
  { bodyBytesMax }: DocumentSettings,
): object {
  const schema = withoutProperties(operation.inputSchema, pathParameters(operation))
  const example = exampleOf(schema)
  return {
    required: true,
    content: {
      'application/json': {
        schema: addSchema(schemas, `${name}Input`, limited(schema, bodyBytesMax)),
        ...(example !== undefined && { example }),
      },
    },
  }
}

const effectTexts = {
  read: 'Changes nothing.',
  write: 'Done once for each Idempotency-Key, however often the request is sent.',
} as const

/** What a transaction answers lies in a reply of limited size; what a flow answers is limited by its author. */
function outputSchema({ outputSchema: schema, transaction }: ResolvedOperation): JsonSchema {
  return limited(schema, transaction?.wire.maxReplyBytes)
}

function success(operation: ResolvedOperation, schema: JsonSchema): Readonly<Record<string, object>> {
  const example = exampleOf(operation.outputSchema)
  const content = { 'application/json': { schema, ...(example !== undefined && { example }) } }
  if (operation.effect === 'read') return { 200: { description: 'The answer.', headers: headersOf(), content } }
  return {
    [operation.method === 'POST' ? 201 : 200]: {
      description: 'Done. A repetition with the same key gives this answer again.',
      headers: headersOf('Location', 'Preference-Applied', 'Idempotency-Replayed'),
      content,
    },
    202: {
      description: 'Started and durable, but not at its end yet. Its end will be at `Location`.',
      headers: headersOf('Location', 'Retry-After', 'Preference-Applied', 'Idempotency-Replayed'),
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/Operation' }, example: runningExample(operation) },
      },
    },
  }
}

function runningExample({ name, version }: ResolvedOperation): object {
  const self = headers.Location.example
  return {
    id: self.slice('/operations/'.length),
    operation: name,
    version,
    state: 'running',
    self,
    startedAt: '2026-11-23T10:15:00Z',
  }
}

function refusals(operation: ResolvedOperation, catalog: Catalog): object {
  const isWrite = operation.effect === 'write'
  const rejections = operation.transaction ? rejectionsOf(operation.transaction) : rejectionsOfAll(catalog)
  return {
    400: shared(isWrite ? 'BadWrite' : 'BadRequest'),
    ...(isWrite && { 409: shared('Ended'), 422: keyReused() }),
    ...rejectionResponses(rejections, operation),
    '4XX': shared('OtherMistake'),
    500: shared(isWrite ? 'WriteFault' : 'Fault'),
    502: shared(isWrite ? 'WriteBadGateway' : 'BadGateway'),
    503: shared(isWrite ? 'WriteUnavailable' : 'Unavailable'),
  }
}

/** A flow does not tell which transactions it calls: any refusal of a write may come through it. */
function rejectionsOfAll(catalog: Catalog): ReadonlyMap<Status, readonly string[]> {
  const all = new Map<Status, readonly string[]>()
  for (const { transactions } of catalog.adapters.values()) {
    for (const transaction of transactions.values()) {
      if (transaction.definition.effect === 'read') continue
      for (const [status, reasons] of rejectionsOf(transaction)) {
        all.set(status, [...new Set([...(all.get(status) ?? []), ...reasons])])
      }
    }
  }
  return all
}

/** The name; a later version carries its number. */
function operationId({ name, version }: ResolvedOperation): string {
  return version === 1 ? name : `${name}V${version}`
}

function tagOf({ definition }: ResolvedOperation): string {
  return definition.tag ?? 'Functions'
}

function tagsOf(operations: readonly ResolvedOperation[], { oauth }: DocumentSettings): readonly object[] {
  const names = [...new Set(operations.map(tagOf))].filter((name) => name !== 'Operations' && name !== 'Health')
  return [
    ...names.map((name) => ({ name, description: summariesOf(operations.filter((one) => tagOf(one) === name)) })),
    { name: 'Operations', description: 'What became of a write.' },
    ...(oauth ? [] : [{ name: 'Health', description: 'For the machines that run this service.' }]),
  ]
}

function summariesOf(operations: readonly ResolvedOperation[]): string {
  return operations.map((operation) => `- ${summaryOf(operation)}`).join('\n')
}

function summaryOf(operation: ResolvedOperation): string {
  return operation.definition.summary ?? operation.transaction?.definition.summary ?? operationId(operation)
}

function queryParameters(
  operation: ResolvedOperation,
  inPath: readonly string[],
  settings: DocumentSettings,
): readonly object[] {
  const properties = operation.inputSchema.properties
  const names = isSchema(properties) ? Object.keys(properties).filter((name) => !inPath.includes(name)) : []
  return names.map((name) => parameterOf(operation, name, 'query', settings))
}

function parameterOf(
  operation: ResolvedOperation,
  name: string,
  place: 'path' | 'query',
  { urlLengthMax }: DocumentSettings,
): object {
  const { properties, required } = operation.inputSchema
  const found = isSchema(properties) ? properties[name] : undefined
  const { description, ...schema }: JsonSchema = isSchema(found) ? found : { type: 'string' }
  const example = exampleOf(schema, operation.inputSchema, name)
  const isRequired = place === 'path' || (Array.isArray(required) && required.includes(name))
  return {
    name,
    in: place,
    required: isRequired,
    description: typeof description === 'string' ? description : `\`${name}\` of the input.`,
    schema: limited(schema, urlLengthMax),
    ...(example !== undefined && isRequired && { example }),
  }
}

function parametersOf({ waitMsDefault, waitMsMax }: DocumentSettings): object {
  return {
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      required: true,
      description:
        'One key of your own for each intent; the same key on every repetition. In double quotes or bare, 1 to 255 visible ASCII characters.',
      schema: limited({ type: 'string', pattern: keyPattern }),
      example: '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
    },
    Prefer: {
      name: 'Prefer',
      in: 'header',
      required: false,
      description: `How long to wait for the end, in seconds: \`wait=N\`, ${waitMsDefault / 1000} without, at most ${waitMsMax / 1000}. \`respond-async\` does not wait (RFC 7240).`,
      schema: { type: 'string', pattern: '^[\\t\\x20-\\x7e]*$', maxLength: preferLengthMax },
      example: 'wait=10',
    },
  }
}

function healthPath(id: string, summary: string, description: string, state: string): object {
  const schema = { type: 'object', required: ['status'], properties: { status: { const: state } } }
  const content = { 'application/json': { schema, example: { status: state } } }
  return {
    get: {
      operationId: id,
      summary,
      description,
      tags: ['Health'],
      security: [],
      responses: {
        200: { description: 'Yes.', headers: headersOf(), content },
        '4XX': shared('OtherMistake'),
        500: shared('Fault'),
        503: shared('Unavailable'),
      },
    },
  }
}

const getOperation = {
  operationId: 'getOperation',
  summary: 'What became of a write',
  description:
    'With `Prefer: wait=N` the answer is held until the operation has ended or is parked; without, it comes at once.',
  tags: ['Operations'],
  parameters: [
    {
      name: 'id',
      in: 'path',
      required: true,
      description: 'From the `Location` of the write.',
      schema: limited(idSchema),
    },
    { $ref: '#/components/parameters/Prefer' },
  ],
  responses: {
    200: {
      description: 'The operation as it stands.',
      headers: headersOf('Retry-After', 'Preference-Applied'),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Operation' } } },
    },
    404: shared('NotFound'),
    '4XX': shared('OtherMistake'),
    500: shared('Fault'),
    503: shared('Unavailable'),
  },
}

const healthPaths = {
  '/health/live': healthPath('isLive', 'Whether the process answers', '200 as long as it runs.', 'live'),
  '/health/ready': healthPath(
    'isReady',
    'Whether it should get requests',
    'Not while a part that it needs is missing, nor while it ends.',
    'ready',
  ),
}
