import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type CicsSocketSettings, cicsSocketBackend } from '../../src/backend/cics-socket.ts'
import { codePage } from '../../src/codepage/code-page.ts'
import type { Backend, Exchange, ExchangeResult } from '../../src/contract/backend.ts'
import { isFailure } from '../../src/error/failure.ts'
import {
  deadPort,
  drip,
  end,
  type Peer,
  read,
  reset,
  type Script,
  script,
  scriptedPeer,
  silence,
  write,
} from './scripted-peer.ts'

const page = codePage('cp037')
const goOn = '00000005 00000001 07'
const abend = `00000009 00000005 08 ${Buffer.from(page.encode('ASRA')).toString('hex')}`
const request = page.encode('HELLO, CICS. 0123456789!')
const reply = page.encode('GOODBYE, CICS. 987654321')
const version = '00000009 00000005 01 F1F2F3F4'
const versioned = '0000000E 00000005 01 F1F2F3F4 00000001 07'
const code = (hex: string) => `00000005 00000001 ${hex}`

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

async function peer(play: Script): Promise<Peer> {
  const one = await scriptedPeer(play)
  open.push(one)
  return one
}

function backend(settings: CicsSocketSettings, persistent = false): Backend {
  const one = cicsSocketBackend({ kind: 'cics-socket', endpoints: 'CORE', persistent }, { name: 'core', ...settings })
  open.push(one)
  return one
}

const call = (changes: Partial<Exchange> = {}): Exchange => ({
  target: 'PROG',
  payload: request,
  maxReplyBytes: request.length,
  deadlineMs: 400,
  correlation: 'R1',
  ...changes,
})

/** A result in one line: what a reader of the table compares. */
function line(result: ExchangeResult): string {
  switch (result.kind) {
    case 'reply':
      return `reply ${page.decode(result.bytes)}`
    case 'abended':
      return `abended ${result.abendCode}`
    case 'not-sent':
      return `not-sent ${result.cause.code}`
    case 'unknown':
      return `unknown ${result.why} ${result.cause.code}`
  }
}

/** The first exchange done, the COMMAREA read. */
const trm = read(40)
const executed = script(trm, write(goOn), read(request.length))
const half = reply.subarray(0, 9)
const hexBytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

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
  ['a TRM reply that drips too slowly', script(trm, drip(hexBytes(goOn), 80)), 'not-sent CORE_NOT_READY'],
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
    const result = await backend({ endpoints: [core] }).exchange(call())
    expect(line(result)).toBe(expected)
    expect(core.taken).toBe(1)
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

/** Serves calls on one connection as the bank does, echoing the COMMAREA, `many` times. */
const serve =
  (many: number): Script =>
  async (on) => {
    for (let done = 0; done < many; done += 1) {
      const trm = await on.read(40)
      if (trm.length < 40) return
      on.write(goOn)
      on.write(await on.read(trm.readUInt16BE(29)))
    }
    on.end()
  }

describe('connections', () => {
  test('kept for further calls where the child server takes them, with a TRM for each', async () => {
    const flags: number[] = []
    const core = await peer(async (on) => {
      for (;;) {
        const trm = await on.read(40)
        if (trm.length < 40) return
        flags.push(trm.readUInt8(37))
        on.write(goOn)
        on.write(await on.read(request.length))
      }
    })
    const one = backend({ endpoints: [core] }, true)
    for (let turn = 0; turn < 3; turn += 1) expect((await one.exchange(call())).kind).toBe('reply')
    expect(core.taken).toBe(1)
    expect(flags).toEqual([2, 4, 4])
  })

  test('not kept otherwise', async () => {
    const core = await peer(serve(1))
    const one = backend({ endpoints: [core] })
    for (let turn = 0; turn < 2; turn += 1) expect((await one.exchange(call())).kind).toBe('reply')
    expect(core.taken).toBe(2)
  })

  test('a kept one that the core closed meanwhile costs no call: nothing had been sent', async () => {
    const core = await peer(serve(1))
    const one = backend({ endpoints: [core] }, true)
    for (let turn = 0; turn < 5; turn += 1) expect((await one.exchange(call())).kind).toBe('reply')
    expect(core.taken).toBe(5)
  })

  test('one that dies on the next TRM is replaced, and the COMMAREA is sent once', async () => {
    let commareas = 0
    const core = await peer(async (on) => {
      await on.read(40)
      on.write(goOn)
      on.write(await on.read(request.length))
      commareas += 1
      await on.read(40)
      on.reset()
    })
    const one = backend({ endpoints: [core] }, true)
    await one.exchange(call())
    expect((await one.exchange(call())).kind).toBe('reply')
    expect([core.taken, commareas]).toEqual([2, 2])
  })

  test.each([
    ['an abend', abend],
    ['a broken reply', 'C1C2'],
  ])('after %s the connection is not used again', async (_, answer) => {
    const core = await peer(async (on) => {
      await executed(on)
      if (on.index > 0) return on.write(reply)
      on.write(answer)
      on.end()
    })
    const one = backend({ endpoints: [core] }, true)
    expect((await one.exchange(call())).kind).not.toBe('reply')
    expect((await one.exchange(call())).kind).toBe('reply')
    expect(core.taken).toBe(2)
  })

  test('after a deadline the connection is not used again: the late reply belongs to nobody', async () => {
    const core = await peer(async (on) => {
      await executed(on)
      if (on.index > 0) on.write(reply)
    })
    const one = backend({ endpoints: [core] }, true)
    expect((await one.exchange(call({ deadlineMs: 60 }))).kind).toBe('unknown')
    expect((await one.exchange(call())).kind).toBe('reply')
  })

  test('never more than allowed at once; others wait in order, and in a bounded queue', async () => {
    let inside = 0
    let most = 0
    const core = await peer(async (on) => {
      const trm = await on.read(40)
      most = Math.max(most, ++inside)
      on.write(goOn)
      const commarea = await on.read(trm.readUInt16BE(29))
      await new Promise((resolve) => setTimeout(resolve, 20))
      inside -= 1
      on.write(commarea)
    })
    const one = backend({ endpoints: [core], concurrent: 2, queueLength: 4, queueMs: 5000 })
    const ended: number[] = []
    const results = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const result = await one.exchange(call({ deadlineMs: 5000 }))
        if (result.kind === 'reply') ended.push(index)
        return line(result)
      }),
    )
    expect(results.map((result) => result.split(' ', 2).join(' '))).toEqual([
      ...Array(6).fill('reply HELLO,'),
      ...Array(2).fill('not-sent CORE_BUSY'),
    ])
    expect(ended.slice(0, 2).sort()).toEqual([0, 1])
    expect(ended.slice(2, 4).sort()).toEqual([2, 3])
    expect(most).toBe(2)
  })

  test('a call that waits too long in the queue is not sent', async () => {
    const core = await peer((on) => on.gone())
    const one = backend({ endpoints: [core], concurrent: 1, queueMs: 30 })
    const first = one.exchange(call())
    expect(line(await one.exchange(call()))).toBe('not-sent CORE_BUSY')
    expect((await first).kind).toBe('not-sent')
  })

  test.each([
    ['in the queue', 'queue', 'not-sent CALL_CANCELLED'],
    ['during the TRM exchange', 'trm', 'not-sent CALL_CANCELLED'],
    ['after the COMMAREA', 'sent', 'unknown no-reply-before-deadline CALL_CANCELLED'],
  ] as const)('cancelled %s', async (_, moment, expected) => {
    const stop = new AbortController()
    const core = await peer(async (on) => {
      if (moment === 'queue') return on.gone()
      await on.read(40)
      if (moment === 'trm') return stop.abort()
      on.write(goOn)
      await on.read(request.length)
      stop.abort()
    })
    const one = backend({ endpoints: [core], concurrent: 1 })
    const first = moment === 'queue' ? one.exchange(call()) : undefined
    const result = one.exchange(call({ signal: stop.signal }))
    if (moment === 'queue') stop.abort()
    expect(line(await result)).toBe(expected)
    await first
  })

  test('closing ends calls in flight as a lost connection', async () => {
    const core = await peer(async (on) => {
      await executed(on)
      void one.close()
    })
    const one = backend({ endpoints: [core] })
    expect(line(await one.exchange(call()))).toBe('unknown connection-lost-after-send CORE_CONNECTION_LOST')
  })
})

describe('endpoints', () => {
  test('none answers: not sent, with the reason as cause', async () => {
    const result = await backend({ endpoints: [{ host: '127.0.0.1', port: await deadPort() }] }).exchange(call())
    expect(line(result)).toBe('not-sent CORE_UNREACHABLE')
    expect(result.kind === 'not-sent' && result.cause.cause).toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('a refused one is left alone for a while, the others serve', async () => {
    const refusing = await peer(end)
    const port = refusing.port
    await refusing.close()
    const core = await peer(serve(1))
    const one = backend({ endpoints: [{ host: '127.0.0.1', port }, core], restMs: 60_000 })
    expect((await one.exchange(call())).kind).toBe('reply')
    const back = await scriptedPeer(serve(1), undefined, port)
    open.push(back)
    for (let turn = 0; turn < 4; turn += 1) expect((await one.exchange(call())).kind).toBe('reply')
    expect(back.taken).toBe(0)
  })

  test('a refused one is tried again when it is the only one', async () => {
    const port = await deadPort()
    const one = backend({ endpoints: [{ host: '127.0.0.1', port }], restMs: 60_000 })
    expect(line(await one.exchange(call()))).toBe('not-sent CORE_UNREACHABLE')
    const back = await scriptedPeer(serve(1), undefined, port)
    open.push(back)
    expect((await one.exchange(call())).kind).toBe('reply')
  })

  test('two healthy ones take turns', async () => {
    const [a, b] = [await peer(serve(1)), await peer(serve(1))]
    const one = backend({ endpoints: [a, b] })
    for (let turn = 0; turn < 4; turn += 1) await one.exchange(call())
    expect([a.taken, b.taken]).toEqual([2, 2])
  })

  test('a host that does not exist', async () => {
    const result = await backend({ endpoints: [{ host: 'no-such-host.invalid', port: 1 }] }).exchange(call())
    expect(line(result)).toBe('not-sent CORE_UNREACHABLE')
    expect(isFailure(result.kind === 'not-sent' && result.cause)).toBe(true)
  })
})

describe('TLS', () => {
  const pem = (name: string) => readFileSync(new URL(`tls/${name}`, import.meta.url), 'utf8')
  const [ca, cert, key] = [pem('ca.pem'), pem('core.pem'), pem('core.key')]
  test.each([
    ['trusted authority and name', { ca, servername: 'core.test' }, {}, 'reply HELLO, CICS. 0123456789!'],
    ['another name', { ca, servername: 'other.test' }, {}, 'not-sent CORE_UNREACHABLE'],
    ['an address that the certificate does not hold', { ca }, {}, 'not-sent CORE_UNREACHABLE'],
    ['an authority that is not trusted', { servername: 'core.test' }, {}, 'not-sent CORE_UNREACHABLE'],
    [
      'TLS 1.1',
      { ca, servername: 'core.test' },
      { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' },
      'not-sent CORE_UNREACHABLE',
    ],
  ] as const)('%s', async (_, tls, server, expected) => {
    const core = await scriptedPeer(serve(1), { cert, key, ...server })
    open.push(core)
    expect(line(await backend({ endpoints: [core], tls }).exchange(call()))).toBe(expected)
  })

  test('a peer that speaks no TLS', async () => {
    const core = await peer(script(write(page.encode('NO TLS HERE')), end))
    expect(line(await backend({ endpoints: [core], tls: {} }).exchange(call()))).toBe('not-sent CORE_UNREACHABLE')
  })

  test('a TLS hello that is never answered', async () => {
    const core = await peer(silence)
    const settings = { endpoints: [core], tls: {}, connectMs: 60 }
    expect(line(await backend(settings).exchange(call()))).toBe('not-sent CORE_UNREACHABLE')
  })
})
