// The files adapters/NAME.records.ts: the types of every transaction's request and reply, made from copybooks and WSDL.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ResolvedAdapter } from '../contract/catalog.ts'
import { type Failure, failure } from '../error/failure.ts'
import { typeDeclaration } from './schema-types.ts'

/** Writes what is stale; gives the paths written. */
export async function writeRecordTypes(
  root: string,
  adapters: ReadonlyMap<string, ResolvedAdapter>,
): Promise<string[]> {
  const written: string[] = []
  for (const adapter of adapters.values()) {
    const file = typesFile(adapter)
    const text = typesText(adapter)
    if (text === undefined || (await textOf(join(root, file))) === text) continue
    await writeFile(join(root, file), text)
    written.push(file)
  }
  return written
}

/** One mistake for each file that does not match; adapters that have mistakes of their own are left out. */
export async function staleRecordTypes(
  root: string,
  adapters: ReadonlyMap<string, ResolvedAdapter>,
): Promise<Failure[]> {
  const stale: Failure[] = []
  for (const adapter of adapters.values()) {
    const file = typesFile(adapter)
    const text = typesText(adapter)
    const there = await textOf(join(root, file))
    if (text === undefined || there === text) continue
    // An adapter may do without types; one that imports them needs them.
    const imported = (await textOf(join(root, adapter.file)))?.includes('.records.ts')
    if (there === undefined && !imported) continue
    const place = { file: there === undefined ? adapter.file : file, line: 1, column: 1 }
    stale.push(failure('RECORD_TYPES_STALE', { file }, { place }))
  }
  return stale
}

function typesFile({ file }: ResolvedAdapter): string {
  return file.replace(/\.ts$/, '.records.ts')
}

function typesText({ name, definition, transactions }: ResolvedAdapter): string | undefined {
  if (transactions.size === 0 || transactions.size < Object.keys(definition.transactions).length) return undefined
  const declarations = [...transactions].flatMap(([transaction, { wire }]) => {
    const type = transaction.slice(0, 1).toUpperCase() + transaction.slice(1)
    return [typeDeclaration(`${type}Request`, wire.requestSchema), typeDeclaration(`${type}Reply`, wire.replySchema)]
  })
  return [
    `// Made by \`mainspan types\` from the contracts of the adapter ${name}. Do not edit.\n`,
    ...declarations,
  ].join('\n')
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}
