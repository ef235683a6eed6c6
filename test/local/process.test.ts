// Child processes end in order, are ended when their parent is killed, and say why they died.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Supervisor, supervise, whenLogged, whenReady } from '../../src/local/process.ts'
import { built } from '../support/parts.ts'

let folder: string
let supervisor: Supervisor
const environment = process.env

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainspan-process-'))
  supervisor = supervise(folder)
})
afterEach(async () => {
  await supervisor.end()
  rmSync(folder, { recursive: true, force: true })
})

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A process that nobody has waited for yet still answers to signal 0.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** A shell part that says `up`, and its name into a file when it is asked to end. */
const polite = (name: string, file: string) => [
  '-c',
  `trap 'echo ${name} >> ${file}; exit 0' TERM; echo up; while :; do sleep 0.05; done`,
]

describe('supervise', () => {
  test('ends parts in reverse order', async () => {
    const file = join(folder, 'order')
    for (const name of ['first', 'second', 'third']) {
      const part = await supervisor.start(name, '/bin/sh', polite(name, file), { environment })
      await whenLogged(part, 10, /up/)
    }
    await supervisor.end()
    expect(readFileSync(file, 'utf8')).toBe('third\nsecond\nfirst\n')
  })

  test('kills a part that does not heed TERM, and its children with it', async () => {
    const script = `trap '' TERM; sh -c 'trap "" TERM; while :; do sleep 0.05; done' & echo child $!; while :; do sleep 0.05; done`
    const part = await supervisor.start('deaf', '/bin/sh', ['-c', script], { environment, graceMs: 200 })
    const child = Number((await whenLogged(part, 10, /child (\d+)/))[1])
    expect(alive(child)).toBe(true)
    await part.end()
    expect(await part.ended).toEqual({ code: null, signal: 'SIGKILL', wanted: true })
    await expect(untilGone(child)).resolves.toBe(true)
  })

  test('a stopped part is ended too', async () => {
    const part = await supervisor.start('stopped', '/bin/sh', polite('stopped', join(folder, 'order')), { environment })
    await whenLogged(part, 10, /up/)
    process.kill(part.pid, 'SIGSTOP')
    await part.end()
    expect(await part.ended).toMatchObject({ code: 0, wanted: true })
  })

  test('a part is ended by the signal that it was started with, by us and by the guardian', async () => {
    const file = join(folder, 'signals')
    const script = `trap 'echo INT >> ${file}; exit 0' INT; trap 'echo TERM >> ${file}' TERM; echo up; while :; do sleep 0.05; done`
    const options = { environment, stopSignal: 'SIGINT', graceMs: 5000 } as const
    const part = await supervisor.start('one', '/bin/sh', ['-c', script], options)
    await whenLogged(part, 10, /up/)
    await part.end()
    expect(await part.ended).toMatchObject({ code: 0, wanted: true })
    const { dist } = await built()
    const owner = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { supervise } from '${dist}/local/process.js'
       const { pid } = await supervise('${folder}').start('two', '/bin/sh', ['-c', process.argv[1]], { environment: process.env, stopSignal: 'SIGINT', graceMs: 5000 })
       console.log(pid)`,
      script,
    ])
    const pid = await new Promise<number>((resolve) => owner.stdout.once('data', (text) => resolve(Number(text))))
    await sleep(300)
    owner.kill('SIGKILL')
    await expect(untilGone(pid)).resolves.toBe(true)
    expect(readFileSync(file, 'utf8')).toBe('INT\nINT\n')
  })

  test('a program that does not exist is named', async () => {
    await expect(supervisor.start('ghost', '/nonexistent/ghost', [], { environment })).rejects.toMatchObject({
      code: 'PART_NOT_STARTED',
      facts: { part: 'ghost' },
    })
  })

  test('a part that dies before it serves is named with its last words', async () => {
    const part = await supervisor.start('frail', '/bin/sh', ['-c', 'echo the disk is full; exit 3'], { environment })
    await expect(whenReady(part, 30, async () => undefined)).rejects.toMatchObject({
      code: 'PART_ENDED',
      facts: { part: 'frail', how: 'exit code 3' },
      excerpt: '  | the disk is full',
    })
  })

  test('a part that does not serve in time is named with its last words', async () => {
    const part = await supervisor.start('slow', '/bin/sh', polite('slow', join(folder, 'order')), { environment })
    await whenLogged(part, 10, /up/)
    await expect(whenReady(part, 0.2, async () => undefined)).rejects.toMatchObject({
      code: 'PART_NOT_READY',
      facts: { part: 'slow', seconds: 0.2 },
      excerpt: '  | up',
    })
  })

  test('a line of an earlier process with the same log does not count', async () => {
    const first = await supervisor.start('again', '/bin/sh', ['-c', 'echo up'], { environment })
    await first.ended
    const second = await supervisor.start('again', '/bin/sh', ['-c', 'exit 0'], { environment })
    await expect(whenLogged(second, 30, /up/)).rejects.toMatchObject({ code: 'PART_ENDED' })
  })
})

async function untilGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 200 && alive(pid); tries += 1) await sleep(50)
  return !alive(pid)
}

test('parts end when their parent is killed with kill -9', async () => {
  const { dist } = await built()
  const script = `
    import { supervise } from ${JSON.stringify(join(dist, 'local', 'process.js'))}
    const supervisor = supervise(${JSON.stringify(folder)})
    const one = await supervisor.start('one', '/bin/sh', ['-c', 'while :; do sleep 0.05; done'], { environment: process.env })
    const two = await supervisor.start('two', '/bin/sh', ['-c', 'trap "" TERM; while :; do sleep 0.05; done'], { environment: process.env, graceMs: 300 })
    console.log(one.pid, two.pid)
    setInterval(() => undefined, 1000)
  `
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said = await new Promise<string>((resolve) => parent.stdout.once('data', (bytes) => resolve(String(bytes))))
  const [one = 0, two = 0] = said.trim().split(' ').map(Number)
  expect([alive(one), alive(two)]).toEqual([true, true])
  parent.kill('SIGKILL')
  expect([await untilGone(one), await untilGone(two)]).toEqual([true, true])
})
