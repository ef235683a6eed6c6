// What counts as a command, and what is wrong with what does not.

import { describe, expect, test } from '@jest/globals'
import { isFailure } from '../../src/error/failure.ts'
import { commandOf, type Message } from '../../src/event/envelope.ts'
import { fc } from '../support/property.ts'

const limit = 1000
const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))

function message(part: Partial<Message>): Message {
  return {
    body: bytes({}),
    contentType: 'application/json',
    contentEncoding: undefined,
    messageId: 'm-1',
    type: 'mainspan.transferFunds.v1',
    correlationId: undefined,
    replyTo: undefined,
    userId: undefined,
    appId: undefined,
    headers: {},
    ...part,
  }
}

const event = { specversion: '1.0', id: 'e-1', source: '/shop', type: 'mainspan.transferFunds.v1', data: { a: '1' } }
const cloud = (value: unknown): Partial<Message> => ({
  contentType: 'application/cloudevents+json; charset=utf-8',
  body: bytes(value),
})

describe('a command is read from', () => {
  test('a structured CloudEvent', () => {
    expect(commandOf(message({ ...cloud(event), messageId: undefined, type: undefined }), limit)).toEqual({
      operation: 'transferFunds',
      version: 1,
      id: 'e-1',
      client: 'amqp:/shop',
      input: { a: '1' },
      inexact: [],
      replyTo: undefined,
    })
  })
  test('plain JSON with properties', () => {
    const plain = message({ body: bytes({ b: '2' }), type: 'transferFunds.v12', replyTo: 'answers', appId: 'shop' })
    expect(commandOf(plain, limit)).toEqual({
      operation: 'transferFunds',
      version: 12,
      id: 'm-1',
      client: 'amqp:shop',
      input: { b: '2' },
      inexact: [],
      replyTo: { queue: 'answers', correlationId: 'm-1' },
    })
  })
  test('the user that the broker checked comes before what the sender says of itself', () => {
    expect(commandOf(message({ ...cloud(event), userId: 'bank' }), limit).client).toBe('amqp:bank')
    expect(commandOf(message({ appId: 'shop', userId: 'bank' }), limit).client).toBe('amqp:bank')
  })
  test('a parked message moved back is its first sender, whose user stands in a header; a user that the broker checked comes before it', () => {
    const headers = { 'mainspan-user': 'bank' }
    expect(commandOf(message({ ...cloud(event), headers }), limit).client).toBe('amqp:bank')
    expect(commandOf(message({ appId: 'shop', headers }), limit).client).toBe('amqp:bank')
    expect(commandOf(message({ appId: 'shop', headers, userId: 'till' }), limit).client).toBe('amqp:till')
    for (const none of [7, '']) {
      expect(commandOf(message({ appId: 'shop', headers: { 'mainspan-user': none } }), limit).client).toBe('amqp:shop')
    }
  })
  test('JSON where it does not say what it is, and text that says it is nothing else', () => {
    expect(commandOf(message({ contentType: undefined }), limit).id).toBe('m-1')
    for (const contentEncoding of ['utf-8', 'UTF8', 'identity']) {
      expect(commandOf(message({ contentEncoding }), limit).id).toBe('m-1')
    }
  })
  test('the longest names of a queue and a correlation that AMQP carries', () => {
    const replyTo = 'q'.repeat(255)
    const correlationId = 'c'.repeat(255)
    for (const one of [message({ replyTo, correlationId }), message({ ...cloud(event), replyTo, correlationId })]) {
      expect(commandOf(one, limit).replyTo).toEqual({ queue: replyTo, correlationId })
    }
  })
  test.each([
    'application/json',
    'Application/JSON',
    'APPLICATION/JSON;charset=UTF-8',
    'application/json ; charset=utf-8',
    'application/json; charset="utf-8"',
  ])('a media type however it is written: %s', (type) => {
    expect(commandOf(message(cloud({ ...event, datacontenttype: type })), limit).id).toBe('e-1')
    expect(commandOf(message({ contentType: type }), limit).id).toBe('m-1')
  })
  test('a message as long as the limit, and no longer', () => {
    const plain = message({ body: bytes({ text: 'x'.repeat(89) }) })
    expect(plain.body).toHaveLength(100)
    expect(commandOf(plain, 100).id).toBe('m-1')
    expect(() => commandOf(plain, 99)).toThrow('the body has more than 99 bytes')
  })
  test('numbers that lose digits are told by their place in the input', () => {
    const count = '12345678901234567890.5'
    const plain = message({ body: bytes(`{"amount":"1.00","count":${count}}`) })
    expect(commandOf(plain, limit).inexact).toEqual(['/count'])
    const body = `{"specversion":"1.0","id":"e","source":"s","type":"pay.v1","other":${count},"data":{"n":[1,${count}]}}`
    expect(commandOf(message({ ...cloud(event), body: bytes(body) }), limit).inexact).toEqual(['/n/1'])
    const alone = `{"specversion":"1.0","id":"e","source":"s","type":"pay.v1","data2":${count},"data":${count}}`
    expect(commandOf(message({ ...cloud(event), body: bytes(alone) }), limit).inexact).toEqual([''])
  })
})

describe('no command', () => {
  test.each<[string, Partial<Message>]>([
    ['the body has more than 1000 bytes', { body: new Uint8Array(1001) }],
    [
      'the body is not JSON as it should be: line 1, column 1: the body is not UTF-8',
      { body: new Uint8Array([0x22, 0xff, 0x22]) },
    ],
    ['the body is not JSON as it should be: line 1, column 6: a value is expected', { body: bytes('{"a":') }],
    [
      'the body is not JSON as it should be: line 1, column 18: this name was given before in the same object',
      { body: bytes('{"amount":"1.00","amount":"1000.00"}') },
    ],
    [
      'the body is not JSON as it should be: line 1, column 2: this name is not allowed',
      { body: bytes('{"__proto__":{"amount":"1000.00"}}') },
    ],
    ['content_type must be application/cloudevents+json or application/json, in UTF-8', { contentType: 'text/xml' }],
    [
      'content_type must be application/cloudevents+json or application/json, in UTF-8',
      { contentType: 'application/json; charset=latin1' },
    ],
    ['content_encoding is not supported', { contentEncoding: 'gzip' }],
    ['the property message_id must be 1 to 200 visible ASCII characters', { messageId: undefined }],
    ['the property message_id must be 1 to 200 visible ASCII characters', { messageId: 'x'.repeat(201) }],
    ['the property type must be 1 to 200 visible ASCII characters', { type: undefined }],
    ['type must read OPERATION.vN, for example mainspan.transferFunds.v1', { type: 'transferFunds' }],
    ['type must read OPERATION.vN, for example mainspan.transferFunds.v1', { type: '../../etc.v1' }],
    ['type must read OPERATION.vN, for example mainspan.transferFunds.v1', { type: 'transferFunds.v0' }],
    ['reply_to or correlation_id is too long', { replyTo: 'q'.repeat(256) }],
    ['reply_to or correlation_id is too long', { replyTo: 'q', correlationId: 'c'.repeat(256) }],
    ['a CloudEvent is a JSON object', cloud([event])],
    ['type must be 1 to 200 visible ASCII characters', cloud({ ...event, type: undefined })],
    ['specversion must be 1.0', cloud({ ...event, specversion: '0.3' })],
    ['datacontenttype must be application/json', cloud({ ...event, datacontenttype: 'application/xml' })],
    ['datacontenttype must be application/json', cloud({ ...event, datacontenttype: ['application/json'] })],
    ['datacontenttype must be application/json', cloud({ ...event, datacontenttype: 'application/jsonp' })],
    ['data is missing', cloud({ ...event, data: undefined })],
    ['id must be 1 to 200 visible ASCII characters', cloud({ ...event, id: 7 })],
    ['id must be 1 to 200 visible ASCII characters', cloud({ ...event, id: 'a\nb' })],
    ['source must be 1 to 200 visible ASCII characters', cloud({ ...event, source: '' })],
  ])('%s', (problem, part) => {
    expect(() => commandOf(message(part), limit)).toThrow(
      expect.objectContaining({ code: 'COMMAND_MALFORMED', facts: { problem } }),
    )
  })
})

test('whatever comes, it is a command or COMMAND_MALFORMED', () => {
  const noise = fc.record({
    body: fc.uint8Array({ maxLength: 200 }),
    contentType: fc.constantFrom(undefined, 'application/json', 'application/cloudevents+json', 'x'),
    contentEncoding: fc.constantFrom(undefined, 'utf-8', 'x'),
    messageId: fc.option(fc.string(), { nil: undefined }),
    type: fc.option(fc.string(), { nil: undefined }),
    correlationId: fc.option(fc.string(), { nil: undefined }),
    replyTo: fc.option(fc.string(), { nil: undefined }),
    userId: fc.constant(undefined),
    appId: fc.option(fc.string(), { nil: undefined }),
    headers: fc.constant({}),
  })
  fc.assert(
    fc.property(noise, fc.option(fc.jsonValue(), { nil: undefined }), (one, json) => {
      const given = json === undefined ? one : { ...one, body: bytes(json) }
      try {
        expect(commandOf(given, limit).operation).toMatch(/^[A-Za-z]/)
      } catch (error) {
        if (!isFailure(error)) throw error
        expect(error.code).toBe('COMMAND_MALFORMED')
      }
    }),
    { numRuns: 500 },
  )
})
