// The generated references: docs/errors.md and docs/settings.md say what the code says. UPDATE=1 writes them anew.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { settingsSchema } from '../src/config.ts'
import { catalogErrors } from '../src/error/catalog-errors.ts'
import { catalogue } from '../src/error/catalogue.ts'
import { coreErrors } from '../src/error/core-errors.ts'
import { copybookErrors } from '../src/error/data/copybook-errors.ts'
import { recordErrors } from '../src/error/data/record-errors.ts'
import { brokerErrors } from '../src/error/edge/broker-errors.ts'
import { edgeErrors } from '../src/error/edge/edge-errors.ts'
import { guardErrors } from '../src/error/edge/guard-errors.ts'
import type { CatalogueEntry, Facts } from '../src/error/entry.ts'
import { flowErrors } from '../src/error/flow-errors.ts'
import { localErrors } from '../src/error/local-errors.ts'
import { httpOf } from '../src/error/status.ts'
import { storeErrors } from '../src/error/store-errors.ts'
import { versionErrors } from '../src/error/version-errors.ts'

const families: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Copybooks: copybookErrors,
  'Records, framing and code pages': recordErrors,
  'Adapters, flows, operations and settings': catalogErrors,
  'Cores and transports': coreErrors,
  'Flows and durable operations': flowErrors,
  'The operation store': storeErrors,
  'APIs and events': edgeErrors,
  'Tokens and rights': guardErrors,
  'The broker': brokerErrors,
  'Local parts and the command line': localErrors,
  'Builds and running operations': versionErrors,
}

/** A fact reads as its name in angle brackets. */
const placeholders: Facts = new Proxy({}, { get: (_, name) => `<${String(name)}>` })

function errorReference(): string {
  const lines = [
    '# Errors',
    '',
    'Every error has a permanent code, what is wrong, and a hint. This page is made from `src/error`.',
  ]
  for (const [family, rows] of Object.entries(families)) {
    lines.push('', `## ${family}`, '', '| code | what is wrong | hint | try again | HTTP |', '|---|---|---|---|---|')
    for (const [code, row] of Object.entries(rows)) lines.push(errorRow(code, row as CatalogueEntry<Facts>))
  }
  return `${lines.join('\n')}\n`
}

function errorRow(code: string, { message, hint, retry, status }: CatalogueEntry<Facts>): string {
  const cell = (text: string) =>
    text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n', ' ')
  return `| \`${code}\` | ${cell(message(placeholders))} | ${cell(hint(placeholders))} | ${retry} | ${httpOf(status)} |`
}

function settingsReference(): string {
  const { properties = {}, required = [] } = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' })
  const rows = Object.entries(properties).map(([name, schema]) => {
    const { description = '', default: fallback } = schema as { description?: string; default?: unknown }
    const value =
      fallback === undefined ? (required.includes(name) ? 'must be set' : 'none') : `\`${String(fallback)}\``
    return `| \`${name}\` | ${description} | ${value} |`
  })
  return [
    '# Settings',
    '',
    'All settings come from the environment. This page is made from `src/config.ts`. `npm start` sets what its own parts need.',
    '',
    '| name | meaning | default |',
    '|---|---|---|',
    ...rows,
    '',
    'An adapter names its own: `endpoints` (host:port, several separated by commas), `credentials` (user:password), `tls` (path of a PEM file with the certificate authority).',
    '',
  ].join('\n')
}

function expectDocument(path: string, text: string): void {
  if (process.env.UPDATE) writeFileSync(path, text)
  expect(readFileSync(path, 'utf8')).toBe(text)
}

describe('the generated references', () => {
  test('docs/errors.md says what the catalogue says', () => expectDocument('docs/errors.md', errorReference()))
  test('docs/settings.md says what config.ts reads', () => expectDocument('docs/settings.md', settingsReference()))
})

describe('the catalogue', () => {
  const trackedIn = (folder: string) =>
    execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', folder], { encoding: 'utf8' })
      .split('\n')
      .filter((path) => existsSync(path))
  const sources = trackedIn('src')
    .filter((path) => path.endsWith('.ts') && !path.startsWith('src/error/'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')
  const written = new Set([...sources.matchAll(/['"]([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)['"]/g)].map((match) => match[1]))
  const codes = Object.keys(catalogue)

  test('holds every family, and no code twice', () => {
    const all = Object.values(families).flatMap((rows) => Object.keys(rows))
    expect([...all].sort()).toEqual([...codes].sort())
  })
  test('holds no code that nothing raises', () => {
    expect(codes.filter((code) => !written.has(code))).toEqual([])
  })
  test('raises no code that it does not hold', () => {
    const raised = [...sources.matchAll(/\bfailure\(\s*['"](\w+)['"]/g)].map((match) => match[1] ?? '')
    expect(raised.filter((code) => !codes.includes(code))).toEqual([])
  })
  test('holds no code that no test meets', () => {
    const own = 'test/docs.test.ts'
    const texts = trackedIn('test')
      .filter((path) => path !== own && /\.ts$|\/expected\.txt$/.test(path))
      .map((path) => readFileSync(path, 'utf8'))
    const met = new Set(texts.flatMap((text) => text.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? []))
    expect(codes.filter((code) => !met.has(code))).toEqual([])
  })
  test.each(Object.entries(catalogue))('%s gives a hint and keeps to the form', (code, row) => {
    const { title, message, hint, status } = row as CatalogueEntry<Facts>
    expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/)
    expect(title).toMatch(/^[A-Z].*[^.]$/)
    expect(message(placeholders)).toMatch(/[^.]$/)
    expect(hint(placeholders).length).toBeGreaterThan(3)
    expect(httpOf(status)).toBeGreaterThanOrEqual(400)
  })
})

test('every test that docs/doubt.md names is there', () => {
  const root = new URL('../', import.meta.url)
  const named = [...readFileSync(new URL('docs/doubt.md', root), 'utf8').matchAll(/`(test\/[\w/.-]+\.test\.ts)`/g)]
  expect(named.length).toBeGreaterThan(20)
  expect(named.map(([, path = '']) => path).filter((path) => !existsSync(new URL(path, root)))).toEqual([])
})
