// `mainspan start` for real: the printed call moves money, the event arrives, and however it ends no process and no port is left.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from '@jest/globals'
import { connect } from 'amqplib'
import { answers } from '../../src/local/ports.ts'
import { built } from '../support/parts.ts'

interface Started {
  readonly child: ChildProcess
  readonly pid: number
  /** Standard output and error output so far. */
  said(): string
  readonly ended: Promise<number | null>
}

let last: Started | undefined
afterEach(async () => {
  if (last?.child.exitCode === null && last.child.signalCode === null) process.kill(-last.pid, 'SIGKILL')
  await last?.ended
})

/** As a shell starts it: in a process group of its own, which is what Ctrl-C reaches. */
async function start(command = process.execPath, args = ['src/mainspan.mjs', 'start']): Promise<Started> {
  const { root } = await built()
  // Only what a newcomer's shell has: nothing of this test run may point to its parts.
  const { PATH, HOME, XDG_CACHE_HOME } = process.env
  const env = { PATH, HOME, ...(XDG_CACHE_HOME === undefined ? {} : { XDG_CACHE_HOME }) }
  const child = spawn(command, args, { cwd: root, env, stdio: 'pipe', detached: true })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece) => {
      text += piece
    })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  last = { child, pid: child.pid ?? 0, said: () => text, ended }
  return last
}

async function until(one: Started, words: RegExp): Promise<RegExpExecArray> {
  for (let tries = 0; tries < 3000; tries += 1) {
    const match = words.exec(one.said())
    if (match) return match
    if (one.child.exitCode !== null) throw new Error(`it ended with ${one.child.exitCode}:\n${one.said()}`)
    await sleep(100)
  }
  throw new Error(`it did not say ${words}:\n${one.said()}`)
}

interface Process {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

function processes(): Process[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).split('\n')
  return lines.flatMap((line) => {
    const [, pid, parent, state, command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    return pid === undefined || state?.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), command }]
  })
}

function below(pid: number): Process[] {
  const all = processes()
  const children = (parent: number): Process[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...children(one.pid)])
  return children(pid)
}

/** Those of them that still run: the same pid with the same command. */
function remaining(before: readonly Process[]): string[] {
  const now = new Map(processes().map((one) => [one.pid, one.command]))
  return before.filter(({ pid, command }) => now.get(pid) === command).map(({ command }) => command)
}

async function untilNoneRemain(before: readonly Process[]): Promise<void> {
  for (let tries = 0; tries < 600 && remaining(before).length > 0; tries += 1) await sleep(100)
  expect(remaining(before)).toEqual([])
}

function paste(one: Started): unknown {
  const line = /^curl .*$/m.exec(one.said())?.[0]
  return JSON.parse(execFileSync('/bin/sh', ['-c', line ?? 'exit 1'], { encoding: 'utf8' }))
}

const receipt = {
  debit: { entryNumber: expect.any(String), balance: expect.stringMatching(/^-?\d+\.\d\d$/) },
  credit: { entryNumber: expect.any(String), balance: expect.stringMatching(/^-?\d+\.\d\d$/) },
}

/** The input of the only workflow as the Temporal UI shows it: by its own API, then by the codec server that it was told. */
async function inputAsTheUiShowsIt(ui: string): Promise<unknown> {
  const get = async <T>(path: string) => (await (await fetch(`${ui}/api/v1/${path}`)).json()) as T
  const { Codec } = await get<{ Codec: { Endpoint: string } }>('settings')
  const list = await get<{ executions: { execution: { workflowId: string } }[] }>('namespaces/default/workflows')
  const path = `namespaces/default/workflows/${list.executions[0]?.execution.workflowId}/history`
  const { history } = await get<{ history: { events: Record<string, { input: object }>[] } }>(path)
  const answer = await fetch(`${Codec.Endpoint}/decode`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-namespace': 'default', origin: ui },
    body: JSON.stringify(history.events[0]?.workflowExecutionStartedEventAttributes?.input),
  })
  const { payloads } = (await answer.json()) as { payloads: { data: string }[] }
  return JSON.parse(Buffer.from(payloads[0]?.data ?? '', 'base64').toString())
}

test('the printed call moves money and its event arrives; a killed worker comes back; Ctrl-C leaves nothing', async () => {
  const one = await start('npm', ['start'])
  await until(one, /^Ctrl-C ends everything/m)
  expect(one.said()).toMatch(/^Mainspan is ready/m)
  const [, journal = ''] = await until(one, /journal +(\S+)/)
  const [, amqp = ''] = await until(one, /^ +AMQP +(\S+)/m)
  const effects = () =>
    readFileSync(journal, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))

  expect(paste(one)).toEqual(receipt)
  expect(effects()).toMatchObject([
    { program: 'POSTENT', account: '1000000001', direction: 'D', amount: '25.00' },
    { program: 'POSTENT', account: '1000000002', direction: 'C', amount: '25.00' },
  ])
  const [, ui = ''] = await until(one, /^ +Temporal UI +(\S+)/m)
  expect(await inputAsTheUiShowsIt(ui)).toMatchObject({ operation: 'transferFunds', input: { amount: '25.00' } })
  const client = await connect(amqp)
  const channel = await client.createChannel()
  const event = await channel.get('mainspan.events.recent', { noAck: true })
  expect(event && JSON.parse(event.content.toString())).toMatchObject({
    type: 'mainspan.transferFunds.v1.funds-transferred',
    data: { from: '1000000001', to: '1000000002', amount: '25.00', currency: 'EUR' },
  })
  await client.close()

  const worker = below(one.pid).find(({ command }) => command.endsWith('serve worker'))
  process.kill(worker?.pid ?? 0, 'SIGKILL')
  await until(one, /worker ended unasked \(signal SIGKILL\)/)
  await until(one, /worker serves again/)
  expect(paste(one)).toEqual(receipt)
  expect(effects()).toHaveLength(4)

  const ports = [...one.said().matchAll(/127\.0\.0\.1:(\d+)/g)].map((match) => Number(match[1]))
  expect(new Set(ports).size).toBeGreaterThanOrEqual(4)
  const before = below(one.pid)
  expect(before.length).toBeGreaterThanOrEqual(7)
  process.kill(-one.pid, 'SIGINT')
  await one.ended
  await untilNoneRemain(before)
  for (const port of new Set(ports)) expect(await answers(port)).toBe(false)
}, 300_000)

test('killed with kill -9 in the middle of the start, it leaves nothing', async () => {
  const one = await start()
  await until(one, /✓ Temporal/)
  const before = below(one.pid)
  expect(before.some(({ command }) => command.includes('start-dev'))).toBe(true)
  one.child.kill('SIGKILL')
  await untilNoneRemain(before)
}, 300_000)

test('a part that dies is named with its last words and ends the run', async () => {
  const one = await start()
  await until(one, /✓ RabbitMQ/)
  const before = below(one.pid)
  const broker = before.find(({ command }) => command.includes('beam.smp'))
  process.kill(broker?.pid ?? 0, 'SIGKILL')
  expect(await one.ended).toBe(1)
  expect(one.said()).toMatch(/PART_ENDED {2}RabbitMQ ended unasked \(signal SIGKILL\)/)
  await untilNoneRemain(before)
}, 300_000)
