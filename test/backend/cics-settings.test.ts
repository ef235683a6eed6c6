// What a CICS back end takes from its settings, how its connections and deadlines go together, and what it says when a call fails.

import { afterEach, describe, expect, test } from '@jest/globals'
import { type CicsSocketSettings, cicsSocketBackend } from '../../src/backend/cics-socket.ts'
import { codePage } from '../../src/codepage/code-page.ts'
import type { CicsSocketBackend } from '../../src/contract/adapter.ts'
import type { ExchangeResult } from '../../src/contract/backend.ts'
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
  serve,
  trm,
} from './cics-peer.ts'
import { deadPort, end, type Line, read, reset, type Script, script, silence, write } from './scripted-peer.ts'

const own: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(own.splice(0).map((one) => one.close()))
  await closeAll()
})

/** Without the name that `backend` gives. */
function unnamed(settings: CicsSocketSettings, more: Partial<CicsSocketBackend> = {}) {
  const one = cicsSocketBackend({ kind: 'cics-socket', endpoints: 'DEPOSITS', ...more }, settings)
  own.push(one)
  return one
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const messageOf = (result: ExchangeResult) => ('cause' in result ? result.cause.message : result.kind)

describe('settings', () => {
  test.each<[string, CicsSocketSettings['name'], string]>([
    ['its own name', 'core', 'core'],
    ['the name of its endpoints', undefined, 'DEPOSITS'],
  ])('messages carry %s', async (_, name, expected) => {
    const settings = { endpoints: [{ host: '127.0.0.1', port: await deadPort() }], ...(name && { name }) }
    expect(messageOf(await unnamed(settings).exchange(call()))).toContain(`${expected} could not be reached`)
    const refusing = await peer(script(trm, write(code('03')), end))
    const refused = await unnamed({ ...settings, endpoints: [refusing] }).exchange(call())
    expect(messageOf(refused)).toMatch(new RegExp(`^CORE_REFUSED: ${expected} refused PROG before it ran: .`))
    const full = unnamed({ ...settings, endpoints: [refusing], concurrent: 1, queueLength: 0 })
    const first = full.exchange(call())
    expect(messageOf(await full.exchange(call()))).toMatch(new RegExp(`^CORE_BUSY: ${expected} `))
    await first
  })

  test('the transaction id and the names of a region go out in its code page, and abend codes come in it', async () => {
    const other = codePage('cp285')
    const seen: Buffer[] = []
    const core = await peer(async (on) => {
      seen.push(await on.read(40))
      on.write(Buffer.concat([hexBytes('00000009 00000005 08'), other.encode('A$ ')]))
      on.write(other.encode(' '))
      on.end()
    })
    const one = unnamed({ endpoints: [core], codePage: 'cp285' }, { tranid: 'MS$1' })
    expect(line(await one.exchange(call({ target: 'P$1' })))).toBe('abended A$')
    const sent = Buffer.from(other.encode('MS$1,')).toString('hex')
    expect(seen[0]?.toString('hex').startsWith(sent)).toBe(true)
    expect(seen[0]?.includes(Buffer.from(other.encode('P$1 ')))).toBe(true)
    expect(Buffer.from(other.encode('$'))).not.toEqual(Buffer.from(page.encode('$')))
  })

  test('an endpoint that refused rests as long as they say', async () => {
    const port = await deadPort()
    const core = await peer(serve(1))
    const one = unnamed({ endpoints: [{ host: '127.0.0.1', port }, core], restMs: 0 })
    await one.exchange(call())
    const back = await peer(serve(1), undefined, port)
    for (let turn = 0; turn < 4; turn += 1) expect((await one.exchange(call())).kind).toBe('reply')
    expect(back.taken).toBe(2)
  })

  test('two hundred calls wait where they say nothing, each for a while', async () => {
    const core = await peer(silence)
    const one = unnamed({ endpoints: [core], concurrent: 1 })
    const calls = Array.from({ length: 201 }, () => one.exchange(call({ deadlineMs: 200 })))
    const refused = await one.exchange(call())
    expect(refused).toMatchObject({ kind: 'not-sent', cause: { code: 'CORE_BUSY', facts: { waiting: 200 } } })
    // Each gets the place in its turn, when its time is over: none is sent away from the queue.
    expect((await Promise.all(calls)).map(line)).not.toContain('not-sent CORE_BUSY')
  })

  test('a kept connection is used again after a while, and no longer than they say', async () => {
    const core = await peer(serve(9))
    const kept = backend({ endpoints: [core] }, true)
    await kept.exchange(call())
    await pause(60)
    await kept.exchange(call())
    expect(core.taken).toBe(1)
    const short = backend({ endpoints: [core], idleMs: 20 }, true)
    await short.exchange(call())
    await pause(80)
    await short.exchange(call())
    expect(core.taken).toBe(3)
  })
})

/** Serves one call well on each connection, then does something else with the next TRM on the first one. */
const thenOnce =
  (next: (on: Line) => unknown): Script =>
  async (on) => {
    await on.read(40)
    on.write(goOn)
    on.write(await on.read(request.length))
    if (on.index > 0) return
    await on.read(40)
    await next(on)
  }

describe('a kept connection', () => {
  test('that the core ends at the next TRM is replaced', async () => {
    const core = await peer(thenOnce((on) => on.end()))
    const one = backend({ endpoints: [core] }, true)
    await one.exchange(call())
    expect([line(await one.exchange(call())).slice(0, 5), core.taken]).toEqual(['reply', 2])
  })

  test('is replaced by a new one, never by another one that was kept as long', async () => {
    const core = await peer(async (on) => {
      for (let turn = 0; turn < (on.index < 2 ? 1 : 9); turn += 1) {
        await on.read(40)
        // Both are open before either is kept.
        if (on.index < 2) await pause(30)
        on.write(goOn)
        on.write(await on.read(request.length))
      }
      await on.read(1)
      on.reset()
    })
    const one = backend({ endpoints: [core], concurrent: 2 }, true)
    await Promise.all([one.exchange(call()), one.exchange(call())])
    expect([core.taken, line(await one.exchange(call())).slice(0, 5), core.taken]).toEqual([2, 'reply', 3])
  })

  test.each<[string, (on: Line) => unknown, string]>([
    [
      'half a TRM reply and an end',
      (on) => {
        on.write('00000005 00')
        on.end()
      },
      'not-sent CORE_REFUSED',
    ],
    ['silence', (on) => on.gone(), 'not-sent CORE_NOT_READY'],
  ])('on which the next TRM gets %s is not replaced: the core has spoken, or may', async (_, next, expected) => {
    const core = await peer(thenOnce(next))
    const one = backend({ endpoints: [core] }, true)
    await one.exchange(call())
    expect([line(await one.exchange(call({ deadlineMs: 300 }))), core.taken]).toEqual([expected, 1])
    expect([(await one.exchange(call())).kind, core.taken]).toEqual(['reply', 2])
  })

  test('serves call after call: nothing of one is left for the next', async () => {
    const core = await peer(serve(100))
    const one = backend({ endpoints: [core], concurrent: 1 }, true)
    for (let turn = 0; turn < 60; turn += 1) expect((await one.exchange(call())).kind).toBe('reply')
    expect(core.taken).toBe(1)
  })

  test('leaves its place when it is not kept', async () => {
    const core = await peer(serve(1))
    const one = backend({ endpoints: [core], concurrent: 1, queueMs: 200 })
    for (let turn = 0; turn < 3; turn += 1) expect((await one.exchange(call())).kind).toBe('reply')
    expect(core.taken).toBe(3)
  })

  test('on which the first call got no answer to its TRM is not used again', async () => {
    const core = await peer(async (on) => (on.index === 0 ? on.gone() : serve(9)(on)))
    const one = backend({ endpoints: [core] }, true)
    expect(line(await one.exchange(call({ deadlineMs: 200 })))).toBe('not-sent CORE_NOT_READY')
    expect([(await one.exchange(call())).kind, core.taken]).toEqual(['reply', 2])
  })
})

describe('time', () => {
  test('that has passed before a call is sent lets nothing out, not even the TRM', async () => {
    let seen = 0
    const core = await peer(async (on) => {
      seen += (await on.read(1)).length
    })
    const result = await backend({ endpoints: [core] }).exchange(call({ until: 0 }))
    expect(line(result)).toBe('not-sent CALL_OVERDUE')
    await closeAll()
    expect(seen).toBe(0)
  })

  test('spent in the queue is gone for getting ready', async () => {
    const core = await peer(silence)
    const one = backend({ endpoints: [core], concurrent: 1 })
    const since = performance.now()
    const first = one.exchange(call({ deadlineMs: 400 }))
    const second = await one.exchange(call({ deadlineMs: 600 }))
    expect(line(second)).toBe('not-sent CORE_NOT_READY')
    expect(performance.now() - since).toBeLessThan(1300)
    await first
  })

  test('for the reply runs from the request, however long the core took to get ready', async () => {
    const core = await peer(async (on) => {
      await on.read(40)
      await pause(600)
      on.write(goOn)
      await on.read(request.length)
      await pause(650)
      on.write(reply)
    })
    expect((await backend({ endpoints: [core] }).exchange(call({ deadlineMs: 1000 }))).kind).toBe('reply')
  })
})

describe('a reply', () => {
  const sent = (...steps: Script[]) => script(executed, ...steps)
  test.each<[string, Script, string, number?]>([
    [
      'one byte too many and then silence is malformed at once',
      sent(write(Uint8Array.from([...reply, 0])), silence),
      'unknown reply-malformed CORE_REPLY_MALFORMED',
    ],
    [
      '08 with a byte behind it is none of the listener',
      sent(write(abend), write('00'), end),
      'unknown reply-malformed CORE_REPLY_MALFORMED',
    ],
    [
      'half of it and then a reset is a lost connection',
      sent(write(half), () => pause(50), reset),
      'unknown connection-lost-after-send CORE_CONNECTION_LOST',
    ],
    ['one byte and an end is malformed', sent(write('C1'), end), 'unknown reply-malformed CORE_REPLY_MALFORMED'],
    [
      'an abend name that is padded is the name',
      sent(write(`00000009 00000005 08 ${Buffer.from(page.encode('AB  ')).toString('hex')}`), end),
      'abended AB',
    ],
  ])('%s', async (_, play, expected) => {
    const core = await peer(play)
    expect(line(await backend({ endpoints: [core] }).exchange(call({ deadlineMs: 3000 })))).toBe(expected)
  })

  test('08 and then a cancellation is doubt: more may follow', async () => {
    const stop = new AbortController()
    const core = await peer(
      sent(write(abend), async () => {
        await pause(50)
        stop.abort()
      }),
    )
    const result = await backend({ endpoints: [core] }).exchange(call({ signal: stop.signal }))
    expect(line(result)).toBe('unknown connection-lost-after-send CALL_CANCELLED')
    expect(messageOf(result)).toContain('PROG')
  })

  test.each<[string, Script, Uint8Array | undefined, string]>([
    ['none', sent(end), undefined, 'CORE_CONNECTION_LOST: the connection to core ended during PROG, 0 bytes'],
    [
      'one byte',
      sent(write('C1'), () => pause(50), reset),
      hexBytes('C1'),
      'CORE_CONNECTION_LOST: the connection to core ended during PROG, 1 bytes',
    ],
  ])('of which %s came keeps just that as evidence', async (_, play, evidence, message) => {
    const core = await peer(play)
    const result = await backend({ endpoints: [core] }).exchange(call())
    expect(messageOf(result)).toContain(message)
    if (evidence) expect(result).toHaveProperty('evidence', evidence)
    else expect(result).not.toHaveProperty('evidence')
  })

  test('that we fail over leaves doubt, with what came as evidence', async () => {
    const core = await peer(sent(write(reply)))
    let looks = 0
    const failing = {
      ...call(),
      get maxReplyBytes() {
        // The first look is for the length of the COMMAREA.
        if (++looks > 1) throw new TypeError('a mistake of ours')
        return request.length
      },
    }
    const result = await backend({ endpoints: [core] }).exchange(failing)
    expect(line(result)).toBe('unknown connection-lost-after-send CORE_CONNECTION_LOST')
    expect(result).toHaveProperty('evidence', reply)
  })

  test('that whoever asked fails to judge is thrown, and its connection not used again', async () => {
    const core = await peer(serve(9))
    const one = backend({ endpoints: [core] }, true)
    const mistake = new TypeError('a mistake of ours')
    const accepts = () => {
      throw mistake
    }
    await expect(one.exchange(call({ accepts }))).rejects.toBe(mistake)
    expect([(await one.exchange(call())).kind, core.taken]).toEqual(['reply', 2])
  })
})

test('a long COMMAREA arrives whole; one that the core cuts off is a lost connection', async () => {
  const payload = page.encode('LONG'.repeat(5000))
  let got: Uint8Array = new Uint8Array()
  const core = await peer(async (on) => {
    await on.read(40)
    on.write(goOn)
    got = await on.read(payload.length)
    on.write(got)
  })
  const long = call({ payload, maxReplyBytes: payload.length })
  expect((await backend({ endpoints: [core] }).exchange(long)).kind).toBe('reply')
  expect(Buffer.from(got)).toEqual(Buffer.from(payload))
  const cutting = await peer(script(trm, write(goOn), read(5), reset))
  const cut = await backend({ endpoints: [cutting] }).exchange(long)
  expect(line(cut)).toBe('unknown connection-lost-after-send CORE_CONNECTION_LOST')
})
