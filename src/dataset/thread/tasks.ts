// What threads are given to do, and what they answer. Plain values only, as they go from one thread to another.

import type { SerializedFailure } from './serialized-failure.ts'

/** Records one behind the other, for a file whose records must be found first. Its arrays are transferred, not copied. */
export interface Batch {
  readonly id: number
  /** Number of the first record in the file, from 1. */
  readonly first: number
  readonly bytes: Uint8Array
  /** Where each record ends in `bytes`. */
  readonly ends: Uint32Array
  /** Where each record begins in the file. */
  readonly offsets: Float64Array
  /** Index into `places` of each record. */
  readonly places: Uint8Array
}

/** A decoded batch, for the first thread to write. */
export interface BatchAnswer {
  readonly lines: Uint8Array
  readonly failures: readonly { readonly index: number; readonly failure: SerializedFailure }[]
}

/** Whole lines of JSON, each of which becomes a record. Its memory is transferred, not copied. */
export interface LineBatch {
  readonly id: number
  readonly text: Uint8Array
}

/** The records of lines up to the first that has none. Its arrays are transferred. */
export interface LineBatchAnswer {
  readonly records: Uint8Array
  /** Where each record ends in `records`. */
  readonly ends: Uint32Array
  /** The line of each record, from 0. Blank lines have none. */
  readonly lines: Uint32Array
  /** How many lines there are. */
  readonly count: number
  /** What is wrong with the line `count`, at which the work ended. */
  readonly failure: SerializedFailure | undefined
}

/** A file of equal records. */
export interface RecordFile {
  readonly path: string
  readonly descriptor: number
  /** Of a regular file, which is read at offsets; anything else is read as it comes. */
  readonly size: number | undefined
  readonly recordLength: number
  /** The number of the last record wanted. */
  readonly last: number
}

/** A file of equal records, of which each thread takes chunks and writes their lines in turn, so that nothing is handed between threads. */
export interface Share {
  readonly file: RecordFile
  /** The memory of the turns. */
  readonly turns: SharedArrayBuffer
  /** Descriptors: where lines go, and texts about records that cannot be read. */
  readonly shared: { readonly output: number; readonly reports: number }
}

/** What a thread says when its share is done. */
export interface ShareAnswer {
  /** Records that it reported as unreadable. */
  readonly failures: number
  /** What ended the work. */
  readonly failure: SerializedFailure | undefined
}

/** What another thread can be asked for. */
export type Task = Batch | LineBatch | Share
/** What it answers to a task. */
export type AnswerTo<T extends Task> = T extends Share ? ShareAnswer : T extends Batch ? BatchAnswer : LineBatchAnswer
