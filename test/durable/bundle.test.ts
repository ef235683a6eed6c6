// The workflow bundle: what goes into it, when it is made anew, and how mistakes in flows are named.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { bundleOf, entryOf, flowBundle, withoutSourceMap } from '../../src/durable/bundle.ts'
import { built } from '../support/parts.ts'
import { flowSources } from '../support/rig.ts'

describe('the workflow bundle', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mainspan-bundle-test-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const bundled = (text: string) => {
    const file = join(folder, 'flow.ts')
    writeFileSync(file, text)
    return flowBundle({ adapters: new Map(), flows: new Map([['one', file]]) })
  }

  test('holds every flow and the built-in workflow, in less than 600 KB of code', async () => {
    const code = withoutSourceMap(await flowBundle(flowSources))
    expect(code.length).toBeLessThan(600_000)
    expect(code).toContain('funds-transferred')
    expect(code).not.toContain('node_modules/zod')
    const entry = entryOf(flowSources)
    expect(entry).toContain('export const runTransaction = runTransactionOf({"bank":{')
    expect(entry).toContain("export { transferFunds } from 'mainspan-flow/transferFunds'")
    expect(entry).toContain('"reversal":"reverse"')
  })

  test('evaluates hash functions and the flow kit once for each thread, and flows and adapters for each run', async () => {
    const code = await flowBundle(flowSources)
    const preload = /exports\.preloadModules = function preloadModules\(\) \{([^}]*)\}/.exec(code)?.[1] ?? ''
    const shared = [...preload.matchAll(/__webpack_require__\(.*"([\w@/.-]+)"\)/g)].map(([, path]) => path)
    expect(shared.filter((path) => path?.startsWith('node_modules/@noble/hashes/'))).toHaveLength(3)
    expect(shared).toEqual(
      expect.arrayContaining(['src/flow/run/stack-depth.ts', 'src/flow/flow.ts', 'src/flow/saga.ts']),
    )
    expect(shared.filter((path) => /^(adapters|workflows)\/|entry\.ts$/.test(path ?? ''))).toEqual([])
  })

  test('is kept as long as no file of it has changed', async () => {
    const first = await bundled('export const one = async () => "first"')
    expect(await bundled('export const one = async () => "first"')).toBe(first)
    const second = await bundled('export const one = async () => "second"')
    expect(second).not.toBe(first)
    expect(withoutSourceMap(second)).toContain('"second"')
  })

  test('holds one copy of the SDK, whatever packages lie beside a flow or above the folder of bundles', async () => {
    const sdk = join(folder, 'node_modules/@temporalio/workflow')
    mkdirSync(sdk, { recursive: true })
    writeFileSync(join(sdk, 'package.json'), '{ "name": "@temporalio/workflow", "main": "index.js" }')
    writeFileSync(join(sdk, 'index.js'), 'exports.sleep = "another copy"')
    const flow = 'import { sleep } from "@temporalio/workflow"\nexport const one = async () => sleep(1)'
    expect(await bundled(flow)).not.toContain('another copy')
  })

  describe('has a digest that', () => {
    const digestIn = async (place: string, text: string) => {
      const root = join(folder, place)
      mkdirSync(join(root, 'workflows'), { recursive: true })
      const emit = fileURLToPath(new URL('../../src/flow/emit.ts', import.meta.url))
      writeFileSync(join(root, 'workflows/step.ts'), text)
      const flow = `import { uuidOf } from '${emit}'\nimport { step } from './step.ts'\nexport const one = async () => uuidOf(step)`
      writeFileSync(join(root, 'workflows/one.ts'), flow)
      const made = await bundleOf({ root, adapters: new Map(), flows: new Map([['one', 'workflows/one.ts']]) })
      expect(made.code).not.toContain(folder)
      return made.digest
    }

    test('is the same wherever the files lie, and whatever comments and spaces are in them', async () => {
      const first = await digestIn('first', "export const step = 'a'")
      expect(first).toMatch(/^[0-9a-f]{64}$/)
      expect(await digestIn('a/deeper/second', "// A comment.\nexport const step =   'a'\n")).toBe(first)
    })

    test('is another one when any file does something else', async () => {
      const first = await digestIn('first', "export const step = 'a'")
      expect(await digestIn('first', "export const step = 'b'")).not.toBe(first)
    })
  })

  test('is kept where nobody else can write', async () => {
    await flowBundle(flowSources)
    const { mode } = statSync(join(tmpdir(), `mainspan-${process.getuid?.()}`))
    expect(mode & 0o777).toBe(0o700)
  })

  test('is not kept in a folder that leads elsewhere', async () => {
    const { dist } = await built()
    const temporary = mkdtempSync(join(folder, 'tmp-'))
    const elsewhere = mkdtempSync(join(folder, 'elsewhere-'))
    symlinkSync(elsewhere, join(temporary, `mainspan-${process.getuid?.()}`))
    const script = `import { flowBundle } from '${dist}/durable/bundle.js'
      const { code } = await flowBundle({ adapters: new Map(), flows: new Map() }).catch((error) => error)
      console.log(code)`
    const env = { ...process.env, TMPDIR: temporary }
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { env })
    expect(stdout.toString().trim()).toBe('TEMPORARY_FOLDER_UNSAFE')
    expect(readdirSync(elsewhere)).toEqual([])
  })

  test.each([
    [
      'a Node module',
      "import { readFileSync } from 'node:fs'\nexport const one = async () => readFileSync('x')",
      '"node:fs"',
    ],
    ['a file that is not there', "import { x } from './nothing.ts'\nexport const one = async () => x", 'nothing.ts'],
    ['a syntax error', 'export const one = async () => {', "Expected '}', got '<eof>'"],
  ])('names %s in a flow', async (_, text, words) => {
    await expect(bundled(text)).rejects.toMatchObject({
      code: 'FLOWS_NOT_BUNDLED',
      message: expect.stringContaining(words),
    })
  })
})
