// Service hours: what `mainspan check` accepts is what the gate before the core can keep, and nothing else.

import { describe, expect, test } from '@jest/globals'
import { closingHours } from '../../src/backend/limit/hours.ts'
import { checkAdapter } from '../../src/catalog/check/adapter.ts'
import type { Report } from '../../src/catalog/check/report.ts'
import { descriptions } from '../../src/catalog/protocol/descriptions.ts'
import {
  type AdapterDefinition,
  adapter,
  cicsSocket,
  closedSpan,
  minuteOfDayIn,
  type ServiceHours,
} from '../../src/contract/adapter.ts'

/** What `check` says about an adapter with these hours, as codes at paths. */
function checked(hours: ServiceHours): string[] {
  const told: string[] = []
  const report: Report = {
    mistake: (path, code) => told.push(`${path.join('.')} ${code}`),
    add: (path, { code }) => told.push(`${path.join('.')} ${code}`),
    note: () => undefined,
  }
  const definition: AdapterDefinition = {
    backend: cicsSocket({ endpoints: 'CORE' }),
    codePage: 'cp037',
    hours,
    transactions: {},
  }
  checkAdapter(adapter('core', definition), descriptions['cics-socket'], report)
  return told
}

const gateOf = (hours: ServiceHours) => () => closingHours('core', hours)

describe('a closed time', () => {
  test.each([
    ['23:30-00:15', 1410, 15],
    ['00:00-00:01', 0, 1],
    ['08:00-18:00', 480, 1080],
    ['22:00-24:00', 1320, 0],
    ['22:00-00:00', 1320, 0],
  ])('%s is from minute %i to minute %i', (text, from, to) => {
    expect(closedSpan(text)).toEqual({ from, to })
    expect(checked({ zone: 'UTC', closed: [text] })).toEqual([])
    expect(gateOf({ zone: 'UTC', closed: [text] })).not.toThrow()
  })

  test.each([
    ['nothing between', '08:00-08:00'],
    ['the whole day', '00:00-24:00'],
    ['past the end of the day', '10:00-24:01'],
    ['from the end of the day', '24:00-01:00'],
    ['no such hour', '25:00-26:00'],
    ['no such minute', '10:00-10:60'],
    ['one time only', '23:30'],
    ['without leading zeros', '8:00-9:00'],
    ['with blanks', '08:00 - 09:00'],
    ['nothing', ''],
  ])('%s is none', (_, text) => {
    expect(closedSpan(text)).toBeUndefined()
    expect(checked({ zone: 'UTC', closed: ['01:00-02:00', text] })).toEqual(['hours.closed.1 ADAPTER_HOURS_INVALID'])
    expect(gateOf({ zone: 'UTC', closed: [text] })).toThrow('HOURS_INVALID')
  })
})

describe('a zone', () => {
  test.each(['UTC', 'Europe/London', 'Asia/Kolkata', 'Etc/UTC'])('%s is one', (zone) => {
    expect(minuteOfDayIn(zone)).toBeDefined()
    expect(checked({ zone, closed: ['01:00-02:00'] })).toEqual([])
    expect(gateOf({ zone, closed: ['01:00-02:00'] })).not.toThrow()
  })

  test.each(['Europe/Atlantis', '+01:00', ''])('%p is none', (zone) => {
    expect(minuteOfDayIn(zone)).toBeUndefined()
    expect(checked({ zone, closed: ['01:00-02:00'] })).toEqual(['hours.zone ADAPTER_HOURS_INVALID'])
    expect(gateOf({ zone, closed: ['01:00-02:00'] })).toThrow('HOURS_INVALID')
  })
})
