// A document of an issuer, fetched: JSON of bounded size in bounded time, from its own address and no other.

import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import type { JsonObject } from '../contract/json.ts'
import { failure } from '../error/failure.ts'

const bytesMax = 262_144
const longestMs = 5000
const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** What is wrong with the address of an issuer's document; undefined when nothing: https, or http on loopback. */
export function addressMistake(address: string): string | undefined {
  if (!URL.canParse(address)) return 'is no URL'
  const { protocol, hostname, username } = new URL(address)
  if (username !== '') return 'holds a user'
  if (protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname))) return undefined
  return 'is neither https nor http on loopback'
}

/** Fetches a JSON object. Redirections are not followed. Throws ISSUER_UNAVAILABLE. */
export async function fetchJson(address: string, issuer: string, ca: string | undefined): Promise<JsonObject> {
  const mistake = addressMistake(address)
  if (mistake !== undefined) throw failure('ISSUER_UNAVAILABLE', { issuer, problem: `the address ${mistake}` })
  try {
    const value: unknown = JSON.parse(await fetchText(new URL(address), ca))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : 'no answer'
    throw failure('ISSUER_UNAVAILABLE', { issuer, problem }, { cause })
  }
  throw failure('ISSUER_UNAVAILABLE', { issuer, problem: 'it answers no JSON object' })
}

function fetchText(url: URL, ca: string | undefined): Promise<string> {
  const request = url.protocol === 'https:' ? overHttps : overHttp
  const signal = AbortSignal.timeout(longestMs)
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { accept: 'application/json' }, signal, ...(ca && { ca }) }, (answer) => {
      const pieces: Buffer[] = []
      let bytes = 0
      if (answer.statusCode !== 200) asked.destroy(new RangeError(`HTTP status ${answer.statusCode}`))
      answer.on('data', (piece: Buffer) => {
        bytes += piece.length
        if (bytes > bytesMax) asked.destroy(new RangeError(`more than ${bytesMax} bytes`))
        pieces.push(piece)
      })
      answer.on('end', () => resolve(Buffer.concat(pieces).toString('utf8')))
      answer.on('error', reject)
    })
    asked.on('error', reject)
    asked.end()
  })
}
