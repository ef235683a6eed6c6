// The commands that README.md shows for data run as they stand, and each of them does something.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { program, root } from './cli/mainspan.ts'

const folder = mkdtempSync(join(tmpdir(), 'mainspan-readme-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
for (const name of ['test', 'copybooks']) symlinkSync(join(root, name), join(folder, name))

const section = /\n## Look at data\n(.*?)\n## /s.exec(readFileSync('README.md', 'utf8'))?.[1] ?? ''
const script = /```sh\n(.*?)```/s.exec(section)?.[1] ?? ''
const commands = script.trim().split('\n')

/** `npx mainspan` without npx. */
const npx = `npx() { shift; '${process.execPath}' '${join(root, program)}' "$@"; }`

test('every command for data is shown', () => {
  const shown = commands.flatMap((line) => /^npx mainspan (\w+)/.exec(line)?.[1] ?? [])
  expect([...new Set(shown)].sort()).toEqual([
    'decode',
    'diff',
    'encode',
    'hex',
    'layout',
    'schema',
    'support',
    'types',
  ])
})

test('they run one after the other', () => {
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', `${npx}\n${script}`], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'], // A bash whose input is a socket reads the start files of the machine.
  })
  expect({ status, errors: stderr.toString() }).toEqual({ status: 0, errors: '' })
  const text = stdout.toString()
  for (const words of [
    'ACCT-BALANCE',
    'no problems',
    'no changes',
    'REDEFINES with a declared discriminator',
    '--threads',
  ]) {
    expect(text).toContain(words)
  }
  expect(readFileSync(join(folder, 'accounts.ndjson'), 'utf8')).toContain('"acctBalance":"194.00"')
  expect(JSON.parse(readFileSync(join(folder, 'account.schema.json'), 'utf8'))).toMatchObject({ title: 'ACCOUNT' })
  expect(readFileSync(join(folder, 'account.ts'), 'utf8')).toContain('readonly acctBalance: Decimal')
})
