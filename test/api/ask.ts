// A plain HTTP client for tests of the door: sends a request as it stands, reads the whole answer.

import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export interface Ask {
  readonly method?: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON, text and bytes as they are. */
  readonly payload?: object | string | Buffer
}

/** What an answer says, for tests that look into it; a wrong guess fails where it is compared. */
export interface Json {
  readonly [name: string]: Json
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly bytes: Buffer
  json(): Json
}

export interface Client {
  ask(what: Ask | string): Promise<Answer>
  /** Ends the connections that are kept alive. */
  close(): void
}

export function clientFor(base: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 })
  return {
    ask: (what) => send(base, agent, typeof what === 'string' ? { url: what } : what),
    close: () => agent.destroy(),
  }
}

function send(base: string, agent: Agent, { method = 'GET', url, headers = {}, payload }: Ask): Promise<Answer> {
  const isRaw = typeof payload === 'string' || Buffer.isBuffer(payload)
  const body = payload === undefined || isRaw ? payload : JSON.stringify(payload)
  const type = payload === undefined || isRaw ? {} : { 'content-type': 'application/json' }
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base)
    const options = { hostname, port, agent, method, path: url, headers: { ...type, ...length, ...headers } }
    const sent = request(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const text = bytes.toString()
        const status = response.statusCode ?? 0
        resolve({ status, headers: response.headers, body: text, bytes, json: () => JSON.parse(text) })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
