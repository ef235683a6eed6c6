// A small in-memory stand-in for what lies behind the door: operations that end when the test says so, a caller that
// answers as the test says, and a catalog written by hand. It keeps the contract's promises and nothing more.

import { z } from 'zod'
import { pointer } from '../../src/codec/text/strict-json.ts'
import type { AdapterDefinition, RecordTransaction } from '../../src/contract/adapter.ts'
import type { Call, Caller } from '../../src/contract/call.ts'
import type { Catalog, InputIssue, ResolvedOperation, ResolvedTransaction } from '../../src/contract/catalog.ts'
import type { OperationResult, OperationStatus, Operations, StartRequest } from '../../src/contract/durable.ts'
import type { JsonObject, JsonSchema } from '../../src/contract/json.ts'
import { operation } from '../../src/contract/operation.ts'
import { applied, by, type Outcome, rejected } from '../../src/contract/outcome.ts'
import { failure } from '../../src/error/failure.ts'

const accountNumber = z
  .string()
  .regex(/^[0-9]{10}$/)
  .describe('Ten digits')
const amount = z.string().regex(/^-?(?:0|[1-9][0-9]{0,10})\.[0-9]{2}$/)

const accountInput = z.strictObject({ accountNumber })
const accountOutput = z.strictObject({
  holder: z.string().max(30),
  balance: amount,
  state: z.enum(['ACTIVE', 'BLOCKED']),
  entryCount: z.int().min(0).max(999_999_999),
})
const entriesInput = z.strictObject({ accountNumber, beforeEntry: z.int().min(0).max(999_999_999).optional() })
const entriesOutput = z.strictObject({ entries: z.array(z.strictObject({ amount, bookedOn: z.iso.date() })) })
const postInput = z.strictObject({ accountNumber, direction: z.enum(['D', 'C']), amount, text: z.string().max(30) })
const postOutput = z.strictObject({ entryNumber: z.int(), balance: amount })
const transferInput = z.strictObject({
  from: accountNumber,
  to: accountNumber,
  amount,
  lines: z
    .array(z.strictObject({ text: z.string().max(10), share: amount.optional() }))
    .max(3)
    .optional(),
})
const transferOutput = z.strictObject({ debit: z.string(), credit: z.string() })
const closeInput = z.strictObject({ accountNumber, reason: z.enum(['MOVED', 'DECEASED']) })

function parse(schema: z.ZodType, input: unknown): ReturnType<ResolvedOperation['parse']> {
  const result = schema.safeParse(input)
  if (result.success) return { input: result.data as JsonObject }
  const issues = result.error.issues.flatMap((issue): InputIssue[] => {
    const path = issue.path.reduce<string>((parent, step) => pointer(parent, String(step)), '')
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
    return issue.keys.map((key) => ({ path: pointer(path, key), message: 'is not a field' }))
  })
  return { issues }
}

function record(program: string, effect: 'read' | 'once', outcome: RecordTransaction['outcome']): RecordTransaction {
  return { kind: 'record', program, record: `${program}.cpy`, effect, deadlineMs: 1000, outcome }
}

const definitions = {
  inquireAccount: record(
    'INQACC',
    'read',
    by('STATUS', { OK: applied, NF: rejected('account-not-found', 'not-found') }),
  ),
  listEntries: record('LSTENT', 'read', by('STATUS', { OK: applied, NF: rejected('account-not-found', 'not-found') })),
  post: record(
    'POSTENT',
    'once',
    by('STATUS', { OK: applied, NF: rejected('account-not-found', 'not-found'), IF: rejected('insufficient-funds') }),
  ),
} as const

const adapter: AdapterDefinition = {
  backend: { kind: 'cics-socket', endpoints: 'DEPOSITS_ENDPOINTS' },
  codePage: 'cp037',
  transactions: definitions,
}

function transaction(name: keyof typeof definitions, request: z.ZodType, reply: z.ZodType): ResolvedTransaction {
  return {
    adapter: 'deposits',
    name,
    definition: definitions[name],
    wire: {
      target: definitions[name].program,
      requestSchema: schemaOf(request),
      replySchema: schemaOf(reply),
      maxReplyBytes: 1000,
      encode: () => new Uint8Array(),
      read: () => ({ body: {}, verdict: applied }),
      typeOf: () => undefined,
      valueOf: () => undefined,
      bodyOf: () => ({}),
    },
  }
}

function schemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input' }) as JsonSchema
}

interface Shape {
  readonly definition: ResolvedOperation['definition']
  readonly input: z.ZodType
  readonly output: z.ZodType
  readonly transaction?: ResolvedTransaction
}

function resolved({ definition, input, output, transaction }: Shape): ResolvedOperation {
  const [method, path] = (definition.rest ?? '').split(' ')
  return {
    name: definition.name,
    version: definition.version,
    file: 'stand-in.operation.ts',
    definition,
    effect: transaction?.definition.effect === 'read' ? 'read' : 'write',
    method: method as ResolvedOperation['method'],
    path,
    inputSchema: schemaOf(input),
    outputSchema: schemaOf(output),
    events: new Map(),
    workflowType: 'flow' in definition ? definition.flow : 'runTransaction',
    transaction,
    parse: (value) => parse(input, value),
  }
}

const ref = (name: keyof typeof definitions) => ({
  adapter: 'deposits',
  transaction: name,
  definition: definitions[name],
  siblings: definitions,
})

const transactions = {
  inquireAccount: transaction('inquireAccount', accountInput, accountOutput),
  listEntries: transaction('listEntries', entriesInput, entriesOutput),
  post: transaction('post', postInput, postOutput),
}

const operations: readonly ResolvedOperation[] = [
  resolved({
    definition: operation('getAccount', {
      version: 1,
      summary: 'An account with its balance',
      tag: 'Accounts',
      transaction: ref('inquireAccount'),
      rest: 'GET /v1/accounts/{accountNumber}',
      scopes: ['accounts:read'],
    }),
    input: accountInput,
    output: accountOutput,
    transaction: transactions.inquireAccount,
  }),
  resolved({
    definition: operation('listEntries', {
      version: 1,
      tag: 'Accounts',
      transaction: ref('listEntries'),
      rest: 'GET /v1/accounts/{accountNumber}/entries',
      scopes: ['accounts:read'],
    }),
    input: entriesInput,
    output: entriesOutput,
    transaction: transactions.listEntries,
  }),
  resolved({
    definition: operation('postEntry', {
      version: 1,
      tag: 'Accounts',
      transaction: ref('post'),
      rest: 'POST /v1/entries',
      scopes: ['entries:write'],
      event: 'entry-posted',
    }),
    input: postInput,
    output: postOutput,
    transaction: transactions.post,
  }),
  resolved({
    definition: operation('transferFunds', {
      version: 1,
      summary: 'Move money between two accounts',
      description: 'Debits one account and credits the other.',
      tag: 'Transfers',
      flow: 'transferFunds',
      rest: 'POST /v1/transfers',
      scopes: ['transfers:write'],
      input: transferInput,
      output: transferOutput,
    }),
    input: transferInput,
    output: transferOutput,
  }),
  resolved({
    definition: operation('closeAccount', {
      version: 2,
      flow: 'closeAccount',
      rest: 'PUT /v2/accounts/{accountNumber}/closure',
      input: closeInput,
      output: z.strictObject({}),
    }),
    input: closeInput,
    output: z.strictObject({}),
  }),
]

/** Five operations: two reads and one write by a transaction, two flows. */
export const standInCatalog: Catalog = {
  root: '.',
  adapters: new Map([
    [
      'deposits',
      {
        name: 'deposits',
        file: 'deposits.ts',
        definition: adapter,
        transactions: new Map(Object.entries(transactions)),
      },
    ],
  ]),
  operations,
  flows: new Map(),
  files: {},
}

export interface StandInOperations extends Operations {
  /** Every call of start, in order. */
  readonly starts: StartRequest[]
  /** What becomes of an operation right after its start; undefined leaves it running. */
  onStart: (
    request: StartRequest,
  ) =>
    | (OperationResult & Pick<OperationStatus, 'attention'>)
    | { state: 'parked'; reason: string; since: string }
    | undefined
  /** Ends an operation that runs. */
  end(id: string, result: OperationResult): void
  /** When set, start, wait or status throw it. */
  readonly broken: { start?: Error; wait?: Error; status?: Error }
}

const startedAt = '2026-11-23T10:15:00.000Z'

/** Operations in memory: the same client, operation and key is the same operation, with another input it is refused. */
export function standInOperations(): StandInOperations {
  const known = new Map<
    string,
    { status: OperationStatus; readonly input: string; readonly waiting: Set<() => void> }
  >()
  const self: StandInOperations = {
    starts: [],
    broken: {},
    onStart: () => undefined,
    async start(request) {
      self.starts.push(request)
      await Promise.resolve()
      if (self.broken.start) throw self.broken.start
      const { operation: name, version, input, client } = request.start
      const id = `${name}-${client.replaceAll(/[^\w-]/g, '.')}-${request.key}`
      const before = known.get(id)
      if (before !== undefined) {
        if (before.input !== JSON.stringify(input)) throw failure('IDEMPOTENCY_KEY_REUSED', { operation: name })
        return { id, started: false }
      }
      const running: OperationStatus = { id, operation: name, version, client, startedAt, state: 'running' }
      known.set(id, { status: running, input: JSON.stringify(input), waiting: new Set() })
      const result = self.onStart(request)
      if (result !== undefined) settle(id, result)
      return { id, started: true }
    },
    async wait(id, waitMs) {
      if (self.broken.wait) throw self.broken.wait
      const one = known.get(id)
      if (one === undefined) throw failure('OPERATION_UNKNOWN', { operation: id })
      if (one.status.state !== 'running' || waitMs === 0) return one.status
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs).unref()
        one.waiting.add(() => {
          clearTimeout(timer)
          resolve()
        })
      })
      return one.status
    },
    async status(id) {
      if (self.broken.status) throw self.broken.status
      return known.get(id)?.status
    },
    async resolve() {
      throw failure('OPERATION_UNKNOWN', { operation: 'resolve' })
    },
    end: (id, result) => settle(id, result),
  }
  function settle(id: string, result: ReturnType<StandInOperations['onStart']> & object): void {
    const one = known.get(id)
    if (one === undefined) return
    const { operation: name, version, client } = one.status
    const ended = result.state === 'parked' ? {} : { endedAt: startedAt }
    const common = { id, operation: name, version, startedAt, ...(client !== undefined && { client }) }
    one.status = { ...common, ...ended, ...result }
    for (const wake of one.waiting) wake()
    one.waiting.clear()
  }
  return self
}

export interface StandInCaller extends Caller {
  readonly calls: Call[]
  answer: (call: Call) => Outcome | Promise<Outcome>
}

export const goodReplies: Readonly<Record<string, JsonObject>> = {
  inquireAccount: { holder: 'ADA LOVELACE', balance: '1234.50', state: 'ACTIVE', entryCount: 7 },
  listEntries: { entries: [{ amount: '-0.10', bookedOn: '2026-11-23' }] },
}

/** A caller that answers reads well until told otherwise. */
export function standInCaller(): StandInCaller {
  const self: StandInCaller = {
    calls: [],
    answer: (call) => ({ outcome: 'applied', reply: goodReplies[call.transaction] ?? {} }),
    async call(call) {
      self.calls.push(call)
      return await self.answer(call)
    },
    mistakesIn: () => [],
    async inquire() {
      return { finding: 'unclear', message: 'not asked here' }
    },
  }
  return self
}

export const goodTransfer = { from: '0000000001', to: '0000000002', amount: '12.50' } as const
export const transferDone: OperationResult = { state: 'completed', output: { debit: '1', credit: '2' } }
