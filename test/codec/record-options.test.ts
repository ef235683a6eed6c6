// Record options as somebody wrote them: what has the wrong shape is named, with what it must be.

import { expect, test } from '@jest/globals'
import { recordOptionsOf } from '../../src/codec/record-options.ts'
import type { RecordOptions } from '../../src/contract/record.ts'

const right: RecordOptions = {
  names: 'dfhls2ws',
  prefix: 'PE-',
  views: { CARD: { by: 'KIND', when: { C: 'CARD', T: 'TRANSFER' }, otherwise: 'CARD' } },
  dates: { OPENED: 'YYYYMMDD' },
  classes: { CARD: 'pan' },
  invalid: { BALANCE: 'null', '*': 'raw' },
  counters: { 'ROW-KIND': { S: 1, D: 2 } },
  numbers: ['*'],
  optional: ['TEXT-1'],
  variable: 'maximum',
}

test.each([{}, right])('right: %j', (options) => {
  expect(recordOptionsOf(options)).toBe(options)
})

test.each<[unknown, string]>([
  [[], 'record options: it must be an object with names, prefix, views,'],
  [null, 'record options: it must be an object with'],
  [{ view: {} }, 'view: it must be one of names, prefix, views,'],
  [{ constructor: {} }, 'constructor: it must be one of names,'],
  [{ names: 'CamelCase' }, 'names: it must be one of camelCase, dfhls2ws, verbatim'],
  [{ prefix: 1 }, 'prefix: it must be a text'],
  [{ views: 'CARD' }, 'views: it must be an object whose members are names of the copybook'],
  [{ views: { CARD: { where: { CARD: 1 } } } }, 'views.CARD.where.CARD: it must be a text'],
  [{ views: { CARD: { where: {}, by: 'KIND' } } }, 'views.CARD.by: it must be one of where, otherwise'],
  [{ views: { CARD: { by: 'KIND' } } }, 'views.CARD.when: it must be there'],
  [{ views: { CARD: { by: 'KIND', when: { C: 1 } } } }, 'views.CARD.when.C: it must be a text'],
  [{ views: { CARD: { on: 'KIND', when: {} } } }, 'views.CARD.on: it must be one of by, when, otherwise'],
  [{ dates: ['OPENED'] }, 'dates: it must be an object whose members'],
  [{ classes: { CARD: 'PAN' } }, 'classes.CARD: it must be one of pii, pan, secret'],
  [{ invalid: 'raw' }, 'invalid: it must be an object whose members'],
  [{ invalid: { '*': 'rwa' } }, 'invalid.*: it must be one of error, null, raw, zero'],
  [{ counters: { 'ROW-KIND': { S: '1' } } }, 'counters.ROW-KIND.S: it must be a number'],
  [{ numbers: '*' }, 'numbers: it must be a list of names'],
  [{ optional: [1] }, 'optional: it must be a list of names'],
  [{ variable: 'most' }, 'variable: it must be one of current, maximum'],
])('wrong: %j', (options, words) => {
  expect(() => recordOptionsOf(options)).toThrow(`LAYOUT_OPTION_INVALID: ${words}`)
})
