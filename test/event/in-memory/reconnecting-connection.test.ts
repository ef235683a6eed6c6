// A connection that comes back, over connections that the test plays: what it tells, whom it makes wait, and how it ends.

import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { failure } from '../../../src/error/failure.ts'
import {
  type BrokerNotice,
  type Prepared,
  type ReconnectingConnection,
  reconnecting,
  within,
} from '../../../src/event/reconnecting-connection.ts'
import { standstillClock } from '../../backend/network.ts'
import { StandInModel, settled, soon } from './stand-in.ts'

let opened: ReconnectingConnection<string> | undefined
afterEach(async () => {
  jest.restoreAllMocks()
  await opened?.close()
})

type Prepare = (restart: (reason: string) => void, model: StandInModel) => Promise<Prepared<string>>

function connection(given: { readonly fails?: number; readonly prepare?: Prepare } = {}) {
  const [models, opens, notices, lost]: [StandInModel[], number[], BrokerNotice[], string[]] = [[], [], [], []]
  const prepare: Prepare = given.prepare ?? (async () => ({ value: `value ${models.length}`, lost: hear }))
  const hear = (reason: string) => void lost.push(reason)
  const one = reconnecting<string>({
    ...{ name: 'n', broker: 'host:5672', notice: (notice) => void notices.push(notice) },
    async open() {
      opens.push(performance.now())
      if (opens.length <= (given.fails ?? 0)) throw new Error(`attempt ${opens.length}`)
      const stand = new StandInModel()
      models.push(stand)
      return stand.model
    },
    prepare: (_, restart) => prepare(restart, models.at(-1) as StandInModel),
  })
  opened = one
  return { one, models, opens, notices, lost, hear, events: () => notices.map(({ event }) => event) }
}

describe('a connection', () => {
  test('is up when what stands on it is prepared', async () => {
    const { one, notices } = connection()
    expect(one.up).toBe(false)
    expect(await one.ready(5000)).toBe('value 1')
    expect(one.up).toBe(true)
    expect(await one.ready(0)).toBe('value 1')
    expect(notices).toStrictEqual([{ link: 'n', event: 'up' }])
  })

  test('that cannot be opened is tried again after pauses that grow', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(1.75)
    const { one, opens, notices } = connection({ fails: 2 })
    const since = performance.now()
    await one.ready(10_000)
    const [first = 0, second = 0, third = 0] = opens.map((at, index) => at - (opens[index - 1] ?? since))
    expect(first).toBeLessThan(150)
    expect(second).toBeGreaterThanOrEqual(295)
    expect(second).toBeLessThan(590)
    expect(third).toBeGreaterThanOrEqual(595)
    expect(third).toBeLessThan(890)
    expect(notices.map(({ event, reason }) => `${event} ${reason}`)).toEqual([
      ...['trouble attempt 1', 'trouble attempt 2', 'up undefined'],
    ])
  })

  test('that has lasted is opened again after the first pause, whatever it took to open it', async () => {
    const clock = standstillClock()
    const random = jest.spyOn(Math, 'random').mockReturnValue(0)
    const { one, models, opens } = connection({ fails: 1 })
    await one.ready(5000)
    clock.standStill(6000)
    random.mockReturnValue(5.5)
    const since = performance.now()
    models[0]?.emit('close')
    await soon(() => opens.length === 3)
    expect(performance.now() - since).toBeGreaterThanOrEqual(595)
    expect(performance.now() - since).toBeLessThan(1150)
  })

  test('that cannot be opened is told in whatever words there are', async () => {
    const notices: BrokerNotice[] = []
    const open = () => Promise.reject('no words')
    const prepare = () => Promise.reject(new Error('not reached'))
    opened = reconnecting<string>({
      ...{ name: 'n', broker: 'b', open, prepare },
      notice: (one) => void notices.push(one),
    })
    await soon(() => notices.length > 0)
    expect(notices[0]).toEqual({ link: 'n', event: 'trouble', reason: 'no words' })
  })

  test('that does not come up is named to those who wait, and it goes on', async () => {
    const { one } = connection({ fails: 1 })
    const away = one.ready(30)
    await expect(away).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE', facts: { broker: 'host:5672', ms: 30 } })
    expect(await one.ready(5000)).toBe('value 1')
  })

  test('that is lost is told with the reason, ended, and made anew', async () => {
    const { one, models, notices, lost } = connection()
    await one.ready(5000)
    models[0]?.emit('error', new Error('ECONNRESET'))
    models[0]?.emit('close')
    await settled()
    expect(one.up).toBe(false)
    expect(await one.ready(5000)).toBe('value 2')
    expect(lost).toEqual(['ECONNRESET'])
    expect(notices).toEqual([
      { link: 'n', event: 'up' },
      { link: 'n', event: 'down', reason: 'ECONNRESET' },
      { link: 'n', event: 'up' },
    ])
    expect(models[0]?.ends).toEqual(['close', 'destroyed'])
  })

  test('that closes without a word is lost as well', async () => {
    const { one, models, lost } = connection()
    await one.ready(5000)
    models[0]?.emit('close')
    await soon(() => lost.length > 0)
    expect(lost).toEqual(['closed'])
  })

  test('is given up by what stands on it', async () => {
    const restarts: ((reason: string) => void)[] = []
    const { one, models, notices } = connection({
      prepare: async (restart) => {
        restarts.push(restart)
        return { value: `v ${restarts.length}`, lost: () => undefined }
      },
    })
    expect(await one.ready(5000)).toBe('v 1')
    restarts[0]?.('the channel broke')
    await soon(() => models.length === 2)
    expect(notices[1]).toEqual({ link: 'n', event: 'down', reason: 'the channel broke' })
    expect(models[0]?.ends).toEqual(['close', 'destroyed'])
    expect(await one.ready(5000)).toBe('v 2')
  })

  test('tells what a listener of it threw', async () => {
    const { one, models, notices } = connection()
    await one.ready(5000)
    models[0]?.emit('handler-error', new Error('thrown'))
    expect(notices.at(-1)).toEqual({ link: 'n', event: 'trouble', reason: 'thrown' })
  })

  test('whose peer has stopped answering is cut, not closed for ever', async () => {
    const { one, models } = connection()
    await one.ready(5000)
    const stand = models[0] as StandInModel
    stand.closing = () => new Promise(() => undefined)
    stand.emit('close')
    await sleep(1500)
    expect(stand.ends).toEqual(['close'])
    await soon(() => stand.ends.length === 2)
    expect(stand.ends).toEqual(['close', 'destroyed'])
  })

  test('whose polite close fails is cut', async () => {
    const { one, models } = connection()
    await one.ready(5000)
    const stand = models[0] as StandInModel
    stand.closing = () => Promise.reject(new Error('already closed'))
    stand.emit('close')
    await soon(() => stand.ends.length === 2)
    expect(await one.ready(5000)).toBe('value 2')
  })
})

describe('what is prepared', () => {
  test('when that fails the connection is ended, and tried again', async () => {
    let turn = 0
    const { one, models, notices } = connection({
      prepare: async () => {
        if (++turn === 1) throw new Error('no channel')
        return { value: 'second', lost: () => undefined }
      },
    })
    expect(await one.ready(5000)).toBe('second')
    expect(notices.map(({ event, reason }) => `${event} ${reason}`)).toEqual(['trouble no channel', 'up undefined'])
    expect(models[0]?.ends).toEqual(['close', 'destroyed'])
  })

  test('on a connection that is lost meanwhile does not count', async () => {
    let finish: (prepared: Prepared<string>) => void = () => undefined
    let turn = 0
    const { one, events, notices } = connection({
      prepare: (_, stand) => {
        if (++turn > 1) return Promise.resolve({ value: 'second', lost: () => undefined })
        setImmediate(() => stand.emit('close'))
        return new Promise((resolve) => {
          finish = resolve
        })
      },
    })
    await soon(() => events().length > 0)
    finish({ value: 'first', lost: () => undefined })
    expect(notices[0]?.reason).toMatch(/^BROKER_UNREACHABLE: .* host:5672 within 15000 ms/)
    expect(await one.ready(5000)).toBe('second')
  })

  test('and fails on a connection that was lost before is no trouble of its own', async () => {
    let fail: (error: Error) => void = () => undefined
    let turn = 0
    const { one, events } = connection({
      prepare: (_, stand) => {
        if (++turn > 1) return Promise.resolve({ value: 'second', lost: () => undefined })
        setImmediate(() => stand.emit('close'))
        return new Promise((_, reject) => {
          fail = reject
        })
      },
    })
    await soon(() => events().length > 0)
    fail(new Error('channel closed'))
    expect(await one.ready(5000)).toBe('second')
    expect(events()).toEqual(['trouble', 'up'])
  })

  test('may take a moment', async () => {
    const { one } = connection({
      prepare: async () => {
        await sleep(50)
        return { value: 'slow', lost: () => undefined }
      },
    })
    expect(await one.ready(5000)).toBe('slow')
  })

  test('a refusal of the broker is what those hear who wait, until it is one no more', async () => {
    const refusal = failure('BROKER_TOPOLOGY_DIFFERS', { broker: 'host:5672', reason: 'other arguments' })
    let isRefused = true
    const { one, models, events } = connection({
      prepare: async () => {
        if (isRefused) throw refusal
        return { value: 'declared', lost: () => undefined }
      },
    })
    await soon(() => events().includes('trouble'))
    await expect(one.ready(10)).rejects.toBe(refusal)
    isRefused = false
    expect(await one.ready(5000)).toBe('declared')
    models.at(-1)?.emit('close')
    await settled()
    await expect(one.ready(10)).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' })
  })

  test('any other failure of ours is not taken for one', async () => {
    const { one, events } = connection({
      prepare: () => Promise.reject(failure('MESSAGE_REFUSED', { exchange: 'e', key: 'k' })),
    })
    await soon(() => events().includes('trouble'))
    await expect(one.ready(10)).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' })
  })
})

describe('a broker that blocks', () => {
  test('takes nothing until it unblocks, and says why', async () => {
    const { one, models, notices } = connection()
    await one.ready(5000)
    models[0]?.emit('blocked', 'low on memory')
    expect(one.up).toBe(false)
    const facts = { broker: 'host:5672', reason: 'low on memory', ms: 10 }
    await expect(one.ready(10)).rejects.toMatchObject({ code: 'BROKER_BLOCKED', facts })
    const since = performance.now()
    const waiting = one.ready(20_000)
    models[0]?.emit('unblocked')
    expect(await waiting).toBe('value 1')
    expect(performance.now() - since).toBeLessThan(10_000)
    expect(one.up).toBe(true)
    expect(notices.slice(1)).toEqual([
      { link: 'n', event: 'blocked', reason: 'low on memory' },
      { link: 'n', event: 'unblocked' },
    ])
  })

  test('and is then lost: the next connection is not blocked', async () => {
    const { one, models } = connection()
    await one.ready(5000)
    models[0]?.emit('blocked', 'low on disk')
    models[0]?.emit('close')
    await settled()
    expect(await one.ready(5000)).toBe('value 2')
    expect(one.up).toBe(true)
  })
})

describe('a connection that we close', () => {
  test('is ended, tells no loss, and lets nobody wait any more', async () => {
    const { one, models, lost, events, opens } = connection()
    await one.ready(5000)
    await one.close()
    expect(models[0]?.ends).toEqual(['close', 'destroyed'])
    expect([lost, events()]).toEqual([['closed by us'], ['up']])
    const since = performance.now()
    await expect(one.ready(20_000)).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE', facts: { ms: 20_000 } })
    expect(performance.now() - since).toBeLessThan(10_000)
    expect(opens.length).toBe(1)
  })

  test('sends those away who wait for it, and does not wait for its pause', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(100)
    const { one, events } = connection({ fails: 1000 })
    await soon(() => events().length > 0)
    const since = performance.now()
    const waiting = one.ready(20_000).catch((error) => error.code)
    await one.close()
    expect(await waiting).toBe('BROKER_UNREACHABLE')
    expect(performance.now() - since).toBeLessThan(5000)
  })

  test('while it is prepared is ended all the same, and tells no trouble', async () => {
    const { one, models, notices } = connection({ prepare: () => new Promise(() => undefined) })
    await soon(() => models.length === 1)
    await settled()
    const since = performance.now()
    await one.close()
    expect(performance.now() - since).toBeLessThan(10_000)
    expect(models[0]?.ends).toEqual(['close', 'destroyed'])
    expect(notices).toEqual([])
  })

  test('while it opens is ended as soon as it is open', async () => {
    const { one, models } = connection()
    const since = performance.now()
    await one.close()
    expect(performance.now() - since).toBeLessThan(10_000)
    expect(models[0]?.ends).toEqual(['close', 'destroyed'])
    expect(one.up).toBe(false)
  })
})

test('work within a time gives its result, or nothing when it takes longer; its failure is its own', async () => {
  expect(await within(Promise.resolve('done'), 1000)).toBe('done')
  expect(await within(new Promise(() => undefined), 10)).toBeUndefined()
  await expect(within(Promise.reject(new Error('failed')), 1000)).rejects.toThrow('failed')
})
