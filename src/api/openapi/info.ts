// The head of the API description: what the API is, who answers for it, and where it is.

import type { RestSettings } from '../settings.ts'

const ownLicence = { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' } as const

/** The info object (OpenAPI 3.1.1, section 4.8.2). */
export function infoOf(
  settings: Pick<RestSettings, 'title' | 'version' | 'contact' | 'licence' | 'waitMsDefault'>,
): object {
  const { title, version, contact, licence } = settings
  return {
    title,
    version,
    description: introduction(settings),
    contact: contactOf(contact),
    license: licence === undefined ? ownLicence : { name: 'Terms of use', url: licence },
  }
}

function contactOf(contact: string | undefined): object {
  const name = 'The operators of this API'
  if (contact === undefined) return { name }
  return { name, [/^https?:/.test(contact) ? 'url' : 'email']: contact }
}

/** The server object. Without a public URL the API is meant for the network of its own installation. */
export function serverOf({ publicUrl }: Pick<RestSettings, 'publicUrl'>): object {
  if (publicUrl !== undefined) {
    return { url: publicUrl, description: 'Production, or tests with callers', 'x-internal': false }
  }
  return { url: '/', description: 'Local: the server of this document', 'x-internal': true }
}

function introduction({ waitMsDefault }: Pick<RestSettings, 'waitMsDefault'>): string {
  return `## Writes
Every write needs an \`Idempotency-Key\`. Whatever happens to the connection, send the same request with the same key again: it is done once, and you get its answer.
A write is waited for ${waitMsDefault / 1000} seconds, or as long as \`Prefer: wait=N\` says. Then you get 202, and the end will be at \`Location\`.

## Numbers
Amounts and long numbers are strings with a fixed number of decimals: \`"1234.50"\`. A JSON number in their place is refused, since digits could be lost.

## Problems
Every refusal is \`application/problem+json\` (RFC 9457). \`code\` is permanent; \`retryable\` says whether the same request may succeed later. The schema \`Problem\` lists the codes.
`
}
