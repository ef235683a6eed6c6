// Items while they are being built: the passes over the tree fill in what the one before has made known.

import type { SourcePosition } from '../../error/failure.ts'
import type { Entry } from '../entry/entry.ts'
import type { Condition, Item, Literal, Occurs, Picture, Renames, Sign, Usage } from '../layout.ts'
import type { Mistakes, Scope } from '../mistakes.ts'
import type { ResolvedOptions } from '../options.ts'

/** An `Item` whose members can still be set. */
export interface Draft extends Item {
  picture: Picture | undefined
  usage: Usage
  sign: Sign | undefined
  justified: boolean
  blankWhenZero: boolean
  synchronized: boolean
  offset: number
  length: number
  stride: number
  slackBefore: number
  variablyLocated: boolean
  occurs: Occurs | undefined
  redefines: Draft | undefined
  value: Literal | undefined
  readonly conditions: Condition[]
  readonly children: Draft[]
  parent: Draft | undefined
  readonly place: SourcePosition
}

/** A record with what belongs to it besides its items. */
export interface DraftRecord {
  readonly root: Draft
  readonly scope: Scope
  /** Level 66 entries, in order. */
  readonly renamings: Entry[]
  readonly renames: Renames[]
}

/** What all passes over the tree share. */
export interface Building {
  readonly options: ResolvedOptions
  readonly mistakes: Mistakes
  /** The entry that an item was made from. A record that the copybook only implies has that of its first item. */
  readonly entryOf: Map<Draft, Entry>
  /** Whether the text could not be read to its end, or not all of its lines, so that a group may only seem to be empty. */
  readonly gaps: boolean
}

/** The item and everything below it, in the order of the text. */
export function* itemsOf(item: Draft): Generator<Draft> {
  const waiting = [item]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next
    for (let index = next.children.length - 1; index >= 0; index--) {
      const child = next.children[index]
      if (child) waiting.push(child)
    }
  }
}

/** Whether the number of its occurrences varies. */
export function isVariableTable({ occurs }: Draft): boolean {
  return occurs?.counter !== undefined || occurs?.outside !== undefined
}

/** How an item is called in messages. */
export function nameOf(item: Draft): string {
  return item.name ?? 'FILLER'
}
