// The test service: its documents, one good request, and replies around a Body.

import { readFileSync } from 'node:fs'
import type { SoapTransaction } from '../../../src/contract/adapter.ts'
import type { Wire } from '../../../src/contract/backend.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import { applied, by, rejected } from '../../../src/contract/outcome.ts'
import { isFailure } from '../../../src/error/failure.ts'
import { soapWires } from '../../../src/wire/soap-wire.ts'

export const document = (name: string) => readFileSync(new URL(`wsdl/${name}`, import.meta.url), 'utf8')

export const post: SoapTransaction = {
  kind: 'soap',
  operation: 'Post',
  effect: 'once',
  deadlineMs: 1000,
  reference: 'reference',
  outcome: by('status', { OK: applied, NO: rejected('no-funds') }),
  faults: { Refused: rejected('refused', 'conflict'), Sender: rejected('bad-request', 'invalid') },
}

export function wireOf(transaction: SoapTransaction): Wire {
  return soapWires(document('ledger.wsdl'), document)(transaction)
}

export const request: JsonObject = {
  debtor: { id: 7, name: 'A & B <"Ö">', iban: 'DE89370400440532013000' },
  total: { currency: 'EUR', value: '1.50' },
  Line: [
    { no: 1, Amount: '1.00' },
    { no: 2, Amount: '0.50' },
  ],
  urgent: false,
  on: '2026-11-23',
}
export const fields = { reference: 'REF1' }

const ENVELOPE = 'http://www.w3.org/2003/05/soap-envelope'
export const enveloped = (body: string) =>
  bytes(`<e:Envelope xmlns:e="${ENVELOPE}"><e:Body>${body}</e:Body></e:Envelope>`)
export const posted = (more: string) => enveloped(`<Posted xmlns="urn:ledger">${more}</Posted>`)
export const minimal = '<status>OK</status><number>1</number><balance>0</balance>'

export const bytes = (content: string) => new TextEncoder().encode(content)
export const text = (content: Uint8Array) => new TextDecoder().decode(content)

/** The message of the Failure that is thrown; anything else shows itself as such. */
export const messageOf = (run: () => unknown): string => {
  try {
    return `no failure: ${JSON.stringify(run())}`
  } catch (error) {
    return isFailure(error) ? error.message : `not a Failure: ${String(error)}`
  }
}

/** The schema in one document, for validators that are not given the others. */
export function wholeSchema(): string {
  const types = document('types.xsd').replaceAll('base="Text"', 'base="l:Text"')
  const inner = /<xsd:schema[^>]*>(.*)<\/xsd:schema>/s.exec(types)?.[1] ?? ''
  const inline = inner.replaceAll(/<(\/?)xsd:/g, '<$1').replaceAll('base="xsd:', 'base="')
  return document('ledger.xsd').replace(/<include[^>]*>/, inline)
}
