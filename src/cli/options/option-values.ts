// How the values of options are read.

import { failure } from '../../error/failure.ts'
import type { Invocation } from '../command.ts'

/** An integer option. Throws COMMAND_LINE_INVALID. */
export function numberOf(options: Invocation['options'], name: string): number | undefined {
  const given = options[name]
  if (given === undefined) return undefined
  const number = Number(given)
  if (!Number.isSafeInteger(number))
    throw failure('COMMAND_LINE_INVALID', { problem: `--${name} takes a whole number` })
  return number
}

/** The value of an option that takes one of a few words, in any case. Throws COMMAND_LINE_INVALID. */
export function oneOf<W extends string>(
  options: Invocation['options'],
  name: string,
  words: readonly W[],
): W | undefined {
  const given = options[name]
  if (given === undefined) return undefined
  const word = words.find((one) => one.toLowerCase() === String(given).toLowerCase())
  if (!word) throw failure('COMMAND_LINE_INVALID', { problem: `--${name} takes ${words.join(', ')}` })
  return word
}
