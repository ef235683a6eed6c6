// Decoding batches of records in this thread and others, with the output in the order of the file.

import type { Failure } from '../../error/failure.ts'
import type { Batch } from '../thread/tasks.ts'
import type { Thread } from '../thread/thread.ts'
import { type DecodedBatch, decodedBatch } from './batch-decoder.ts'

/** Batches on their way to threads and back. */
export interface DecodePool {
  /** Sends a batch to a thread that has too little to do; where all have enough, this one decodes it. */
  decode(batch: Batch): void
  /** Settles when few enough batches are under way to go on reading. Throws what ends it all. */
  ready(): Promise<void>
  /** Settles when all batches are written. Throws what ends it all. */
  finish(): Promise<void>
}

/** Batches that another thread has: one it decodes, one that waits. */
const enough = 2

/**
 * Without other threads, this one decodes all. `write` gets the lines of each batch in order; `failed` gets the failures with the number and
 * offset of their record, after the lines before them, and may throw to end it all.
 */
export function decodePool(
  threads: readonly Thread[],
  decodeHere: (batch: Batch) => DecodedBatch,
  write: (lines: Uint8Array) => Promise<void> | undefined,
  failed: (error: Failure, number: number, offset: number) => void,
): DecodePool {
  const underway = new Map<number, Batch>()
  const decoded = new Map<number, DecodedBatch>()
  const most = threads.length * enough + 2
  let next = 0
  let isWriting = false
  let broken: unknown
  let wake: (() => void) | undefined

  const writeInOrder = async (): Promise<void> => {
    isWriting = true
    try {
      for (let ready = decoded.get(next); ready && broken === undefined; ready = decoded.get(next)) {
        const batch = underway.get(next)
        decoded.delete(next)
        await write(ready.lines)
        for (const { index, failure } of ready.failures)
          failed(failure, (batch?.first ?? 0) + index, batch?.offsets[index] ?? 0)
        underway.delete(next++)
        wake?.()
      }
    } finally {
      isWriting = false
    }
  }
  const onDecoded = (id: number, result: DecodedBatch): void => {
    decoded.set(id, result)
    if (!isWriting) writeInOrder().catch(onBroken)
  }
  const onBroken = (error: unknown): void => {
    broken ??= error
    wake?.()
  }
  const others = threads.map((thread) => ({ thread, has: 0 }))
  for (const { broken: ended } of threads) ended.catch(onBroken)
  const until = async (isReached: () => boolean): Promise<void> => {
    while (broken === undefined && !isReached()) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    if (broken !== undefined) throw broken
  }
  return {
    decode: (batch) => {
      if (broken !== undefined) return
      underway.set(batch.id, { ...batch, bytes: new Uint8Array(0) })
      const idler = others.find(({ has }) => has === 0) ?? others.find(({ has }) => has < enough)
      if (!idler) {
        onDecoded(batch.id, decodeHere(batch))
        return
      }
      idler.has += 1
      idler.thread.ask(batch, [batch.bytes.buffer as ArrayBuffer]).then((answer) => {
        idler.has -= 1
        onDecoded(batch.id, decodedBatch(answer))
      }, onBroken)
    },
    ready: () => until(() => underway.size < most),
    finish: () => until(() => underway.size === 0),
  }
}
