// What the command line says of flows that have changed: held against recorded histories, and against the operations that are open.

import { execFile } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { insertRead, type Project, project } from '../support/project.ts'
import { type Rig, rig, testKey } from '../support/rig.ts'
import { program, root } from './mainspan.ts'

let made: Project
beforeAll(() => {
  made = project()
  cpSync(join(root, 'test/histories'), join(made.root, 'test/histories'), { recursive: true })
  rmSync(join(made.root, 'test/histories/runTransaction-completed.json'))
})
afterAll(() => made.remove())

interface Said {
  readonly status: number
  /** Without notes. */
  readonly lines: readonly string[]
  readonly errors: string
}

/** Beside the test's own event loop, which a worker may need. */
function mainspan(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Said> {
  const env = { ...process.env, NODE_OPTIONS: '', ...environment }
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: root, env }, (error, stdout, stderr) => {
      const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('note'))
      resolve({ status: Number(error?.code ?? 0), lines, errors: stderr })
    })
  })
}

const reference = expect.stringMatching(/^[A-Z2-7]{16}$/)
const asked = /asks for inquireAccount with reference (\w{16}) where the history has post with reference (\w{16})$/

describe('check holds flows against recorded histories', () => {
  test('that they go the way of', async () => {
    const { status, lines } = await mainspan(['check', made.root])
    expect({ status, lines }).toEqual({
      status: 0,
      lines: [
        'flow transferFunds: goes the way of 2 recorded histories; operations that are running could go on with it',
        'No mistakes: 1 adapter, 1 operation, 1 flow',
      ],
    })
  })

  test('that they part from, with where and how', async () => {
    const other = project()
    cpSync(join(made.root, 'test/histories'), join(other.root, 'test/histories'), { recursive: true })
    insertRead(other)
    const { status, lines } = await mainspan(['check', other.root])
    expect(status).toBe(0)
    expect(lines).toEqual([
      'flow transferFunds: has changed. Operations that are running end on the build that they began on; on this code they could not go on:',
      expect.stringMatching(new RegExp(`^  test/histories/transferFunds-completed.json: ${asked.source}`)),
      expect.stringMatching(new RegExp(`^  test/histories/transferFunds-undone.json: ${asked.source}`)),
      'No mistakes: 1 adapter, 1 operation, 1 flow',
    ])
    expect(asked.exec(lines[1] ?? '')?.slice(1)).toEqual([reference, reference])
    other.remove()
  })

  test('that are none', async () => {
    const other = project()
    other.write('test/histories/transferFunds-broken.json', '{ "events": [] }')
    other.write('test/histories/transferFunds-cut.json', '{ "events": [')
    const { status, lines } = await mainspan(['check', other.root])
    expect(status).toBe(1)
    expect(lines.filter((line) => line.startsWith('HISTORY_UNREADABLE'))).toEqual([
      expect.stringContaining('transferFunds-broken.json cannot be replayed: it does not begin with the start'),
      expect.stringContaining('transferFunds-cut.json cannot be replayed: '),
    ])
    other.remove()
  })
})

describe('with Temporal', () => {
  let it: Rig
  let environment: NodeJS.ProcessEnv
  beforeAll(async () => {
    it = await rig()
    environment = {
      TEMPORAL_ADDRESS: it.temporal.address,
      TEMPORAL_TASK_QUEUE: it.settings.taskQueue,
      MAINSPAN_PAYLOAD_KEYS: `${testKey.id}:${Buffer.from(testKey.key).toString('base64')}`,
    }
  }, 120_000)
  afterEach(() => {
    it.core.onCall = () => undefined
    it.core.onInquiry = () => undefined
  })
  afterAll(() => it.close())

  const transfer = { from: '1000000001', to: '1000000002', amount: '1.25', currency: 'EUR', text: 'secret words' }

  test('record keeps the history of an operation in clear, and check replays it without a key', async () => {
    const id = await it.begin('transferFunds', transfer)
    await it.settled(id)
    const other = project()
    const { status, lines } = await mainspan(['record', id, '--folder', other.root, '--name', 'mine'], environment)
    expect({ status, lines }).toEqual({
      status: 0,
      lines: [expect.stringMatching(/^wrote test\/histories\/transferFunds-mine\.json: in clear/)],
    })
    const text = readFileSync(join(other.root, 'test/histories/transferFunds-mine.json'), 'utf8')
    expect(text).not.toContain(Buffer.from('binary/encrypted').toString('base64'))
    const payloads = [...text.matchAll(/"data": "([^"]+)"/g)].map(([, data]) => Buffer.from(data ?? '', 'base64'))
    expect(payloads.join()).toContain('secret words')
    const checked = await mainspan(['check', other.root])
    expect(checked.lines[0]).toContain('goes the way of 1 recorded history')
    other.remove()
  })

  test('record says that there is no such operation, and writes nothing', async () => {
    const other = project()
    const { status, errors } = await mainspan(['record', 'transferFunds-v1-none', '--folder', other.root], environment)
    expect(status).toBe(1)
    expect(errors).toContain('OPERATION_ID_UNKNOWN')
    expect(readdirSync(other.root)).not.toContain('test')
    other.remove()
  })

  test('check --deployed says for the open operations whether they could go on', async () => {
    it.core.onCall = ({ request }) => (request.direction === 'C' ? { do: 'lose', booked: true } : undefined)
    it.core.onInquiry = () => 'ambiguous'
    const id = await it.begin('transferFunds', transfer)
    expect(await it.settled(id)).toMatchObject({ state: 'parked' })
    const { build, deployment } = it.worker
    const other = project()
    const same = await mainspan(['check', other.root, '--deployed'], environment)
    expect(same.lines).toEqual([
      expect.stringMatching(`^deployed as ${deployment}: build ${build} is current; this code is build [0-9a-f]{16}$`),
      `build ${build} (current): 1 open operation, which ends on it; on this code`,
      '  transferFunds: 1 of 1 looked at could go on',
      expect.stringContaining('No mistakes'),
    ])
    insertRead(other)
    const changed = await mainspan(['check', other.root, '--deployed'], environment)
    expect(changed.lines.slice(2, 4)).toEqual([
      '  transferFunds: 0 of 1 looked at could go on',
      expect.stringMatching(new RegExp(`^    ${id}: ${asked.source}`)),
    ])
    other.remove()
    await it.operations.resolve(id, { action: 'abandon', by: 'ops', note: 'test' })
  })

  test('check --deployed says that Temporal is away', async () => {
    const away = { ...environment, TEMPORAL_ADDRESS: '127.0.0.1:1' }
    const { status, lines } = await mainspan(['check', made.root, '--deployed'], away)
    expect(status).toBe(1)
    expect(lines.join('\n')).toContain('DURABLE_UNAVAILABLE')
  }, 90_000)
})
