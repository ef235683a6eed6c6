// Decoding a file of equal records many at once, by the SIMD kernel, in one thread or several.

import { closeSync, fstatSync, openSync } from 'node:fs'
import type { BulkDecoder } from '../../codec/bulk/bulk-decoder.ts'
import { failure } from '../../error/failure.ts'
import type { Job, Setting } from '../decode/job.ts'
import type { RecordTypes } from '../records/record-types.ts'
import { progressBar } from '../records/streams.ts'
import { reasonOf } from '../system-error.ts'
import { passOver } from './chunks.ts'
import { linesBeside, linesInTurn } from './lines-out.ts'
import { decodeShare } from './share.ts'
import { bulkThreads } from './threads.ts'
import { takeTurns } from './turns.ts'

export type BulkJob = Job & { readonly types: RecordTypes & { readonly bulk: BulkDecoder } }

/** Whether all records have the length of the one layout. */
export function isBulk(job: Job): job is BulkJob {
  const { types, format } = job
  return types.bulk !== undefined && format.kind === 'fixed' && format.length === types.bulk.recordLength
}

/** This thread is one of the threads. */
export async function decodeInBulk(job: BulkJob, threads: number, setting: Setting): Promise<void> {
  const { path, types, skip, last, failed } = job
  const { bulk } = types
  const descriptor = open(path)
  const file = { path, descriptor, isRegular: fstatSync(descriptor).isFile(), recordLength: bulk.recordLength, last }
  const turns = takeTurns()
  passOver(file, turns, skip, bulk.input)
  const others = threads > 1 ? bulkThreads(threads - 1, { ...setting, file, turns: turns.memory }, turns) : undefined
  const bar = progressBar(path)
  try {
    const share = { bulk, file, turns, failed, out: others ? linesInTurn(turns) : linesBeside(), read: bar.reach }
    await decodeShare(share)
    failed.count += (await others?.finished()) ?? 0
  } finally {
    turns.end()
    bar.end()
    await others?.close()
    if (descriptor > 0) closeSync(descriptor)
  }
}

function open(path: string): number {
  try {
    return path === '-' ? 0 : openSync(path, 'r')
  } catch (cause) {
    throw failure('FILE_UNREADABLE', { file: path, reason: reasonOf(cause) }, { cause })
  }
}
