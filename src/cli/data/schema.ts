// mainspan schema: the JSON Schema of what decode gives and encode takes.

import { jsonSchemaOf } from '../../codec/json-schema.ts'
import { recordCodec } from '../../codec/record-codec.ts'
import type { JsonSchema } from '../../contract/json.ts'
import { pageOf } from '../../dataset/record/copybook.ts'
import type { Command } from '../command.ts'
import { codecRequest } from '../options/codec-request.ts'
import { readCopybook, wantedLayouts } from '../options/compiled-copybook.ts'
import { copybookPath } from '../options/copybook-request.ts'
import { copybookHelp, copybookOptions, recordHelp, recordOptions } from '../options/option-tables.ts'
import { oneOf } from '../options/option-values.ts'

/** `mainspan schema`: the JSON Schema (2020-12) of a copybook's records. */
export const schema: Command = {
  name: 'schema',
  summary: "Print the JSON Schema (2020-12) of a copybook's records",
  usage: 'schema FILE [--record NAME] [--copy-path DIR] [--side reply|request]',
  help: {
    ...copybookHelp,
    ...recordHelp,
    copybook: 'the copybook, instead of FILE',
    side: 'reply (default): what decode gives; request: what encode takes, where blanks may be left out',
    canonical: 'without $residue',
    json: 'the output is JSON with or without it',
  },
  options: {
    ...copybookOptions,
    ...recordOptions,
    copybook: { type: 'string' },
    side: { type: 'string' },
    canonical: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  run: async (invocation) => {
    const { options } = invocation
    const copybook = readCopybook(copybookPath(invocation), options)
    const layouts = wantedLayouts(copybook, options)
    const request = codecRequest(options)
    const page = pageOf(copybook, request.codePage)
    const side = oneOf(options, 'side', ['reply', 'request']) ?? 'reply'
    const schemas = layouts.map((layout): [string, JsonSchema] => {
      const { plan } = recordCodec(layout, { ...request, codePage: page, canonical: options.canonical === true })
      return [layout.name, { title: layout.name, ...jsonSchemaOf(plan, side) }]
    })
    const draft = 'https://json-schema.org/draft/2020-12/schema'
    const [first, ...others] = schemas
    const whole =
      first && others.length === 0
        ? { $schema: draft, ...first[1] }
        : {
            $schema: draft,
            anyOf: schemas.map(([name]) => ({ $ref: `#/$defs/${name}` })),
            $defs: Object.fromEntries(schemas),
          }
    process.stdout.write(`${JSON.stringify(whole, null, 2)}\n`)
    return 0
  },
}
