// The schedule of a fault run: the same from the same seed, whole, and with every kind of trouble in it.

import { describe, expect, test } from '@jest/globals'
import { random } from './random.ts'
import { type Disaster, type Part, type PlannedOrder, type Sizes, type Step, schedule } from './schedule.ts'

const sizes: Sizes = {
  operations: 2000,
  every: 20,
  stopMs: 45_000,
  disasters: new Set<Disaster['does']>([
    'stop',
    'kill',
    'close-port',
    'stall',
    'bank-down',
    'silent-inquiries',
    'fill-disk',
    'change-flow',
  ]),
  parts: new Set<Part>(['temporal', 'rabbitmq', 'postgresql', 'bank', 'customers', 'worker', 'gateway']),
}

const ordersOf = (steps: readonly Step[]): PlannedOrder[] => steps.filter((step) => step.is === 'order')

describe('a schedule', () => {
  test('is the same from the same seed, and another from another', () => {
    expect(schedule(7, sizes)).toEqual(schedule(7, sizes))
    expect(schedule(7, sizes)).not.toEqual(schedule(8, sizes))
  })
  test('of fewer operations is the beginning of that of more', () => {
    const short = schedule(7, { ...sizes, operations: 100 })
    expect(schedule(7, sizes).slice(0, short.length)).toEqual(short)
  })
  test('gives each order an amount of its own, by which effects are told apart', () => {
    const amounts = ordersOf(schedule(1, sizes)).map(({ order }) => order.amount)
    expect(new Set(amounts).size).toBe(2000)
  })
  test('holds every kind of order, of fault, of person and of disaster', () => {
    const steps = schedule(1, sizes)
    const orders = ordersOf(steps)
    const kinds = (values: Iterable<string | undefined>) =>
      [...new Set(values)].filter((value) => value !== undefined).sort()
    expect(kinds(orders.map(({ order }) => order.kind))).toEqual(['address', 'entry', 'raise', 'transfer'])
    expect(kinds(orders.map(({ answer }) => answer))).toEqual(['direct', 'none', 'queue', 'vanishing'])
    expect(kinds(orders.flatMap(({ links }) => links.map(({ does }) => does)))).toEqual([
      'cut',
      'duplicate',
      'hold',
      'hold-beyond',
      'lose',
      'reset',
    ])
    expect(kinds(orders.flatMap(({ links }) => links.map(({ point }) => point)))).toHaveLength(10)
    expect(kinds(orders.map(({ handling }) => handling?.does))).toHaveLength(6)
    expect(orders.some(({ order }) => order.reuses !== undefined)).toBe(true)
    expect(steps.some(({ is }) => is === 'repeat')).toBe(true)
    const disasters = steps.flatMap((step) => (step.is === 'disaster' ? [step.disaster] : []))
    expect(kinds(disasters.map(({ does }) => does))).toEqual([...sizes.disasters].sort())
    expect(kinds(disasters.flatMap((one) => ('part' in one ? [one.part] : [])))).toEqual([...sizes.parts].sort())
  })
  test('leaves out what the run cannot do', () => {
    const steps = schedule(1, { ...sizes, disasters: new Set(['kill']), parts: new Set(['worker']) })
    const disasters = steps.flatMap((step) => (step.is === 'disaster' ? [step.disaster] : []))
    expect(disasters.length).toBe(100)
    expect(disasters.every((one) => one.does === 'kill' && one.part === 'worker')).toBe(true)
  })
})

describe('random numbers', () => {
  test('keep within their bounds and reach both ends', () => {
    const from = random(5)
    const drawn = Array.from({ length: 1000 }, () => from.between(3, 6))
    expect(new Set(drawn)).toEqual(new Set([3, 4, 5, 6]))
  })
  test('follow weights', () => {
    const from = random(5)
    const drawn = Array.from({ length: 10_000 }, () =>
      from.weighted([
        [9, 'often'],
        [1, 'seldom'],
        [0, 'never'],
      ]),
    )
    const often = drawn.filter((one) => one === 'often').length
    expect(often).toBeGreaterThan(8700)
    expect(often).toBeLessThan(9300)
    expect(drawn).not.toContain('never')
  })
})
