// Record options as somebody wrote them: a file of JSON, or the `fields` of an adapter. Names are the copybook's; whether it has them is
// asked when a codec is made.

import { isObject } from '../contract/json.ts'
import type { RecordOptions } from '../contract/record.ts'
import { failure } from '../error/failure.ts'

/** What is wrong with a value: where in it, and what it must be. */
interface OptionMistake {
  readonly at: readonly string[]
  readonly expected: string
}

type OptionCheck = (value: unknown) => OptionMistake | undefined

const here = (expected: string): OptionMistake => ({ at: [], expected })

const text: OptionCheck = (value) => (typeof value === 'string' ? undefined : here('a text'))
const number: OptionCheck = (value) => (typeof value === 'number' ? undefined : here('a number'))

function oneOf(...words: readonly string[]): OptionCheck {
  return (value) => (words.some((word) => word === value) ? undefined : here(`one of ${words.join(', ')}`))
}

const listOfTexts: OptionCheck = (value) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? undefined : here('a list of names')

function inside(name: string, found: OptionMistake | undefined): OptionMistake | undefined {
  return found && { at: [name, ...found.at], expected: found.expected }
}

function byName(check: OptionCheck): OptionCheck {
  return (value) => {
    if (!isObject(value)) return here('an object whose members are names of the copybook')
    for (const [name, one] of Object.entries(value)) {
      const found = inside(name, check(one))
      if (found) return found
    }
    return undefined
  }
}

function membersOf(shape: Readonly<Record<string, OptionCheck>>, required: readonly string[] = []): OptionCheck {
  const known = Object.keys(shape).join(', ')
  return (value) => {
    if (!isObject(value)) return here(`an object with ${known}`)
    for (const [name, one] of Object.entries(value)) {
      const check = Object.hasOwn(shape, name) ? shape[name] : undefined
      const found = check ? inside(name, check(one)) : { at: [name], expected: `one of ${known}` }
      if (found) return found
    }
    const missing = required.find((name) => value[name] === undefined)
    return missing === undefined ? undefined : { at: [missing], expected: 'there' }
  }
}

const byField = membersOf({ by: text, when: byName(text), otherwise: text }, ['by', 'when'])
const byConditions = membersOf({ where: byName(text), otherwise: text })
const viewChoice: OptionCheck = (value) =>
  isObject(value) && value.where !== undefined ? byConditions(value) : byField(value)

const check = membersOf({
  names: oneOf('camelCase', 'dfhls2ws', 'verbatim'),
  prefix: text,
  views: byName(viewChoice),
  dates: byName(text),
  classes: byName(oneOf('pii', 'pan', 'secret')),
  invalid: byName(oneOf('error', 'null', 'raw', 'zero')),
  counters: byName(byName(number)),
  outsideCounters: byName(number),
  varchar: listOfTexts,
  numbers: listOfTexts,
  optional: listOfTexts,
  short: oneOf('refuse', 'views', 'absent', 'blank'),
  blankLimit: number,
  variable: oneOf('current', 'maximum'),
} satisfies Record<keyof RecordOptions, OptionCheck>)

/** What is wrong with the shape of options: a member that is not known, a value that is none of its own. Undefined where nothing is. */
export function optionMistake(given: unknown): { at: readonly string[]; option: string; problem: string } | undefined {
  const found = check(given)
  if (!found) return undefined
  const option = found.at.length === 0 ? 'record options' : found.at.join('.')
  return { at: found.at, option, problem: `it must be ${found.expected}` }
}

/** The same options, of their type. Throws LAYOUT_OPTION_INVALID. */
export function recordOptionsOf(given: unknown): RecordOptions {
  const mistake = optionMistake(given)
  if (!mistake) return given as RecordOptions
  const { option, problem } = mistake
  throw failure('LAYOUT_OPTION_INVALID', { option, problem })
}
