// Layouts for tests, compiled from copybook text or from the files in copybooks/.

import { readFileSync } from 'node:fs'
import { compileCopybook } from '../../src/cobol/compile.ts'
import type { Layout } from '../../src/cobol/layout.ts'
import type { CompileOptions } from '../../src/cobol/options.ts'
import { describeFailure } from '../../src/error/failure.ts'

/** The first record of a copybook in free format. */
export function layoutOf(text: string, options: Partial<CompileOptions> = {}): Layout {
  return firstLayout({ name: 'TEST.cpy', text }, { format: 'free', ...options })
}

/** The record of a file below copybooks/. */
export function bankLayout(path: string): Layout {
  const read = (member: string) => readFileSync(new URL(`../../copybooks/${member}`, import.meta.url), 'utf8')
  const folder = path.replace(/[^/]*$/, '')
  return firstLayout(
    { name: path, text: read(path) },
    { library: (member) => ({ name: `${folder}${member}.cpy`, text: read(`${folder}${member}.cpy`) }) },
  )
}

function firstLayout(...args: Parameters<typeof compileCopybook>): Layout {
  const { layouts, failures } = compileCopybook(...args)
  const [layout] = layouts
  if (!layout) throw new Error(failures.map(describeFailure).join('\n'))
  return layout
}

/** `F1 F2` → bytes. */
export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.replace(/\s+/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

export function hex(from: Uint8Array): string {
  return Array.from(from, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ')
}
