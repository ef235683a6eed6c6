// The other threads of `decode` and `encode`.

import type { Thread } from '../../dataset/thread/thread.ts'
import type { Invocation } from '../command.ts'
import { numberOf } from './option-values.ts'

/** Runs `work` with as many threads as `--threads` says, beside the first, and ends them. They load the codec while the first thread does. */
export async function withThreads<T>(
  options: Invocation['options'],
  work: (threads: readonly Thread[]) => Promise<T>,
): Promise<T> {
  const others = Math.max(1, numberOf(options, 'threads') ?? 1) - 1
  const threads = others > 0 ? await startThreads(others) : []
  try {
    return await work(threads)
  } finally {
    await Promise.all(threads.map((thread) => thread.end()))
  }
}

async function startThreads(count: number): Promise<Thread[]> {
  const { startThread } = await import('../../dataset/thread/thread.ts')
  const program = new URL('../../dataset/codec-worker.js', import.meta.url)
  return Array.from({ length: count }, () => startThread(program))
}
