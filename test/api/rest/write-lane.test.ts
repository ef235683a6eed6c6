// The durable lane: starting once, waiting, replaying, and every end of a write as an answer; and /operations/{id}.

import { describe, expect, test } from '@jest/globals'
import { failure } from '../../../src/error/failure.ts'
import { doorForEachTest, transfer } from '../open-door.ts'
import { goodTransfer, transferDone } from '../stand-in.ts'

const door = doorForEachTest()

describe('a write', () => {
  test('that ends in time answers 201 with its output', async () => {
    door.operations.onStart = () => transferDone
    const answer = await door.ask(transfer('k1'))
    expect(answer.status).toBe(201)
    expect(answer.json()).toEqual({ debit: '1', credit: '2' })
    expect(answer.headers).toMatchObject({ location: '/operations/transferFunds-local-k1' })
    expect(answer.headers['idempotency-replayed']).toBeUndefined()
    expect(door.operations.starts[0]).toEqual({
      start: { operation: 'transferFunds', version: 1, input: goodTransfer, client: 'local', door: 'rest' },
      workflowType: 'transferFunds',
      key: 'k1',
      summary: 'Move money between two accounts, by REST',
    })
  })

  test('that is backed by one transaction names it and its event', async () => {
    door.operations.onStart = () => ({ state: 'completed', output: { entryNumber: 1, balance: '1.00' } })
    const payload = { accountNumber: '0000000001', direction: 'D', amount: '1.00', text: '' }
    const answer = await door.ask({
      method: 'POST',
      url: '/v1/entries',
      headers: { 'idempotency-key': 'k' },
      payload,
    })
    expect(answer.status).toBe(201)
    expect(door.operations.starts[0]).toMatchObject({
      workflowType: 'runTransaction',
      start: { call: { adapter: 'deposits', transaction: 'post', event: 'entry-posted' } },
    })
  })

  test('by PUT takes its key fields from the path only', async () => {
    door.operations.onStart = () => ({ state: 'completed', output: {} })
    const put = { method: 'PUT', url: '/v2/accounts/0000000001/closure', headers: { 'idempotency-key': 'k' } } as const
    expect((await door.ask({ ...put, payload: { reason: 'MOVED' } })).status).toBe(200)
    expect(door.operations.starts[0]?.start.input).toEqual({ reason: 'MOVED', accountNumber: '0000000001' })
    const twice = await door.ask({ ...put, payload: { reason: 'MOVED', accountNumber: '0000000002' } })
    expect(twice.status).toBe(400)
    expect(twice.json().errors).toEqual([{ in: 'body', pointer: '/accountNumber', message: expect.any(String) }])
  })

  test('replays give the first answer byte for byte, and say so', async () => {
    door.operations.onStart = () => transferDone
    const first = await door.ask(transfer('k1'))
    for (const key of ['k1', '"k1"']) {
      const again = await door.ask(transfer(key))
      expect(again.status).toBe(201)
      expect(again.bytes.equals(first.bytes)).toBe(true)
      expect(again.headers).toMatchObject({ location: first.headers.location, 'idempotency-replayed': 'true' })
    }
  })

  test('with the same key and another body is 422', async () => {
    door.operations.onStart = () => transferDone
    await door.ask(transfer('k1'))
    const other = await door.ask(transfer('k1', {}, { ...goodTransfer, amount: '12.51' }))
    expect(other.status).toBe(422)
    expect(other.json()).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', retryable: false })
  })

  test('of a thousand duplicates at once one starts, and all get the same answer', async () => {
    door.operations.onStart = () => transferDone
    const answers = await Promise.all(Array.from({ length: 1000 }, () => door.ask(transfer('same'))))
    expect(new Set(answers.map((answer) => `${answer.status} ${answer.headers.location} ${answer.body}`)).size).toBe(1)
    expect(answers.filter((answer) => answer.headers['idempotency-replayed'] === undefined)).toHaveLength(1)
  })

  test('that does not end in time is 202; so is its repetition; then the end is at Location', async () => {
    const first = await door.ask(transfer('k1', { prefer: 'wait=0' }))
    const again = await door.ask(transfer('k1', { prefer: 'respond-async' }))
    for (const answer of [first, again]) {
      expect(answer.status).toBe(202)
      expect(answer.headers).toMatchObject({ location: '/operations/transferFunds-local-k1', 'retry-after': '1' })
      expect(answer.json()).toMatchObject({
        id: 'transferFunds-local-k1',
        operation: 'transferFunds',
        state: 'running',
      })
    }
    expect(first.headers['preference-applied']).toBe('wait=0')
    expect(again.headers['preference-applied']).toBe('respond-async')
    door.operations.end('transferFunds-local-k1', transferDone)
    const end = await door.ask(String(first.headers.location))
    expect(end.status).toBe(200)
    expect(end.json()).toMatchObject({ state: 'completed', output: { debit: '1', credit: '2' } })
    expect((await door.ask(transfer('k1'))).status).toBe(201)
  })

  test('waits as long as the caller likes, within the limit', async () => {
    await door.reopen({ waitMsMax: 2000 })
    const answer = door.ask(transfer('k1', { prefer: 'wait=600' }))
    while (door.operations.starts.length === 0) await new Promise(setImmediate)
    await new Promise(setImmediate)
    door.operations.end('transferFunds-local-k1', transferDone)
    expect(await answer).toMatchObject({ status: 201 })
    expect((await answer).headers['preference-applied']).toBe('wait=2')
  })

  test.each([
    [{ state: 'rejected', reason: 'insufficient-funds', status: 'refused', message: 'no' }, 422, 'CORE_REJECTED'],
    [
      { state: 'failed', code: 'CORE_UNANSWERED', message: 'tried 3 times', status: 'unavailable' },
      503,
      'CORE_UNANSWERED',
    ],
    [
      { state: 'failed', code: 'FIELD_AMBIGUOUS', message: 'at 10.0.0.1', status: 'misconfigured' },
      500,
      'FIELD_AMBIGUOUS',
    ],
    [
      { state: 'failed', code: 'OPERATION_CANCELLED', message: 'cancelled', status: 'cancelled' },
      409,
      'OPERATION_CANCELLED',
    ],
    [{ state: 'abandoned', by: 'olga', note: 'called the customer' }, 409, 'OPERATION_ABANDONED'],
  ] as const)('that ended as %j answers with a problem, again and again', async (result, status, code) => {
    door.operations.onStart = () => result
    for (const replayed of [undefined, 'true']) {
      const answer = await door.ask(transfer('k1'))
      expect(answer.status).toBe(status)
      expect(answer.json()).toMatchObject({ code, retryable: false, operation: '/operations/transferFunds-local-k1' })
      expect(answer.headers['idempotency-replayed']).toBe(replayed)
      expect(answer.headers['retry-after']).toBeUndefined()
      expect(answer.body).not.toMatch(/10\.0\.0\.1|olga|customer/)
    }
    const resource = await door.ask('/operations/transferFunds-local-k1')
    expect(resource.status).toBe(200)
    expect(resource.json()).toMatchObject({ state: result.state, error: { code, status } })
    expect(resource.body).not.toMatch(/10\.0\.0\.1|olga|customer/)
  })

  test.each([
    [failure('CORE_UNREACHABLE', { adapter: 'deposits' }), /nothing remains in effect.*new key/],
    [failure('CORE_ABENDED', { call: 'deposits.post', abendCode: 'ASRA' }), /nothing remains in effect.*new key/],
    [failure('CALL_NOT_APPLIED', { call: 'deposits.post' }), /by the word of the operator/],
    [failure('OPERATION_NOT_BEGUN', {}), /nothing took effect.*new key/],
    [failure('OPERATION_WITHOUT_EFFECT', {}), /nothing took effect.*new key/],
    [failure('REFERENCE_TAKEN', { call: 'deposits.post' }), /another request.*new key/],
    [failure('OPERATION_TERMINATED', {}), /^ask again at the URL of the operation/],
  ])("that ended as %s is told in the catalogue's own words", async ({ code, what: detail, status }, hint) => {
    door.operations.onStart = () => ({ state: 'failed', code, message: detail, status })
    const told = (await door.ask(transfer('k1'))).json()
    expect(told).toMatchObject({ code, detail, hint: expect.stringMatching(hint), retryable: false })
    // Only of what is certain: the key of an operation that is looked into may give another answer soon.
    expect(String(told.hint).includes('gives this answer again')).toBe(code !== 'OPERATION_TERMINATED')
  })

  test('that was ended by force never reads as if nothing had happened, or as if a new key were the way', async () => {
    const { code, what: message, status } = failure('OPERATION_TERMINATED', {})
    door.operations.onStart = () => ({ state: 'failed', code, message, status })
    const answers = [await door.ask(transfer('k1')), await door.ask('/operations/transferFunds-local-k1')]
    for (const { body } of answers) {
      expect(body).toMatch(/is being looked into/)
      expect(body).toMatch(/\/operations\/transferFunds-local-k1/)
      expect(body).not.toMatch(/nothing (?:took|was|remains)|new key|could not be carried out/)
    }
  })

  test.each([
    ['doubled', /stands twice/],
    ['late-effect', /had been taken for not applied/],
    ['effect-missing', /does not show/],
  ] as const)('whose effect was seen %s says so before anything else', async (reason, sentence) => {
    const { code, what: message, status } = failure('CORE_UNANSWERED', { call: 'deposits.post', times: 3 })
    door.operations.onStart = () => ({
      ...{ state: 'failed', code, message, status },
      attention: { reason, since: '2026-11-23T11:00:00.000Z' },
    })
    const told = (await door.ask(transfer('k1'))).json()
    expect(told).toMatchObject({ code, detail: expect.stringMatching(sentence), retryable: false })
    const resource = (await door.ask('/operations/transferFunds-local-k1')).json()
    expect(resource).toMatchObject({
      attention: { reason, since: '2026-11-23T11:00:00.000Z', message: expect.stringMatching(sentence) },
      error: { detail: expect.stringMatching(sentence) },
    })
    expect(JSON.stringify([told, resource])).not.toMatch(/no effect|nothing remains|new key/)
  })

  test('that completed and is doubled shows both', async () => {
    const attention = { reason: 'doubled', since: '2026-11-23T11:00:00.000Z' } as const
    door.operations.onStart = () => ({ ...transferDone, attention })
    expect((await door.ask(transfer('k1'))).status).toBe(201)
    const resource = (await door.ask('/operations/transferFunds-local-k1')).json()
    expect(resource).toMatchObject({ state: 'completed', attention })
  })

  test('that is parked is 202 with the reason', async () => {
    door.operations.onStart = () => ({ state: 'parked', reason: 'in-doubt', since: '2026-11-23T10:15:00.000Z' })
    const answer = await door.ask(transfer('k1'))
    expect(answer.status).toBe(202)
    expect(answer.json()).toMatchObject({ state: 'parked', reason: 'in-doubt' })
    expect((await door.ask('/operations/transferFunds-local-k1')).json()).toMatchObject({ state: 'parked' })
  })

  test.each(['DURABLE_UNAVAILABLE', 'STORE_UNAVAILABLE'] as const)(
    'whose start cannot be recorded is 503, to be repeated with the same key: %s',
    async (code) => {
      door.operations.broken.start = failure(code, { why: 'no answer from 10.0.0.1:7233' })
      const answer = await door.ask(transfer('k1'))
      expect(answer.status).toBe(503)
      expect(answer.json()).toMatchObject({ code, retryable: true })
      expect(answer.headers['retry-after']).toBe('1')
      expect(answer.body).not.toContain('10.0.0.1')
    },
  )

  test('that is started is never answered with doubt: a wait that fails gives 202', async () => {
    door.operations.broken.wait = new Error('connection lost')
    const answer = await door.ask(transfer('k1'))
    expect(answer.status).toBe(202)
    expect(answer.headers.location).toBe('/operations/transferFunds-local-k1')
  })

  test('that waits when the server stops is answered 202 at once', async () => {
    const answer = door.ask(transfer('k1', { prefer: 'wait=30' }))
    while (door.operations.starts.length === 0) await new Promise(setImmediate)
    await new Promise(setImmediate)
    await door.stop()
    expect(await answer).toMatchObject({ status: 202 })
  })

  test.each([
    ['missing', undefined, 'IDEMPOTENCY_KEY_MISSING'],
    ['empty', '', 'IDEMPOTENCY_KEY_MISSING'],
    ['with a blank', 'a b', 'IDEMPOTENCY_KEY_MALFORMED'],
    ['too long', 'x'.repeat(256), 'IDEMPOTENCY_KEY_MALFORMED'],
    ['half quoted', '"abc', 'IDEMPOTENCY_KEY_MALFORMED'],
    ['not ASCII', 'schlüssel', 'IDEMPOTENCY_KEY_MALFORMED'],
  ])('with a key that is %s is refused before anything starts', async (_name, key, code) => {
    const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key }
    const answer = await door.ask({ method: 'POST', url: '/v1/transfers', headers, payload: goodTransfer })
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject({ code, retryable: false })
    expect(door.operations.starts).toHaveLength(0)
  })
})

describe('the operation resource', () => {
  test.each(['nobody', 'x'.repeat(250), 'a%20b', '%F0%9F%92%A9'])('%s is unknown', async (id) => {
    const answer = await door.ask(`/operations/${id}`)
    expect(answer.status).toBe(404)
    expect(answer.json()).toMatchObject({ code: 'OPERATION_ID_UNKNOWN' })
  })

  test('is held until the end when the caller asks for it', async () => {
    await door.ask(transfer('k1', { prefer: 'wait=0' }))
    const held = door.ask({ url: '/operations/transferFunds-local-k1', headers: { prefer: 'wait=20' } })
    await new Promise(setImmediate)
    door.operations.end('transferFunds-local-k1', transferDone)
    expect((await held).json()).toMatchObject({ state: 'completed' })
  })

  test('says 503 when Temporal cannot be asked', async () => {
    door.operations.broken.status = failure('DURABLE_UNAVAILABLE', { why: 'x' })
    expect((await door.ask('/operations/x')).status).toBe(503)
  })
})
