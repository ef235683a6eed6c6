// The listener: the exchange as docker/mainframe/README.md draws it, refusals, persistent connections, many at once.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mainframe } from '../support/parts.ts'
import { Box } from './box.ts'
import { balanceOf, inqacc, post } from './deposits.ts'
import { textOf } from './host.ts'
import { Connection, callOnce, trm } from './trm-client.ts'

let bank: Box
beforeAll(async () => {
  bank = new Box(`${(await mainframe()).programs}/bank`)
  await bank.start()
})
afterAll(() => bank.remove())

const opened = async (): Promise<Connection> => {
  const connection = await Connection.open(bank.port)
  if (!connection) throw new Error('refused')
  return connection
}

describe('the handshake', () => {
  const refusal = (code: number) => ({ kind: 'code', stage: 'handshake', code, data: '' })
  test.each([
    ['an unknown program', 'NOPE', {}, 3],
    ['a blank program', '', {}, 3],
    ['an unknown TRANID', 'INQACC', { tranid: 'XXXX' }, 4],
    ['COMMAREA-LEN 0', 'INQACC', { length: 0 }, 10],
    ['COMMAREA-LEN beyond the maximum', 'INQACC', { length: 32764 }, 10],
    ['COMMAREA-LEN with an ASCII comma', 'INQACC', { length: 300 }, 10],
    ['COMMAREA-LEN with an EBCDIC comma', 'INQACC', { length: 107 }, 10],
    ['an unknown FLAG-2', 'INQACC', { flag2: 3 }, 10],
    ['client-in-data of commas', 'INQACC', { clientInData: Buffer.alloc(35, 0x6b) }, 10],
  ])('%s is refused', async (_, program, options, code) => {
    expect(await callOnce(bank.port, program, inqacc('1000000001'), options)).toEqual(refusal(code))
  })
  test('a TRANID in lower case is taken', async () => {
    expect((await callOnce(bank.port, 'INQACC', inqacc('1000000001'), { tranid: 'mscs' })).kind).toBe('commarea')
  })
  test('the reply is 9 bytes, and nothing more comes before the COMMAREA is sent', async () => {
    const connection = await opened()
    connection.socket.write(trm('INQACC', 95))
    expect((await connection.read(9)).toString('hex')).toBe('000000050000000107')
    connection.socket.end(inqacc('1000000001').subarray(0, 94))
    expect(await connection.rest()).toHaveLength(0)
  })
  test('a message that comes byte by byte is the same message', async () => {
    const connection = await opened()
    for (const byte of trm('INQACC', 95)) {
      connection.socket.write(Buffer.of(byte))
      await new Promise(setImmediate)
    }
    await connection.read(9)
    for (const byte of inqacc('1000000002')) {
      connection.socket.write(Buffer.of(byte))
      await new Promise(setImmediate)
    }
    expect(textOf((await connection.read(95)).subarray(10, 12))).toBe('OK')
    connection.close()
  })
})

describe('connections', () => {
  test.each([
    ['none', 0x01],
    ['blank', 0x40],
    ['close', 0x08],
  ])('FLAG-2 %s ends after one call', async (_, flag2) => {
    const connection = await opened()
    expect((await connection.call('INQACC', inqacc('1000000001'), { flag2 })).kind).toBe('commarea')
    expect(await connection.rest()).toHaveLength(0)
  })
  test('FLAG-2 open and use keep the connection, close ends it, each call with a TRM of its own', async () => {
    const connection = await opened()
    for (const flag2 of [2, 4, 4, 8]) {
      expect((await connection.call('INQACC', inqacc('1000000001'), { flag2 })).kind).toBe('commarea')
    }
    expect(await connection.rest()).toHaveLength(0)
  })
  test('100 at once, one of them delayed, are served; the delayed one does not hold up the others', async () => {
    await bank.ask({ command: 'reset' })
    await bank.plan([{ fault: 'delay', program: 'POSTENT', reference: 'SLOW', ms: 1500 }])
    let slow = false
    const slowOne = post(bank.port, { reference: 'SLOW', account: '1000000002', amount: '0.01' }).then(() => {
      slow = true
    })
    const connections = await Promise.all(Array.from({ length: 100 }, opened))
    const results = await Promise.all(connections.map((one) => one.call('INQACC', inqacc('1000000002'), { flag2: 2 })))
    expect(slow).toBe(false)
    expect(new Set(results.map((result) => result.kind))).toEqual(new Set(['commarea']))
    const stats = await bank.ask({ command: 'stats' })
    expect(stats).toMatchObject({ connections: { open: 101 }, programs: { INQACC: { requests: 100, executed: 100 } } })
    for (const connection of connections) connection.close()
    await slowOne
    await bank.ask({ command: 'clear' })
  })
  test('60 connections that post at once: every effect once, balances exact', async () => {
    await bank.ask({ command: 'reset' })
    const before = bank.effects().length
    const connections = await Promise.all(Array.from({ length: 60 }, opened))
    await Promise.all(
      connections.map(async (connection, at) => {
        connection.close()
        for (let n = 0; n < 5; n++) {
          await post(bank.port, { reference: `P${at}-${n}`, account: '1000000002', amount: '0.01' })
        }
      }),
    )
    const effects = bank.effects().slice(before)
    expect(new Set(effects.map((effect) => effect.reference)).size).toBe(300)
    expect(effects).toHaveLength(300)
    expect(await balanceOf(bank.port, '1000000002')).toBe('3203.50')
    expect(effects.at(-1)?.balance).toBe('3203.50')
  })
})

test('ends when its standard input closes, and on SIGTERM', async () => {
  const other = new Box(`${(await mainframe()).programs}/bank`)
  try {
    await other.start()
    expect(await other.end('input')).toBe(0)
    await other.start()
    expect(await other.end('SIGTERM')).toBe(0)
  } finally {
    await other.remove()
  }
})
