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
}

/** What a thread says when its share is done. */
export interface ShareAnswer {
  /** Records that it reported as unreadable. */
  readonly failures: number
  /** What ended the work. */
  readonly failure: SerializedFailure | undefined
}

/** What another thread can be asked for. */
export type Task = Batch | Share
/** What it answers to a task. */
export type AnswerTo<T extends Task> = T extends Share ? ShareAnswer : BatchAnswer
