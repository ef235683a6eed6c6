// The kernels in the repository are what their sources compile to. UPDATE=1 compiles them anew.

import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { compileKernel, kernelModuleText } from './compile-kernel.ts'

test.each([
  ['src/codec/bulk', 'kernel'],
  ['src/codec/bulk-encode', 'encode-kernel'],
])('the module in %s is %s.as, compiled', async (folder, name) => {
  const path = `${folder}/${name}-module.ts`
  const wasm = await compileKernel(`${folder}/${name}.as`)
  const text = kernelModuleText(wasm, `${name}.as`, 'test/codec/bulk/kernel.test.ts')
  if (process.env.UPDATE) writeFileSync(path, text)
  expect(readFileSync(path, 'utf8')).toBe(text)
})
