// The settings: every mistake at once, no secret in sight, and no codec server open to everyone.

import { inspect } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { readSettings } from '../src/config.ts'
import { cicsSocket } from '../src/contract/adapter.ts'

const key = Buffer.alloc(32, 5).toString('base64')
const good = { AMQP_URL: 'amqp://guest:hush-hush@127.0.0.1:5672', MAINSPAN_PAYLOAD_KEYS: `local:${key}` }
const adapters = new Map([['ledger', { definition: { backend: cicsSocket({ endpoints: 'LEDGER_ENDPOINTS' }) } }]])

function mistakes(environment: Record<string, string>, of: Parameters<typeof readSettings>[0] = new Map()): string {
  try {
    readSettings(of, environment)
  } catch (error) {
    return String(error)
  }
  return ''
}

describe('settings', () => {
  test('what is left out has its default, and an empty value is left out', () => {
    const settings = readSettings(new Map(), { ...good, MAINSPAN_HTTP_PORT: '' })
    expect(settings).toMatchObject({ MAINSPAN_HTTP_PORT: 8080, MAINSPAN_CODEC_HOST: '127.0.0.1' })
    expect(settings.MAINSPAN_CODEC_PORT).toBeUndefined()
  })

  test('every mistake is named at once, those of adapters too, without the value', () => {
    const all = mistakes({ ...good, AMQP_URL: 'http://hush-hush', MAINSPAN_HTTP_PORT: '70000' }, adapters)
    expect(all).toContain('SETTINGS_INVALID')
    for (const name of ['AMQP_URL', 'MAINSPAN_HTTP_PORT', 'LEDGER_ENDPOINTS']) expect(all).toContain(`${name}: `)
    expect(all).not.toContain('hush-hush')
  })

  test('secrets print as ***', () => {
    const settings = readSettings(new Map(), { ...good, MAINSPAN_CODEC_TOKEN: 'hush-hush-hush-hush' })
    const shown = `${inspect(settings, { depth: 9 })}${JSON.stringify(settings)}${settings.AMQP_URL}`
    expect(shown).toContain('***')
    for (const secret of ['hush-hush', key]) expect(shown).not.toContain(secret)
    expect(settings.AMQP_URL.reveal()).toBe(good.AMQP_URL)
  })

  test.each<[string, Record<string, string>, boolean]>([
    ['off', { MAINSPAN_CODEC_HOST: '0.0.0.0' }, true],
    ['on loopback', { MAINSPAN_CODEC_PORT: '8234' }, true],
    ['on loopback by name', { MAINSPAN_CODEC_PORT: '8234', MAINSPAN_CODEC_HOST: 'localhost' }, true],
    ['elsewhere', { MAINSPAN_CODEC_PORT: '8234', MAINSPAN_CODEC_HOST: '0.0.0.0' }, false],
    ['on a name that only begins alike', { MAINSPAN_CODEC_PORT: '8234', MAINSPAN_CODEC_HOST: '127.example' }, false],
    [
      'elsewhere with a token',
      { MAINSPAN_CODEC_PORT: '8234', MAINSPAN_CODEC_HOST: '0.0.0.0', MAINSPAN_CODEC_TOKEN: 'sixteen-or-more-x' },
      true,
    ],
  ])('a codec server %s', (_, more, isFine) => {
    const told = mistakes({ ...good, ...more })
    if (isFine) expect(told).toBe('')
    else expect(told).toContain('MAINSPAN_CODEC_TOKEN: is not set')
  })
})
