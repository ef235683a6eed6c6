// How a call or an operation ended for whoever asked, from a closed list, and what HTTP and gRPC call it. The only place with their numbers.

/**
 * HTTP status (RFC 9110; 431 is RFC 6585) and gRPC code of each status.
 *
 * - `invalid`, `unprocessable`: what was given is wrong; the latter is well formed.
 * - `refused`: the core said no and did nothing. `conflict`: it was undone, or stands against something else.
 * - `not-applied`: nothing took effect, and it may be asked for again. `in-doubt`: it may have taken effect.
 * - `core-failed`: the core's program failed. `unavailable`, `busy`, `timed-out`: no answer at present.
 * - `misconfigured`, `internal`: a mistake of the integration, or of ours.
 */
export const statuses = {
  invalid: { http: 400, grpc: 'INVALID_ARGUMENT' },
  unauthenticated: { http: 401, grpc: 'UNAUTHENTICATED' },
  forbidden: { http: 403, grpc: 'PERMISSION_DENIED' },
  'not-found': { http: 404, grpc: 'NOT_FOUND' },
  'method-unknown': { http: 405, grpc: 'UNIMPLEMENTED' },
  'not-acceptable': { http: 406, grpc: 'INVALID_ARGUMENT' },
  'request-timed-out': { http: 408, grpc: 'DEADLINE_EXCEEDED' },
  conflict: { http: 409, grpc: 'ABORTED' },
  cancelled: { http: 409, grpc: 'CANCELLED' },
  'too-large': { http: 413, grpc: 'INVALID_ARGUMENT' },
  'address-too-long': { http: 414, grpc: 'INVALID_ARGUMENT' },
  'media-unsupported': { http: 415, grpc: 'INVALID_ARGUMENT' },
  'expectation-unmet': { http: 417, grpc: 'INVALID_ARGUMENT' },
  refused: { http: 422, grpc: 'FAILED_PRECONDITION' },
  unprocessable: { http: 422, grpc: 'INVALID_ARGUMENT' },
  'already-exists': { http: 422, grpc: 'ALREADY_EXISTS' },
  'too-many': { http: 429, grpc: 'RESOURCE_EXHAUSTED' },
  'headers-too-large': { http: 431, grpc: 'INVALID_ARGUMENT' },
  internal: { http: 500, grpc: 'INTERNAL' },
  misconfigured: { http: 500, grpc: 'FAILED_PRECONDITION' },
  'core-failed': { http: 502, grpc: 'INTERNAL' },
  'in-doubt': { http: 502, grpc: 'UNKNOWN' },
  unavailable: { http: 503, grpc: 'UNAVAILABLE' },
  busy: { http: 503, grpc: 'RESOURCE_EXHAUSTED' },
  'not-applied': { http: 503, grpc: 'ABORTED' },
  'timed-out': { http: 504, grpc: 'DEADLINE_EXCEEDED' },
} as const satisfies Readonly<Record<string, { readonly http: number; readonly grpc: string }>>

/** A status of the list, as RFC 9457 problems and results of operations carry it. */
export type Status = keyof typeof statuses

/** The status as HTTP tells it. */
export function httpOf(status: Status): number {
  return statuses[status].http
}

/** Whether the fault lies with whoever asked, or the core refused them: HTTP's 4xx. */
export function isCallers(status: Status): boolean {
  return httpOf(status) < 500
}

/** What was recorded before there was a list: results in histories and rows, answers in histories, and adapters of kept builds. */
export interface Recorded {
  readonly status?: Status | undefined
  readonly http?: number | undefined
}

const byNumber = new Map<number, Status>([
  // Of several that share a number the one that flows and adapters end with.
  ...Object.entries(statuses).map(([status, { http }]) => [http, status as Status] as const),
  [409, 'conflict'],
  [422, 'refused'],
  [500, 'internal'],
  [502, 'core-failed'],
  [503, 'unavailable'],
])

/** The status of what was recorded by this version or an earlier one, which kept HTTP's number; `otherwise` where it tells neither. */
export function statusOf({ status, http }: Recorded, otherwise: Status): Status {
  if (status !== undefined && Object.hasOwn(statuses, status)) return status
  return (http === undefined ? undefined : byNumber.get(http)) ?? otherwise
}

/** What was recorded, with its status and without HTTP's number. */
export function withStatus<T extends object>(recorded: T, otherwise: Status): Omit<T, 'http'> & { status: Status } {
  const { http, ...rest } = recorded as T & Recorded
  return { ...rest, status: statusOf({ ...rest, http }, otherwise) }
}

/** With HTTP's number beside the status: what flows of kept builds read. */
export function withHttp<T extends object>(answer: T): T {
  return 'status' in answer ? { ...answer, http: httpOf(answer.status as Status) } : answer
}
