// The API description: a valid OpenAPI 3.1 document, whose schemas compile, whose examples fit, and that leaves no route out.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { openApi } from '../../src/api/openapi/openapi.ts'
import { addSchema } from '../../src/api/openapi/schemas.ts'
import { restDefaults } from '../../src/api/settings.ts'
import type { JsonSchema } from '../../src/contract/json.ts'
import { doorForEachTest } from './open-door.ts'
import { looseValidator, schemasOf, validator } from './schema-check.ts'
import { standInCatalog } from './stand-in.ts'

const door = doorForEachTest()

// The schema of the OpenAPI Initiative, https://spec.openapis.org/oas/3.1/schema/2022-10-07 (Apache-2.0).
const official = JSON.parse(readFileSync(new URL('./openapi/openapi-3.1.schema.json', import.meta.url), 'utf8'))

type Json = { readonly [key: string]: Json }
const document = openApi(standInCatalog, restDefaults) as unknown as Json

describe('the document', () => {
  test('is valid OpenAPI 3.1, also with OAuth', () => {
    const check = looseValidator(official)
    expect(check(document)).toEqual([])
    const oauth = { tokenUrl: 'https://login.bank.example/token' }
    const secured = openApi(standInCatalog, { ...restDefaults, oauth, publicUrl: 'https://api.bank.example/core' })
    expect(check(secured)).toEqual([])
    expect(secured).toMatchObject({
      servers: [{ url: 'https://api.bank.example/core' }],
      components: {
        securitySchemes: {
          oauth2: { flows: { clientCredentials: { scopes: { 'transfers:write': 'transfers:write' } } } },
        },
      },
      paths: { '/v1/transfers': { post: { security: [{ oauth2: ['transfers:write'] }] } } },
    })
    expect(document).not.toHaveProperty('components.securitySchemes')
  })

  test('has schemas that compile, and every example fits its schema', () => {
    const mistakes: string[] = []
    const walk = (node: unknown, path: string): number => {
      if (typeof node !== 'object' || node === null) return 0
      const { schema, example, examples } = node as Json
      let count = 0
      if (schema !== undefined && !path.includes('/schemas/')) {
        const check = validator(schema, schemasOf(document))
        const named = Object.values(examples ?? {}).map((one) => one.value)
        for (const value of [...('example' in node ? [example] : []), ...named]) {
          count += 1
          mistakes.push(...check(value).map((mistake) => `${path}: ${mistake}`))
        }
      }
      return Object.entries(node).reduce((sum, [key, one]) => sum + walk(one, `${path}/${key}`), count)
    }
    expect(walk(document, '')).toBeGreaterThan(30)
    expect(mistakes).toEqual([])
  })

  test('is what /openapi.json serves', async () => {
    expect((await door.ask('/openapi.json')).json()).toEqual(JSON.parse(JSON.stringify(document)))
  })

  test('tells every operation, by its method and path', () => {
    for (const { method = '', path = '', name, version } of standInCatalog.operations) {
      expect(document.paths?.[path]?.[method.toLowerCase()]?.operationId).toBe(
        version === 1 ? name : `${name}V${version}`,
      )
    }
  })

  test('tells nothing that is not served, and all that is but the pages', async () => {
    const told = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    for (const one of told) {
      const [method = '', path = ''] = one.split(' ')
      const answer = await door.ask({ method, url: path.replaceAll(/\{\w+\}/g, '0000000001') })
      expect([one, answer.body]).not.toEqual([one, expect.stringMatching(/OPERATION_UNKNOWN|METHOD_NOT_ALLOWED/)])
    }
    expect(told).toEqual([
      'GET /v1/accounts/{accountNumber}',
      'GET /v1/accounts/{accountNumber}/entries',
      'POST /v1/entries',
      'POST /v1/transfers',
      'PUT /v2/accounts/{accountNumber}/closure',
      'GET /operations/{id}',
      'GET /health/live',
      'GET /health/ready',
    ])
  })

  test('names the reasons of refusals where they are known', () => {
    const responses = document.paths?.['/v1/entries']?.post?.responses
    expect(JSON.stringify(responses?.['422'])).toContain('insufficient-funds')
    expect(JSON.stringify(responses?.['404'])).toContain('account-not-found')
    expect(JSON.stringify(document.paths?.['/v1/accounts/{accountNumber}'])).not.toContain('insufficient-funds')
  })
})

test('definitions of a schema move beside it, and references follow', () => {
  const schemas = new Map<string, JsonSchema>()
  const tree: JsonSchema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
    type: 'object',
    properties: { root: { $ref: '#/$defs/node' }, self: { $ref: '#' }, $ref: { type: 'string' } },
  }
  expect(addSchema(schemas, 'Tree', tree)).toEqual({ $ref: '#/components/schemas/Tree' })
  expect(Object.fromEntries(schemas)).toEqual({
    Tree: {
      type: 'object',
      properties: {
        root: { $ref: '#/components/schemas/TreeNode' },
        self: { $ref: '#/components/schemas/Tree' },
        $ref: { type: 'string' },
      },
    },
    TreeNode: { type: 'object', properties: { next: { $ref: '#/components/schemas/TreeNode' } } },
  })
})
