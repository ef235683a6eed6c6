// What a request must say before its body is asked for: its Host, and nothing in Expect but 100-continue (RFC 9110 sections 7.2 and 10.1.1).
// Node would answer both by itself, without problem details, and would send 100 Continue before anybody has looked at the request.

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { type Failure, failure } from '../../error/failure.ts'

/**
 * Lets every request come to the handler, whatever it expects. A caller that waits for 100 Continue gets it when the handler begins to
 * read the body; a refusal before that comes in its place, and the body stays out.
 */
export function followExpectations(server: Server): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // After an answer Node reads what is left of a body, to throw it away.
    request.once('resume', () => {
      if (!response.headersSent) response.writeContinue()
    })
    server.emit('request', request, response)
  })
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response)
  })
}

/** What is wrong with Host or Expect. HTTP/1.0 needs neither. */
export function hostOrExpectationMistake({ headers, httpVersion }: IncomingMessage): Failure | undefined {
  if (headers.host !== undefined && !isHost(headers.host)) {
    return failure('REQUEST_MALFORMED', { problem: 'the header Host is no name or address, with or without a port' })
  }
  if (httpVersion === '1.0') return undefined
  if (headers.host === undefined) return failure('HOST_MISSING', {})
  const isUnmet = headers.expect !== undefined && !/^\s*100-continue\s*$/i.test(headers.expect)
  return isUnmet ? failure('EXPECTATION_UNMET', {}) : undefined
}

/** A host with or without a port (RFC 9112 section 3.2), and nothing that would reach into the rest of an address that is made with it. */
function isHost(host: string): boolean {
  return /^(?:[\w.~-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(host) && URL.canParse(`http://${host}`)
}
