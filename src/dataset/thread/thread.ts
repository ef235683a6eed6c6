// The other threads of the engine, and how they are given work. Each loads the codec and compiles the copybook for itself, while the first
// thread does the same: they are started before anything else, and sent their request when it is known.
//
//     first thread     request  task    task …
//     other thread              answer  answer …     one for each task, in their order

import { type Transferable, Worker } from 'node:worker_threads'
import type { DecodeRequest, EncodeRequest } from '../record/request.ts'
import type { AnswerTo, Task } from './tasks.ts'

/** Another thread, as the first one sees it. */
export interface Thread {
  /** Says what its tasks are about; comes before them. */
  prepare(request: DecodeRequest | EncodeRequest): void
  /** Gives it a task. Rejects with what ended the thread before its time. */
  ask<T extends Task>(task: T, transferred?: readonly Transferable[]): Promise<AnswerTo<T>>
  /** Rejects with what ended the thread before its time. */
  readonly broken: Promise<never>
  end(): Promise<void>
}

interface Asked {
  resolve(answer: unknown): void
  reject(error: unknown): void
}

/** Starts a thread that runs `codec-worker.ts`, compiled, wherever that lies beside the program. */
export function startThread(program: URL): Thread {
  const worker = new Worker(program)
  const asked: Asked[] = []
  const broken = new Promise<never>((_, reject) => worker.on('error', reject))
  let isBroken = false
  broken.catch((error) => {
    isBroken = true
    for (const { reject } of asked.splice(0)) reject(error)
  })
  worker.on('message', (answer) => asked.shift()?.resolve(answer))
  return {
    prepare: (request) => worker.postMessage(request),
    ask: (task, transferred = []) => {
      if (isBroken) return broken
      worker.postMessage(task, transferred)
      return new Promise((resolve, reject) => asked.push({ resolve, reject }))
    },
    broken,
    end: async () => {
      await worker.terminate()
    },
  }
}
