// The package as npm packs it, in an empty folder without the repository around it: its types hold for a strict consumer, its library and its
// command run, and it holds nothing that only the checkout needs.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { built } from './support/parts.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'mainspan-package-'))
const installed = join(folder, 'node_modules', 'mainspan')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(program: string, args: readonly string[], cwd = folder) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: folder },
  })
  return { status, stdout, stderr }
}

let files: readonly string[] = []
beforeAll(async () => {
  await built()
  const packed = run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root)
  const [{ filename, files: list }] = JSON.parse(packed.stdout)
  files = list.map(({ path }: { path: string }) => path)
  mkdirSync(installed, { recursive: true })
  run('tar', ['-xzf', filename, '--strip-components=1', '-C', installed])
  // What npm would install beside it, without asking a registry.
  for (const name of ['iconv-lite', 'safer-buffer', '@types', 'undici-types'])
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(folder, 'REC.cpy'),
    '       01 REC.\n          05 NAME PIC X(4).\n          05 AMOUNT PIC S9(3)V99 COMP-3.\n',
  )
}, 240_000)

const consumer = `import { compileCopybook, describeFailure, isFailure, recordCodec, type JsonObject, type RecordCodec } from 'mainspan/codec'
import { readFileSync } from 'node:fs'

const { layouts, failures } = compileCopybook({ name: 'REC.cpy', text: readFileSync('REC.cpy', 'latin1') })
const [layout] = layouts
if (!layout) throw failures[0] ?? new Error('no layout')
const codec: RecordCodec = recordCodec(layout, { codePage: 'cp037' })
const value: JsonObject = codec.decode(codec.encode({ name: 'ABC', amount: '-1.25' }))
try {
  codec.encode({ name: 'ABCDE', amount: '0.00' })
} catch (error) {
  if (!isFailure(error)) throw error
  console.log(JSON.stringify(value), error.code, describeFailure(error).length > 0)
}
`

const tsc = (...files: readonly string[]) =>
  run(process.execPath, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    ...['--noEmit', '--strict', '--module', 'nodenext', '--moduleResolution', 'nodenext', '--target', 'es2022'],
    ...['--types', 'node', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', ...files],
  ])

test('the types of mainspan/codec are declarations, which hold for a strict consumer', () => {
  writeFileSync(join(folder, 'consumer.ts'), consumer)
  expect(tsc('consumer.ts')).toEqual({ status: 0, stdout: '', stderr: '' })
  const listed = tsc('consumer.ts', '--listFilesOnly').stdout
  expect(listed).toContain('node_modules/mainspan/dist/public/codec.d.ts')
  expect(listed).not.toContain('mainspan/src/')
})

test('a consumer with a mistake is told of it', () => {
  writeFileSync(join(folder, 'wrong.ts'), consumer.replace("codePage: 'cp037'", 'codePage: 37'))
  const { status, stdout } = tsc('wrong.ts')
  expect(status).not.toBe(0)
  expect(stdout).toContain('wrong.ts(7,')
})

test('the library runs', () => {
  writeFileSync(
    join(folder, 'consumer.mjs'),
    consumer.replace(', type JsonObject, type RecordCodec', '').replace(/: (RecordCodec|JsonObject)/g, ''),
  )
  expect(run(process.execPath, ['consumer.mjs'])).toEqual({
    status: 0,
    stdout: '{"name":"ABC","amount":"-1.25"} VALUE_TOO_LONG true\n',
    stderr: '',
  })
})

test('the command runs, and builds nothing', () => {
  const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  writeFileSync(join(folder, 'record'), Buffer.from('c1c2c34012345d', 'hex'))
  for (const start of ['first', 'from the code cache', 'in two threads']) {
    const threads = start === 'in two threads' ? ['--threads', '2'] : []
    const args = [join(installed, bin.mainspan), 'decode', '--copybook', 'REC.cpy', ...threads, 'record']
    expect({ start, ...run(process.execPath, args) }).toEqual({
      start,
      status: 0,
      stdout: '{"name":"ABC","amount":"-123.45"}\n',
      stderr: '',
    })
  }
})

test('it holds what is built, and nothing that only the checkout needs', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'dist/cli/main.js',
      'dist/cli/data/decode.cjs',
      'dist/public/codec.d.ts',
      'README.md',
      'LICENSE',
    ]),
  )
  const spare = files.filter((path) => /^(test|bench)\/|\.map$|\.from$|\.built-from$|^package-lock/.test(path))
  expect(spare).toEqual([])
})
