// The fault plan: what the client sees, and what the journal says was applied.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { mainframe } from '../support/parts.ts'
import { Box, type Rule } from './box.ts'
import { inqacc, post, postent } from './deposits.ts'
import { type Answer, Connection, callOnce, trm } from './trm-client.ts'

let bank: Box
beforeAll(async () => {
  bank = new Box(`${(await mainframe()).programs}/bank`)
  await bank.start()
})
afterAll(() => bank.remove())
beforeEach(() => bank.ask({ command: 'clear' }))

const order = { reference: 'F', account: '1000000002', amount: '0.01' }
const send = (reference = 'F'): Promise<Answer> => callOnce(bank.port, 'POSTENT', postent({ ...order, reference }))
const shape = (answer: Answer): string =>
  answer.kind === 'code'
    ? `${answer.stage} ${answer.code} ${answer.data}`.trim()
    : `${answer.kind} ${'stage' in answer ? `${answer.stage} ` : ''}${answer.bytes.length}`

describe('each fault', () => {
  test.each<[Rule, string, number]>([
    [{ fault: 'down' }, 'closed connect 0', 0],
    [{ fault: 'refuse' }, 'closed handshake 0', 0],
    [{ fault: 'refuse', program: 'POSTENT' }, 'closed handshake 0', 0],
    [{ fault: 'trm-code', program: 'POSTENT', code: '05' }, 'handshake 5', 0],
    [{ fault: 'drop-before-execution' }, 'closed call 0', 0],
    [{ fault: 'abend' }, 'call 8 ASRA', 0],
    [{ fault: 'abend', code: 'AICA' }, 'call 8 AICA', 0],
    [{ fault: 'failed' }, 'call 9', 0],
    [{ fault: 'apply-then-drop' }, 'closed call 0', 1],
    [{ fault: 'apply-then-answer-late', ms: 20 }, 'commarea 81', 1],
    [{ fault: 'delay', ms: 20 }, 'commarea 81', 1],
    [{ fault: 'garbage' }, 'commarea 81', 1],
  ])('%j', async (rule, seen, applied) => {
    const before = bank.effects().length
    expect(await bank.plan([rule])).toEqual({ ok: true, rules: 1 })
    expect(shape(await send())).toBe(seen)
    expect(bank.effects().length - before).toBe(applied)
    await bank.ask({ command: 'clear' })
    expect(shape(await send())).toBe('commarea 81')
  })

  test.each<[Rule, number, boolean]>([
    [{ fault: 'partial-frame', count: 1 }, 40, true],
    [{ fault: 'wrong-length', bytes: 3, count: 1 }, 84, false],
    [{ fault: 'wrong-length', bytes: -3, count: 1 }, 78, false],
  ])('%j on a connection that stays', async (rule, length, closed) => {
    await bank.plan([rule])
    const before = bank.effects().length
    const connection = await Connection.open(bank.port)
    if (!connection) throw new Error('refused')
    connection.socket.write(trm('POSTENT', 81, { flag2: 2 }))
    await connection.read(9)
    connection.socket.write(postent(order))
    expect(await connection.read(length)).toHaveLength(length)
    if (closed) expect(await connection.rest()).toHaveLength(0)
    else expect(shape(await connection.call('INQACC', inqacc('1000000002')))).toBe('commarea 95')
    connection.close()
    expect(bank.effects().length - before).toBe(1)
  })

  test('down cuts open connections, and the port serves again after clear', async () => {
    const connection = await Connection.open(bank.port)
    await bank.plan([{ fault: 'down' }])
    expect(await connection?.rest()).toHaveLength(0)
    expect(await Connection.open(bank.port)).toBeUndefined()
    await bank.ask({ command: 'clear' })
    expect(shape(await send())).toBe('commarea 81')
  })
})

describe('rules', () => {
  test('after lets requests pass, count ends, the first rule that applies wins', async () => {
    await bank.plan([
      { fault: 'abend', program: 'POSTENT', after: 1, count: 1 },
      { fault: 'failed', reference: 'X*' },
    ])
    const seen: string[] = []
    for (const reference of ['A', 'X1', 'X2', 'B']) seen.push(shape(await send(reference)))
    expect(seen).toEqual(['commarea 81', 'call 8 ASRA', 'call 9', 'commarea 81'])
  })
  test('program and account choose', async () => {
    await bank.plan([
      { fault: 'abend', program: 'INQACC', account: '1000000003' },
      { fault: 'drop-before-execution', program: 'FNDENT' },
    ])
    expect(shape(await send())).toBe('commarea 81')
    expect(shape(await callOnce(bank.port, 'INQACC', inqacc('1000000002')))).toBe('commarea 95')
    expect(shape(await callOnce(bank.port, 'INQACC', inqacc('1000000003')))).toBe('call 8 ASRA')
  })
  test('chance comes from the seed', async () => {
    const run = async (seed: number): Promise<string> => {
      await bank.plan([{ fault: 'failed', probability: 0.4 }], seed)
      let seen = ''
      for (let n = 0; n < 40; n++) seen += (await send()).kind === 'code' ? 'x' : '.'
      return seen
    }
    const first = await run(7)
    expect(await run(7)).toBe(first)
    expect(await run(8)).not.toBe(first)
    expect(first).toMatch(/x/)
    expect(first).toMatch(/\./)
  })
  test('stats count requests, executions and faults', async () => {
    await bank.ask({ command: 'reset' })
    await bank.plan([{ fault: 'drop-before-execution', program: 'POSTENT', count: 2 }])
    for (let n = 0; n < 3; n++) await send()
    const stats = await bank.ask({ command: 'stats' })
    expect(stats).toMatchObject({
      programs: { POSTENT: { requests: 3, executed: 1 } },
      faults: { 'drop-before-execution': 2 },
    })
  })
})

describe('mistakes on the control port', () => {
  test.each<[object | string, RegExp]>([
    ['no JSON', /not a JSON object/],
    [{ command: 'explode' }, /unknown command/],
    [{ command: 'plan' }, /rules is an array/],
    [{ command: 'plan', rules: [{ fault: 'refuse' }, { fault: 'nonsense' }] }, /rule 1: unknown fault/],
    [{ command: 'plan', rules: [{ fault: 'refuse', counts: 1 }] }, /rule 0: a rule has/],
    [{ command: 'plan', rules: [{ fault: 'refuse', probability: 2 }] }, /probability/],
  ])('%j', async (command, mistake) => {
    const answer = await bank.ask(command)
    expect(answer.ok).toBe(false)
    expect(answer.mistake).toMatch(mistake)
    expect((await post(bank.port, order)).status).toBe('OK')
  })
})
