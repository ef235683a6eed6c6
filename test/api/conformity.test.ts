// Every answer against the API description that the door itself serves: requests are generated from it, good and bad ones,
// and whatever comes back must be told there: status, media type, body, headers. A caller's mistake is never a 5xx.

import { beforeEach, describe, expect, test } from '@jest/globals'
import type { OperationResult } from '../../src/contract/durable.ts'
import type { JsonObject, JsonSchema, JsonValue } from '../../src/contract/json.ts'
import type { Outcome } from '../../src/contract/outcome.ts'
import { fc } from '../support/property.ts'
import { allowedBy, oddText, spoilt } from './arbitrary.ts'
import type { Answer, Ask } from './ask.ts'
import { doorForEachTest } from './open-door.ts'
import { type Check, schemasOf, validator } from './schema-check.ts'
import { standInCatalog } from './stand-in.ts'

const door = doorForEachTest()
const runs = Number(process.env.RUNS ?? 300)

interface Described {
  readonly method: string
  readonly path: string
  readonly parameters: readonly {
    readonly name: string
    readonly in: string
    readonly required: boolean
    readonly schema: JsonSchema
  }[]
  readonly body: JsonSchema | undefined
  readonly responses: Readonly<
    Record<
      string,
      { readonly headers: object; readonly content: Readonly<Record<string, { readonly schema: object }>> }
    >
  >
}

let document: JsonObject
let described: readonly Described[]
const checks = new Map<string, Check>()

beforeEach(async () => {
  document = (await door.ask('/openapi.json')).json()
  described = Object.entries(document.paths as JsonObject).flatMap(([path, methods]) =>
    Object.entries(methods as JsonObject).map(([method, one]) =>
      describedBy(path, method.toUpperCase(), one as JsonObject),
    ),
  )
})

function resolve<T>(node: unknown): T {
  const reference = (node as { $ref?: string } | undefined)?.$ref
  if (reference === undefined) return node as T
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((here, step) => (here as JsonObject)[step], document) as T
}

function describedBy(path: string, method: string, one: JsonObject): Described {
  const body = one.requestBody as { content: { 'application/json': { schema: JsonSchema } } } | undefined
  return {
    method,
    path,
    parameters: ((one.parameters ?? []) as unknown[]).map((parameter) => resolve(parameter)),
    body: body && resolve(body.content['application/json'].schema),
    responses: Object.fromEntries(
      Object.entries(one.responses as JsonObject).map(([status, response]) => [status, resolve(response)]),
    ),
  }
}

const alwaysThere = new Set([
  'date',
  'connection',
  'keep-alive',
  'content-length',
  'content-type',
  'transfer-encoding',
  'allow',
])

/** All that an answer has which the description does not tell. */
function deviations(one: Described, answer: Answer): readonly string[] {
  const exact = one.responses[String(answer.status)]
  const response = exact ?? one.responses[`${String(answer.status)[0]}XX`]
  if (response === undefined) return [`status ${answer.status}`]
  const statuses = /sent: (.*)\. Nothing/.exec(String((response as { description?: string }).description))?.[1] ?? ''
  if (exact === undefined && !statuses.includes(String(answer.status))) return [`status ${answer.status} within 4XX`]
  const media = String(answer.headers['content-type']).split(';')[0] ?? ''
  const schema = response.content[media]?.schema
  if (schema === undefined) return [`media type ${media}`]
  const told = new Set(Object.keys(response.headers).map((name) => name.toLowerCase()))
  const untold = Object.keys(answer.headers).filter(
    (name) => !told.has(name) && !alwaysThere.has(name) && !isSecurity(name),
  )
  return [...checkOf(schema)(answer.json()), ...untold.map((name) => `header ${name}`)]
}

function isSecurity(name: string): boolean {
  return /^(?:cache-control|content-security-policy|cross-origin-resource-policy|referrer-policy|x-content-type-options|x-frame-options)$/.test(
    name,
  )
}

function request(one: Described, values: Readonly<Record<string, JsonValue>>, body: unknown, key: string): Ask {
  let url = one.path
  const query = new URLSearchParams()
  for (const { name, in: place } of one.parameters) {
    const value = values[name]
    if (value === undefined) continue
    if (place === 'path') url = url.replace(`{${name}}`, encodeURIComponent(String(value)))
    if (place === 'query') query.append(name, String(value))
  }
  return {
    method: one.method,
    url: query.size > 0 ? `${url}?${query}` : url,
    headers: {
      prefer: 'wait=0',
      ...(one.parameters.some(({ name }) => name === 'Idempotency-Key') && { 'idempotency-key': key }),
    },
    ...(one.body && {
      payload: JSON.stringify(body),
      headers: { prefer: 'wait=0', 'idempotency-key': key, 'content-type': 'application/json' },
    }),
  }
}

function parametersOf(one: Described): fc.Arbitrary<Readonly<Record<string, JsonValue>>> {
  const own = one.parameters.filter(({ in: place }) => place !== 'header')
  return fc.record(Object.fromEntries(own.map(({ name, schema }) => [name, allowedBy(schema)])), {
    requiredKeys: own.filter(({ required }) => required).map(({ name }) => name),
  }) as fc.Arbitrary<Readonly<Record<string, JsonValue>>>
}

const anyResult: fc.Arbitrary<OperationResult | undefined> = fc.constantFrom<OperationResult | undefined>(
  undefined,
  { state: 'rejected', reason: 'account-not-found', status: 'not-found', message: 'no' },
  { state: 'rejected', reason: 'insufficient-funds', status: 'refused', message: 'no' },
  { state: 'failed', code: 'CORE_UNANSWERED', status: 'unavailable', message: 'no' },
  { state: 'failed', code: 'CORE_ABENDED', status: 'core-failed', message: 'no' },
  { state: 'failed', code: 'OPERATION_TERMINATED', status: 'internal', message: 'no' },
  { state: 'failed', code: 'OPERATION_CANCELLED', status: 'cancelled', message: 'no' },
  { state: 'abandoned', by: 'olga', note: 'x' },
)

const anyOutcome: fc.Arbitrary<Outcome> = fc.constantFrom<Outcome>(
  { outcome: 'rejected', reason: 'account-not-found', status: 'not-found', reply: {} },
  { outcome: 'abended', abendCode: 'ASRA' },
  { outcome: 'not-sent', code: 'CORE_BUSY', message: '' },
  { outcome: 'unknown', cause: 'no-reply-before-deadline', message: '' },
  { outcome: 'unknown', cause: 'reply-not-understood', message: '' },
)

function outputOf(name: string): fc.Arbitrary<JsonObject> {
  const schema = standInCatalog.operations.find(
    (one) => one.name === name || one.transaction?.name === name,
  )?.outputSchema
  return allowedBy(schema ?? { type: 'object', properties: {} }) as fc.Arbitrary<JsonObject>
}

let counter = 0
function freshKey(): string {
  counter += 1
  return `key-${counter}`
}

const nameOf = ({ method, path }: Described) => `${method} ${path}`

/** An operation is generated by its name, so that a counterexample stays short. */
function named(name: string): Described {
  const found = described.find((one) => nameOf(one) === name)
  if (found === undefined) throw new Error(`${name} is not described`)
  return found
}

const bodies = new Map<string, fc.Arbitrary<JsonValue>>()

/** Bodies that the description allows; building the generator costs more than a request. */
function bodyOf(one: Described): fc.Arbitrary<JsonValue> {
  const arbitrary = bodies.get(nameOf(one)) ?? allowedBy(one.body ?? {})
  bodies.set(nameOf(one), arbitrary)
  return arbitrary
}

function eachOf(list: readonly Described[]): fc.Arbitrary<Described> {
  return fc.nat({ max: list.length - 1 }).map((at) => list[at] as Described)
}

function checkOf(schema: object): Check {
  const key = JSON.stringify(schema)
  const check = checks.get(key) ?? validator(schema, schemasOf(document))
  checks.set(key, check)
  return check
}

describe('answers are as described', () => {
  test('to what the description allows, whatever becomes of it: 2xx when the core does it', async () => {
    const outcomes = fc.record({
      isGood: fc.boolean(),
      result: anyResult,
      outcome: anyOutcome,
      replies: fc.record(Object.fromEntries(['inquireAccount', 'listEntries'].map((name) => [name, outputOf(name)]))),
      outputs: fc.record(
        Object.fromEntries(['postEntry', 'transferFunds', 'closeAccount'].map((name) => [name, outputOf(name)])),
      ),
    })
    const cases = eachOf(described).chain((one) => {
      return fc.tuple(fc.constant(nameOf(one)), parametersOf(one), one.body ? bodyOf(one) : fc.constant(null), outcomes)
    })
    await fc.assert(
      fc.asyncProperty(cases, async ([name, values, body, { isGood, result, outcome, replies, outputs }]) => {
        const one = named(name)
        door.caller.answer = (call) =>
          isGood ? { outcome: 'applied', reply: replies[call.transaction] ?? {} } : outcome
        door.operations.onStart = ({ start }) =>
          isGood ? { state: 'completed', output: outputs[start.operation] ?? {} } : result
        const answer = await door.ask(request(one, values, body, freshKey()))
        expect(deviations(one, answer)).toEqual([])
        if (isGood && one.path !== '/operations/{id}') expect([200, 201]).toContain(answer.status)
        const location = answer.headers.location
        if (location !== undefined) {
          const resource = described.find(({ path }) => path === '/operations/{id}') as Described
          expect(deviations(resource, await door.ask(location))).toEqual([])
        }
      }),
      { numRuns: runs },
    )
  })

  test('to what it does not allow: a described 4xx, and nothing starts', async () => {
    const cases = eachOf(described.filter(({ body }) => body !== undefined)).chain((one) => {
      return fc.tuple(fc.constant(nameOf(one)), parametersOf(one), spoilt(bodyOf(one)))
    })
    await fc.assert(
      fc.asyncProperty(cases, async ([name, values, body]) => {
        const one = named(name)
        const isAllowed = checkOf(one.body ?? {})(JSON.parse(JSON.stringify(body) ?? 'null')).length === 0
        const startsBefore = door.operations.starts.length
        const answer = await door.ask(request(one, values, body, freshKey()))
        expect(deviations(one, answer)).toEqual([])
        expect(Math.floor(answer.status / 100)).toBe(isAllowed ? 2 : 4)
        expect(door.operations.starts.length - startsBefore).toBe(isAllowed ? 1 : 0)
      }),
      { numRuns: runs },
    )
  })

  test('to odd paths, queries, headers and bodies: never a 5xx, always described', async () => {
    const headerText = fc.string({ maxLength: 60 }).map((text) => text.replaceAll(/[^\x20-\x7e]/g, ''))
    const cases = eachOf(described).chain((one) => {
      return fc.record({
        name: fc.constant(nameOf(one)),
        values: fc.record(Object.fromEntries(one.parameters.map(({ name }) => [name, oddText]))),
        query: fc.dictionary(oddText, oddText, { maxKeys: 3 }),
        headers: fc.record(
          {
            accept: fc.oneof(headerText, fc.constantFrom('*/*', 'application/json', 'text/html;q=0.9')),
            'content-type': fc.oneof(
              headerText,
              fc.constantFrom('application/json', 'application/json; charset=latin1', 'text/plain'),
            ),
            'idempotency-key': headerText,
            prefer: fc.oneof(headerText, fc.constantFrom('wait=-1', 'wait=1e9', 'respond-async, wait=0')),
            'x-request-id': headerText,
            'content-encoding': fc.constantFrom('gzip', 'identity', 'br'),
            'accept-encoding': headerText,
            'if-none-match': headerText,
          },
          { requiredKeys: [] },
        ),
        payload: fc.option(fc.oneof(oddText, fc.json()), { nil: undefined }),
      })
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ name, values, query, headers, payload }) => {
        const one = named(name)
        const plain = request(one, values as Record<string, string>, {}, 'k')
        const odd = new URLSearchParams(query).toString()
        const url = odd === '' ? plain.url : `${plain.url}${plain.url.includes('?') ? '&' : '?'}${odd}`
        const wait = { prefer: 'wait=0' }
        const answer = await door.ask({
          method: one.method,
          url,
          headers: { ...wait, ...headers },
          ...(payload !== undefined && one.method !== 'GET' && { payload }),
        })
        expect(answer.status).toBeLessThan(500)
        expect(deviations(one, answer)).toEqual([])
      }),
      { numRuns: runs },
    )
  })
})
