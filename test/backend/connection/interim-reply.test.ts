// What a reader of a socket gets where `100 Continue` comes before a reply: the reply alone, however the bytes are cut.

import type { Socket } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { withoutContinue } from '../../../src/backend/connection/interim-reply.ts'

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'
const REPLY = 'HTTP/1.1 200 OK\r\n\r\n'

/** A socket from which the given pieces can be read; what a reader gets of each, null for nothing yet. */
function reading() {
  let pending: (string | null)[] = []
  const sizes: unknown[] = []
  const socket = {
    read(size?: number): Buffer | null {
      sizes.push(size)
      const next = pending.shift()
      return next === undefined || next === null ? null : Buffer.from(next)
    },
  }
  const expectReply = withoutContinue(socket as unknown as Socket)
  return {
    ...{ sizes, expectReply, socket },
    got: (...pieces: (string | null)[]) => {
      pending = [...pieces]
      return pieces.map(() => socket.read()?.toString() ?? null)
    },
  }
}

describe('before a reply is expected', () => {
  test('everything passes as it is, and the size that is asked for with it', () => {
    const { got, socket, sizes } = reading()
    expect(got(CONTINUE, null, 'HTTP/1.1 10')).toEqual([CONTINUE, null, 'HTTP/1.1 10'])
    socket.read(7)
    expect(sizes.at(-1)).toBe(7)
  })
})

describe('at the start of a reply', () => {
  test.each<[string, (string | null)[], (string | null)[]]>([
    ['no interim one', [REPLY], [REPLY]],
    ['one before it', [CONTINUE + REPLY], [REPLY]],
    ['two before it', [CONTINUE + CONTINUE + REPLY], [REPLY]],
    ['one alone, then the reply', [CONTINUE, null, REPLY], [null, null, REPLY]],
    ['one that is cut', ['HTTP/1.1 1', '00 Go on\r\nx: y\r', `\n\r\n${REPLY}`], [null, null, REPLY]],
    ['a reply that begins alike', ['HTTP/1.1', ' 200 OK'], [null, 'HTTP/1.1 200 OK']],
    ['another interim one', ['HTTP/1.1 103 Early Hints\r\n\r\n'], ['HTTP/1.1 103 Early Hints\r\n\r\n']],
    ['no HTTP', ['garbage'], ['garbage']],
  ])('%s', (_, pieces, expected) => {
    const { got, expectReply } = reading()
    expectReply()
    expect(got(...pieces)).toEqual(expected)
  })

  test('what follows passes as it is, until the next reply', () => {
    const { got, expectReply } = reading()
    expectReply()
    expect(got(REPLY, CONTINUE, 'body')).toEqual([REPLY, CONTINUE, 'body'])
    expectReply()
    expect(got(CONTINUE + REPLY, CONTINUE)).toEqual([REPLY, CONTINUE])
  })

  test('nothing of a reply before is left over', () => {
    const { got, expectReply } = reading()
    expectReply()
    expect(got('HTTP/1.1 100')).toEqual([null])
    expectReply()
    expect(got(REPLY)).toEqual([REPLY])
  })

  test.each<[number, boolean]>([
    [16_384, true],
    [16_385, false],
  ])('an interim one is held to %i bytes: %p', (length, isHeld) => {
    const { got, expectReply } = reading()
    expectReply()
    const long = 'HTTP/1.1 100 '.padEnd(length, 'x')
    expect(got(long)).toEqual([isHeld ? null : long])
  })
})
