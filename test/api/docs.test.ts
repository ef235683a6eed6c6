// The pages for people, in a real browser that may reach nothing but the door.

import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Browser, chromium } from 'playwright-core'
import { findProgram } from '../../src/local/command.ts'
import { doorForEachTest } from './open-door.ts'
import { standInCatalog } from './stand-in.ts'

const door = doorForEachTest()

describe('the pages', () => {
  test('the index leads to the docs and the description', async () => {
    const index = await door.ask('/')
    expect(index.status).toBe(200)
    expect(index.headers['content-type']).toBe('text/html; charset=utf-8')
    for (const [, url = ''] of index.body.matchAll(/href="(\/[^"]*)"/g)) expect((await door.ask(url)).status).toBe(200)
    expect(index.body).toContain('href="/docs"')
  })

  test.each(['/', '/docs', '/docs/start.js', '/docs/reader.js', '/openapi.json'])(
    '%s is sent once, zipped where that is understood, with a policy against foreign content',
    async (url) => {
      const plain = await door.ask(url)
      const zipped = await door.ask({ url, headers: { 'accept-encoding': 'gzip' } })
      expect(zipped.headers['content-encoding']).toBe('gzip')
      expect(gunzipSync(zipped.bytes).equals(plain.bytes)).toBe(true)
      const again = await door.ask({ url, headers: { 'if-none-match': String(plain.headers.etag) } })
      expect([again.status, again.body]).toEqual([304, ''])
      expect(plain.headers['content-security-policy']).toMatch(/^default-src 'none'/)
    },
  )

  test('a title cannot break out of the page', async () => {
    await door.reopen({ title: '</title><script>alert(1)</script>' })
    expect((await door.ask('/docs')).body).not.toContain('<script>alert')
  })
})

function chromiumProgram(): string {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    const path = findProgram(name, process.env)
    if (path !== undefined) return path
  }
  throw new Error('this test needs a browser: apt-get install chromium')
}

describe('in a browser', () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: chromiumProgram(),
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
  })
  afterAll(() => browser.close())

  test('the docs show every operation and ask nobody but the door', async () => {
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } })
    const asked: string[] = []
    const complaints: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(`${door.url}/docs`)
    await page.getByText('Move money between two accounts').first().waitFor()
    const text = await page.locator('body').textContent()
    for (const { definition, name } of standInCatalog.operations) expect(text).toContain(definition.summary ?? name)
    const foreign = asked.filter((url) => !url.startsWith(`${door.url}/`) && !/^(?:data|blob):/.test(url))
    expect(foreign).toEqual([])
    expect(complaints).toEqual([])
    await page.close()
  })
})
