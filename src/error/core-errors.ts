// What goes wrong between us and a core system. Raised by src/backend and src/frame/cics-trm.ts.
// `retry: 'later'` says that nothing was sent; `retry: 'inquire'` that the call may have taken effect.

import { entry } from './entry.ts'

export const coreErrors = {
  CORE_BUSY: entry<{ adapter: string; waiting: number }>({
    title: 'Core system busy',
    message: ({ adapter, waiting }) => `${adapter} takes no more calls now, ${waiting} are waiting; nothing was sent`,
    hint: () => 'try again later, or raise limits of the adapter if the core allows it',
    retry: 'later',
    http: 503,
    grpc: 'RESOURCE_EXHAUSTED',
  }),
  CORE_CLOSED: entry<{ adapter: string; opens: string }>({
    title: 'Core system closed',
    message: ({ adapter, opens }) => `${adapter} is closed until ${opens}; nothing was sent`,
    hint: ({ opens }) => `try again after ${opens}`,
    retry: 'later',
    http: 503,
    grpc: 'UNAVAILABLE',
  }),
  CORE_BREAKER_OPEN: entry<{ adapter: string; failures: number }>({
    title: 'Core system paused',
    message: ({ adapter, failures }) =>
      `${adapter} gets no calls after ${failures} failures in a row; nothing was sent`,
    hint: () => 'calls resume as soon as a read succeeds; see the causes in the log',
    retry: 'later',
    http: 503,
    grpc: 'UNAVAILABLE',
  }),
  CORE_REFUSED: entry<{ adapter: string; target: string; why: string }>({
    title: 'Call refused by the core system',
    message: ({ adapter, target, why }) => `${adapter} refused ${target} before it ran: ${why}`,
    hint: () =>
      'check the program name, the transaction id and the credentials of the adapter, and that the core offers it',
    retry: 'later',
    http: 502,
    grpc: 'UNAVAILABLE',
  }),
  CORE_NOT_READY: entry<{ adapter: string; target: string; waitedMs: number }>({
    title: 'Core system not ready',
    message: ({ adapter, target, waitedMs }) =>
      `${adapter} did not take ${target} within ${waitedMs} ms; the request itself was not sent`,
    hint: () => 'try again later; the request has had no effect',
    retry: 'later',
    http: 503,
    grpc: 'UNAVAILABLE',
  }),
  CORE_NO_REPLY: entry<{ adapter: string; target: string; deadlineMs: number }>({
    title: 'No reply from the core system',
    message: ({ adapter, target, deadlineMs }) => `${adapter} did not answer ${target} within ${deadlineMs} ms`,
    hint: () => 'the call may have taken effect: ask the core before it is sent again',
    retry: 'inquire',
    http: 504,
    grpc: 'DEADLINE_EXCEEDED',
  }),
  CORE_CONNECTION_LOST: entry<{ adapter: string; target: string; got: number }>({
    title: 'Connection to the core system lost',
    message: ({ adapter, target, got }) =>
      `the connection to ${adapter} ended during ${target}, ${got} bytes of its reply had come`,
    hint: () => 'the call may have taken effect: ask the core before it is sent again',
    retry: 'inquire',
    http: 502,
    grpc: 'UNKNOWN',
  }),
  CORE_REPLY_MALFORMED: entry<{ adapter: string; target: string; problem: string }>({
    title: 'Reply of the core system malformed',
    message: ({ adapter, target, problem }) => `the reply of ${adapter} to ${target} is malformed: ${problem}`,
    hint: () => 'the call may have taken effect: ask the core, and compare the layout with the one the core uses',
    retry: 'inquire',
    http: 502,
    grpc: 'UNKNOWN',
  }),
  CORE_EXECUTION_FAILED: entry<{ adapter: string; target: string; why: string }>({
    title: 'Execution failed in the core system',
    message: ({ adapter, target, why }) => `${adapter} failed while it executed ${target}: ${why}`,
    hint: () => 'the call may have taken effect: ask the core before it is sent again',
    retry: 'inquire',
    http: 502,
    grpc: 'UNKNOWN',
  }),
  CORE_REPLY_UNCLEAR: entry<{ adapter: string; target: string; field: string }>({
    title: 'Reply of the core system not understood',
    message: ({ adapter, target, field }) =>
      `the contract of ${adapter} does not say what ${field} of the reply to ${target} means`,
    hint: ({ field }) => `add the value of ${field} to the outcome rule of the transaction`,
    retry: 'inquire',
    http: 502,
    grpc: 'UNKNOWN',
  }),
  CALL_CANCELLED: entry<{ target: string }>({
    title: 'Call cancelled',
    message: ({ target }) => `the call of ${target} was cancelled`,
    hint: () => 'the caller gave up waiting or the process is shutting down',
    retry: 'later',
    http: 503,
    grpc: 'CANCELLED',
  }),
  TRANSACTION_UNKNOWN: entry<{ adapter: string; transaction: string }>({
    title: 'Unknown transaction',
    message: ({ adapter, transaction }) => `adapter ${adapter} has no transaction ${transaction}`,
    hint: () => 'use a transaction that the adapter declares',
    retry: 'never',
    http: 500,
    grpc: 'INTERNAL',
  }),
  BACKEND_MISSING: entry<{ adapter: string }>({
    title: 'No connection for the adapter',
    message: ({ adapter }) => `adapter ${adapter} has no back end in this process`,
    hint: () => 'set the endpoints that the adapter names',
    retry: 'never',
    http: 500,
    grpc: 'FAILED_PRECONDITION',
  }),
  HOURS_INVALID: entry<{ adapter: string; value: string }>({
    title: 'Closing hours invalid',
    message: ({ adapter, value }) => `adapter ${adapter} is closed at '${value}', which is no span of time`,
    hint: () => "write 'HH:MM-HH:MM' and an IANA zone such as Europe/London",
    retry: 'never',
    http: 500,
    grpc: 'FAILED_PRECONDITION',
  }),
  COMMAREA_TOO_LONG: entry<{ needed: number; most: number }>({
    title: 'COMMAREA too long',
    message: ({ needed, most }) => `a COMMAREA of ${needed} bytes is needed, CICS takes ${most}`,
    hint: () => 'split the transaction, or reach it by a protocol with containers',
    retry: 'never',
    http: 500,
    grpc: 'FAILED_PRECONDITION',
  }),
  CICS_NAME_INVALID: entry<{ what: string; problem: string }>({
    title: 'Name not fit for the CICS listener',
    message: ({ what, problem }) => `the ${what} for the CICS listener ${problem}`,
    hint: () => 'transaction ids have up to 4 characters, user, password and program up to 8, none of them a comma',
    retry: 'never',
    http: 500,
    grpc: 'FAILED_PRECONDITION',
  }),
  TRM_REPLY_MALFORMED: entry<{ offset: number; problem: string }>({
    title: 'Message of the CICS listener malformed',
    message: ({ offset, problem }) => `no TRM reply: at byte ${offset} ${problem}`,
    hint: () => 'check that the port is a CICS sockets listener with a TRM Link child server, in the same EBCDIC',
    retry: 'later',
    http: 502,
    grpc: 'UNKNOWN',
  }),
} as const
