// The pages for people: an index at /, the API description at /openapi.json, and its reader at /docs.
// The reader is Scalar; this file is the only one that touches it. Its script is served from here: no CDN, no fonts or
// telemetry from elsewhere, and the pages' content security policy would not let any through.

import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { OpenApiDocument } from './openapi/openapi.ts'
import { basePath, type RestSettings } from './settings.ts'

interface Asset {
  readonly type: string
  readonly bytes: Buffer
  readonly zipped: Buffer
  readonly etag: string
}

/** Serves the OpenAPI document at `/openapi.json`, a reader for it at `/docs`, and an index at `/`. */
export function addDocs(app: FastifyInstance, document: OpenApiDocument, settings: RestSettings): void {
  const base = basePath(settings)
  const title = escaped(settings.title)
  add(app, '/openapi.json', 'application/json; charset=utf-8', async () => JSON.stringify(document, undefined, 2))
  add(app, '/', html, async () => indexPage(title, base))
  add(app, '/docs', html, async () => readerPage(title, base))
  add(app, '/docs/start.js', script, async () => startScript(base))
  add(app, '/docs/reader.js', script, readerScript)
}

const html = 'text/html; charset=utf-8'
const script = 'text/javascript; charset=utf-8'

/** Scripts only from here; styles inline, since the reader writes them at run time. Requests only to this API. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

function add(app: FastifyInstance, url: string, type: string, make: () => Promise<string>): void {
  let made: Promise<Asset> | undefined
  app.get(url, async (request, reply) => {
    made ??= make().then((text) => asset(type, text))
    if (type === html) reply.header('content-security-policy', pagePolicy)
    return sendAsset(request, reply, await made)
  })
}

async function asset(type: string, text: string): Promise<Asset> {
  const bytes = Buffer.from(text)
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
  return { type, bytes, zipped: await promisify(gzip)(bytes), etag }
}

function sendAsset(request: FastifyRequest, reply: FastifyReply, { type, bytes, zipped, etag }: Asset): FastifyReply {
  reply.headers({ 'cache-control': 'no-cache', etag, vary: 'accept-encoding' })
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  const isZipped = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\b)/i.test(String(request.headers['accept-encoding'] ?? ''))
  if (isZipped) reply.header('content-encoding', 'gzip')
  return reply.type(type).send(isZipped ? zipped : bytes)
}

/** The reader's script. The package keeps it inside its plugin, so the plugin is put on a shelf and asked for it. */
async function readerScript(): Promise<string> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const shelf = Fastify()
  const handlers = new Map<string, (request: unknown, reply: unknown) => unknown>()
  shelf.addHook('onRoute', ({ url, handler }) => {
    handlers.set(url, handler as (request: unknown, reply: unknown) => unknown)
  })
  await shelf.register(scalar, { routePrefix: '/reader', configuration: { url: '/openapi.json' } })
  await shelf.close()
  const reply = { header: () => reply, send: (payload: unknown) => payload }
  return String(handlers.get('/reader/js/scalar.js')?.({}, reply))
}

function startScript(base: string): string {
  const options = {
    url: `${base}/openapi.json`,
    withDefaultFonts: false,
    telemetry: false,
    hideClientButton: true,
    showDeveloperTools: 'never',
    agent: { disabled: true },
    mcp: { disabled: true },
    documentDownloadType: 'json',
    defaultOpenAllTags: true,
    defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
  }
  return `Scalar.createApiReference('#reader', ${JSON.stringify(options)})\n`
}

function readerPage(title: string, base: string): string {
  return page(
    `${title}: API`,
    `<div id="reader"></div>
<noscript><p>The reader needs JavaScript; the description itself is <a href="${base}/openapi.json">openapi.json</a>.</p></noscript>
<script src="${base}/docs/reader.js"></script>
<script src="${base}/docs/start.js"></script>`,
    'body { margin: 0 }',
  )
}

function indexPage(title: string, base: string): string {
  return page(
    title,
    `<main>
<h1>${title}</h1>
<ul>
<li><a href="${base}/docs">API reference</a></li>
<li><a href="${base}/openapi.json">OpenAPI 3.1 document</a></li>
<li><a href="${base}/health/ready">Health</a></li>
</ul>
</main>`,
    'body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }',
  )
}

function page(title: string, body: string, style: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
