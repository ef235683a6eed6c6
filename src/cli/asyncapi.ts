// mainspan asyncapi: the AsyncAPI document of everything that leaves and enters over the broker.

import { resolve } from 'node:path'
import { loadCatalog } from '../catalog/load.ts'
import { asyncApiDocument } from '../event/asyncapi.ts'
import { topologyNames } from '../event/topology.ts'
import type { Command } from './command.ts'

/** `mainspan asyncapi`: prints the document as JSON. */
export const asyncapi: Command = {
  name: 'asyncapi',
  summary: 'Print the AsyncAPI document of events and commands on the broker',
  usage: 'asyncapi [FOLDER] [--title TEXT] [--prefix NAME]',
  help: {
    title: 'title of the document; Mainspan without it',
    prefix: 'what the names of exchanges and queues begin with (AMQP_PREFIX); mainspan without it',
  },
  options: { title: { type: 'string' }, prefix: { type: 'string' } },
  run: async ({ options, positionals }) => {
    const catalog = await loadCatalog(resolve(positionals[0] ?? '.'))
    const document = asyncApiDocument(catalog, {
      title: String(options.title ?? 'Mainspan'),
      version: '1.0.0',
      names: topologyNames(options.prefix === undefined ? undefined : String(options.prefix)),
    })
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
    return 0
  },
}
