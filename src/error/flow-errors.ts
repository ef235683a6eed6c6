// How calls to a core, flows and operations end. Raised by src/flow, src/durable and src/backend.

import { entry } from './entry.ts'

/** Rows of the catalogue: the ends of calls and flows. Results in histories carry their codes. */
export const flowErrors = {
  CORE_UNREACHABLE: entry<{ adapter: string }>({
    title: 'Core system unreachable',
    message: ({ adapter }) => `${adapter} could not be reached; nothing was sent`,
    hint: () => 'nothing remains in effect; try again later with a new key',
    retry: 'later',
    status: 'unavailable',
  }),
  CORE_ABENDED: entry<{ call: string; abendCode: string }>({
    title: 'Core program ended abnormally',
    message: ({ call, abendCode }) => `${call} ended with abend ${abendCode} and had no effect`,
    hint: () =>
      'nothing remains in effect; send the request again with a new key once the dump of the program was looked at',
    retry: 'later',
    status: 'core-failed',
  }),
  CORE_UNANSWERED: entry<{ call: string; times: number }>({
    title: 'Core system gives no answer',
    message: ({ call, times }) => `${call} was tried ${times} times without an answer; it had no effect`,
    hint: () => 'nothing remains in effect; try again later with a new key',
    retry: 'later',
    status: 'unavailable',
  }),
  CALL_NOT_APPLIED: entry<{ call: string }>({
    title: 'Call confirmed as not applied',
    message: ({ call }) => `an operator confirmed that ${call} had no effect; it was not sent again`,
    hint: () =>
      'by the word of the operator nothing remains in effect; look at the account before it is sent again with a new key',
    retry: 'never',
    status: 'not-applied',
  }),
  CALL_REVERSED: entry<{ call: string }>({
    title: 'Reversed before the reset',
    message: ({ call }) => `${call} had been reversed before the workflow was reset; the rest is reversed too`,
    hint: () => 'the operation has no effect any more; send it again with a new key if it is still wanted',
    retry: 'never',
    status: 'conflict',
  }),
  OPERATOR_REVERSED: entry<{ call: string }>({
    title: 'Reversed by an operator',
    message: ({ call }) => `an operator had ${call} and the steps before it reversed`,
    hint: () => 'the operation has no effect any more; send it again with a new key if it is still wanted',
    retry: 'never',
    status: 'conflict',
  }),
  OPERATION_CANCELLED: entry<Record<never, never>>({
    title: 'Operation cancelled',
    message: () => 'the operation was cancelled; what it had done is reversed',
    hint: () => 'send it again with a new key if it is still wanted',
    retry: 'never',
    status: 'cancelled',
  }),
  REFERENCE_TAKEN: entry<{ call: string }>({
    title: 'Reference taken by another call',
    message: ({ call }) => `the core holds another call under the reference of ${call}; this one had no effect`,
    hint: () => 'the same key came before with another request, long ago; send this request with a new key',
    retry: 'never',
    status: 'already-exists',
  }),
  OPERATION_NOT_BEGUN: entry<Record<never, never>>({
    title: 'Operation not begun',
    message: () => 'the operation could not be begun in time; nothing was begun, and nothing will be',
    hint: () => 'nothing took effect; the same request may be sent again with a new key',
    retry: 'never',
    status: 'not-applied',
  }),
  OPERATION_TERMINATED: entry<Record<never, never>>({
    title: 'Operation ended by force',
    message: () =>
      'the operation was ended by force before it had finished; what of it took effect is being looked into',
    hint: () => 'ask again at the URL of the operation, and send nothing anew before it says what became of it',
    retry: 'inquire',
    status: 'internal',
  }),
  OPERATION_WITHOUT_EFFECT: entry<Record<never, never>>({
    title: 'Operation ended by force, without effect',
    message: () => 'the operation was ended by force; the core was asked, and nothing of it remains in effect',
    hint: () => 'nothing took effect; send it again with a new key if it is still wanted',
    retry: 'never',
    status: 'conflict',
  }),
  FLOW_FAILED: entry<{ flow: string }>({
    title: 'Flow failed',
    message: ({ flow }) => `the flow ${flow} gave up; what it had done is reversed`,
    hint: () =>
      'nothing of it remains in effect; the operator of this service finds the cause in the history of its workflow',
    retry: 'never',
    status: 'internal',
  }),
  FLOW_NOT_WRAPPED: entry<{ flow: string }>({
    title: 'Flow not wrapped',
    message: ({ flow }) => `${flow} is not wrapped in flow(), or goes on after its end`,
    hint: () => 'export it as flow(async (input) => …) and await every call',
    retry: 'never',
    status: 'internal',
  }),
  TRANSACTION_MISSING: entry<{ operation: string }>({
    title: 'Transaction not known to the worker',
    message: ({ operation }) => `the worker does not know the transaction behind ${operation}; nothing was sent`,
    hint: () =>
      'nothing took effect; send it with a new key once worker and gateway are deployed from the same adapters',
    retry: 'later',
    status: 'unavailable',
  }),
  FLOW_CHANGED: entry<{ call: string }>({
    title: 'Flow changed while it runs',
    message: ({ call }) =>
      `the history of this run answers another call than ${call}, which the code asks for now; nothing was sent`,
    hint: () => 'run it with the code that it began with: see docs/changing-flows.md',
    retry: 'never',
    status: 'misconfigured',
  }),
  CALL_TOO_LATE: entry<{ call: string }>({
    title: 'Call not sent again',
    message: ({ call }) => `${call} had no effect, and too much time has passed since the request to send it again`,
    hint: () => 'nothing took effect; send the request again with a new key if it is still wanted',
    retry: 'never',
    status: 'not-applied',
  }),
  RESOLUTION_REFUSED: entry<{ why: string }>({
    title: 'Decision refused',
    message: ({ why }) => why,
    hint: () => 'read the runbook of the parked operation; it lists the decisions that are open',
    retry: 'never',
    status: 'conflict',
  }),
  IDEMPOTENCY_KEY_REUSED: entry<{ operation: string }>({
    title: 'Idempotency key used before',
    message: ({ operation }) => `this key came before with another request to ${operation}`,
    hint: () => 'use a new key for a new request; repeat a request with exactly the same body',
    retry: 'never',
    status: 'already-exists',
  }),
  DURABLE_UNAVAILABLE: entry<{ why: string }>({
    title: 'Operations cannot be recorded now',
    message: ({ why }) => `Temporal cannot be reached: ${why}`,
    hint: () => 'try again later with the same key; a repeat is recognised',
    retry: 'later',
    status: 'unavailable',
  }),
  SEARCH_ATTRIBUTES_MISSING: entry<{ names: string; namespace: string }>({
    title: 'Search attributes missing',
    message: ({ names, namespace }) =>
      `namespace ${namespace} lacks the search attributes ${names}, and this identity may not add them`,
    hint: () =>
      'add them once: temporal operator search-attribute create --name NAME --type Keyword (MainspanParkedAt: Datetime)',
    retry: 'never',
    status: 'misconfigured',
  }),
  FLOWS_NOT_BUNDLED: entry<{ problem: string }>({
    title: 'Flows cannot be bundled',
    message: ({ problem }) => `the flows cannot be put into the sandbox: ${problem}`,
    hint: () => 'flows import src/flow and adapters only; Node modules and zod stay outside',
    retry: 'never',
    status: 'misconfigured',
  }),
  TEMPORARY_FOLDER_UNSAFE: entry<{ folder: string }>({
    title: 'Temporary folder unsafe',
    message: ({ folder }) => `${folder} belongs to somebody else, so no code is kept there`,
    hint: () => 'remove it, or set TMPDIR to a folder of your own',
    retry: 'never',
    status: 'misconfigured',
  }),
  PAYLOAD_KEYS_INVALID: entry<{ id: string; problem: string }>({
    title: 'Payload keys invalid',
    message: ({ id, problem }) => `payload key ${id} ${problem}`,
    hint: () => 'give each key an id of its own and 32 random bytes: openssl rand -base64 32',
    retry: 'never',
    status: 'misconfigured',
  }),
  PAYLOAD_KEY_UNKNOWN: entry<{ id: string }>({
    title: 'Payload key unknown',
    message: ({ id }) => `a payload is encrypted with key ${id}, which is not configured here`,
    hint: () => 'keep retired keys in the list of payload keys for as long as histories are kept',
    retry: 'never',
    status: 'misconfigured',
  }),
  PAYLOAD_UNREADABLE: entry<{ id: string }>({
    title: 'Payload cannot be decrypted',
    message: ({ id }) =>
      `a payload does not decrypt with key ${id}: another key bears this id, or the payload was changed`,
    hint: () => 'compare the key with the one that the payload was written with',
    retry: 'never',
    status: 'internal',
  }),
  CODEC_REQUEST_INVALID: entry<{ problem: string }>({
    title: 'Request to the codec server invalid',
    message: ({ problem }) => problem,
    hint: () => 'see https://docs.temporal.io/codec-server for what is sent',
    retry: 'never',
    status: 'invalid',
  }),
  CODEC_ORIGIN_REFUSED: entry<Record<never, never>>({
    title: 'Page may not use the codec server',
    message: () => 'a page of another origin than the Temporal UI asked for payloads in clear',
    hint: () => 'set TEMPORAL_UI to the address of the Temporal UI as the browser shows it',
    retry: 'never',
    status: 'forbidden',
  }),
  CODEC_TOKEN_REFUSED: entry<Record<never, never>>({
    title: 'Token of the codec server wrong',
    message: () => 'the Authorization header is missing or does not hold the token',
    hint: () => 'send Authorization: Bearer and the token of MAINSPAN_CODEC_TOKEN',
    retry: 'never',
    status: 'unauthenticated',
  }),
  CODEC_TOKEN_MISSING: entry<{ host: string }>({
    title: 'Codec server without a token',
    message: ({ host }) => `the codec server would show payloads in clear to everyone who reaches ${host}`,
    hint: () => 'set MAINSPAN_CODEC_TOKEN, or let it listen on loopback',
    retry: 'never',
    status: 'misconfigured',
  }),
  CODEC_SERVER_UNOPENED: entry<{ host: string; port: number; reason: string }>({
    title: 'Codec server cannot listen',
    message: ({ host, port, reason }) => `the codec server cannot listen on ${host}:${port} (${reason})`,
    hint: () => 'set MAINSPAN_CODEC_PORT to a free port, or leave it out to have no codec server',
    retry: 'later',
    status: 'misconfigured',
  }),
} as const
