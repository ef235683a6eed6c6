// The log of a process: lines are held and written together, none is lost at its end, and a warning waits for nothing.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { beforeAll, expect, test } from '@jest/globals'
import { built } from './support/parts.ts'

let file: string
beforeAll(async () => {
  file = `${(await built()).dist}/log.js`
})

function run(script: string) {
  const source = `import { openLog, troubledExchangeLog } from '${file}'; const { logger, flush } = openLog('test', 'info'); ${script}`
  return spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: ['ignore', 'ignore', 'pipe'] })
}

async function linesOf(script: string): Promise<Record<string, unknown>[]> {
  const child = run(script)
  let text = ''
  child.stderr.on('data', (piece) => {
    text += piece
  })
  await once(child, 'close')
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}

test.each([
  ['by itself', ''],
  ['by process.exit', 'process.exit(0)'],
  ['by an error that nobody caught', 'throw new Error("x")'],
  ['in order, by flush and a signal', 'flush(); process.kill(process.pid, "SIGKILL")'],
])('no line is lost when the process ends %s', async (_, end) => {
  const lines = await linesOf(`for (let n = 0; n < 1000; n++) logger.info({ n }, 'line'); ${end}`)
  expect(lines.filter(({ msg }) => msg === 'line').map(({ n }) => n)).toEqual(Array.from({ length: 1000 }, (_, n) => n))
})

test('a line is held for less than a second, and a warning not at all', async () => {
  const child = run("logger.info('one'); setInterval(() => undefined, 1000)")
  const [line] = await once(createInterface(child.stderr), 'line')
  expect(line).toContain('one')
  child.kill('SIGKILL')
  const warned = await linesOf("logger.warn('two'); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100)")
  expect(warned).toMatchObject([{ msg: 'two', level: 40 }])
})

test('of a gateway an exchange that went well is told by its request alone', async () => {
  const exchange = "{ adapter: 'a', transaction: 't', reference: 'R', ms: 1, result: 'reply', code: undefined }"
  const lines = await linesOf(
    `const told = troubledExchangeLog(logger); const one = ${exchange}; told(one); told({ ...one, result: 'not-sent', code: 'CORE_BUSY' })`,
  )
  expect(lines).toMatchObject([{ result: 'not-sent', code: 'CORE_BUSY' }])
})
