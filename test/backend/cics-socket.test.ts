// Each signal of a CICS region is one outcome; what is sent is as drawn. Connections: cics-connections.test.ts.

import { afterEach, describe, expect, test } from '@jest/globals'
import { cicsSocketBackend } from '../../src/backend/cics-socket.ts'
import {
  abend,
  backend,
  call,
  closeAll,
  code,
  executed,
  goOn,
  half,
  hexBytes,
  line,
  page,
  peer,
  reply,
  request,
  trm,
  version,
  versioned,
} from './cics-peer.ts'
import { drip, end, read, reset, type Script, script, silence, write } from './scripted-peer.ts'

afterEach(closeAll)

const good = 'reply GOODBYE, CICS. 987654321'
const malformed = 'unknown reply-malformed CORE_REPLY_MALFORMED'
const lost = 'unknown connection-lost-after-send CORE_CONNECTION_LOST'
const failed = 'unknown execution-failed CORE_EXECUTION_FAILED'
const late = 'unknown no-reply-before-deadline CORE_NO_REPLY'

const signals: readonly (readonly [string, Script, string])[] = [
  ['a good reply', script(executed, write(reply), end), good],
  ['a good reply in one-byte pieces', script(executed, drip(reply, 1)), good],
  ['a version before "go on"', script(trm, write(versioned), read(request.length), write(reply)), good],
  ['no "go on" but a version', script(trm, write(version), read(request.length), write(reply)), good],
  // Before the COMMAREA: nothing was sent.
  ['a close at once', end, 'not-sent CORE_REFUSED'],
  ['a reset inside the TRM', script(read(1), reset), 'not-sent CORE_REFUSED'],
  ['a close after the TRM', script(trm, end), 'not-sent CORE_REFUSED'],
  ['a reset after the TRM', script(trm, reset), 'not-sent CORE_REFUSED'],
  ['a close inside the TRM reply', script(trm, write('00000005 00'), end), 'not-sent CORE_REFUSED'],
  ['silence after the TRM', script(trm, silence), 'not-sent CORE_NOT_READY'],
  ['a TRM reply that drips too slowly', script(trm, drip(hexBytes(goOn), 150)), 'not-sent CORE_NOT_READY'],
  ['a text of the listener', script(trm, write(page.encode('EZY1315E DISABLED')), end), 'not-sent TRM_REPLY_MALFORMED'],
  ['garbage for a TRM reply', script(trm, write('FFFFFFFF 01020304')), 'not-sent TRM_REPLY_MALFORMED'],
  ['an endless TRM reply', script(trm, write('00100000'), write(new Uint8Array(1e6))), 'not-sent TRM_REPLY_MALFORMED'],
  ['bytes after "go on"', script(trm, write(`${goOn} 00`)), 'not-sent TRM_REPLY_MALFORMED'],
  ['03 invalid program', script(trm, write(code('03')), end), 'not-sent CORE_REFUSED'],
  ['04 invalid transaction', script(trm, write(code('04')), end), 'not-sent CORE_REFUSED'],
  ['05 inquiry failed', script(trm, write(code('05')), end), 'not-sent CORE_REFUSED'],
  ['06 program disabled', script(trm, write(code('06')), end), 'not-sent CORE_REFUSED'],
  ['0A invalid TRM', script(trm, write(code('0A')), end), 'not-sent CORE_REFUSED'],
  // A child server may act on the TRM alone: what it says is believed.
  ['08 after the TRM', script(trm, write(abend), end), 'abended ASRA'],
  ['09 after the TRM', script(trm, write(code('09')), end), failed],
  // From the first byte of the COMMAREA on.
  ['08 in place of the COMMAREA', script(executed, write(abend), end), 'abended ASRA'],
  ['08 without a name', script(executed, write(code('08')), end), 'abended ????'],
  ['08 with a name of other bytes', script(executed, write('00000009 00000005 08 00FF00FF'), end), 'abended ????'],
  ['09 in place of the COMMAREA', script(executed, write(code('09')), end), failed],
  ['0B in place of the COMMAREA', script(executed, write(code('0B')), end), failed],
  ['05 in place of the COMMAREA', script(executed, write(code('05')), end), failed],
  ['03 in place of the COMMAREA', script(executed, write(code('03')), end), 'not-sent CORE_REFUSED'],
  ['04 in place of the COMMAREA', script(executed, write(code('04')), end), 'not-sent CORE_REFUSED'],
  ['0A in place of the COMMAREA', script(executed, write(code('0A')), end), 'not-sent CORE_REFUSED'],
  ['a second "go on" in place of the COMMAREA', script(executed, write(goOn), end), malformed],
  ['08 and then silence', script(executed, write(abend), silence), late],
  ['a close inside the COMMAREA we send', script(trm, write(goOn), read(5), end), lost],
  ['a reset inside the COMMAREA we send', script(trm, write(goOn), read(5), reset), lost],
  ['a close after the COMMAREA', script(executed, end), lost],
  ['a reset after the COMMAREA', script(executed, reset), lost],
  ['half a reply, then a close', script(executed, write(half), end), malformed],
  ['half a reply, then silence', script(executed, write(half), silence), late],
  ['a reply that drips too slowly', script(executed, drip(reply, 40)), late],
  ['silence after the COMMAREA', script(executed, silence), late],
  [
    'garbage of the right length',
    script(executed, write(new Uint8Array(24).fill(0xff)), end),
    `reply ${'\u009f'.repeat(24)}`,
  ],
  ['one byte too many', script(executed, write(Uint8Array.from([...reply, 0])), end), malformed],
  ['endless data', script(executed, write(new Uint8Array(4e6)), silence), malformed],
]

describe('every signal is one outcome', () => {
  test.each(signals)('%s', async (_, play, expected) => {
    const core = await peer(play)
    // Long enough for a busy machine; short where the deadline itself is the signal.
    const deadlineMs = /NO_REPLY|NOT_READY/.test(expected) ? 500 : 5000
    const result = await backend({ endpoints: [core] }).exchange(call({ deadlineMs }))
    expect(line(result)).toBe(expected)
    expect(core.taken).toBe(1)
    // Its words are whole: no fact that they name is missing.
    if ('cause' in result) expect(`${result.cause.message} ${result.cause.hint}`).not.toMatch(/undefined|NaN|\[object/)
  })

  test('what came is kept as evidence, bounded, and never named in the message', async () => {
    const core = await peer(script(executed, write(half), end))
    const result = await backend({ endpoints: [core] }).exchange(call())
    if (result.kind !== 'unknown') throw new Error(line(result))
    expect(result.evidence).toEqual(reply.subarray(0, 9))
    expect(result.cause.message).toBe(
      'CORE_REPLY_MALFORMED: the reply of core to PROG is malformed: 9 bytes instead of 24',
    )

    const noisy = await peer(script(executed, write(new Uint8Array(4e6)), silence))
    const endless = await backend({ endpoints: [noisy] }).exchange(call())
    expect(endless.kind === 'unknown' && endless.evidence?.length).toBeLessThan(2000)
  })
})

test('a close right after "go on": not sent if seen in time, else in doubt', async () => {
  const core = await peer(script(trm, write(goOn), end))
  const result = await backend({ endpoints: [core] }).exchange(call())
  expect(['not-sent CORE_REFUSED', lost]).toContain(line(result))
})

describe('what is sent', () => {
  test('TRM and COMMAREA as drawn; a length with a comma is padded and the padding cut from the reply', async () => {
    const seen: Buffer[] = []
    const core = await peer(async (on) => {
      seen.push(await on.read(40))
      on.write(goOn)
      const commarea = await on.read(45)
      seen.push(commarea)
      on.write(commarea)
    })
    const payload = page.encode('X'.repeat(44))
    const settings = { endpoints: [core], credentials: { user: 'USER1', password: 'SECRET' } }
    const result = await backend(settings).exchange(call({ payload, maxReplyBytes: 44 }))
    expect(seen[0]?.toString('hex')).toBe(
      `${Buffer.from(page.encode('MSCS,USER1   SECRET  PROG    ')).toString('hex')}002d000000000000000000`,
    )
    expect(seen[1]?.[44]).toBe(0)
    expect(line(result)).toBe(`reply ${'X'.repeat(44)}`)
  })

  test('the COMMAREA has room for the longest reply', async () => {
    const core = await peer(async (on) => {
      const trm = await on.read(40)
      on.write(goOn)
      const length = trm.readUInt16BE(29)
      await on.read(length)
      on.write(new Uint8Array(length).fill(0xc1))
    })
    const result = await backend({ endpoints: [core] }).exchange(call({ payload: page.encode('AB'), maxReplyBytes: 7 }))
    expect(line(result)).toBe('reply AAAAAAA')
  })

  test.each([
    ['too long for CICS', { maxReplyBytes: 40_000 }, 'COMMAREA_TOO_LONG'],
    ['a program name of 9 characters', { target: 'PROGRAM99' }, 'CICS_NAME_INVALID'],
  ])('%s: not sent', async (_, changes, expected) => {
    const core = await peer((on) => on.gone())
    expect(line(await backend({ endpoints: [core] }).exchange(call(changes)))).toBe(`not-sent ${expected}`)
  })

  test('credentials with a comma are refused when the back end is made', () => {
    const wrong = { endpoints: [], credentials: { user: 'USER', password: 'PA,SS' } }
    expect(() => cicsSocketBackend({ kind: 'cics-socket', endpoints: 'CORE' }, wrong)).toThrow('CICS_NAME_INVALID')
  })
})
