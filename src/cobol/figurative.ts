// Figurative constants (Enterprise COBOL Language Reference): each of their spellings, and the value that it stands for.

import type { Literal } from './layout.ts'

/** What a figurative constant stands for. */
export type Figurative = Extract<Literal, { kind: 'figurative' }>['name']

/** By spelling, in capitals. */
export const figuratives: ReadonlyMap<string, Figurative> = new Map([
  ['ZERO', 'ZERO'],
  ['ZEROS', 'ZERO'],
  ['ZEROES', 'ZERO'],
  ['SPACE', 'SPACE'],
  ['SPACES', 'SPACE'],
  ['LOW-VALUE', 'LOW-VALUE'],
  ['LOW-VALUES', 'LOW-VALUE'],
  ['HIGH-VALUE', 'HIGH-VALUE'],
  ['HIGH-VALUES', 'HIGH-VALUE'],
  ['QUOTE', 'QUOTE'],
  ['QUOTES', 'QUOTE'],
  ['NULL', 'NULL'],
  ['NULLS', 'NULL'],
])
