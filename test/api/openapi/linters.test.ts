// The generated API description of the example bank before three linters: Spectral's rules for OpenAPI, its OWASP rules, and Redocly's.
// They run in this process and read nothing from elsewhere.

import { beforeAll, describe, expect, test } from '@jest/globals'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import spectral, { type RulesetDefinition } from '@stoplight/spectral-core'
import owasp from '@stoplight/spectral-owasp-ruleset'
import rulesets from '@stoplight/spectral-rulesets'
import { openApi } from '../../../src/api/openapi/openapi.ts'
import { restDefaults } from '../../../src/api/settings.ts'
import { loadCatalog } from '../../../src/catalog/load.ts'
import type { Catalog } from '../../../src/contract/catalog.ts'

/** Rules that the API cannot keep before it knows its callers. A rule that finds nothing any more has to leave the list. */
const waived: Readonly<Record<string, string>> = {
  'owasp:api2:2023-write-restricted': 'security schemes come with tokens',
  'owasp:api2:2023-read-restricted': 'security schemes come with tokens',
  'owasp:api8:2023-define-error-responses-401': 'nothing answers 401 before there are tokens',
  'owasp:api4:2023-rate-limit': 'the headers come with the limits of each caller',
  'owasp:api4:2023-rate-limit-responses-429': 'nothing answers 429 before callers have limits',
  'owasp:api8:2023-define-cors-origin':
    'no web page of another origin may read an answer, so no such header is sent; which may is decided with who may call',
}

/** Asks for a refresh URL of client credentials, which have no refresh tokens (RFC 6749 section 4.4.3). */
const refreshing = 'owasp:api2:2023-short-lived-access-tokens'

/** Not recommended by Spectral, kept all the same. */
const alsoKept = Object.fromEntries(
  [
    ...['info-license', 'license-url', 'oas3-parameter-description', 'openapi-tags', 'tag-description'],
    'operation-singular-tag',
  ].map((rule) => [rule, 'warn' as const]),
)

const linter = new spectral.Spectral()
let catalog: Catalog

beforeAll(async () => {
  catalog = await loadCatalog(process.cwd())
  // The types of these packages do not say that their rule sets are some.
  const [oas, security] = [rulesets.oas, owasp] as unknown as readonly [RulesetDefinition, RulesetDefinition]
  linter.setRuleset({
    extends: [
      [oas, 'recommended'],
      [security, 'all'],
    ],
    rules: alsoKept,
  })
})

const describeBank = (settings: Partial<typeof restDefaults> = {}): object =>
  JSON.parse(JSON.stringify(openApi(catalog, { ...restDefaults, ...settings })))

interface Finding {
  readonly rule: string
  readonly text: string
}

async function bySpectral(document: object): Promise<readonly Finding[]> {
  const found = await linter.run({ ...document })
  return found.map(({ code, path, message }) => ({ rule: String(code), text: `${code} ${path.join('.')}: ${message}` }))
}

async function byRedocly(document: object): Promise<readonly string[]> {
  const config = await createConfig({ extends: ['recommended-strict'] })
  const source = JSON.stringify(document)
  const found = await lintFromString({ source, absoluteRef: '/openapi.json', config })
  return found.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`)
}

describe('the API description', () => {
  test('has no error and no warning of Spectral but of rules that are waived, and each of these still finds something', async () => {
    const found = await bySpectral(describeBank())
    expect(found.filter(({ rule }) => !Object.hasOwn(waived, rule)).map(({ text }) => text)).toEqual([])
    expect([...new Set(found.map(({ rule }) => rule))].sort()).toEqual(Object.keys(waived).sort())
  })

  test('where callers need tokens, those about tokens are not waived', async () => {
    const oauth = { tokenUrl: 'https://issuer.bank.example/token' }
    const found = await bySpectral(describeBank({ oauth }))
    const ended = Object.keys(waived).filter((rule) => rule.includes('restricted') || rule.endsWith('401'))
    const known = [...Object.keys(waived).filter((rule) => !ended.includes(rule)), refreshing]
    expect(ended).toHaveLength(3)
    expect(found.filter(({ rule }) => !known.includes(rule)).map(({ text }) => text)).toEqual([])
    expect(await byRedocly(describeBank({ oauth }))).toEqual([])
  })

  test('has no error and no warning of Redocly, with the settings of a bank as well', async () => {
    const settings = {
      publicUrl: 'https://api.bank.example/core',
      contact: 'api@bank.example',
      licence: 'https://bank.example/api-terms',
    }
    expect(await byRedocly(describeBank())).toEqual([])
    const document = describeBank(settings)
    expect(await byRedocly(document)).toEqual([])
    expect(document).toMatchObject({
      info: {
        contact: { email: 'api@bank.example' },
        license: { name: 'Terms of use', url: 'https://bank.example/api-terms' },
      },
      servers: [{ url: 'https://api.bank.example/core', 'x-internal': false }],
    })
    expect(describeBank({ contact: 'https://bank.example/help' })).toMatchObject({
      info: { contact: { url: 'https://bank.example/help' } },
    })
  })
})

test('the linters find what is planted', async () => {
  const planted = {
    openapi: '3.1.1',
    info: { title: 'Planted', version: '1' },
    paths: { '/a/': { post: { responses: { 200: { description: 'x' } } } } },
    components: { schemas: { A: { type: 'object', properties: { a: { type: 'string' }, n: { type: 'integer' } } } } },
  }
  const rules = (await bySpectral(planted)).map(({ rule }) => rule)
  expect(rules).toEqual(
    expect.arrayContaining([
      'info-contact',
      'info-license',
      'operation-description',
      'path-keys-no-trailing-slash',
      'owasp:api4:2023-string-limit',
      'owasp:api4:2023-integer-limit',
      'owasp:api8:2023-define-error-validation',
    ]),
  )
  expect((await byRedocly(planted)).map((text) => text.split(' ')[0])).toEqual(
    expect.arrayContaining(['info-license', 'no-empty-servers', 'security-defined', 'operation-4xx-response']),
  )
})
