// Compiles the kernels with the AssemblyScript compiler.

import { readFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'

/** The WebAssembly of a source. The compiler wants the ending .ts; ours keeps the file from being taken for TypeScript. */
export async function compileKernel(source: string): Promise<Uint8Array> {
  const written = new Map<string, Uint8Array>()
  const options = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--importMemory', '--noAssert', '-o', 'kernel.wasm']
  const { error, stderr } = await asc.main(['kernel.ts', ...options], {
    readFile: (name) => (name === 'kernel.ts' ? readFileSync(source, 'utf8') : null),
    writeFile: (name, contents) => {
      written.set(name, Buffer.from(contents))
    },
    listFiles: () => [],
  })
  const wasm = written.get('kernel.wasm')
  if (error || !wasm) throw new Error(`${source} does not compile: ${stderr.toString()}`)
  return wasm
}

/** The text of a module that holds it; `source` and `by` are named in its first line. */
export function kernelModuleText(wasm: Uint8Array, source: string, by: string): string {
  const lines =
    Buffer.from(wasm)
      .toString('base64')
      .match(/.{1,100}/g) ?? []
  return [
    `// Made from ${source} by ${by} (UPDATE=1). Do not edit.`,
    '',
    'const base64 = [',
    ...lines.map((line) => `  '${line}',`),
    "].join('')",
    '',
    '/** The kernel as WebAssembly. */',
    'export function kernelModule(): Uint8Array {',
    '  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))',
    '}',
    '',
  ].join('\n')
}
