// mainspan schema: the JSON Schema of what decode gives and encode takes.

import { jsonSchemaOf } from '../../codec/json-schema.ts'
import type { MessageSide } from '../../contract/backend.ts'
import type { JsonSchema } from '../../contract/json.ts'
import type { Command } from '../command.ts'
import { copybookPath } from '../options/copybook-request.ts'
import { type DescribedRecord, describedRecords } from '../options/described-records.ts'
import { describingHelp, describingOptions } from '../options/option-tables.ts'
import { oneOf } from '../options/option-values.ts'

/** `mainspan schema`: the JSON Schema (2020-12) of a copybook's records. */
export const schema: Command = {
  name: 'schema',
  summary: "Print the JSON Schema (2020-12) of a copybook's records",
  usage:
    'schema FILE [--record NAME] [--copy-path DIR] [--side reply|request] [--select RULE …] [--parent CHILD=PARENT …]',
  help: {
    ...describingHelp,
    side: 'reply (default): what decode gives; request: what encode takes, where blanks may be left out',
    canonical: 'without $residue',
    json: 'the output is JSON with or without it',
  },
  options: {
    ...describingOptions,
    side: { type: 'string' },
    canonical: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  run: async (invocation) => {
    const { options } = invocation
    const [, records] = describedRecords(copybookPath(invocation), options)
    const side = oneOf(options, 'side', ['reply', 'request']) ?? 'reply'
    const schemas = records.map((record): [string, JsonSchema] => [record.name, recordSchema(record, side)])
    const roots = records.filter(({ isRoot }) => isRoot).map(({ name }) => name)
    const [first, ...others] = schemas
    const whole = first && others.length === 0 ? first[1] : { ...anyOf(roots), $defs: Object.fromEntries(schemas) }
    process.stdout.write(`${JSON.stringify({ $schema: draft, ...whole }, null, 2)}\n`)
    return 0
  },
}

const draft = 'https://json-schema.org/draft/2020-12/schema'

const anyOf = (names: readonly string[]): JsonSchema => ({ anyOf: names.map((name) => ({ $ref: `#/$defs/${name}` })) })

function recordSchema({ name, plan, tag, children }: DescribedRecord, side: MessageSide): JsonSchema {
  const schema = jsonSchemaOf(plan, side)
  const isNested = children.length > 0
  const all = [...(tag === undefined ? [] : ['$record']), ...(schema.required ?? [])]
  // encode takes a record without the member as one with none below it.
  if (isNested && side === 'reply') all.push('$children')
  return {
    title: name,
    ...schema,
    properties: {
      ...(tag !== undefined && { $record: { const: tag } }),
      ...schema.properties,
      ...(isNested && { $children: { type: 'array', items: anyOf(children) } }),
    },
    ...(all.length > 0 && { required: all }),
  }
}
