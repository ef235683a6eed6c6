// The composition root: the only place where the parts of the product are put together.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type RestApiParts, restApi } from './api/rest.ts'
import type { RestSettings } from './api/settings.ts'
import type { Settings, TemporalSettings } from './config.ts'
import type { Catalog } from './contract/catalog.ts'
import { coresOf } from './cores.ts'
import { type ConnectedOperations, connectOperations } from './durable/operations.ts'
import { type CodecServer, startCodecServer } from './durable/payload/codec-server.ts'
import { rowCipher } from './durable/payload/row-cipher.ts'
import type { DurableSettings, OperationsSettings, PayloadKey } from './durable/settings.ts'
import { startWorker } from './durable/worker.ts'
import { isFailure } from './error/failure.ts'
import { type Broker, connectBroker } from './event/broker.ts'
import { consumeCommands } from './event/commands.ts'
import { publisher } from './event/publisher.ts'
import type { BrokerNotice } from './event/reconnecting-connection.ts'
import { topologyNames } from './event/topology.ts'
import { guarding } from './guard/guard.ts'
import { exchangeLog, openLog, troubledExchangeLog } from './log.ts'
import type { Audit } from './operation/audit.ts'
import type { AuditLog } from './store/audit/audit-log.ts'
import { sealKey } from './store/audit/seal-key.ts'
import { openStore, type Store } from './store/store.ts'
import { readTls, renewingTls } from './tls.ts'

/** A running process of the product, worker or gateway. */
export interface Serving {
  /** Where callers reach it; undefined for a process without an API. */
  readonly url: string | undefined
  /** Never resolves; rejects when the process cannot go on. */
  readonly failed: Promise<never>
  /** Finishes what is under way and closes everything, in order. */
  close(): Promise<void>
}

const never = new Promise<never>(() => undefined)

/** The worker: runs flows, calls the cores, publishes events. */
export async function serveWorker(catalog: Catalog, settings: Settings): Promise<Serving> {
  const { logger: log, flush } = openLog('worker', settings.MAINSPAN_LOG)
  const cores = coresOf(catalog, settings, exchangeLog(log))
  const broker = await brokerOf(settings, 'mainspan worker', log)
  const store = storeOf(settings, log)
  const worker = await startWorker({
    catalog,
    settings: {
      ...durableSettings(settings),
      patience: patienceOf(settings),
      concurrentCalls: settings.MAINSPAN_WORKER_CALLS,
      rollout: settings.MAINSPAN_ROLLOUT,
      sweepEveryMs: settings.MAINSPAN_SWEEP_MS,
    },
    caller: cores.caller,
    older: { callerOf: cores.callerOf },
    publisher: publisher(broker),
    store,
    log: (level, message) => log.warn({ level }, message),
    notice: ({ code, message, hint }) => log.error({ code, hint }, message),
  })
  const { build, deployment, current } = worker
  log.info({ build, deployment, current, older: worker.older() }, current ? 'serving' : 'serving, not current yet')
  return {
    url: undefined,
    failed: worker.ended.then(() => never),
    close: () =>
      inOrder(
        () => worker.close(),
        () => cores.close(),
        () => broker.close(),
        () => store.close(),
        async () => flush(),
      ),
  }
}

/** The gateway: the REST API, the command queue, and the codec server where one is wanted. */
export async function serveGateway(catalog: Catalog, settings: Settings): Promise<Serving> {
  const { logger: log, flush } = openLog('gateway', settings.MAINSPAN_LOG)
  const cores = coresOf(catalog, settings, troubledExchangeLog(log))
  const broker = await brokerOf(settings, 'mainspan gateway', log)
  const store = storeOf(settings, log)
  const operations = connectOperations(operationsSettings(settings), {
    store,
    notice: (problem) => log.warn({ problem: isFailure(problem) ? problem.message : 'failed' }, 'operations'),
  })
  const audit = auditOf(store, settings, log)
  const keyLife = await keyLifeChecked(operations)
  const commands = await consumeCommands({
    ...{ broker, catalog, operations, audit, notice: noticing(log) },
    identify: (client) => ({ client, door: 'command', scopes: 'all' }),
  })
  const rest = restApi({
    catalog,
    operations,
    caller: cores.caller,
    ...guardOf(settings, store),
    settings: { ...restSettings(settings), tls: readTls(settings), oauth: oauthOf(settings) },
    log,
    audit,
    missing: async () => {
      const [temporal, database] = await Promise.all([operations.ready(), store.ready()])
      const up = { Temporal: temporal, PostgreSQL: database, RabbitMQ: broker.up && commands.up }
      return Object.entries(up).flatMap(([part, isUp]) => (isUp ? [] : [part]))
    },
  })
  const codec = await codecServerOf(settings, audit, log)
  const url = await rest.listen()
  const renewing = renewingTls(settings, rest.renew, log)
  return {
    url,
    failed: keyLife.failed,
    close: () =>
      inOrder(
        async () => codec?.close(),
        async () => keyLife.stop(),
        async () => clearInterval(renewing),
        () => commands.close(),
        () => rest.close(),
        () => operations.close(),
        () => cores.close(),
        () => broker.close(),
        () => audit.close(),
        () => store.close(),
        async () => flush(),
      ),
  }
}

/** Where tokens come from, for the OpenAPI document. */
function oauthOf({ MAINSPAN_ISSUERS: issuers }: Settings): RestSettings['oauth'] {
  return issuers && { tokenUrl: issuers[0].tokenUrl }
}

/** Without an issuer every caller is the same, and may do everything. */
function guardOf(settings: Settings, store: Store): Pick<RestApiParts, 'identify' | 'issuers'> {
  const { MAINSPAN_ISSUERS: issuers, MAINSPAN_ISSUERS_CA: ca, MAINSPAN_DPOP_NONCE: nonce } = settings
  if (!issuers) return { identify: () => ({ client: 'local', door: 'rest', scopes: 'all' }) }
  const secret = Buffer.from(settings.MAINSPAN_ID_KEY.reveal(), 'base64')
  const guard = { issuers, dpopNonce: nonce === 'on', secret, ...(ca !== undefined && { ca }) }
  return { identify: guarding(guard, store), issuers: issuers.map(({ issuer }) => issuer) }
}

/**
 * Throws KEY_LIFE_TOO_SHORT. While Temporal cannot be reached the gateway serves all the same, and `failed` rejects when the answer
 * comes and is no good.
 */
async function keyLifeChecked(operations: ConnectedOperations) {
  const isAway = (error: unknown) => isFailure(error) && error.code === 'DURABLE_UNAVAILABLE'
  const stopped = new AbortController()
  const later = async (): Promise<never> => {
    for (;;) {
      await sleep(5000, undefined, { signal: stopped.signal, ref: false })
      const problem = await operations.checkKeyLife().catch((error: unknown) => error)
      if (problem === undefined) return never
      if (!isAway(problem)) throw problem
    }
  }
  const stop = () => stopped.abort()
  try {
    await operations.checkKeyLife()
    return { failed: never, stop }
  } catch (error) {
    if (!isAway(error)) throw error
    const failed = later().catch((problem: unknown) => (stopped.signal.aborted ? never : Promise.reject(problem)))
    failed.catch(() => undefined)
    return { failed, stop }
  }
}

/** Lost and regained connections go to the log. */
function noticing(log: Logger) {
  return (notice: BrokerNotice) => log.warn(notice, 'broker')
}

function brokerOf(settings: Settings, name: string, log: Logger): Promise<Broker> {
  return connectBroker({
    url: settings.AMQP_URL.reveal(),
    name,
    confirmMs: settings.MAINSPAN_CONFIRM_MS,
    topology: { names: topologyNames(settings.AMQP_PREFIX) },
    notice: noticing(log),
  })
}

/** The settings of Temporal, as the durable room takes them. */
export function durableSettings(
  settings: TemporalSettings,
): DurableSettings & { readonly payloadKeys: readonly PayloadKey[] } {
  return {
    address: settings.TEMPORAL_ADDRESS,
    namespace: settings.TEMPORAL_NAMESPACE,
    taskQueue: settings.TEMPORAL_TASK_QUEUE,
    payloadKeys: payloadKeysOf(settings),
  }
}

function operationsSettings(settings: Settings): OperationsSettings {
  return {
    ...durableSettings(settings),
    patience: patienceOf(settings),
    idKey: Buffer.from(settings.MAINSPAN_ID_KEY.reveal(), 'base64'),
    keyDays: settings.MAINSPAN_KEY_DAYS,
    startWithinMs: settings.MAINSPAN_START_WITHIN_MS,
  }
}

/** Recorded with each start, so that a change of these settings reaches new operations only. */
function patienceOf(settings: Settings): NonNullable<DurableSettings['patience']> {
  return {
    unsentMs: settings.MAINSPAN_UNSENT_MS,
    resendWithinMs: settings.MAINSPAN_RESEND_WITHIN_MS,
    lateMs: settings.MAINSPAN_LATE_MS,
    askAgainMs: settings.MAINSPAN_ASK_AGAIN_MS,
    askAgainMaxMs: settings.MAINSPAN_ASK_AGAIN_MAX_MS,
  }
}

function payloadKeysOf(settings: TemporalSettings): [PayloadKey, ...PayloadKey[]] {
  const [first, ...others] = settings.MAINSPAN_PAYLOAD_KEYS
  const revealed = ({ id, key }: typeof first) => ({ id, key: Buffer.from(key.reveal(), 'base64') })
  return [revealed(first), ...others.map(revealed)]
}

/** Rows are sealed with the payload keys, so that there is one set of keys to keep and to change. */
function storeOf(settings: Settings, log: Logger): Store {
  return openStore({
    url: settings.DATABASE_URL.reveal(),
    cipher: rowCipher(payloadKeysOf(settings)),
    notice: (problem) => log.warn({ problem }, 'operation store'),
  })
}

/** The log is a witness outside of the database: what is cut from the audit's end is missed there (docs/audit.md). */
function auditOf(store: Store, settings: Settings, log: Logger): AuditLog {
  return store.audit({
    key: sealKey(Buffer.from(settings.MAINSPAN_ID_KEY.reveal(), 'base64')),
    process: 'gateway',
    notice: (problem) => log.error({ problem }, 'audit'),
    witness: (head) => log.info(head, 'audit head'),
  })
}

/** For people: payloads in clear in the Temporal UI. Undefined when no port is set for it. */
async function codecServerOf(settings: Settings, audit: Audit, log: Logger): Promise<CodecServer | undefined> {
  if (settings.MAINSPAN_CODEC_PORT === undefined) return undefined
  return startCodecServer({
    host: settings.MAINSPAN_CODEC_HOST,
    port: settings.MAINSPAN_CODEC_PORT,
    ...(settings.MAINSPAN_CODEC_TOKEN && { token: settings.MAINSPAN_CODEC_TOKEN.reveal() }),
    ...(settings.TEMPORAL_UI !== undefined && { ui: settings.TEMPORAL_UI }),
    payloadKeys: payloadKeysOf(settings),
    looked: (payloads) =>
      audit.keep({ event: 'looked', api: 'codec', requestId: randomUUID(), outcome: `${payloads} payloads` }),
    refused: ({ code, message }) => {
      log.warn({ code, problem: message }, 'codec server')
      audit.note({ event: 'refused', api: 'codec', requestId: randomUUID(), code })
    },
  })
}

function restSettings(settings: Settings) {
  return {
    host: settings.MAINSPAN_HTTP_HOST,
    port: settings.MAINSPAN_HTTP_PORT,
    publicUrl: settings.MAINSPAN_PUBLIC_URL,
    certificateProxy: settings.MAINSPAN_CERT_PROXY,
    contact: settings.MAINSPAN_API_CONTACT,
    licence: settings.MAINSPAN_API_LICENCE,
    bodyBytesMax: settings.MAINSPAN_BODY_LIMIT,
    addressConnectionsMax: settings.MAINSPAN_ADDRESS_CONNECTIONS,
  }
}

/** Runs every step, also after one has failed; the first failure is thrown at the end. */
async function inOrder(...steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const step of steps) await step().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
