// The kernel in the repository is what its source compiles to. UPDATE=1 compiles it anew.

import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { compileKernel, kernelModuleText } from './compile-kernel.ts'

test('kernel-module.ts is kernel.as, compiled', async () => {
  const path = 'src/codec/bulk/kernel-module.ts'
  const text = kernelModuleText(await compileKernel())
  if (process.env.UPDATE) writeFileSync(path, text)
  expect(readFileSync(path, 'utf8')).toBe(text)
})
