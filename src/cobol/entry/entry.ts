// One data description entry as written: level, name and clauses, each clause with the word that began it.

import type { Literal, Sign, Usage } from '../layout.ts'
import type { Scope } from '../mistakes.ts'
import type { Word } from '../text/word.ts'

/** What a clause says, and the word to point at when it turns out to be wrong. */
export interface Said<T> {
  readonly value: T
  readonly word: Word
}

/** `OCCURS 1 TO 9 TIMES DEPENDING ON COUNT`, or `OCCURS 9 TIMES`: then `minimum` equals `maximum`. */
export interface OccursClause {
  readonly minimum: number
  /** Infinity: UNBOUNDED, as many as the counter can count. */
  readonly maximum: number
  readonly dependingOn: QualifiedName | undefined
  readonly indexedBy: readonly string[]
  readonly keys: readonly { readonly order: 'ascending' | 'descending'; readonly names: readonly string[] }[]
}

/** A data name with the groups it is qualified by, innermost first: `COUNT OF HEADER OF REC`. */
export interface QualifiedName {
  readonly name: string
  readonly groups: readonly string[]
  readonly word: Word
}

/** The character-string of a PICTURE clause as written. */
export interface PictureClause {
  readonly text: string
  /** The words it was put together from, to find the place of a character. */
  readonly words: readonly [Word, ...Word[]]
}

/** A level 88 value or range. */
export interface ValueRange {
  readonly from: Literal
  readonly through?: Literal
}

/** An item that an entry has below it without being written: what a precompiler puts there. */
export interface EntryPart {
  /** Behind the entry's own name: `-LENGTH`. */
  readonly suffix: string
  readonly picture: string
  readonly usage: Usage
}

/** The clauses of one data description entry, each with the word that it was given by; what is not there was not written. */
export interface Clauses {
  redefines?: Said<string>
  picture?: Said<PictureClause>
  usage?: Said<Usage>
  /** A picture that the usage implies: BINARY-LONG of other dialects. */
  implied?: Said<string>
  groupUsage?: Said<'NATIONAL' | 'UTF-8'>
  sign?: Said<Sign>
  occurs?: Said<OccursClause>
  synchronized?: Said<true>
  justified?: Said<true>
  blankWhenZero?: Said<true>
  values?: Said<readonly ValueRange[]>
  renames?: Said<{ from: QualifiedName; through: QualifiedName }>
  byteLength?: Said<number>
  parts?: Said<readonly EntryPart[]>
}

/** One data description entry (level number, name, clauses), before it has a place in the tree. */
export interface Entry {
  readonly level: number
  readonly levelWord: Word
  /** Upper case; undefined for FILLER and for entries without a name. */
  readonly name: string | undefined
  /** The name's word, or the level number where there is no name. */
  readonly nameWord: Word
  readonly clauses: Clauses
  /** The record that it belongs to. */
  readonly scope: Scope
  /** Whether a clause could not be read: what seems to be missing may have been there. */
  readonly mistaken: boolean
}
