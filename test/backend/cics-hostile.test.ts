// Regions that do anything at any moment: "not sent" is said only when it is true, "reply" only for a whole reply.

import { afterEach, expect, test } from '@jest/globals'
import type { ExchangeResult } from '../../src/contract/backend.ts'
import { fc } from '../support/property.ts'
import { abend, backend, call, closeAll, code, goOn, page, peer, reply, request } from './cics-peer.ts'
import type { Line, Script } from './scripted-peer.ts'

afterEach(closeAll)

type Act =
  | { readonly act: 'say'; readonly bytes: Uint8Array; readonly refuses?: boolean }
  | { readonly act: 'read'; readonly count: number }
  | { readonly act: 'wait'; readonly ms: number }
  | { readonly act: 'end' }
  | { readonly act: 'reset' }

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const say = (bytes: Uint8Array, refuses = false): Act => ({ act: 'say', bytes, refuses })

const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Act>({ act: 'read', count: 40 }) },
  { weight: 3, arbitrary: fc.constant<Act>(say(hex(goOn))) },
  { weight: 2, arbitrary: fc.constant<Act>({ act: 'read', count: request.length }) },
  { weight: 2, arbitrary: fc.constant<Act>(say(reply)) },
  { weight: 1, arbitrary: fc.constantFrom<Act>({ act: 'end' }, { act: 'reset' }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }).map((count): Act => ({ act: 'read', count })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }).map((ms): Act => ({ act: 'wait', ms })) },
  { weight: 1, arbitrary: fc.constantFrom('03', '04', '0A').map((one) => say(hex(code(one)), true)) },
  { weight: 1, arbitrary: fc.constantFrom('05', '06', '09', '0B').map((one) => say(hex(code(one)))) },
  { weight: 1, arbitrary: fc.constant(say(hex(abend))) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => say(bytes)) },
)

interface Seen {
  received: number
  refused: boolean
  readonly said: Uint8Array[]
}

function played(list: readonly Act[], seen: Seen): Script {
  return async (line: Line) => {
    for (const one of list) {
      if (one.act === 'read') seen.received += (await line.read(one.count)).length
      else if (one.act === 'wait') await new Promise((resolve) => setTimeout(resolve, one.ms))
      else if (one.act === 'end') return line.end()
      else if (one.act === 'reset') return line.reset()
      else {
        line.write(one.bytes)
        seen.said.push(one.bytes)
        seen.refused ||= one.refuses === true
      }
    }
    // What was sent and never read would be missed by the count.
    seen.received += (await line.read(1000)).length
  }
}

/** Whether the result is true of what the region saw and said. */
function holds(result: ExchangeResult, seen: Seen): boolean {
  switch (result.kind) {
    case 'not-sent':
      return seen.received <= 40 || seen.refused
    case 'reply':
      return result.bytes.length === request.length
    case 'unknown':
      return (result.evidence?.length ?? 0) < 2000
    case 'abended':
      return result.abendCode === 'ASRA' && Buffer.concat(seen.said).includes(Buffer.from(hex(abend)))
  }
}

test('any region', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { maxLength: 8 }), async (list) => {
      const seen: Seen = { received: 0, refused: false, said: [] }
      const core = await peer(played(list, seen))
      const result = await backend({ endpoints: [core] }).exchange(call({ deadlineMs: 40 }))
      await closeAll()
      return holds(result, seen)
    }),
    { numRuns: 150 },
  )
})

type Way = 'good' | 'late' | 'twice' | 'stray' | 'cut'

/** Echoes each COMMAREA in the way of its turn, over all connections. */
function echoing(ways: readonly Way[]): Script {
  let turn = 0
  const answer = async (on: Line, commarea: Buffer, way: Way | undefined) => {
    if (way === 'cut') return on.end()
    if (way === 'late') await new Promise((resolve) => setTimeout(resolve, 60))
    on.write(commarea)
    if (way === 'twice') on.write(commarea)
    if (way === 'stray') setTimeout(() => on.write(commarea), 3)
  }
  return async (on) => {
    while ((await on.read(40)).length === 40) {
      on.write(goOn)
      await answer(on, await on.read(request.length), ways[turn++])
    }
  }
}

test('a late, doubled or stray reply is never taken for that of the next call', async () => {
  const way = fc.constantFrom<Way>('good', 'late', 'twice', 'stray', 'cut')
  await fc.assert(
    fc.asyncProperty(fc.array(way, { minLength: 2, maxLength: 6 }), async (ways) => {
      const core = await peer(echoing(ways))
      const one = backend({ endpoints: [core] }, true)
      for (const index of ways.keys()) {
        const payload = page.encode(`CALL ${index}`.padEnd(request.length))
        const result = await one.exchange(call({ payload, deadlineMs: 40 }))
        if (result.kind === 'reply') expect(page.decode(result.bytes)).toBe(page.decode(payload))
        // Bytes that come while nobody asks end the connection.
        await new Promise((resolve) => setTimeout(resolve, 15))
      }
      await closeAll()
    }),
    { numRuns: 30 },
  )
})
