// kill -9 in the middle of 200 transfers, of the worker and of RabbitMQ: all complete, each effect once, no event missing.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { supervise } from '../../src/local/process.ts'
import { type Rabbit, startRabbit } from '../../src/local/rabbitmq.ts'
import { consumeEvents, type EventLog } from '../support/consumer.ts'
import { sharedParts } from '../support/shared-parts.ts'
import { type Answer, type Span, startSpan } from '../support/span.ts'

const transfers = 200
const folder = mkdtempSync(join(tmpdir(), 'mainspan-kill-'))
const supervisor = supervise(join(folder, 'log'))

let rabbit: Rabbit
let span: Span
let events: EventLog

beforeAll(async () => {
  const { AMQP_URL: _, ...environment } = process.env
  rabbit = await startRabbit({ environment, report: () => undefined, supervisor, folder: join(folder, 'rabbitmq') })
  span = await startSpan(
    { ...(await sharedParts()), amqpUrl: rabbit.url },
    { environment: { MAINFRAME_LOAD_ACCOUNTS: '100' } },
  )
  events = await consumeEvents(rabbit.url, span.amqpPrefix)
}, 900_000)

afterAll(async () => {
  await events?.close()
  await span?.stop()
  await supervisor.end()
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

const account = (number: number) => String(2_000_000_001 + number)

async function until(done: () => boolean, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!done()) {
    if (Date.now() > end) throw new Error('it did not happen in time')
    await new Promise((resume) => setTimeout(resume, 50))
  }
}

/** Starts a transfer as a client does: a busy server says 503, and the same key makes asking again safe. */
async function accepted(index: number): Promise<Answer> {
  const body = {
    from: account(index % 50),
    to: account(50 + (index % 50)),
    amount: `1.${String(index % 100).padStart(2, '0')}`,
  }
  for (;;) {
    const answer = await span.transfer(body, { key: `kill-${index}`, waitSeconds: 0 })
    if (answer.status === 202 || answer.status === 201) return answer
    expect({ status: answer.status, retryable: answer.body.retryable }).toEqual({ status: 503, retryable: true })
    await new Promise((resume) => setTimeout(resume, 500))
  }
}

test('every transfer completes, each effect is there once, each event at least once', async () => {
  // A quorum queue killed within seconds of its declaration can stay without a leader for ever.
  await new Promise((resume) => setTimeout(resume, 10_000))
  const started = await Promise.all(Array.from({ length: transfers }, (_, index) => accepted(index)))

  await until(() => span.journal().length >= 60, 120)
  span.worker().kill('SIGKILL')
  const atKill = span.journal().length
  await span.startWorker()
  await until(() => span.journal().length >= atKill + 60, 180)

  process.kill(rabbit.running?.pid ?? 0, 'SIGKILL')
  await rabbit.running?.ended
  rabbit = await rabbit.restart()

  for (const { headers } of started) await span.untilState(headers.get('location') ?? '', ['completed'], 300)

  const journal = span.journal()
  expect(journal).toHaveLength(2 * transfers)
  expect(new Set(journal.map(({ reference }) => reference)).size).toBe(2 * transfers)
  const cents = (direction: string) =>
    journal
      .filter((one) => one.direction === direction)
      .reduce((sum, { amount }) => sum + BigInt(amount.replace('.', '')), 0n)
  expect(cents('D')).toBe(cents('C'))

  await events.until(transfers, 120)
  const sources = new Set(events.events.map((event) => event.id))
  expect(sources.size).toBe(transfers)
}, 900_000)
