// What an adapter is written in: one legacy system and the transactions it offers. Data only; opens nothing, enters the workflow bundle.

import type { ProgramOptions } from '../cobol/options.ts'
import type { JsonObject } from './json.ts'
import type { Effect, OutcomeRule, Verdict } from './outcome.ts'
import type { RecordOptions } from './record.ts'

/** CICS sockets listener (EZACIC02) with the TRM Link exchange; `endpoints` and `credentials` name settings, see config.ts. */
export interface CicsSocketBackend {
  readonly kind: 'cics-socket'
  /** The setting that lists `host:port`, several separated by commas. */
  readonly endpoints: string
  /** The CICS transaction started for each connection, 1–4 characters. Default `MSCS`. */
  readonly tranid?: string
  /** The child server takes further calls on the same connection (client-in-data version 2, a TRM for each). Default false. */
  readonly persistent?: boolean
  /** The setting that holds `user:password` for the listener's security exit. */
  readonly credentials?: string
  /** TLS to the listener; `tls` names the setting with the CA file. */
  readonly tls?: string
}

/** A SOAP 1.1 or 1.2 service, document/literal. */
export interface SoapBackend {
  readonly kind: 'soap'
  readonly endpoints: string
  /** The WSDL, a file below the project's root. What it imports must be files where it names them, below that root too. */
  readonly wsdl: string
  /** Path and query of the service, `/bank/accounts`, where its WSDL has none or another. Host and port come from `endpoints`. */
  readonly path?: string
  /** The setting with the CA file. A service whose WSDL says https is not reached without. */
  readonly tls?: string
}

/** Kind → definition. Whatever else a further kind needs, the compiler asks for: see src/protocols.ts. */
export interface BackendKinds {
  readonly 'cics-socket': CicsSocketBackend
  readonly soap: SoapBackend
}

/** `kind` of a back end: how a core is reached. */
export type BackendKind = keyof BackendKinds

/** How one core is reached, as its adapter says it. */
export type BackendDefinition = BackendKinds[BackendKind]

/** A back end behind the CICS sockets listener, over the TRM Link exchange. */
export function cicsSocket(definition: Omit<CicsSocketBackend, 'kind'>): CicsSocketBackend {
  return { kind: 'cics-socket', ...definition }
}

/** A back end that is a SOAP service, described by a WSDL file. */
export function soap(definition: Omit<SoapBackend, 'kind'>): SoapBackend {
  return { kind: 'soap', ...definition }
}

/** The read that tells whether a call took effect. Names are fields of the records, as in the copybook. */
export interface Inquiry {
  /** A `read` transaction of the same adapter. */
  readonly transaction: string
  /** The field of the inquiry's request that carries the reference of the call in doubt. */
  readonly by: string
  /** The rejection reasons of the inquiry that prove that there was no effect. */
  readonly absent: readonly string[]
  /** A field of the inquiry's reply that counts matches; more than 1 is ambiguous. Without it a doubled effect cannot be seen. */
  readonly matches?: string
  /**
   * Field of the inquiry's reply → field of the request in doubt that it must equal: account, amount, direction. An entry with our
   * reference and other values is not our call.
   */
  readonly compares?: Readonly<Record<string, string>>
  /** Field of the inquiry's request → field of the request in doubt to copy. */
  readonly with?: Readonly<Record<string, string>>
  /** Field of the reply in doubt → field of the inquiry's reply that gives it. */
  readonly gives?: Readonly<Record<string, string>>
}

/** Fields by a name that both sides share, or field of the reply → field of the request. */
export type Echoes = readonly string[] | Readonly<Record<string, string>>

/** Field of the reply, field of the request. */
export function echoPairs(echoes: Echoes = []): readonly (readonly [string, string])[] {
  return isList(echoes) ? echoes.map((name) => [name, name] as const) : Object.entries(echoes)
}

function isList(echoes: Echoes): echoes is readonly string[] {
  return Array.isArray(echoes)
}

/** The transaction that undoes the effect as a business act. */
export interface Reversal {
  readonly transaction: string
  /** The field of the reversal's request that carries the reference of the call to undo. */
  readonly original: string
  /** The rejection reasons of the reversal that prove that the effect was undone before, by somebody else. */
  readonly undoneBefore?: readonly string[]
  readonly with?: Readonly<Record<string, string>>
}

interface TransactionCommon {
  readonly effect: Effect
  /** From the moment at which the request is handed over to the last byte of the reply. Connecting may take as long before. */
  readonly deadlineMs: number
  /**
   * After the deadline: how long the core may still be executing the call before an inquiry is conclusive. A promise of the host's
   * people; for `once` there is no default.
   */
  readonly quiescenceMs?: number
  /**
   * Fields of the reply that repeat what was asked, as field of the reply → field of the request. A list where both have the same name,
   * as in a COMMAREA that comes back whole. A reply that does not repeat them belongs to another call.
   */
  readonly echoes?: Echoes
  /** The core itself refuses a reference that it knows, so that a call cannot take effect twice. A promise of the host's people. */
  readonly deduplicates?: boolean
  readonly inquiry?: Inquiry
  readonly reversal?: Reversal
  /** One sentence for the API description. */
  readonly summary?: string
}

/** One call of a COBOL program with a fixed-width record. */
export interface RecordTransaction extends TransactionCommon {
  readonly kind: 'record'
  readonly program: string
  /** The copybook below `copybooks/`, and after `#` the record where it holds several: `deposits/POSTENT.cpy`. */
  readonly record: string
  /** The group that the caller fills; without it the whole record. */
  readonly request?: string
  /** The group that the caller gets; without it the whole record. */
  readonly reply?: string
  /** The field of the record that carries our reference. Never shown to callers. */
  readonly reference?: string
  readonly outcome: OutcomeRule
  readonly fields?: RecordOptions
  readonly faults?: never
  /** How this program was compiled, where that differs from the adapter's `compiler`. */
  readonly compiler?: Partial<ProgramOptions>
}

/** One operation of a SOAP service. Names are element names of the WSDL's schema. */
export interface SoapTransaction extends TransactionCommon {
  readonly kind: 'soap'
  readonly operation: string
  readonly reference?: string
  /** Reads the outcome from an element of a good reply; without it a good reply is `applied`. */
  readonly outcome?: OutcomeRule
  /**
   * Name of the fault's detail element, or its faultcode's local name → verdict. `Client` takes `Client.Authentication` too, unless that
   * is named. Any other fault is `unknown` for writes.
   */
  readonly faults?: Readonly<Record<string, Verdict>>
}

/** Kind → definition of a transaction. One kind may be carried by several kinds of back ends. */
export interface TransactionKinds {
  readonly record: RecordTransaction
  readonly soap: SoapTransaction
}

/** One call that a core offers, of any kind. */
export type TransactionDefinition = TransactionKinds[keyof TransactionKinds]

/** The COBOL program or the operation of the service. */
export function targetOf(transaction: TransactionDefinition): string {
  return 'program' in transaction ? transaction.program : transaction.operation
}

/** Every verdict that a reply or a fault can give. */
export function verdictsOf({ outcome, faults }: TransactionDefinition): readonly Verdict[] {
  return [...Object.values(outcome?.verdicts ?? {}), ...Object.values(faults ?? {})]
}

declare const types: unique symbol

/** A transaction with the types of its request and reply. */
export interface Typed<Request extends object, Reply extends object> {
  readonly [types]?: (request: Request) => Reply
}

/** A transaction whose request and reply are records of a copybook. Types of both may be given, as `mainspan types` makes them. */
export function transaction<Request extends object = JsonObject, Reply extends object = JsonObject>(
  definition: Omit<RecordTransaction, 'kind'>,
): RecordTransaction & Typed<Request, Reply> {
  return { kind: 'record', ...definition }
}

/** A transaction that is an operation of a SOAP service. */
export function soapOperation<Request extends object = JsonObject, Reply extends object = JsonObject>(
  definition: Omit<SoapTransaction, 'kind'>,
): SoapTransaction & Typed<Request, Reply> {
  return { kind: 'soap', ...definition }
}

/** When the core takes no calls: `23:30-00:15` every day, in local time of the IANA zone. */
export interface ServiceHours {
  readonly zone: string
  readonly closed: readonly string[]
}

/** Minutes after local midnight; `to` is below `from` where the span goes over midnight. */
export interface ClosedSpan {
  readonly from: number
  readonly to: number
}

/** `23:30-00:15`, until `24:00` at the latest. Undefined for any other text, and where nothing lies between. */
export function closedSpan(text: string): ClosedSpan | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/.exec(text)
  if (!match) return undefined
  const [from = 0, fromMinute = 0, to = 0, toMinute = 0] = match.slice(1).map((part) => Number(part ?? 0))
  const span = { from: from * 60 + fromMinute, to: to * 60 + toMinute }
  return span.from === span.to ? undefined : span
}

/** Reads the minute after local midnight in a zone; undefined where the zone is not known. */
export function minuteOfDayIn(zone: string): ((instant: Date) => number) | undefined {
  // An offset such as +01:00, which only some releases of Node take, is no zone: it has no summer time.
  if (!/^[A-Za-z]/.test(zone)) return undefined
  try {
    const parts = { hourCycle: 'h23', hour: '2-digit', minute: '2-digit' } as const
    const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...parts })
    return (instant) => {
      const [hour = 0, minute = 0] = format.format(instant).split(':').map(Number)
      return hour * 60 + minute
    }
  } catch {
    return undefined
  }
}

/** One legacy system: how it is reached, what it allows, and the transactions it offers. Data, never code. */
export interface AdapterDefinition {
  readonly backend: BackendDefinition
  /** The EBCDIC code page of the records; not for SOAP. */
  readonly codePage?: string
  /** How the programs were compiled, by IBM's names, for example `{ trunc: 'BIN', define: { REGION: 'EU' } }`; not for SOAP. */
  readonly compiler?: Partial<ProgramOptions>
  /** What the core allows us: calls in flight at once, calls a second. */
  readonly limits?: { readonly concurrent?: number; readonly perSecond?: number }
  readonly hours?: ServiceHours
  readonly transactions: Readonly<Record<string, TransactionDefinition>>
}

/** A transaction as flows and operations name it. */
export interface TransactionRef<Request extends object = JsonObject, Reply extends object = JsonObject>
  extends Typed<Request, Reply> {
  readonly adapter: string
  readonly transaction: string
  readonly definition: TransactionDefinition
  /** All transactions of the adapter: a definition names its inquiry and its reversal among them. */
  readonly siblings: Readonly<Record<string, TransactionDefinition>>
}

type RefOf<T> = T extends Typed<infer Request, infer Reply> ? TransactionRef<Request, Reply> : TransactionRef

/** A legacy system: its definition, and each of its transactions by name, ready to be called from a flow. */
export type Adapter<D extends AdapterDefinition = AdapterDefinition> = {
  readonly name: string
  readonly definition: D
} & { readonly [T in keyof D['transactions']]: RefOf<D['transactions'][T]> }

/** Declares a legacy system. The names `name` and `definition` are not free for transactions. */
export function adapter<const D extends AdapterDefinition>(name: string, definition: D): Adapter<D> {
  const refs = Object.entries(definition.transactions).map(([transaction, one]) => [
    transaction,
    { adapter: name, transaction, definition: one, siblings: definition.transactions } satisfies TransactionRef,
  ])
  return { ...Object.fromEntries(refs), name, definition } as Adapter<D>
}
