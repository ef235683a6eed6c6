// The settings, and the only reader of the environment. All mistakes are told at once; secrets print as ***.

import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type BackendSetting, namedSetting } from './catalog/check/protocol.ts'
import type { BackendDefinition } from './contract/adapter.ts'
import { failure } from './error/failure.ts'
import { protocolOf } from './protocols.ts'
import { count, file, idKey, issuers, path, payloadKeys, port, type Secret, secret, wholeMs } from './setting-values.ts'

/** Every setting of the product itself: name in the environment, meaning, default. docs/settings.md is made from this. */
export const settingsSchema = z.object({
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233').describe('Temporal frontend, host:port'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default').describe('Temporal namespace'),
  TEMPORAL_TASK_QUEUE: z.string().min(1).default('mainspan').describe('Task queue of flows and calls'),
  TEMPORAL_UI: z.url().optional().describe('Base URL of the Temporal UI, for links in answers and runbooks'),
  AMQP_URL: z
    .url({ protocol: /^amqps?$/ })
    .transform(secret)
    .describe('RabbitMQ: amqp://user:password@host:port/vhost'),
  AMQP_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/)
    .default('mainspan')
    .describe('First part of the names of exchanges and queues, so that several installations can share a broker'),
  MAINSPAN_HTTP_HOST: z.string().min(1).default('127.0.0.1').describe('Address that the REST API listens on'),
  MAINSPAN_HTTP_PORT: port.default(8080).describe('Port of the REST API; 0 takes a free one'),
  MAINSPAN_TLS_CERT: path
    .optional()
    .describe(
      'PEM file with the certificate of the REST API and those between it and its authority; without it the API is served in plain HTTP',
    ),
  MAINSPAN_TLS_KEY: path.optional().describe('PEM file with its key. A change of these files is taken within 10 s'),
  MAINSPAN_TLS_CLIENT_CA: path
    .optional()
    .describe(
      "PEM file with the authorities of callers' certificates: tokens can then be bound to a certificate (RFC 8705)",
    ),
  MAINSPAN_TLS_LEAST: z
    .enum(['1.2', '1.3'])
    .default('1.3')
    .describe('The oldest version of TLS that is spoken; 1.2 with AEAD suites alone'),
  MAINSPAN_CERT_PROXY: z
    .string()
    .regex(/^[\w-]{43}$/, 'wants the SHA-256 of a certificate in base64url')
    .optional()
    .describe(
      "SHA-256, in base64url, of the certificate that a proxy in front shows to the REST API: from it the caller's own is taken by the " +
        'header Client-Cert (RFC 9440), from all others never',
    ),
  MAINSPAN_PUBLIC_URL: z.url().optional().describe('Base URL that callers see, where a gateway stands in front'),
  MAINSPAN_API_CONTACT: z
    .union([z.email(), z.url({ protocol: /^https?$/ })], 'wants an e-mail address or a URL')
    .optional()
    .describe('Who helps callers of the REST API, an e-mail address or a URL: shown in its OpenAPI document'),
  MAINSPAN_API_LICENCE: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("URL of the terms under which the REST API may be used; without it the product's own licence is shown"),
  MAINSPAN_BODY_LIMIT: z.coerce
    .number()
    .int()
    .min(1024)
    .max(16_777_216)
    .default(65_536)
    .describe('Largest REST body in bytes'),
  MAINSPAN_ADDRESS_CONNECTIONS: count
    .max(5000)
    .default(1000)
    .describe(
      'Connections to the REST API that one remote address may hold at once (of IPv6 its first 64 bits), of 5000 in all; ' +
        'callers behind a gateway have its address',
    ),
  MAINSPAN_PAYLOAD_KEYS: payloadKeys.describe(
    'Keys that encrypt payloads in Temporal, ID:BASE64; the first encrypts, all decrypt',
  ),
  DATABASE_URL: z
    .url({ protocol: /^postgres(?:ql)?$/ })
    .transform(secret)
    .describe('PostgreSQL of the operation store: postgres://user:password@host:port/database, TLS by ?sslmode='),
  MAINSPAN_ID_KEY: idKey.describe(
    'Secret that the ids of operations are made with, BASE64 of 32 bytes: nobody without it can tell the id that a key gives. ' +
      'Never changed: with another one, keys that came before are not recognised',
  ),
  MAINSPAN_KEY_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(30)
    .describe(
      "How many days after its operation has ended a key is still recognised; at least the retention of Temporal's namespace",
    ),
  MAINSPAN_START_WITHIN_MS: wholeMs
    .default(60_000)
    .describe(
      'How long it is tried to start an operation that was accepted while Temporal could not be reached; then it is closed as not begun',
    ),
  MAINSPAN_UNSENT_MS: wholeMs
    .default(300_000)
    .describe(
      'How long a call that cannot be sent, because its core cannot be reached, is tried again before it is given up',
    ),
  MAINSPAN_RESEND_WITHIN_MS: wholeMs
    .default(600_000)
    .describe(
      'So long after the request a call that the core proves absent may still be sent again by itself; later the customer ' +
        'may have paid in another way, and the operation ends as not applied',
    ),
  MAINSPAN_LATE_MS: wholeMs
    .default(120_000)
    .describe(
      'The longest pause of a process or of the network that is reckoned with: so long after its deadline a call that was sent ' +
        'again, given up or decided on is looked up once more (docs/doubt.md)',
    ),
  MAINSPAN_ASK_AGAIN_MS: wholeMs
    .default(30_000)
    .describe('A parked operation asks the core again by itself: the first pause; each is twice the one before'),
  MAINSPAN_ASK_AGAIN_MAX_MS: wholeMs.default(600_000).describe('The longest of these pauses'),
  MAINSPAN_SWEEP_MS: wholeMs
    .default(60_000)
    .describe('How often operations that were ended by force are looked for, to repair what they left'),
  MAINSPAN_CODEC_PORT: port
    .optional()
    .describe(
      'Port of the codec server of the gateway, through which the Temporal UI (its TEMPORAL_CODEC_ENDPOINT) and the temporal ' +
        'program show payloads in clear; without it there is none, 0 takes a free one',
    ),
  MAINSPAN_CODEC_HOST: z.string().min(1).default('127.0.0.1').describe('Address that the codec server listens on'),
  MAINSPAN_CODEC_TOKEN: z
    .string()
    .min(16)
    .transform(secret)
    .optional()
    .describe(
      'Wanted by the codec server as `Authorization: Bearer TOKEN`; must be set unless it listens on loopback. For the ' +
        'Temporal UI a proxy that has checked the person adds it',
    ),
  MAINSPAN_ISSUERS: issuers
    .optional()
    .describe(
      'Issuers of access tokens (FAPI 2.0), JSON: [{"name": "bank", "issuer": "https://…", "audiences": ["https://api…"], "tokenUrl": "https://…"}]; ' +
        'the name is part of the ids of operations and never changes; the OpenAPI document shows the first tokenUrl. Without issuers every ' +
        'caller of the REST API is the same',
    ),
  MAINSPAN_ISSUERS_CA: file
    .optional()
    .describe('PEM file of further authorities that the certificates of issuers are checked against'),
  MAINSPAN_DPOP_NONCE: z
    .enum(['on', 'off'])
    .default('off')
    .describe('Whether a DPoP proof has to carry a nonce of ours (RFC 9449 section 9)'),
  MAINSPAN_WORKER_CALLS: count.default(100).describe('Calls to cores that one worker makes at once'),
  MAINSPAN_ROLLOUT: z
    .enum(['auto', 'manual'])
    .default('auto')
    .describe(
      'When new operations begin on the flows, adapters and copybooks that a worker starts with: `auto` as soon as it runs, ' +
        '`manual` when a person says so (docs/changing-flows.md)',
    ),
  MAINSPAN_CONFIRM_MS: wholeMs.default(5000).describe('How long a broker confirm may take, in ms'),
  MAINSPAN_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('Log level'),
})

/** Where a back end is and how to get in. */
export interface BackendSettings {
  readonly endpoints: readonly { readonly host: string; readonly port: number }[]
  readonly credentials?: { readonly user: string; readonly password: Secret }
  readonly tls?: { readonly ca: string }
}

/** Every setting, checked, with its default. */
export type Settings = Readonly<z.output<typeof settingsSchema>> & {
  /** Adapter name → its back end's settings. */
  readonly backends: ReadonlyMap<string, BackendSettings>
  /** What the settings that a back end of an older build names are today, or what is wrong with them. */
  backendSettings(definition: BackendDefinition): BackendSettings | { readonly problem: string }
}

/** Environment variables, as `process.env` has them; handed in, so that only this file reads the real ones. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads and checks every setting: the product's own and those that the adapters name.
 * Throws SETTINGS_INVALID with all mistakes, by setting, without their values.
 */
export function readSettings(
  adapters: ReadonlyMap<string, { readonly definition: { readonly backend: BackendDefinition } }>,
  environment: Environment = process.env,
): Settings {
  const mistakes: string[] = []
  const own = settingsSchema.safeParse(withoutEmpty(environment))
  if (!own.success) mistakes.push(...own.error.issues.map(wording))
  if (own.success) mistakes.push(...codecServerMistakes(own.data), ...tlsMistakes(own.data))
  const backends = new Map<string, BackendSettings>()
  for (const [name, { definition }] of adapters) {
    const settings = backendSettings(definition.backend, environment, mistakes)
    if (settings) backends.set(name, settings)
  }
  if (!own.success || mistakes.length > 0) throw failure('SETTINGS_INVALID', { mistakes: mistakes.join('; ') })
  return Object.freeze({
    ...own.data,
    backends,
    backendSettings: (definition: BackendDefinition) => {
      const wrong: string[] = []
      const found = backendSettings(definition, environment, wrong)
      return found && wrong.length === 0 ? found : { problem: wrong.join('; ') }
    },
  })
}

const temporalSchema = settingsSchema.pick({
  TEMPORAL_ADDRESS: true,
  TEMPORAL_NAMESPACE: true,
  TEMPORAL_TASK_QUEUE: true,
  MAINSPAN_PAYLOAD_KEYS: true,
})

/** What reaches Temporal alone, for commands that need no more of an installation. */
export type TemporalSettings = Readonly<z.output<typeof temporalSchema>>

/** Throws SETTINGS_INVALID. */
export function readTemporalSettings(environment: Environment = process.env): TemporalSettings {
  const read = temporalSchema.safeParse(withoutEmpty(environment))
  if (!read.success) throw failure('SETTINGS_INVALID', { mistakes: read.error.issues.map(wording).join('; ') })
  return Object.freeze(read.data)
}

const auditSchema = settingsSchema
  .pick({ DATABASE_URL: true, MAINSPAN_ID_KEY: true })
  .partial({ MAINSPAN_ID_KEY: true })

/** What reads the audit; without the key of ids its seals can be checked with a public key only. */
export type AuditSettings = Readonly<z.output<typeof auditSchema>>

/** Throws SETTINGS_INVALID. */
export function readAuditSettings(environment: Environment = process.env): AuditSettings {
  const read = auditSchema.safeParse(withoutEmpty(environment))
  if (!read.success) throw failure('SETTINGS_INVALID', { mistakes: read.error.issues.map(wording).join('; ') })
  return Object.freeze(read.data)
}

/** The environment of the process, for child processes of `mainspan start`. */
export function ownEnvironment(): Environment {
  return process.env
}

/** Without a token everyone who reaches the codec server reads customer data. */
function codecServerMistakes(own: z.output<typeof settingsSchema>): string[] {
  const isOpen = own.MAINSPAN_CODEC_PORT !== undefined && own.MAINSPAN_CODEC_TOKEN === undefined
  const isLoopback = /^(?:127(?:\.\d{1,3}){3}|localhost|::1)$/.test(own.MAINSPAN_CODEC_HOST)
  return isOpen && !isLoopback ? ['MAINSPAN_CODEC_TOKEN: is not set, but MAINSPAN_CODEC_HOST is not loopback'] : []
}

/** Certificate and key go together; callers' certificates are seen over TLS alone. */
function tlsMistakes({
  MAINSPAN_TLS_CERT: cert,
  MAINSPAN_TLS_KEY: key,
  MAINSPAN_TLS_CLIENT_CA: ca,
}: z.output<typeof settingsSchema>): string[] {
  const mistakes = []
  if (cert !== undefined && key === undefined) mistakes.push('MAINSPAN_TLS_KEY: is not set, but MAINSPAN_TLS_CERT is')
  if (cert === undefined && key !== undefined) mistakes.push('MAINSPAN_TLS_CERT: is not set, but MAINSPAN_TLS_KEY is')
  if (cert === undefined && ca !== undefined)
    mistakes.push('MAINSPAN_TLS_CERT: is not set, but MAINSPAN_TLS_CLIENT_CA is')
  return mistakes
}

function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''))
}

function wording(issue: z.core.$ZodIssue): string {
  const missing = issue.code === 'invalid_type' && issue.input === undefined
  return `${issue.path.join('.')}: ${missing ? 'is not set' : issue.message}`
}

function backendSettings(
  definition: BackendDefinition,
  environment: Environment,
  mistakes: string[],
): BackendSettings | undefined {
  const { settings } = protocolOf(definition)
  const read = <T>(
    member: BackendSetting,
    readOne: (name: string, value: string | undefined, mistakes: string[]) => T,
  ) => {
    const name = settings.includes(member) ? namedSetting(definition, member) : undefined
    return name === undefined ? undefined : readOne(name, environment[name], mistakes)
  }
  const endpoints = read('endpoints', endpointsOf)
  const credentials = read('credentials', credentialsOf)
  const tls = read('tls', tlsOf)
  return endpoints && { endpoints, ...(credentials && { credentials }), ...(tls && { tls }) }
}

function endpointsOf(
  name: string,
  value: string | undefined,
  mistakes: string[],
): BackendSettings['endpoints'] | undefined {
  if (!value) {
    mistakes.push(`${name}: is not set, list host:port, several separated by commas`)
    return undefined
  }
  const endpoints = value.split(',').map((one) => /^\s*(?:\[([0-9a-fA-F:]+)\]|([^\s:[\]]+)):(\d{1,5})\s*$/.exec(one))
  if (endpoints.some((match) => match === null || Number(match[3]) > 65535 || Number(match[3]) === 0)) {
    mistakes.push(`${name}: wants host:port, several separated by commas`)
    return undefined
  }
  return endpoints.map((match) => ({ host: match?.[1] ?? match?.[2] ?? '', port: Number(match?.[3]) }))
}

function credentialsOf(name: string, value: string | undefined, mistakes: string[]): BackendSettings['credentials'] {
  const colon = value?.indexOf(':') ?? -1
  if (value === undefined || colon < 1) {
    mistakes.push(`${name}: wants user:password`)
    return undefined
  }
  return { user: value.slice(0, colon), password: secret(value.slice(colon + 1)) }
}

function tlsOf(name: string, value: string | undefined, mistakes: string[]): BackendSettings['tls'] {
  try {
    return { ca: readFileSync(value ?? '', 'utf8') }
  } catch {
    mistakes.push(`${name}: wants the path of a readable PEM file with the certificate authority`)
    return undefined
  }
}
