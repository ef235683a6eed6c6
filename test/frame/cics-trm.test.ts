// The messages of the CICS sockets listener, byte by byte.

import { describe, expect, test } from '@jest/globals'
import { codePage } from '../../src/codepage/code-page.ts'
import { isFailure } from '../../src/error/failure.ts'
import {
  clientInData,
  commareaLength,
  decisiveCode,
  padCommarea,
  readTrmReply,
  TRM_REPLY_MAX,
  trmRequest,
} from '../../src/frame/cics-trm.ts'
import { fc } from '../support/property.ts'

const encode = (text: string) => codePage('cp037').encode(text)
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'))
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex').toUpperCase()
const codeOf = (run: () => unknown): string => {
  try {
    run()
    return 'no failure'
  } catch (error) {
    return isFailure(error) ? error.code : String(error)
  }
}

const values = { user: 'USER1', password: 'SECRET', program: 'POSTENT', commareaLength: 78 }

describe('client-in-data and TRM', () => {
  const names = 'E4E2C5D9F1404040 E2C5C3D9C5E34040 D7D6E2E3C5D5E340'
  test.each([
    ['single', `${names} 004E 00000000 00 00 00 0000`],
    ['first', `${names} 004E 0000004E 01 00 02 0000`],
    ['next', `${names} 004E 0000004E 01 00 04 0000`],
  ] as const)('%s call', (persistence, expected) => {
    expect(hex(clientInData({ ...values, persistence }, encode))).toBe(expected.replaceAll(' ', ''))
  })

  test('the TRM is TRANID, comma, client-in-data', () => {
    const data = clientInData({ ...values, persistence: 'single' }, encode)
    expect(hex(trmRequest('MSC', data, encode))).toBe(`D4E2C3406B${hex(data)}`)
  })

  test.each([
    ['a program of 9 characters', { ...values, program: 'POSTENTRY' }, /program .* longer than 8/],
    ['a comma in the password', { ...values, password: 'SE,CRET' }, /password .* holds a comma/],
    ['a character outside the code page', { ...values, user: 'ĄŚ' }, /user .* outside the code page/],
  ])('refuses %s without repeating it', (_, wrong, message) => {
    expect(() => clientInData({ ...wrong, persistence: 'single' }, encode)).toThrow(message)
  })

  test.each([
    [43, 43],
    [44, 45],
    [107, 108],
    [300, 301],
    [363, 364],
    [11_263, 11_263],
    [11_264, 11_520],
    [11_519, 11_520],
    [27_392, 27_648],
    [27_647, 27_648],
    [32_763, 32_763],
  ])('a COMMAREA of %i bytes is declared as %i', (needed, declared) => {
    expect(commareaLength(needed)).toBe(declared)
  })

  test('no declared length holds a comma, none is more than 256 bytes longer', () => {
    for (let needed = 1; needed <= 32_763; needed += 1) {
      const length = commareaLength(needed)
      const pair = [length >> 8, length & 0xff]
      if (pair.includes(0x2c) || pair.includes(0x6b) || length < needed || length - needed > 256)
        expect(needed).toBe('held')
    }
    expect(codeOf(() => commareaLength(32_764))).toBe('COMMAREA_TOO_LONG')
  })

  test('padding is X00', () => {
    expect(hex(padCommarea(bytes('C1C2'), 4))).toBe('C1C20000')
  })
})

describe('TRM reply', () => {
  const version = '00000005 01 F1F2F3F4'
  test.each([
    ['empty', '00000000', [], undefined],
    ['version only', `00000009 ${version}`, [1], undefined],
    ['execution OK', `0000000E ${version} 00000001 07`, [1, 7], 7],
    ['program abend', '0000000D 00000009 08 D7D6E2E3C5D5E340', [8], 8],
    ['an error wins over execution OK', '0000000A 00000001 07 00000001 09', [7, 9], 9],
  ])('%s', (_, text, codes, decisive) => {
    const message = bytes(text)
    const reply = readTrmReply(Uint8Array.from([...message, 0xff]))
    expect(reply?.fields.map(({ code }) => code)).toEqual(codes)
    expect(reply?.size).toBe(message.length)
    expect(reply && decisiveCode(reply)).toBe(decisive)
    for (let cut = 0; cut < message.length; cut += 1) expect(readTrmReply(message.subarray(0, cut))).toBeUndefined()
  })

  test.each([
    ['a text of the listener', 'C5E9E8F1F3F1F5C5', 0],
    ['a length over the limit', '00000401', 0],
    ['a field of length 0', '00000005 00000000 07', 4],
    ['a field longer than the message', '00000005 00000002 07', 4],
    ['a message that ends inside a field header', '00000003 000000', 4],
    ['an unknown code', '00000005 00000001 0C', 8],
  ])('%s is malformed at once', (_, text, offset) => {
    expect(() => readTrmReply(bytes(text))).toThrow(`at byte ${offset} `)
  })

  test('any bytes: a reply inside the limit, more wanted, or TRM_REPLY_MALFORMED; more bytes never change a reply', () => {
    const likely = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.array(fc.constantFrom(0, 0, 0, 1, 5, 7, 8, 9, 13), { maxLength: 40 }).map((list) => Uint8Array.from(list)),
    )
    fc.assert(
      fc.property(likely, fc.uint8Array({ maxLength: 9 }), (front, rest) => {
        const code = codeOf(() => readTrmReply(front))
        if (code !== 'no failure') return code === 'TRM_REPLY_MALFORMED'
        const reply = readTrmReply(front)
        if (!reply) return front.length < 4 + TRM_REPLY_MAX
        const again = readTrmReply(Uint8Array.from([...front, ...rest]))
        return reply.size <= front.length && JSON.stringify(again) === JSON.stringify(reply)
      }),
      { numRuns: 2000 },
    )
  })
})
