// Mistakes in adapters, flows and operations, and in the settings. Raised by src/catalog and src/config.ts.

import { type CatalogueEntry, entry, type Facts } from './entry.ts'

/** Every mistake of this family is found before anything runs, and is the same to all APIs. */
function mistake<F extends Facts>(
  title: string,
  message: (facts: F) => string,
  hint: (facts: F) => string,
): CatalogueEntry<F> {
  return entry<F>({ title, message, hint, retry: 'never', status: 'misconfigured' })
}

const didYouMean = (similar: string | undefined): string => (similar ? `did you mean ${similar}?` : '')

/** Rows of the catalogue: what is found before anything runs. */
export const catalogErrors = {
  SETTINGS_INVALID: mistake<{ mistakes: string }>(
    'Settings invalid',
    ({ mistakes }) => `the settings have mistakes: ${mistakes}`,
    () => 'correct every setting named here; docs/settings.md lists them all',
  ),
  MODULE_NOT_LOADED: mistake<{ problem: string }>(
    'File cannot be loaded',
    ({ problem }) => `this file cannot be loaded: ${problem}`,
    () => 'correct the TypeScript; npx tsc shows all mistakes of its types',
  ),
  IMPORT_NOT_ALLOWED: mistake<{ source: string; allowed: string }>(
    'Import not allowed',
    ({ source }) => `${source} may not be imported here`,
    ({ allowed }) => `import ${allowed} only; types may come from operations by import type`,
  ),
  ADAPTER_DUPLICATE: mistake<{ adapter: string; file: string }>(
    'Adapter declared twice',
    ({ adapter, file }) => `adapter ${adapter} is also declared in ${file}`,
    () => 'give each adapter a name of its own',
  ),
  ADAPTER_NAME_INVALID: mistake<{ adapter: string }>(
    'Adapter name invalid',
    ({ adapter }) => `${adapter} is not a name for an adapter`,
    () => 'take letters and digits, a lower-case letter first: deposits',
  ),
  TRANSACTION_NAME_INVALID: mistake<{ transaction: string }>(
    'Transaction name invalid',
    ({ transaction }) => `${transaction} is not a name for a transaction`,
    () => 'take letters and digits, a lower-case letter first; name and definition are taken',
  ),
  BACKEND_SETTING_INVALID: mistake<{ setting: string; given: string }>(
    'Name of a setting invalid',
    ({ setting, given }) => `${setting} must name a setting, not ${given}`,
    () =>
      'write the name of an environment variable such as DEPOSITS_ENDPOINTS; its value is given where the product runs',
  ),
  BACKEND_KIND_UNKNOWN: mistake<{ kind: string; known: string; similar: string | undefined }>(
    'Kind of back end unknown',
    ({ kind }) => `there is no back end of kind ${kind}`,
    ({ known, similar }) => didYouMean(similar) || `the kinds are ${known}`,
  ),
  BACKEND_KIND_MISMATCH: mistake<{ transaction: string; needs: string }>(
    'Transaction does not fit its back end',
    ({ transaction }) => `${transaction} cannot be called over this back end`,
    ({ needs }) => `declare it with ${needs}`,
  ),
  TRANID_INVALID: mistake<{ tranid: string }>(
    'Transaction identifier invalid',
    ({ tranid }) => `${tranid} is not a CICS transaction identifier`,
    () => 'one to four characters: A–Z, 0–9, $, @, #',
  ),
  PROGRAM_NAME_INVALID: mistake<{ program: string }>(
    'Program name invalid',
    ({ program }) => `${program} is not the name of a program`,
    () => 'one to eight characters: A–Z, 0–9, $, @, #',
  ),
  ADAPTER_CODE_PAGE_MISSING: mistake<{ adapter: string }>(
    'Code page missing',
    ({ adapter }) => `adapter ${adapter} exchanges records but names no code page`,
    () => "add codePage: 'cp037', or the page that the core speaks",
  ),
  ADAPTER_NUMBER_INVALID: mistake<{ setting: string; wants: string }>(
    'Number out of range',
    ({ setting, wants }) => `${setting} wants ${wants}`,
    () => 'give a whole number in that range',
  ),
  ADAPTER_HOURS_INVALID: mistake<{ given: string }>(
    'Opening hours invalid',
    ({ given }) => `${given} is not a zone or a closed time`,
    () => "a zone of the IANA list such as 'Europe/London'; closed times as '23:30-00:15'",
  ),
  COPYBOOK_NOT_FOUND: mistake<{ copybook: string; similar: string | undefined }>(
    'Copybook not found',
    ({ copybook }) => `there is no copybooks/${copybook}`,
    ({ similar }) => didYouMean(similar) || 'name a file below copybooks/',
  ),
  RECORD_UNKNOWN: mistake<{ record: string; known: string }>(
    'Record not in copybook',
    ({ record }) => `the copybook has no record ${record}`,
    ({ known }) => `it has ${known}; take one of these`,
  ),
  RECORD_AMBIGUOUS: mistake<{ copybook: string; known: string }>(
    'Copybook has several records',
    ({ copybook, known }) => `${copybook} has the records ${known}`,
    ({ copybook }) => `name the one you mean: --record NAME, in an adapter '${copybook}#NAME'`,
  ),
  FIELD_UNKNOWN: mistake<{ field: string; record: string; similar: string | undefined }>(
    'Field not in record',
    ({ field, record }) => `${field} is not in ${record}`,
    ({ similar }) => didYouMean(similar) || 'take the name as the copybook has it',
  ),
  STATUS_VALUE_IMPOSSIBLE: mistake<{ value: string; field: string; picture: string }>(
    'Status value impossible',
    ({ value, field, picture }) => `${field} with picture ${picture} can never be ${value}`,
    () => 'write a value that fits the picture, or the name of a level 88 of the field',
  ),
  REFERENCE_FIELD_UNFIT: mistake<{ field: string; picture: string }>(
    'Reference field unfit',
    ({ field, picture }) => `${field} with picture ${picture} cannot carry a reference`,
    () => 'a reference needs an alphanumeric field of at least 16 characters',
  ),
  REFERENCE_MISSING: mistake<{ transaction: string }>(
    'Reference missing',
    ({ transaction }) => `${transaction} declares an inquiry but no field that carries our reference`,
    () => "name the field: reference: 'PE-REFERENCE'",
  ),
  LINKED_TRANSACTION_UNKNOWN: mistake<{ transaction: string; adapter: string; similar: string | undefined }>(
    'Unknown transaction',
    ({ transaction, adapter }) => `adapter ${adapter} has no transaction ${transaction}`,
    ({ similar }) => didYouMean(similar) || 'name a transaction of the same adapter',
  ),
  INQUIRY_NOT_A_READ: mistake<{ transaction: string }>(
    'Inquiry is not a read',
    ({ transaction }) => `${transaction} is used as an inquiry but its effect is not read`,
    () => 'an inquiry may not change anything; name a transaction with effect read',
  ),
  INQUIRY_REASON_UNKNOWN: mistake<{ reason: string; transaction: string; known: string }>(
    'Reason is never given',
    ({ reason, transaction }) => `${transaction} never rejects with ${reason}`,
    ({ known }) => (known ? `its reasons are ${known}` : 'give that transaction an outcome that rejects with it'),
  ),
  QUIESCENCE_MISSING: mistake<{ transaction: string; target: string; deadlineMs: number }>(
    'Quiescence missing',
    ({ transaction }) => `${transaction} has effect once and does not say when a call of it can no longer run`,
    ({ target, deadlineMs }) =>
      `ask the host's people: "A request for ${target} has reached you and nobody waits for its reply any more. After how long at most has it been executed, or will never be: time in queues, for locks and for a region that restarts included?" quiescenceMs is that time less the deadline of ${deadlineMs} ms; an inquiry made earlier proves nothing`,
  ),
  DUPLICATE_UNPROVEN: mistake<{ transaction: string }>(
    'Duplicate not proven',
    ({ transaction }) =>
      `${transaction} has a verdict duplicate and no inquiry that compares what the core holds with what was asked`,
    () =>
      "a reference that the core knows may belong to another request: add an inquiry with compares: { 'FE-AMOUNT': 'PE-AMOUNT', … } for account, amount and direction",
  ),
  LINK_FIELD_MISSING: mistake<{ field: string; where: string }>(
    'Linked field missing',
    ({ field, where }) => `${field} is no single field of ${where}`,
    () => 'name a field that callers of that transaction see, outside of tables',
  ),
  VIEW_MISSING: mistake<{ field: string; views: string }>(
    'View not declared',
    ({ field }) => `${field} is redefined but nothing says which view holds`,
    ({ field, views }) => `add fields.views['${field}'] = { by: FIELD, when: { VALUE: VIEW } } for ${views}`,
  ),
  WSDL_NOT_FOUND: mistake<{ wsdl: string }>(
    'WSDL not found',
    ({ wsdl }) => `there is no file ${wsdl}`,
    () => 'name a file below the project folder, and keep what it imports where it names it',
  ),
  SERVICE_PATH_INVALID: mistake<{ path: string }>(
    'Path of a service invalid',
    ({ path }) => `${path} is not the path of a service`,
    () => "write path and query, with an escape for what no URL holds: '/bank/accounts?v=2'",
  ),
  TLS_SETTING_MISSING: mistake<{ name: string }>(
    'TLS setting missing',
    ({ name }) => `${name} is reached by https, and the back end has no tls`,
    () => 'add tls to the back end: the name of the setting with the certificate authority, a PEM file',
  ),
  PATTERN_REFUSED: mistake<{ pattern: string; problem: string }>(
    'Pattern refused',
    ({ pattern, problem }) => `the pattern ${pattern.length > 80 ? `${pattern.slice(0, 80)}…` : pattern} ${problem}`,
    () =>
      'patterns are published and matched against what callers send: write it between ^ and $, without flags, look-around and back references, so that each text can be read in one way',
  ),
  OPERATION_DUPLICATE: mistake<{ operation: string; version: number; file: string }>(
    'Operation declared twice',
    ({ operation, version, file }) => `operation ${operation} version ${version} is also declared in ${file}`,
    () => 'raise the version, or take another name',
  ),
  OPERATION_NAME_INVALID: mistake<{ operation: string }>(
    'Operation name or version invalid',
    ({ operation }) => `${operation} does not name an operation`,
    () => 'a camelCase name of letters and digits, and a whole version from 1',
  ),
  OPERATION_TARGET_MISSING: mistake<{ operation: string }>(
    'Operation has nothing behind it',
    ({ operation }) => `operation ${operation} names no transaction that exists`,
    () => 'name a transaction as ADAPTER.TRANSACTION, imported from its adapter',
  ),
  OPERATION_SCOPES_MISSING: mistake<{ operation: string }>(
    'Operation without scopes',
    ({ operation }) => `operation ${operation} has a route, and no scopes that a caller needs for it`,
    () => "name them: scopes: ['accounts:read'], each without spaces and quotes (RFC 6749 section 3.3)",
  ),
  FLOW_UNKNOWN: mistake<{ flow: string; similar: string | undefined }>(
    'Unknown flow',
    ({ flow }) => `no file of workflows/ exports ${flow}`,
    ({ similar }) => didYouMean(similar) || 'name the exported flow',
  ),
  FLOW_NAME_DUPLICATE: mistake<{ flow: string; file: string }>(
    'Flow name taken',
    ({ flow, file }) => `${flow} is also exported by ${file}`,
    () => 'the exported name is the workflow type, so it must be unique',
  ),
  ROUTE_INVALID: mistake<{ route: string; problem: string }>(
    'Route invalid',
    ({ route, problem }) => `${route}: ${problem}`,
    () => "write method and path: 'GET /v1/accounts/{accountNumber}'",
  ),
  ROUTE_DUPLICATE: mistake<{ route: string; operation: string }>(
    'Route taken',
    ({ route, operation }) => `${route} is also the route of ${operation}`,
    () => 'give each operation a route of its own',
  ),
  ROUTE_PARAMETER_UNKNOWN: mistake<{ parameter: string; operation: string; known: string }>(
    'Route parameter unknown',
    ({ parameter, operation }) => `{${parameter}} is no field of the input of ${operation}`,
    ({ known }) => `its fields are ${known}`,
  ),
  SUBJECT_UNKNOWN: mistake<{ subject: string; operation: string; known: string }>(
    'Subject unknown',
    ({ subject, operation }) => `${subject} is no field of the input of ${operation}`,
    ({ known }) => `its fields are ${known}`,
  ),
  EVENT_FIELD_UNKNOWN: mistake<{ field: string; side: string; similar: string | undefined; known: string }>(
    'Field of an event unknown',
    ({ field, side }) => `${field} is no field of the ${side}`,
    ({ similar, known }) => didYouMean(similar) || `its fields are ${known}`,
  ),
  EVENT_FIELD_TWICE: mistake<{ field: string }>(
    'Field of an event named twice',
    ({ field }) => `the event names ${field} twice, and would tell one value of it`,
    () => 'name it once: of the request what was asked, of the reply what the core said',
  ),
  ROUTE_METHOD_UNSAFE: mistake<{ operation: string }>(
    'Write behind GET',
    ({ operation }) => `operation ${operation} may change something and must not be a GET`,
    () => 'take POST, or give its transaction the effect read',
  ),
  RECORD_TYPES_STALE: mistake<{ file: string }>(
    'Record types out of date',
    ({ file }) => `${file} does not match the copybooks`,
    () => 'run: npx mainspan types',
  ),
} as const
