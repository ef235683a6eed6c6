// Money moves through the whole span: REST, Temporal, the CICS sockets listener, real COBOL, RabbitMQ.

import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { Client, Connection } from '@temporalio/client'
import proto from '@temporalio/proto'
import { dataConverter } from '../../src/durable/payload/data-converter.ts'
import { sealKey } from '../../src/store/audit/seal-key.ts'
import { verifyAudit } from '../../src/store/audit/verify.ts'
import { openDatabase } from '../../src/store/database.ts'
import { consumeEvents, type EventLog, sendCommand } from '../support/consumer.ts'
import { sharedParts } from '../support/shared-parts.ts'
import { type Effect, operationsOf, type Span, startSpan } from '../support/span.ts'

const { GetWorkflowExecutionHistoryResponse } = proto.temporal.api.workflowservice.v1
const completed = proto.temporal.api.enums.v1.WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED

const from = '1000000001'
const to = '1000000002'

let span: Span
let events: EventLog

beforeAll(async () => {
  span = await startSpan(await sharedParts())
  events = await consumeEvents(span.amqpUrl, span.amqpPrefix)
}, 900_000)

afterEach(() => span.control({ command: 'clear' }))

afterAll(async () => {
  await events?.close()
  await span?.stop()
}, 60_000)

async function balance(account: string): Promise<bigint> {
  const { status, body } = await span.get(`/v1/accounts/${account}`)
  expect(status).toBe(200)
  return BigInt(String(body.balance).replace('.', ''))
}

/** What the journal got since a position. */
function effectsSince(position: number): Effect[] {
  return span.journal().slice(position)
}

function oneDebitAndOneCredit(amount: string) {
  return [
    expect.objectContaining({ program: 'POSTENT', account: from, direction: 'D', amount }),
    expect.objectContaining({ program: 'POSTENT', account: to, direction: 'C', amount }),
  ]
}

describe('a transfer', () => {
  test('moves the exact amount, once, and says so in an event', async () => {
    const [before, position, known] = [
      [await balance(from), await balance(to)],
      span.journal().length,
      events.events.length,
    ]
    const { status, body, headers } = await span.transfer({ from, to, amount: '12.34', text: 'first' })
    expect({ status, body }).toEqual({
      status: 201,
      body: {
        debit: { entryNumber: expect.stringMatching(/^\d+$/), balance: expect.stringMatching(/^-?\d+\.\d\d$/) },
        credit: { entryNumber: expect.stringMatching(/^\d+$/), balance: expect.stringMatching(/^-?\d+\.\d\d$/) },
      },
    })
    expect([await balance(from), await balance(to)]).toEqual([(before[0] ?? 0n) - 1234n, (before[1] ?? 0n) + 1234n])
    expect(effectsSince(position)).toEqual(oneDebitAndOneCredit('12.34'))
    const location = headers.get('location') ?? ''
    expect((await span.get(location)).body).toMatchObject({ state: 'completed', operation: 'transferFunds' })
    await events.until(known + 1)
    expect(events.events.at(-1)).toMatchObject({
      specversion: '1.0',
      type: expect.stringContaining('funds-transferred'),
      subject: from,
      data: { from, to, amount: '12.34', currency: 'EUR' },
    })
  })

  test('stands in the audit before it begins and after it has ended, with nothing of the customer', async () => {
    const text = `secret-${randomUUID().slice(0, 8)}`
    const { headers } = await span.transfer({ from, to, amount: '0.07', text }, { key: `key-of-${text}` })
    const location = headers.get('location') ?? ''
    await span.get(location)
    const operationId = location.split('/').at(-1)
    const select = 'select body from mainspan.audit where body like $1 order by at, stream, seq'
    const records = () => span.database.sql<{ body: string }>(select, [`%"operationId":"${operationId}"%`])
    while ((await records()).length < 3) await new Promise((resume) => setTimeout(resume, 50))
    const operation = { operation: 'transferFunds', version: 1, operationId }
    expect((await records()).map(({ body }) => JSON.parse(body))).toEqual([
      expect.objectContaining({ event: 'asked', api: 'rest', client: 'local', ...operation }),
      expect.objectContaining({ event: 'called', api: 'rest', client: 'local', ...operation, outcome: 'completed' }),
      expect.objectContaining({ event: 'called', api: 'rest', ...operation, outcome: 'completed' }),
    ])
    const [kept] = await span.database.sql<{ all: string }>(`select string_agg(body, ' ') as all from mainspan.audit`)
    for (const canary of [text, from, to, '0.07']) expect(kept?.all).not.toContain(canary)
    const database = openDatabase({ url: span.database.url })
    const keys = [sealKey(Buffer.from(String(span.environment.MAINSPAN_ID_KEY), 'base64')).publicKey]
    expect((await verifyAudit(database, { keys })).problems).toEqual([])
    await database.close()
  })

  test('is a completed workflow with a readable summary and no payload in clear', async () => {
    const text = `secret-${randomUUID().slice(0, 8)}`
    const { headers } = await span.transfer({ from, to, amount: '0.05', text })
    const id = (headers.get('location') ?? '').split('/').at(-1) ?? ''
    const connection = await Connection.connect({ address: span.temporalAddress })
    try {
      const request = { namespace: 'default', execution: { workflowId: id } }
      const described = await connection.workflowService.describeWorkflowExecution(request)
      expect(described.workflowExecutionInfo?.status).toBe(completed)
      const history = await connection.workflowService.getWorkflowExecutionHistory(request)
      const bytes = Buffer.from(GetWorkflowExecutionHistoryResponse.encode(history).finish()).toString('latin1')
      expect(bytes).toContain('transferFunds')
      expect(bytes).not.toContain(text)
      expect(bytes).not.toContain(from)
      const [, encoded = ''] = String(span.environment.MAINSPAN_PAYLOAD_KEYS).split(':')
      const reader = new Client({
        connection,
        dataConverter: dataConverter([{ id: 'test', key: Buffer.from(encoded, 'base64') }]),
      })
      expect(await (await reader.workflow.getHandle(id).describe()).staticSummary()).toMatch(
        /Move money between two accounts/,
      )
    } finally {
      await connection.close()
    }
  })

  test('sent 100 times at once with one key has one effect and 100 equal answers', async () => {
    const [position, key] = [span.journal().length, randomUUID()]
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => span.transfer({ from, to, amount: '1.00' }, { key, waitSeconds: 30 })),
    )
    const distinct = new Set(answers.map(({ status, body }) => JSON.stringify({ status, body })))
    expect([...distinct]).toHaveLength(1)
    expect(answers[0]?.status).toBe(201)
    expect(effectsSince(position)).toEqual(oneDebitAndOneCredit('1.00'))
  })

  test('with the key of another one is refused, and nothing is sent', async () => {
    const key = randomUUID()
    await span.transfer({ from, to, amount: '2.00' }, { key })
    const position = span.journal().length
    const { status, body } = await span.transfer({ from, to, amount: '3.00' }, { key })
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' })
    expect(effectsSince(position)).toEqual([])
  })

  test('to an account that is not there gives the money back', async () => {
    const before = await balance(from)
    const { status, body } = await span.transfer({ from, to: '9999999999', amount: '4.00' })
    expect({ status, reason: body.reason }).toEqual({ status: 404, reason: 'account-not-found' })
    expect(await balance(from)).toBe(before)
  })

  test('beyond the overdraft limit is refused, and nothing happens', async () => {
    const position = span.journal().length
    const { status, body } = await span.transfer({ from, to, amount: '99999999999.99' })
    expect({ status, reason: body.reason }).toEqual({ status: 422, reason: 'insufficient-funds' })
    expect(effectsSince(position)).toEqual([])
  })

  test.each([
    ['a number for an amount', { amount: 12.5 }],
    ['three decimals', { amount: '1.234' }],
    ['an amount of nothing', { amount: '0.00' }],
    ['a text too long', { amount: '1.00', text: 'x'.repeat(31) }],
    ['an unknown field', { amount: '1.00', colour: 'red' }],
    ['an account that is no number', { amount: '1.00', from: '12345' }],
  ])('with %s is the caller’s mistake, and nothing is sent', async (_, wrong) => {
    const position = span.journal().length
    const { status, body } = await span.transfer({ from, to, ...wrong } as never)
    expect({ status, errors: (body.errors as unknown[]).length }).toEqual({ status: 400, errors: 1 })
    expect(effectsSince(position)).toEqual([])
  })
})

describe('a call in doubt', () => {
  test.each(['apply-then-drop', 'drop-before-execution', 'partial-frame', 'garbage', 'wrong-length'])(
    '%s: the transfer completes and each effect is there once',
    async (fault) => {
      await span.control({
        command: 'plan',
        rules: [{ program: 'POSTENT', fault, count: 1, ...(fault === 'wrong-length' && { bytes: 7 }) }],
      })
      const position = span.journal().length
      const { status } = await span.transfer({ from, to, amount: '5.55' }, { waitSeconds: 30 })
      expect(status).toBe(201)
      expect(effectsSince(position)).toEqual(oneDebitAndOneCredit('5.55'))
    },
  )

  test('answered late: found by the inquiry', async () => {
    await span.control({
      command: 'plan',
      rules: [{ program: 'POSTENT', fault: 'apply-then-answer-late', ms: 4000, count: 1 }],
    })
    const position = span.journal().length
    const { status } = await span.transfer({ from, to, amount: '6.66' }, { waitSeconds: 30 })
    expect(status).toBe(201)
    expect(effectsSince(position)).toEqual(oneDebitAndOneCredit('6.66'))
  })

  test('with the inquiry down too is parked, says so, and resolve finishes it', async () => {
    await span.control({
      command: 'plan',
      rules: [
        { program: 'POSTENT', fault: 'apply-then-drop', count: 1 },
        { program: 'FNDENT', fault: 'drop-before-execution' },
      ],
    })
    const position = span.journal().length
    const { status, headers } = await span.transfer({ from, to, amount: '7.77' }, { waitSeconds: 0 })
    expect(status).toBe(202)
    const location = headers.get('location') ?? ''
    const parked = await span.untilState(location, ['parked'], 120)
    expect(parked).toMatchObject({ state: 'parked', reason: 'in-doubt-unclear' })
    expect(effectsSince(position)).toHaveLength(1)
    await span.control({ command: 'clear' })
    const operations = operationsOf(span)
    try {
      await operations.resolve(location.split('/').at(-1) ?? '', {
        action: 'retry',
        by: 'operator',
        note: 'the inquiry is back',
      })
    } finally {
      await operations.close()
    }
    expect(await span.untilState(location, ['completed'])).toMatchObject({ state: 'completed' })
    expect(effectsSince(position)).toEqual(oneDebitAndOneCredit('7.77'))
  }, 240_000)
})

describe('a command', () => {
  const command = (data: object, id = randomUUID()) =>
    sendCommand(span.amqpUrl, span.amqpPrefix, { type: 'mainspan.transferFunds.v1', id, data })

  test('moves money and is answered; the same message again is not carried out again', async () => {
    const [position, id] = [span.journal().length, randomUUID()]
    const data = { from, to, amount: '8.88', currency: 'EUR' }
    const first = await command(data, id)
    const second = await command(data, id)
    expect(second).toEqual(first)
    expect(effectsSince(position)).toEqual(oneDebitAndOneCredit('8.88'))
  })
})
