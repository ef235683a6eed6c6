// Decoding a file of equal records many at once, by the SIMD kernel, in one thread or several.

import { fstatSync } from 'node:fs'
import type { BulkDecoder } from '../../codec/bulk/bulk-decoder.ts'
import { openToRead } from '../file/descriptor.ts'
import { progressBar } from '../file/progress-bar.ts'
import type { RecordTypes } from '../record/record-types.ts'
import type { Job } from '../thread/job.ts'
import { restoredFailure } from '../thread/serialized-failure.ts'
import type { Share } from '../thread/tasks.ts'
import type { Thread } from '../thread/thread.ts'
import { decodeAlone } from './alone.ts'
import { passOver } from './chunks.ts'
import { decodeShare, type ShareDecoder } from './decode-share.ts'
import { type Turns, takeTurns } from './turns.ts'

/** A job whose records the kernel takes. */
export type BulkJob = Job & { readonly types: RecordTypes & { readonly bulk: BulkDecoder } }

/** Whether the file holds nothing but records of the length of the one layout. */
export function isBulk(job: Job): job is BulkJob {
  const { types, parts } = job
  const { format, start, end, trailers } = parts
  if (start + end + trailers.length > 0) return false
  return types.bulk !== undefined && format.kind === 'fixed' && format.length === types.bulk.recordLength
}

/** Without threads, or where they cannot write by themselves, this one does it alone. Throws what ends the work. */
export async function decodeInBulk(job: BulkJob, threads: readonly Thread[]): Promise<void> {
  const { path, types, skip, last, failed, streams } = job
  const { bulk } = types
  const { descriptor, close } = openToRead(path, streams.input.descriptor)
  const bar = progressBar(path, streams)
  try {
    const file = { path, descriptor, size: sizeOf(path, descriptor), recordLength: bulk.recordLength, last }
    const turns = takeTurns()
    passOver(file, turns.progress, skip, bulk.input)
    const work = { bulk, file, failed, read: bar.reach }
    if (threads.length > 0 && streams.shared) await decodeTogether({ ...work, turns }, streams.shared, threads)
    else await decodeAlone({ ...work, progress: turns.progress, streams })
  } finally {
    bar.end()
    close()
  }
}

/** This thread does a share, and the others do theirs. */
async function decodeTogether(
  share: Omit<ShareDecoder, 'output'>,
  shared: Share['shared'],
  threads: readonly Thread[],
): Promise<void> {
  const { file, turns, failed } = share
  const others = letTakePart(threads, { file, turns: turns.memory, shared }, turns)
  others.catch(() => undefined) // Thrown when this thread has done its share.
  try {
    await decodeShare({ ...share, output: shared.output })
    failed.count += await others
  } finally {
    turns.end()
    await others.catch(() => undefined) // They read from the descriptor.
  }
}

/** Settles when all threads are done, with the number of failures that they reported. Throws what ended their work. */
async function letTakePart(threads: readonly Thread[], share: Share, turns: Turns): Promise<number> {
  for (const { broken } of threads) broken.catch(turns.end) // Else the others would wait for its turn.
  const answers = await Promise.all(threads.map((thread) => thread.ask(share)))
  const ending = answers.find(({ failure }) => failure)?.failure
  if (ending) throw restoredFailure(ending)
  return answers.reduce((sum, { failures }) => sum + failures, 0)
}

/**
 * Undefined for what is read as it comes: pipes, standard input, which may begin in the middle of a file, and the kernel's own files,
 * which say 0 and have contents all the same.
 */
function sizeOf(path: string, descriptor: number): number | undefined {
  const stat = fstatSync(descriptor)
  return path !== '-' && stat.isFile() && stat.size > 0 ? stat.size : undefined
}
