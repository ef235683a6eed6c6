// The header Prefer (RFC 7240): how long a caller wants to wait for the answer of a durable operation.

/** What a request's `Prefer: wait=N` (RFC 7240) comes to. */
export interface WaitPreference {
  /** How long to wait before answering 202, in ms. */
  readonly waitMs: number
  /** What Preference-Applied tells when the answer came in time; undefined when nothing was asked. */
  readonly applied: string | undefined
  /** The same for a 202. */
  readonly appliedAsync: string | undefined
}

/** How long a request waits when it does not say, and at the most. */
export interface WaitLimits {
  readonly waitMsDefault: number
  readonly waitMsMax: number
}

/**
 * `wait=N` waits N seconds, at most the limit; `respond-async` alone waits not at all, and beside `wait=N` changes
 * nothing since a 202 follows anyway (section 4.3). Of a preference given twice the first counts; what is unknown or
 * malformed is ignored, as preferences may be (section 2).
 */
export function waitPreference(header: string | readonly string[] | undefined, limits: WaitLimits): WaitPreference {
  const preferences = preferencesOf(typeof header === 'string' ? header : (header?.join(',') ?? ''))
  const wait = preferences.get('wait')
  const seconds = wait !== undefined && /^[0-9]{1,9}$/.test(wait) ? Number(wait) : undefined
  const async = preferences.has('respond-async')
  if (seconds === undefined) {
    return async
      ? { waitMs: 0, applied: undefined, appliedAsync: 'respond-async' }
      : { waitMs: limits.waitMsDefault, applied: undefined, appliedAsync: undefined }
  }
  const waitMs = Math.min(seconds * 1000, limits.waitMsMax)
  const applied = `wait=${Math.floor(waitMs / 1000)}`
  return { waitMs, applied, appliedAsync: async ? `respond-async, ${applied}` : applied }
}

// token [= token or quoted string], then parameters, which belong to the preference and mean nothing here.
const preference =
  /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:=\s*(?:"([^"\\]*)"|([!#$%&'*+.^_`|~0-9A-Za-z-]*)))?\s*(?:;.*)?$/

/** What stands behind so many characters of the header is not read. */
export const preferLengthMax = 1000

function preferencesOf(header: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const part of header.slice(0, preferLengthMax).split(',')) {
    const match = preference.exec(part)
    const name = match?.[1]?.toLowerCase()
    if (name !== undefined && !found.has(name)) found.set(name, match?.[2] ?? match?.[3] ?? '')
  }
  return found
}
