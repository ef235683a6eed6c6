// The table of commands. Each is loaded when it is asked for, so that `mainspan layout` starts without Temporal, fastify or zod.

import type { Command } from './command.ts'

interface CommandRow {
  /** The same words as the command's own summary; here so that the list loads no command. */
  readonly summary: string
  load(): Promise<Command>
}

/** Name → command, in the order of the help. A command's module is loaded when it is called. */
export const commands: Readonly<Record<string, CommandRow>> = {
  start: {
    summary: 'Start everything on this machine: Temporal, RabbitMQ, the COBOL bank, worker and gateway',
    load: async () => (await import('./start.ts')).start,
  },
  serve: {
    summary: 'Run one process of the product: worker or gateway; settings come from the environment',
    load: async () => (await import('./serve.ts')).serve,
  },
  check: {
    summary: 'Check adapters, copybooks, flows and operations; name every mistake at its line',
    load: async () => (await import('./check.ts')).check,
  },
  record: {
    summary: 'Keep the history of an operation in test/histories, for check to hold later flows against',
    load: async () => (await import('./flows/record.ts')).record,
  },
  audit: {
    summary: 'Verify the audit in PostgreSQL, or print its records as JSON Lines',
    load: async () => (await import('./audit.ts')).audit,
  },
  operations: {
    summary: 'List the operations, or show one with its schemas',
    load: async () => (await import('./operations.ts')).operations,
  },
  asyncapi: {
    summary: 'Print the AsyncAPI document of events and commands on the broker',
    load: async () => (await import('./asyncapi.ts')).asyncapi,
  },
  layout: {
    summary: 'Show the layout of a copybook: level, name, picture, usage, offset, length',
    load: async () => (await import('./data/layout.ts')).layout,
  },
  decode: {
    summary: 'Read the records of a file and print one JSON object a line',
    load: async () => (await import('./data/decode.ts')).decode,
  },
  encode: {
    summary: 'Write records from one JSON object a line',
    load: async () => (await import('./data/encode.ts')).encode,
  },
  schema: {
    summary: "Print the JSON Schema (2020-12) of a copybook's records",
    load: async () => (await import('./data/schema.ts')).schema,
  },
  types: {
    summary: "Print TypeScript types of a copybook's records; without FILE write those of all adapters",
    load: async () => (await import('./data/types.ts')).types,
  },
  hex: {
    summary: 'Show one record as an annotated hex dump: offset, bytes, item, value, problems',
    load: async () => (await import('./data/hex.ts')).hex,
  },
  diff: {
    summary: 'Compare two versions of a copybook: changes of layout and API, breaking or not',
    load: async () => (await import('./data/diff.ts')).diff,
  },
  support: {
    summary: 'Print the support matrix: each feature with the tests that prove it',
    load: async () => (await import('./data/support.ts')).support,
  },
}
