// Decoding in several threads with the output in the order of the file.

import type { Failure } from '../../error/failure.ts'
import type { DecodedBatch } from './batch-decoder.ts'
import type { Batch } from './batches.ts'
import type { Thread } from './threads.ts'
import { restoredFailure } from './told-failure.ts'

export interface DecodePool {
  /** Hands a batch to a thread that is free; waits where too many are under way. */
  decode(batch: Batch): void
  /** Settles when few enough batches are under way to go on reading. */
  ready(): Promise<void>
  /** Settles when all batches are written. */
  finish(): Promise<void>
}

/** Batches under way for each thread: one decoded, one waiting. */
const ahead = 2

/**
 * Sets the threads to work. `write` gets the lines of each batch in order; `failed` gets the failures with the number and offset of
 * their record, after the lines before them, and may throw to end it all.
 */
export function decodePool(
  threads: readonly Thread[],
  write: (lines: Uint8Array) => Promise<void> | undefined,
  failed: (error: Failure, number: number, offset: number) => void,
): DecodePool {
  const underway = new Map<number, Batch>()
  const decoded = new Map<number, DecodedBatch>()
  let next = 0
  let isWriting = false
  let broken: unknown
  let wake: (() => void) | undefined
  const writeInOrder = async (): Promise<void> => {
    for (let ready = decoded.get(next); ready && broken === undefined; ready = decoded.get(next)) {
      const batch = underway.get(ready.id)
      decoded.delete(next)
      await write(ready.lines)
      for (const one of ready.failures)
        failed(restoredFailure(one.failure), (batch?.first ?? 0) + one.index, batch?.offsets[one.index] ?? 0)
      underway.delete(next++)
      wake?.()
    }
  }
  const onDecoded = (result: DecodedBatch): void => {
    decoded.set(result.id, result)
    if (isWriting) return
    isWriting = true
    writeInOrder()
      .catch(onBroken)
      .finally(() => {
        isWriting = false
      })
  }
  const onBroken = (error: unknown): void => {
    broken ??= error
    wake?.()
  }
  for (const { worker, broken } of threads) {
    worker.on('message', onDecoded)
    broken.catch(onBroken)
  }

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
      underway.set(batch.id, { ...batch, bytes: new Uint8Array(0) })
      threads[batch.id % threads.length]?.worker.postMessage(batch, [batch.bytes.buffer as ArrayBuffer])
    },
    ready: () => until(() => underway.size < threads.length * ahead),
    finish: () => until(() => underway.size === 0),
  }
}
