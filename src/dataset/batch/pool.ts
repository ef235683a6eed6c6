// Work on batches in this thread and others, with what becomes of them in the order in which they came.

import type { Thread } from '../thread/thread.ts'

/** Batches on their way to threads and back. */
export interface Pool<B> {
  /** Sends a batch to a thread that has too little to do; where all have enough, this one does it. */
  take(batch: B): void
  /** Settles when few enough batches are under way to go on reading. Throws what ends it all, once `next` does no more. */
  ready(): Promise<void>
  /** Settles when all batches are done. Throws what ends it all, once `next` does no more. */
  finish(): Promise<void>
}

/** What is done with a batch. */
export interface PoolWork<B, Result> {
  /** In this thread. */
  here(batch: B): Result
  /** By another thread: the memory of the batch may go to it. */
  there(thread: Thread, batch: B): Promise<Result>
  /** Gets the results one after the other, each with where its batch came from; may throw to end it all. */
  next(result: Result, batch: B): Promise<void>
}

/** Batches that another thread has: one it works on, one that waits. */
const enough = 2

/** Without other threads, this one does all. */
export function orderedPool<B extends { readonly id: number }, Result>(
  threads: readonly Thread[],
  { here, there, next: takeNext }: PoolWork<B, Result>,
): Pool<B> {
  const underway = new Map<number, B>()
  const done = new Map<number, { readonly result: Result }>()
  const most = threads.length * enough + 2
  let next = 0
  let isTaking = false
  let broken: unknown
  let wake: (() => void) | undefined

  const takeInOrder = async (): Promise<void> => {
    isTaking = true
    try {
      for (let batch = underway.get(next); batch && broken === undefined; batch = underway.get(next)) {
        const ready = done.get(next)
        if (!ready) break
        done.delete(next)
        await takeNext(ready.result, batch)
        underway.delete(next++)
        wake?.()
      }
    } finally {
      isTaking = false
      wake?.()
    }
  }
  const onDone = (id: number, result: Result): void => {
    done.set(id, { result })
    if (!isTaking) takeInOrder().catch(onBroken)
  }
  const onBroken = (error: unknown): void => {
    broken ??= error
    wake?.()
  }
  const others = threads.map((thread) => ({ thread, has: 0 }))
  for (const { broken: ended } of threads) ended.catch(onBroken)
  const until = async (isReached: () => boolean): Promise<void> => {
    while (broken === undefined ? !isReached() : isTaking) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    if (broken !== undefined) throw broken
  }
  return {
    take: (batch) => {
      if (broken !== undefined) return
      const idler = others.find(({ has }) => has === 0) ?? others.find(({ has }) => has < enough)
      if (!idler) {
        const result = here(batch) // Where it throws, the batch is not under way, and nobody waits for it.
        underway.set(batch.id, batch)
        onDone(batch.id, result)
        return
      }
      underway.set(batch.id, batch)
      idler.has += 1
      there(idler.thread, batch).then((result) => {
        idler.has -= 1
        onDone(batch.id, result)
      }, onBroken)
    },
    ready: () => until(() => underway.size < most),
    finish: () => until(() => underway.size === 0),
  }
}
