// The other threads of `decode`. Each loads the codec and compiles the copybook for itself, while the first thread does the same: they are
// started before anything else, and sent their setting when it is known.

import { Worker } from 'node:worker_threads'

/** Its first message is a setting; those that follow are tasks. */
export interface Thread {
  readonly worker: Worker
  /** Rejects with what ended the thread before its time. */
  readonly broken: Promise<never>
}

export function startThread(): Thread {
  const worker = new Worker(new URL('./decode-worker.js', import.meta.url))
  const broken = new Promise<never>((_, reject) => worker.on('error', reject))
  broken.catch(() => undefined) // Told by whoever waits for the thread.
  return { worker, broken }
}
