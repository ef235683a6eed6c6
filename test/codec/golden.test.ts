// A folder in golden/ is a case: a copybook, options, records in annotated hexadecimal, and what comes of them. UPDATE=1 rewrites the latter.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { byteSink } from '../../src/codec/byte-sink.ts'
import { jsonSchemaOf } from '../../src/codec/json-schema.ts'
import { type CodecOptions, recordCodec } from '../../src/codec/record-codec.ts'
import { typesOf } from '../../src/codec/typescript-types.ts'
import { annotate, parseHex } from './annotated-hex.ts'
import { hex, layoutOf } from './layouts.ts'

const golden = new URL('./golden/', import.meta.url)
const update = process.env.UPDATE === '1'

describe.each(readdirSync(golden).sort())('%s', (name) => {
  const file = (part: string) => new URL(`${name}/${part}`, golden)
  const read = (part: string) => readFileSync(file(part), 'utf8')
  const settings = existsSync(file('options.json')) ? JSON.parse(read('options.json')) : {}
  const { compiler = {}, ...options } = settings
  const layout = layoutOf(read('record.cpy'), compiler)
  const codec = recordCodec(layout, { codePage: 'cp037', ...options } as CodecOptions)
  const closures = recordCodec(layout, { codePage: 'cp037', ...options, generate: false } as CodecOptions)
  const records = parseHex(read('records.hex'))

  const compare = (part: string, text: string) => {
    if (update) writeFileSync(file(part), text)
    expect(text).toBe(read(part))
  }

  test('bytes, with what is in them', () => {
    compare('records.hex', records.map((record) => annotate(codec, record)).join('\n'))
  })

  test('JSON, and the same bytes again', () => {
    const values = records.map((record) => codec.decode(record))
    compare('records.json', `${JSON.stringify(values, null, 2)}\n`)
    for (const [i, record] of records.entries()) {
      const sink = byteSink(1)
      codec.decodeToJson(record, 0, record.length, sink)
      expect(JSON.parse(Buffer.from(sink.bytes.subarray(0, sink.length)).toString())).toEqual(values[i])
      expect(closures.decode(record)).toEqual(values[i])
      expect(hex(codec.encode(values[i] ?? {}))).toBe(hex(record))
    }
  })

  test('schemas and types', () => {
    const schemas = { request: jsonSchemaOf(codec.plan, 'request'), reply: jsonSchemaOf(codec.plan, 'reply') }
    compare('schema.json', `${JSON.stringify(schemas, null, 2)}\n`)
    compare('types.ts', `${typesOf(codec.plan, 'Request', 'request')}\n${typesOf(codec.plan, 'Reply', 'reply')}`)
  })
})
