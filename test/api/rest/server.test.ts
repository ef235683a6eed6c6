// Hygiene of the server: headers, log, paths behind a gateway, health.

import { describe, expect, test } from '@jest/globals'
import { restApi } from '../../../src/api/rest.ts'
import { overRest } from '../../support/principals.ts'
import { account, doorForEachTest, transfer } from '../open-door.ts'
import { goodTransfer, standInCatalog, transferDone } from '../stand-in.ts'

const door = doorForEachTest()

describe('hygiene', () => {
  test('every answer carries the security headers and a request id', async () => {
    for (const url of [account, '/nowhere', '/v1/accounts/%zz', '/health/live']) {
      const { headers } = await door.ask({ url, headers: { 'x-request-id': 'from-caller-1' } })
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-request-id': 'from-caller-1',
      })
      expect(headers['x-powered-by'] ?? headers.server).toBeUndefined()
    }
    const odd = await door.ask({ url: account, headers: { 'x-request-id': 'a"b\\c<script>' } })
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('the log has one line a request, and nothing a caller sent', async () => {
    door.operations.onStart = () => transferDone
    await door.ask(transfer('key-secret', { 'user-agent': 'agent-secret' }, { ...goodTransfer, amount: '98.76' }))
    await door.ask(`${account}?planted=planted-secret`)
    await door.ask('/planted-secret')
    const logged = door.lines.map((line) => JSON.parse(line))
    expect(logged).toHaveLength(3)
    expect(logged[0]).toMatchObject({
      client: 'local',
      method: 'POST',
      route: '/v1/transfers',
      status: 201,
      ms: expect.any(Number),
      operation: 'transferFunds',
      version: 1,
      operationId: 'transferFunds-local-key-secret',
      outcome: 'completed',
    })
    expect(logged[1]).toMatchObject({ route: '/v1/accounts/:accountNumber', status: 400, code: 'INPUT_INVALID' })
    expect(door.lines.join('').replaceAll('transferFunds-local-key-secret', '')).not.toMatch(/secret|0000000001|98\.76/)
  })

  test('behind a gateway every URL carries its path', async () => {
    await door.reopen({ publicUrl: 'https://api.bank.example/core/' })
    const answer = await door.ask(transfer('k1', { prefer: 'wait=0' }))
    expect(answer.headers.location).toBe('/core/operations/transferFunds-local-k1')
    expect(answer.json().self).toBe('/core/operations/transferFunds-local-k1')
  })

  test('a port that is taken is named', async () => {
    const { operations, caller } = door
    const settings = { port: Number(new URL(door.url).port) }
    const second = restApi({ catalog: standInCatalog, operations, caller, identify: overRest, settings })
    await expect(second.listen()).rejects.toMatchObject({
      code: 'DOOR_UNOPENED',
      message: expect.stringContaining('EADDRINUSE'),
    })
    await second.close()
  })

  test('readiness names what is missing', async () => {
    const missing = ['temporal']
    await door.reopen({}, async () => missing)
    const waiting = await door.ask('/health/ready')
    expect(waiting.status).toBe(503)
    expect(waiting.json()).toMatchObject({ code: 'DOOR_NOT_READY', detail: 'waiting for temporal', retryable: true })
    missing.pop()
    expect((await door.ask('/health/ready')).json()).toEqual({ status: 'ready' })
    expect((await door.ask('/health/live')).json()).toEqual({ status: 'live' })
  })
})
