// Payload encryption: what passes, what is refused, and what shows.

import { describe, expect, test } from '@jest/globals'
import { defaultPayloadConverter } from '@temporalio/common'
import { payloadCodec } from '../../../src/durable/payload/payload-codec.ts'

const key = (id: string, fill: number) => ({ id, key: new Uint8Array(32).fill(fill) })
const [old, fresh] = [key('2025', 1), key('2026', 2)]
const payload = defaultPayloadConverter.toPayload({ account: '1000000001' })

describe('payload codec', () => {
  test('gives back what it encrypted, and shows nothing of it', async () => {
    const codec = payloadCodec([fresh])
    const [sealed] = await codec.encode([payload])
    expect(Buffer.from(sealed?.data ?? []).toString('latin1')).not.toContain('1000000001')
    expect(Object.keys(sealed?.metadata ?? {}).sort()).toEqual(['encoding', 'encryption-cipher', 'encryption-key-id'])
    const [opened] = await codec.decode(sealed ? [sealed] : [])
    expect(defaultPayloadConverter.fromPayload(opened ?? {})).toEqual({ account: '1000000001' })
  })

  test('never encrypts the same twice alike', async () => {
    const [one, two] = await payloadCodec([fresh]).encode([payload, payload])
    expect(one?.data).not.toEqual(two?.data)
  })

  test('reads what a retired key encrypted, and writes with the active one', async () => {
    const sealed = await payloadCodec([old]).encode([payload])
    const codec = payloadCodec([fresh, old])
    expect(await codec.decode(sealed)).toEqual([expect.objectContaining({ data: payload.data })])
    const [again] = await codec.encode([payload])
    expect(Buffer.from(again?.metadata?.['encryption-key-id'] ?? []).toString()).toBe('2026')
  })

  test('passes what was never encrypted: an update typed into the Temporal UI', async () => {
    expect(await payloadCodec([fresh]).decode([payload])).toEqual([payload])
  })

  test('names a key that is not there', async () => {
    const sealed = await payloadCodec([old]).encode([payload])
    await expect(payloadCodec([fresh]).decode(sealed)).rejects.toMatchObject({
      code: 'PAYLOAD_KEY_UNKNOWN',
      message: expect.stringContaining('2025'),
    })
  })

  test.each([
    ['another key under the same id', (data: Uint8Array) => data, key('2025', 9)],
    ['a changed byte', (data: Uint8Array) => data.map((byte, at) => (at === 20 ? byte ^ 1 : byte)), old],
    ['a changed tag', (data: Uint8Array) => data.map((byte, at) => (at === data.length - 1 ? byte ^ 1 : byte)), old],
    ['missing bytes', (data: Uint8Array) => data.subarray(0, 20), old],
    ['no bytes', () => new Uint8Array(), old],
  ])('refuses %s', async (_, change, reader) => {
    const [sealed] = await payloadCodec([old]).encode([payload])
    const changed = { ...sealed, data: change(sealed?.data ?? new Uint8Array()) }
    await expect(payloadCodec([reader]).decode([changed])).rejects.toMatchObject({ code: 'PAYLOAD_UNREADABLE' })
  })

  test('the key id is authenticated: it cannot be put on another payload', async () => {
    const both = payloadCodec([key('a', 1), key('b', 1)])
    const [sealed] = await both.encode([payload])
    const moved = { ...sealed, metadata: { ...sealed?.metadata, 'encryption-key-id': Buffer.from('b') } }
    await expect(both.decode([moved])).rejects.toMatchObject({ code: 'PAYLOAD_UNREADABLE' })
  })

  test.each([
    ['of the wrong length', [{ id: 'x', key: new Uint8Array(16) }]],
    ['given twice', [key('x', 1), key('x', 2)]],
  ])('refuses keys %s', (_, keys) => {
    const [first, ...others] = keys
    expect(() => payloadCodec(first ? [first, ...others] : [fresh])).toThrow(/^PAYLOAD_KEYS_INVALID/)
  })
})
