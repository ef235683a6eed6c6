// The settings: every mistake at once, by name; values and secrets never in the message.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { readSettings } from '../src/config.ts'
import { cicsSocket, soap } from '../src/contract/adapter.ts'
import { isFailure } from '../src/error/failure.ts'

const key = Buffer.alloc(32, 7).toString('base64')
const good = {
  AMQP_URL: 'amqp://user:hunter2@broker:5672/bank',
  DATABASE_URL: 'postgres://user:hunter2@database:5432/mainspan',
  MAINSPAN_ID_KEY: key,
  MAINSPAN_PAYLOAD_KEYS: `new:${key},old:${key}`,
  CORE_ENDPOINTS: 'core1:3010, [::1]:3011',
}
/** A codec server that others reach, and nobody has to show a token to. */
const openCodec = { MAINSPAN_CODEC_PORT: '8081', MAINSPAN_CODEC_HOST: '0.0.0.0' }
const core = new Map([['core', { definition: { backend: cicsSocket({ endpoints: 'CORE_ENDPOINTS' }) } }]])

function mistakesOf(
  environment: Record<string, string | undefined>,
  adapters: Parameters<typeof readSettings>[0] = core,
): string[] {
  try {
    readSettings(adapters, environment)
  } catch (error) {
    if (isFailure(error) && error.code === 'SETTINGS_INVALID') return String(error.facts.mistakes).split('; ')
    throw error
  }
  return []
}

describe('settings that are right', () => {
  test('have defaults, numbers and endpoints', () => {
    const settings = readSettings(core, { ...good, MAINSPAN_HTTP_PORT: '9090', TEMPORAL_ADDRESS: '' })
    expect(settings).toMatchObject({
      TEMPORAL_ADDRESS: '127.0.0.1:7233',
      MAINSPAN_HTTP_PORT: 9090,
      MAINSPAN_LOG: 'info',
    })
    expect(settings.backends.get('core')).toEqual({
      endpoints: [
        { host: 'core1', port: 3010 },
        { host: '::1', port: 3011 },
      ],
    })
    expect(settings.MAINSPAN_PAYLOAD_KEYS.map(({ id }) => id)).toEqual(['new', 'old'])
  })

  test.each<[string, Record<string, string>]>([
    ['on loopback', { MAINSPAN_CODEC_HOST: '127.0.0.1' }],
    ['on loopback, version 6', { MAINSPAN_CODEC_HOST: '::1' }],
    ['with a token', { MAINSPAN_CODEC_TOKEN: 'a-token-for-operators' }],
  ])('let a codec server open %s', (_, more) => {
    expect(mistakesOf({ ...good, ...openCodec, ...more })).toEqual([])
  })

  test('hide their secrets from print, JSON and inspection', () => {
    const backend = cicsSocket({ endpoints: 'CORE_ENDPOINTS', credentials: 'CORE_LOGIN' })
    const settings = readSettings(new Map([['core', { definition: { backend } }]]), {
      ...good,
      CORE_LOGIN: 'BATCH:s3same',
    })
    const shown = [
      JSON.stringify(settings),
      inspect(settings, { depth: 9 }),
      `${settings.AMQP_URL} ${settings.DATABASE_URL} ${settings.MAINSPAN_ID_KEY}`,
      JSON.stringify([...settings.backends]),
    ].join()
    expect(shown).not.toMatch(/hunter2|s3same/)
    expect(shown).not.toContain(key)
    expect(shown).toContain('***')
    expect(settings.AMQP_URL.reveal()).toBe(good.AMQP_URL)
    expect(settings.backends.get('core')?.credentials).toMatchObject({ user: 'BATCH' })
    expect(settings.backends.get('core')?.credentials?.password.reveal()).toBe('s3same')
  })

  test('read the certificate authority that an adapter names', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mainspan-config-'))
    try {
      writeFileSync(join(folder, 'ca.pem'), 'PEM')
      const backend = soap({ endpoints: 'CORE_ENDPOINTS', wsdl: 'x.wsdl', tls: 'CORE_CA' })
      const settings = readSettings(new Map([['core', { definition: { backend } }]]), {
        ...good,
        CORE_CA: join(folder, 'ca.pem'),
      })
      expect(settings.backends.get('core')?.tls).toEqual({ ca: 'PEM' })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('settings that are wrong', () => {
  test.each<[string, Record<string, string | undefined>, string]>([
    ['nothing for the broker', { AMQP_URL: undefined }, 'AMQP_URL: is not set'],
    ['a broker of another protocol', { AMQP_URL: 'http://broker' }, 'AMQP_URL: '],
    ['nothing for the store', { DATABASE_URL: undefined }, 'DATABASE_URL: is not set'],
    ['a store of another kind', { DATABASE_URL: 'mysql://database' }, 'DATABASE_URL: '],
    ['no id key', { MAINSPAN_ID_KEY: undefined }, 'MAINSPAN_ID_KEY: is not set'],
    ['an id key of the wrong length', { MAINSPAN_ID_KEY: 'c2hvcnQ=' }, 'MAINSPAN_ID_KEY: wants 32 bytes'],
    ['keys of no life', { MAINSPAN_KEY_DAYS: '0' }, 'MAINSPAN_KEY_DAYS: '],
    ['a key of the wrong length', { MAINSPAN_PAYLOAD_KEYS: 'a:c2hvcnQ=' }, 'MAINSPAN_PAYLOAD_KEYS: wants ID:KEY'],
    ['a port that is none', { MAINSPAN_HTTP_PORT: '70000' }, 'MAINSPAN_HTTP_PORT: '],
    ['a contact that nobody can reach', { MAINSPAN_API_CONTACT: 'the bank' }, 'MAINSPAN_API_CONTACT: '],
    ['terms that are no page', { MAINSPAN_API_LICENCE: 'file:///terms' }, 'MAINSPAN_API_LICENCE: '],
    ['a log level that is none', { MAINSPAN_LOG: 'loud' }, 'MAINSPAN_LOG: '],
    ['a codec server that others reach, without a token', openCodec, 'MAINSPAN_CODEC_TOKEN: is not set'],
    [
      'a codec server at an address that begins like loopback',
      { ...openCodec, MAINSPAN_CODEC_HOST: '127.0.0.1.example.com' },
      'MAINSPAN_CODEC_TOKEN: is not set',
    ],
    ['endpoints missing', { CORE_ENDPOINTS: undefined }, 'CORE_ENDPOINTS: is not set'],
    ['endpoints without a port', { CORE_ENDPOINTS: 'core1' }, 'CORE_ENDPOINTS: wants host:port'],
    ['an endpoint with port 0', { CORE_ENDPOINTS: 'core1:0' }, 'CORE_ENDPOINTS: wants host:port'],
  ])('%s', (_, wrong, mistake) => {
    const mistakes = mistakesOf({ ...good, ...wrong })
    expect(mistakes).toEqual([expect.stringContaining(mistake)])
  })

  test('are all told at once, without their values', () => {
    const backend = cicsSocket({ endpoints: 'CORE_ENDPOINTS', credentials: 'CORE_LOGIN', tls: 'CORE_CA' })
    const wrong = {
      AMQP_URL: 'http://hunter2',
      MAINSPAN_PAYLOAD_KEYS: 'hunter2',
      MAINSPAN_ID_KEY: 'hunter2',
      DATABASE_URL: 'hunter2://hunter2',
      MAINSPAN_LOG: 'hunter2',
      CORE_ENDPOINTS: 'hunter2',
      CORE_LOGIN: ':hunter2',
      CORE_CA: '/hunter2',
    }
    const mistakes = mistakesOf(wrong, new Map([['core', { definition: { backend } }]]))
    expect(mistakes.map((one) => one.split(':')[0]).sort()).toEqual(Object.keys(wrong).sort())
    expect(mistakes.join()).not.toContain('hunter2')
  })
})

describe('issuers', () => {
  const bank = {
    name: 'bank',
    issuer: 'https://issuer.bank.example',
    audiences: ['https://api.bank.example'],
    tokenUrl: 'https://issuer.bank.example/token',
  }
  const of = (...issuers: readonly object[]) => ({ ...good, MAINSPAN_ISSUERS: JSON.stringify(issuers) })

  test('are read', () => {
    const other = { ...bank, name: 'other', issuer: 'http://127.0.0.1:4000' }
    expect(readSettings(core, of(bank, other)).MAINSPAN_ISSUERS).toEqual([bank, other])
  })

  test.each<[string, Record<string, string>, string]>([
    ['that are no JSON', { ...good, MAINSPAN_ISSUERS: 'bank' }, 'is no JSON'],
    ['that are none', of(), 'MAINSPAN_ISSUERS'],
    ['without TLS', of({ ...bank, issuer: 'http://issuer.bank.example' }), 'wants https, or http on loopback'],
    ['with a query', of({ ...bank, issuer: 'https://issuer.bank.example?x=1' }), 'without query'],
    ['with a name of two words', of({ ...bank, name: 'The bank' }), 'kebab-case'],
    ['without an audience', of({ ...bank, audiences: [] }), 'audiences'],
    ['with a member that is not known', of({ ...bank, audience: 'x' }), 'audience'],
    ['of one name', of(bank, { ...bank, issuer: 'https://other.example' }), 'has one name twice'],
    ['that are one', of(bank, { ...bank, name: 'other' }), 'has one issuer twice'],
    ['whose authorities cannot be read', { ...of(bank), MAINSPAN_ISSUERS_CA: '/nowhere' }, 'names no file'],
  ])('%s are named', (_, environment, mistake) => {
    expect(mistakesOf(environment).join('; ')).toContain(mistake)
  })
})

describe('certificates', () => {
  test.each<[string, Record<string, string>, string]>([
    ['a certificate without its key', { MAINSPAN_TLS_CERT: 'a' }, 'MAINSPAN_TLS_KEY: is not set'],
    ['a key without its certificate', { MAINSPAN_TLS_KEY: 'a' }, 'MAINSPAN_TLS_CERT: is not set'],
    ["callers' authorities without TLS", { MAINSPAN_TLS_CLIENT_CA: 'a' }, 'MAINSPAN_TLS_CERT: is not set'],
    ['a proxy that is no thumbprint', { MAINSPAN_CERT_PROXY: '10.0.0.1' }, 'SHA-256'],
  ])('%s', (_, environment, mistake) => {
    expect(mistakesOf({ ...good, ...environment }).join('; ')).toContain(mistake)
  })
})
