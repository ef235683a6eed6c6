// The quick start of the commands over copybooks and records: one file each, which does what the modules do, and V8's code cache.

import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { root } from './mainspan.ts'

const folder = mkdtempSync(join(tmpdir(), 'mainspan-start-up-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const copybook = join(folder, 'REC.cpy')
const records = join(folder, 'records')
writeFileSync(copybook, '       01 REC.\n          05 NAME PIC X(4).\n          05 AMOUNT PIC S9(3)V99 COMP-3.\n')
writeFileSync(records, Buffer.from('c1c2c340' + '12345d' + 'c4404040' + '00001c', 'hex'))
const lines = '{"name":"ABC","amount":"-123.45"}\n{"name":"D","amount":"0.01"}\n'

/** `main.js` runs the modules of dist/ as they are. */
function run(
  program: 'src/mainspan.cjs' | 'dist/cli/main.js',
  args: readonly string[],
  more: Record<string, string> = {},
) {
  const env = { ...process.env, XDG_CACHE_HOME: folder, ...more }
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: root, env, input: lines })
  return { status, stdout: stdout.toString('latin1'), stderr: stderr.toString() }
}

const decode = ['decode', '--copybook', copybook, records]

describe('a command in one file does what its modules do', () => {
  test.each<readonly string[]>([
    decode,
    [...decode, '--threads', '2'],
    ['decode', '--copybook', copybook, '--code-page', 'cp939', records],
    ['decode', '--copybook', copybook, '--format', 'V', records],
    ['decode', '--copybook', join(folder, 'none.cpy'), records],
    ['decode', '--help'],
    ['decode', '--nonsense'],
    ['encode', '--copybook', copybook, '-'],
    ['layout', copybook, '--json'],
    ['schema', copybook],
    ['hex', '--copybook', copybook, records],
    ['diff', copybook, 'bench/corpora/text.cpy'],
  ])('%j', (...args) => {
    expect(existsBundle(args[0] ?? '')).toBe(true)
    const plain = run('dist/cli/main.js', args)
    for (const start of ['first', 'second'])
      expect({ start, ...run('src/mainspan.cjs', args) }).toEqual({ start, ...plain })
  })
})

const existsBundle = (name: string) => readdirSync(join(root, 'dist/cli/data')).includes(`${name}.cjs`)

describe('the code cache', () => {
  const caches = join(folder, 'mainspan', 'code')
  const cached = () => readdirSync(caches).map((name) => join(caches, name))
  beforeEach(() => {
    rmSync(caches, { recursive: true, force: true })
    expect(run('src/mainspan.cjs', decode)).toEqual({ status: 0, stdout: lines, stderr: '' })
  })
  const soon = () => run('src/mainspan.cjs', decode)

  test('names the version and build of Node and the contents, and only its owner reads and writes it', () => {
    const [file = '', ...others] = cached()
    expect(others).toEqual([])
    expect(file).toMatch(
      new RegExp(`/decode\\.cjs-[0-9a-f]{32}-${process.version}-${process.arch}-[0-9a-z]+-[0-9a-z]+$`),
    )
    expect([statSync(file).mode & 0o777, statSync(caches).mode & 0o777]).toEqual([0o600, 0o700])
  })

  test('is used as it is', () => {
    const [file = ''] = cached()
    utimesSync(file, 1e9, 2e9) // Not older than a month, else a later one removes it.
    expect(soon().stdout).toBe(lines)
    expect(statSync(file).mtimeMs).toBe(2e12)
  })

  test.each([
    ['is no code', (file: string) => writeFileSync(file, 'no code'), true],
    ['is empty', (file: string) => writeFileSync(file, ''), true],
    ['is half of it', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 1000)), true],
    ['others can write', (file: string) => chmodSync(file, 0o666), true],
  ])('one that %s is not read, and is made again', (_, spoil, again) => {
    const [file = ''] = cached()
    spoil(file)
    utimesSync(file, 1e9, 2e9)
    expect(soon()).toEqual({ status: 0, stdout: lines, stderr: '' })
    expect(statSync(file).mtimeMs !== 2e12).toBe(again)
    expect(statSync(file).size).toBeGreaterThan(100_000)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('removes those that are older than a month', () => {
    const old = join(caches, 'decode.cjs-of-another-build')
    writeFileSync(old, '')
    utimesSync(old, 1e9, 1e9)
    rmSync(cached().find((file) => file !== old) ?? '')
    soon()
    expect(cached().length).toBe(1)
    expect(cached()).not.toContain(old)
  })

  test('is left out where Node leaves out its own, and where its folder cannot be', () => {
    rmSync(caches, { recursive: true })
    expect(run('src/mainspan.cjs', decode, { NODE_DISABLE_COMPILE_CACHE: '1' }).stdout).toBe(lines)
    expect(run('src/mainspan.cjs', decode, { XDG_CACHE_HOME: records })).toEqual({
      status: 0,
      stdout: lines,
      stderr: '',
    })
    expect(readdirSync(join(folder, 'mainspan'))).not.toContain('code')
  })
})

describe('a bundle is fresh', () => {
  const checkout = join(folder, 'checkout')
  const bundle = join(checkout, 'dist', 'one.cjs')
  const source = join(checkout, 'src', 'one.ts')
  const line = () => `/src/one.ts ${statSync(source).mtimeMs} ${statSync(source).size}\n`
  beforeEach(() => {
    rmSync(checkout, { recursive: true, force: true })
    for (const name of ['dist', 'src', 'node_modules']) mkdirSync(join(checkout, name), { recursive: true })
    cpSync(join(root, 'src', 'built.cjs'), join(checkout, 'src', 'built.cjs'))
    for (const file of [bundle, source, join(checkout, 'package-lock.json')]) writeFileSync(file, '1')
    writeFileSync(join(checkout, 'node_modules', '.package-lock.json'), '1')
    writeFileSync(`${bundle}.from`, line())
  })
  const isFresh = (): boolean => createRequire(import.meta.url)(join(checkout, 'src', 'built.cjs')).isFresh(bundle)

  test('as long as its sources and packages are what it was made from', () => {
    expect(isFresh()).toBe(true)
  })
  test.each([
    ['a source is newer', () => utimesSync(source, 1e9, 1e9)],
    ['a source has another length', () => writeFileSync(source, '12')],
    ['a source is gone', () => rmSync(source)],
    ['packages are to be installed', () => utimesSync(join(checkout, 'node_modules', '.package-lock.json'), 1e9, 1e9)],
    ['nothing tells its sources', () => rmSync(`${bundle}.from`)],
  ])('but not when %s', (_, change) => {
    change()
    expect(isFresh()).toBe(false)
  })
  test('in a package, which has no lock and no times', () => {
    rmSync(join(checkout, 'package-lock.json'))
    rmSync(`${bundle}.from`)
    expect(isFresh()).toBe(true)
    rmSync(bundle)
    expect(isFresh()).toBe(false)
  })
})
