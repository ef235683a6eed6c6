// The example of docs/codec.md runs as it stands, against the package's own entry, and prints what the page says.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import type { RecordCodec } from 'mainspan/codec'
import { recordCodec } from '../src/codec/record-codec.ts'
import { root } from './cli/mainspan.ts'
import { layoutOf } from './codec/layouts.ts'

const folder = mkdtempSync(join(tmpdir(), 'mainspan-codec-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the example prints what it says', () => {
  const page = readFileSync('docs/codec.md', 'utf8')
  const [, program = '', printed] = /```js\n(.*?)```\n```text\n(.*?)```/s.exec(page) ?? []
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/mainspan'))
  writeFileSync(join(folder, 'example.mjs'), program)
  const { stdout, stderr } = spawnSync(process.execPath, ['example.mjs'], { cwd: folder, encoding: 'utf8' })
  expect({ stdout, stderr }).toEqual({ stdout: printed, stderr: '' })
})

test('its types are those of the source', () => {
  const codec: RecordCodec = recordCodec(layoutOf('01 R. 05 A PIC 9(2).'), { codePage: 'cp037' })
  expect(codec.decode(Uint8Array.of(0xf1, 0xf2))).toEqual({ a: '12' })
})
