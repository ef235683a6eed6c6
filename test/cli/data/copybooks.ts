// A temporary folder with small files for the tests of the data commands.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from '@jest/globals'

/** Writes files below a temporary folder that is gone after the tests; gives the path of each by its name. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'mainspan-cli-'))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return (name) => join(folder, name)
}

/** Bytes of hexadecimal text with blanks. */
export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(/[^0-9A-Fa-f]/g, ''), 'hex')
}
