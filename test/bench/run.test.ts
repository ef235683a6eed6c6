// Small runs of every bench as `npm run bench` starts them, so that they do not rot. Their figures mean nothing here.

import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'

const root = fileURLToPath(new URL('../../', import.meta.url))

function run(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['bench/run.mjs', ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  return status === 0 ? stdout : `status ${status}\n${stdout}${stderr}`
}

const benches: Readonly<Record<string, readonly RegExp[]>> = {
  codec: [
    /^text: 2097 records of 500 bytes, values only$/m,
    /^packed: 17476 records of 60 bytes/m,
    /^wide: 653 records of 1605 bytes/m,
    /^JSON\.stringify of ready objects +\d+\.\d +\d+\.\d +1\.00 /m,
    /^decode → JSON bytes( +\d+\.\d+){3} +≥ 4 /m,
    /^encode from JSON bytes( +\d+\.\d+){2} +≥ 0\.5 /m,
    /^the command starts in \d+\.\d\d s and then reaches \d+\.\d\d of the library's speed/m,
  ],
  encode: [
    /^CPU s +library +at once +start +command +× library +once warm +aim +spread$/m,
    ...['text', 'packed', 'wide'].map((name) => new RegExp(`^${name}( +\\d+\\.\\d\\d){6} +≥ 0\\.9 +0 %$`, 'm')),
  ],
  memory: [
    /^text, one thread +0\.02 +\d+\.\d +\d+\.\d +0 % +\d+ +< 150$/m,
    /^wide, two threads +0\.02 +\d+\.\d +\d+\.\d +0 % +\d+ +< 150$/m,
    /^packed: two threads are \d+\.\d\d × as fast as one .*; two processes are \d+\.\d\d ×$/m,
  ],
  reads: [/^bare Fastify( +\d+\.\d{3}){3} +\d+$/m, /^express lane( +\d+\.\d{3}){3} +\d+$/m],
  span: [
    /^transfers, 1 at a time +\d/m,
    /^bare workflows, 10 at a time +\d/m,
    /^direct calls, 10 at a time +\d/m,
    /^together \(goal: at most 1\.5\)( +\d+\.\d\d){3}$/m,
    /^50 at a time +\d+ +\d/m,
    /^express lane( +\d+\.\d{3}){2}$/m,
    /^bare Fastify( +\d+\.\d{3}){2}$/m,
  ],
}

test.each(Object.entries(benches))(
  'a small run of %s prints its table',
  (name, lines) => {
    const printed = run(name, '--quick')
    for (const line of lines) expect(printed).toMatch(line)
  },
  120_000,
)

test('a name that is no bench is answered with those that are', () => {
  expect(run('nothing')).toContain(`usage: npm run bench -- ${Object.keys(benches).join(' | ')} [--quick]`)
  expect(readdirSync(new URL('bench/', `file://${root}`))).toEqual(
    expect.arrayContaining(Object.keys(benches).map((name) => `${name}.ts`)),
  )
})
