// What goes wrong between us and a core system. Raised by src/backend and src/frame/cics-trm.ts.
// `retry: 'later'` says that nothing was sent; `retry: 'inquire'` that the call may have taken effect.

import { entry } from './entry.ts'

/** Rows of the catalogue: core systems and the way to them. */
export const coreErrors = {
  CORE_BUSY: entry<{ adapter: string; waiting: number }>({
    title: 'Core system busy',
    message: ({ adapter, waiting }) => `${adapter} takes no more calls now, ${waiting} are waiting; nothing was sent`,
    hint: () => 'try again later, or raise limits of the adapter if the core allows it',
    retry: 'later',
    status: 'busy',
  }),
  CORE_CLOSED: entry<{ adapter: string; opens: string }>({
    title: 'Core system closed',
    message: ({ adapter, opens }) => `${adapter} is closed until ${opens}; nothing was sent`,
    hint: ({ opens }) => `try again after ${opens}`,
    retry: 'later',
    status: 'unavailable',
  }),
  CORE_BREAKER_OPEN: entry<{ adapter: string; failures: number }>({
    title: 'Core system paused',
    message: ({ adapter, failures }) =>
      `${adapter} gets no calls after ${failures} failures in a row; nothing was sent`,
    hint: () => 'calls resume as soon as a read succeeds; see the causes in the log',
    retry: 'later',
    status: 'unavailable',
  }),
  CORE_REFUSED: entry<{ adapter: string; target: string; why: string }>({
    title: 'Call refused by the core system',
    message: ({ adapter, target, why }) => `${adapter} refused ${target} before it ran: ${why}`,
    hint: () =>
      'check the program name, the transaction id and the credentials of the adapter, and that the core offers it',
    retry: 'later',
    status: 'core-failed',
  }),
  CORE_NOT_READY: entry<{ adapter: string; target: string; waitedMs: number }>({
    title: 'Core system not ready',
    message: ({ adapter, target, waitedMs }) =>
      `${adapter} did not take ${target} within ${waitedMs} ms; the request itself was not sent`,
    hint: () => 'try again later; the request has had no effect',
    retry: 'later',
    status: 'unavailable',
  }),
  CALL_OVERDUE: entry<{ adapter: string; target: string; afterMs: number }>({
    title: 'Call past its time',
    message: ({ adapter, target, afterMs }) =>
      `the time of the call of ${target} was over ${afterMs} ms after its exchange with ${adapter} began; the request itself was not sent`,
    hint: () => 'try again; the core was slow to get ready, or this process stood still',
    retry: 'later',
    status: 'unavailable',
  }),
  PROCESS_STOOD_STILL: entry<{ target: string }>({
    title: 'Process stood still',
    message: ({ target }) =>
      `this process has just gone on after it stood still, and the call of ${target} may be older than it looks; nothing was sent`,
    hint: () => 'try again; find out what stopped the process: a frozen machine, memory on disk, a debugger',
    retry: 'later',
    status: 'unavailable',
  }),
  CORE_NO_REPLY: entry<{ adapter: string; target: string; deadlineMs: number }>({
    title: 'No reply from the core system',
    message: ({ adapter, target, deadlineMs }) => `${adapter} did not answer ${target} within ${deadlineMs} ms`,
    hint: () => 'the call may have taken effect: ask the core before it is sent again',
    retry: 'inquire',
    status: 'timed-out',
  }),
  CORE_CONNECTION_LOST: entry<{ adapter: string; target: string; got: number }>({
    title: 'Connection to the core system lost',
    message: ({ adapter, target, got }) =>
      `the connection to ${adapter} ended during ${target}, ${got} bytes of its reply had come`,
    hint: () => 'the call may have taken effect: ask the core before it is sent again',
    retry: 'inquire',
    status: 'in-doubt',
  }),
  CORE_REPLY_MALFORMED: entry<{ adapter: string; target: string; problem: string }>({
    title: 'Reply of the core system malformed',
    message: ({ adapter, target, problem }) => `the reply of ${adapter} to ${target} is malformed: ${problem}`,
    hint: () => 'the call may have taken effect: ask the core, and compare the layout with the one the core uses',
    retry: 'inquire',
    status: 'in-doubt',
  }),
  CORE_REPLY_ASTRAY: entry<{ adapter: string; target: string; fields: string }>({
    title: 'Reply of another call',
    message: ({ adapter, target, fields }) =>
      `the reply of ${adapter} to ${target} belongs to another call: ${fields} of it does not repeat what was asked`,
    hint: () => 'the call may have taken effect: ask the core. A core that mixes replies up should be looked at',
    retry: 'inquire',
    status: 'in-doubt',
  }),
  CORE_REFERENCE_KNOWN: entry<{ adapter: string; target: string }>({
    title: 'Reference known to the core system',
    message: ({ adapter, target }) => `${adapter} says that it knows the reference of this call of ${target} already`,
    hint: () => 'what it knows may be this call or another one: ask the core, and compare',
    retry: 'inquire',
    status: 'in-doubt',
  }),
  CORE_EXECUTION_FAILED: entry<{ adapter: string; target: string; why: string }>({
    title: 'Execution failed in the core system',
    message: ({ adapter, target, why }) => `${adapter} failed while it executed ${target}: ${why}`,
    hint: () => 'the call may have taken effect: ask the core before it is sent again',
    retry: 'inquire',
    status: 'in-doubt',
  }),
  CORE_REPLY_UNCLEAR: entry<{ adapter: string; target: string; field: string }>({
    title: 'Reply of the core system not understood',
    message: ({ adapter, target, field }) =>
      `the contract of ${adapter} does not say what ${field} of the reply to ${target} means`,
    hint: ({ field }) => `add the value of ${field} to the outcome rule of the transaction`,
    retry: 'inquire',
    status: 'in-doubt',
  }),
  CALL_CANCELLED: entry<{ target: string }>({
    title: 'Call cancelled',
    message: ({ target }) => `the call of ${target} was cancelled`,
    hint: () => 'the caller gave up waiting or the process is shutting down',
    retry: 'later',
    status: 'not-applied',
  }),
  TRANSACTION_UNKNOWN: entry<{ adapter: string; transaction: string }>({
    title: 'Unknown transaction',
    message: ({ adapter, transaction }) => `adapter ${adapter} has no transaction ${transaction}`,
    hint: () => 'use a transaction that the adapter declares',
    retry: 'never',
    status: 'internal',
  }),
  REVERSAL_UNDECLARED: entry<{ transaction: string; undoes: string }>({
    title: 'Reversal not declared',
    message: ({ transaction, undoes }) => `${undoes} does not declare ${transaction} as its reversal`,
    hint: ({ transaction, undoes }) => `add reversal: { transaction: '${transaction}', … } to ${undoes}`,
    retry: 'never',
    status: 'misconfigured',
  }),
  BACKEND_MISSING: entry<{ adapter: string }>({
    title: 'No connection for the adapter',
    message: ({ adapter }) => `adapter ${adapter} has no back end in this process`,
    hint: () => 'set the endpoints that the adapter names',
    retry: 'never',
    status: 'misconfigured',
  }),
  HOURS_INVALID: entry<{ adapter: string; value: string }>({
    title: 'Closing hours invalid',
    message: ({ adapter, value }) => `adapter ${adapter} is closed at '${value}', which is no span of time`,
    hint: () => "write 'HH:MM-HH:MM' and an IANA zone such as Europe/London",
    retry: 'never',
    status: 'misconfigured',
  }),
  COMMAREA_TOO_LONG: entry<{ needed: number; most: number }>({
    title: 'COMMAREA too long',
    message: ({ needed, most }) => `a COMMAREA of ${needed} bytes is needed, CICS takes ${most}`,
    hint: () => 'split the transaction, or reach it by a protocol with containers',
    retry: 'never',
    status: 'misconfigured',
  }),
  CICS_NAME_INVALID: entry<{ what: string; problem: string }>({
    title: 'Name not fit for the CICS listener',
    message: ({ what, problem }) => `the ${what} for the CICS listener ${problem}`,
    hint: () => 'transaction ids have up to 4 characters, user, password and program up to 8, none of them a comma',
    retry: 'never',
    status: 'misconfigured',
  }),
  TRM_REPLY_MALFORMED: entry<{ offset: number; problem: string }>({
    title: 'Message of the CICS listener malformed',
    message: ({ offset, problem }) => `no TRM reply: at byte ${offset} ${problem}`,
    hint: () => 'check that the port is a CICS sockets listener with a TRM Link child server, in the same EBCDIC',
    retry: 'later',
    status: 'in-doubt',
  }),
  XML_REFUSED: entry<{ problem: string }>({
    title: 'XML refused',
    message: ({ problem }) => `the XML is refused: ${problem}`,
    hint: () => 'SOAP messages are well-formed UTF-8 without a DOCTYPE, within the limits of the contract',
    retry: 'inquire',
    status: 'in-doubt',
  }),
  SOAP_WSDL_INVALID: entry<{ name: string; problem: string }>({
    title: 'WSDL invalid',
    message: ({ name, problem }) => `${name} in the WSDL ${problem}`,
    hint: () =>
      'take the WSDL and all schemas it imports from the service and keep them in the folders that the imports name, unchanged',
    retry: 'never',
    status: 'misconfigured',
  }),
  SOAP_WSDL_UNSUPPORTED: entry<{ name: string; construct: string }>({
    title: 'WSDL construct not supported',
    message: ({ name, construct }) => `${name} in the WSDL uses ${construct}, which is not supported`,
    hint: () => 'document/literal with sequences, choices, attributes and restrictions is supported',
    retry: 'never',
    status: 'misconfigured',
  }),
  SOAP_VALUE_INVALID: entry<{ path: string; problem: string }>({
    title: 'Value does not fit the SOAP request',
    message: ({ path, problem }) => `${path || 'the request'} ${problem}`,
    hint: () => 'send what the schema of the operation describes',
    retry: 'never',
    status: 'invalid',
  }),
  SOAP_REPLY_INVALID: entry<{ path: string; problem: string }>({
    title: 'SOAP reply does not fit its schema',
    message: ({ path, problem }) => `${path ? `${path} of the SOAP reply` : 'the SOAP reply'} ${problem}`,
    hint: () => 'the service does not keep to its WSDL: compare the WSDL with the one the service uses',
    retry: 'inquire',
    status: 'in-doubt',
  }),
} as const
