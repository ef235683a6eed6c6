// What it takes to add a kind of back end, JSON over HTTP: the compiler names the places, and the product runs on its row.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { caller } from '../src/backend/caller.ts'
import type { Report } from '../src/catalog/check/report.ts'
import { copybooksIn } from '../src/catalog/copybooks.ts'
import { filesInMemory } from '../src/catalog/project-files.ts'
import { descriptions } from '../src/catalog/protocol/descriptions.ts'
import { resolveAdapter } from '../src/catalog/resolve-adapter.ts'
import { type Adapter, type AdapterDefinition, adapter } from '../src/contract/adapter.ts'
import { protocols } from '../src/protocols.ts'
import { keeping, oneWay, sql } from './protocols/coming.ts'
import { type HttpJsonBackend, type HttpJsonTransaction, httpJson } from './protocols/http-json.ts'

const root = process.cwd()

/** The files in which the compiler finds something missing when the contract knows the kind. */
async function filesThatLack(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mainspan-protocol-'))
  try {
    const kinds = `import type { HttpJsonBackend, HttpJsonTransaction } from '${root}/test/protocols/http-json.ts'
declare module '${root}/src/contract/adapter.ts' {
  interface BackendKinds { readonly 'http-json': HttpJsonBackend }
  interface TransactionKinds { readonly 'http-json': HttpJsonTransaction }
}
`
    writeFileSync(join(folder, 'kinds.ts'), kinds)
    const settings = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        typeRoots: [join(root, 'node_modules/@types')],
        rewriteRelativeImportExtensions: false,
        allowImportingTsExtensions: true,
      },
      include: [join(root, 'src'), 'kinds.ts'],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const output = await new Promise<string>((resolve) => {
      execFile(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { cwd: root }, (_error, out) => resolve(out))
    })
    const places = [...output.matchAll(/^(\S+?)\(\d+,\d+\): error /gm)].map(([, file = '']) => file)
    return [...new Set(places)].sort()
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('a further kind is a matter of its own files and at most three others', async () => {
  const touched = await filesThatLack()
  process.stdout.write(`http-json: ${touched.length} files of src/ beside its own: ${touched.join(', ')}\n`)
  expect(touched).toEqual(['src/catalog/protocol/descriptions.ts', 'src/contract/adapter.ts', 'src/protocols.ts'])
})

test('every kind has both a description and a row', () => {
  expect(Object.keys(protocols)).toEqual(Object.keys(descriptions))
})

describe('the product runs on the row of a further kind', () => {
  const kinds = { ...descriptions, 'http-json': httpJson }
  let service: Server
  const asked: string[] = []

  beforeAll(async () => {
    service = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString()
      asked.push(`${request.method} ${request.url} ${body}`)
      response.end(JSON.stringify({ ...JSON.parse(body), status: 'OK' }))
    })
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => void service.close())

  /** Resolved as the catalog does it; with all that the checks told. */
  function resolved(transactions: Readonly<Record<string, HttpJsonTransaction | { readonly kind: 'soap' }>>) {
    const backend: HttpJsonBackend = { kind: 'http-json', endpoints: 'CARDS_ENDPOINTS' }
    // Types that a further kind would be among.
    const value = adapter('cards', { backend, transactions } as unknown as AdapterDefinition) as Adapter
    const told: string[] = []
    const report: Report = {
      mistake: (path, code) => told.push(`${path.join('.')} ${code}`),
      add: (path, { code }) => told.push(`${path.join('.')} ${code}`),
      note: () => undefined,
    }
    const files = filesInMemory({})
    const found = { file: 'adapters/cards.ts', value }
    return { told, adapter: resolveAdapter(files, found, copybooksIn(files), report, kinds) }
  }

  const block: HttpJsonTransaction = {
    kind: 'http-json',
    path: '/block',
    effect: 'once',
    deadlineMs: 1000,
    quiescenceMs: 0,
    reference: 'reference',
    echoes: ['card'],
    outcome: { field: 'status', verdicts: { OK: { verdict: 'applied' } } },
  }

  test('a call goes out and comes back', async () => {
    const { told, adapter: cards } = resolved({ block })
    expect(told).toEqual([])
    const { port } = service.address() as AddressInfo
    const settings = { name: 'cards', endpoints: [{ host: '127.0.0.1', port }] }
    const core = httpJson.connect({ kind: 'http-json', endpoints: 'CARDS_ENDPOINTS' }, settings)
    const calls = caller({ adapters: new Map([['cards', cards]]) }, new Map([['cards', core]]))
    const call = { adapter: 'cards', transaction: 'block', request: { card: '4711' }, reference: 'REF4567REF4567AA' }
    const reply = { card: '4711', reference: 'REF4567REF4567AA', status: 'OK' }
    expect(await calls.call(call)).toEqual({ outcome: 'applied', reply })
    expect(asked).toEqual(['POST /block {"card":"4711","reference":"REF4567REF4567AA"}'])
  })

  test('its mistakes, and transactions that it does not carry, are told where they are', () => {
    const other = { kind: 'soap', operation: 'Block', effect: 'read', deadlineMs: 1000 } as const
    expect(resolved({ block: { ...block, path: 'block' }, other }).told).toEqual([
      'transactions.other BACKEND_KIND_MISMATCH',
      'transactions.block.path ROUTE_INVALID',
    ])
  })
})

describe('the row has room for what is to come', () => {
  test('SQL, without any bytes', async () => {
    const described = {
      name: 'ledger',
      definition: {},
      backend: { kind: 'sql' },
      transactions: new Map(),
    } as const
    const files = filesInMemory({})
    const report: Report = { mistake: () => undefined, add: () => undefined, note: () => undefined }
    const wires = sql.wires(described, { files, copybooks: copybooksIn(files) }, report)
    const wire = wires.of('find', { kind: 'sql', sql: 'SELECT …' })
    const payload = wire?.encode({ account: '4711' }) ?? { sql: '', values: [] }
    const core = sql.connect({ kind: 'sql' }, { name: 'ledger', endpoints: [] })
    const result = await core.exchange({ target: 'X', payload, maxReplyBytes: 0, deadlineMs: 1, correlation: 'R' })
    expect(result.kind === 'reply' && wire?.read(result.bytes).body).toEqual({ ASKED: '4711' })
  })

  test('a reply that is asked for later', async () => {
    const result = await keeping.resume?.({ target: 'X', maxReplyBytes: 9, deadlineMs: 1, correlation: 'R' })
    expect(result).toEqual({ kind: 'reply', bytes: new TextEncoder().encode('R') })
  })

  test('a call without a reply', () => {
    expect(oneWay.read(new Uint8Array(0)).verdict).toEqual({ verdict: 'applied' })
  })
})
