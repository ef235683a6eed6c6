// Decodes the records of a data set to lines of JSON.

import type { Failure } from '../error/failure.ts'
import { decodeInBatches } from './batch/decode-in-batches.ts'
import { decodeInBulk, isBulk } from './bulk/decode-in-bulk.ts'
import type { Streams } from './file/streams.ts'
import { compileText } from './record/copybook.ts'
import { recordTypes } from './record/record-types.ts'
import type { DecodeRequest } from './record/request.ts'
import { decodeRoots } from './segment/decode-roots.ts'
import { hierarchyOf } from './segment/hierarchy.ts'
import { failureReporter } from './thread/failure-reporter.ts'
import type { Job } from './thread/job.ts'
import type { Thread } from './thread/thread.ts'

/**
 * Threads help with it, but not where records stand below each other. Gives how many records could not be read; without `keepGoing` the first such record ends it. `mistakes` gets those of
 * the copybook but the last, which is thrown.
 */
export async function decodeFile(
  request: DecodeRequest,
  threads: readonly Thread[],
  streams: Streams,
  mistakes: (mistake: Failure) => void,
): Promise<number> {
  for (const thread of threads) thread.prepare(request)
  const job = jobOf(request, streams, mistakes)
  const { parents, select, rootLimit } = request
  const canShare = threads.length === 0 || streams.shared !== undefined
  if (parents.length > 0) await decodeRoots(job, hierarchyOf(parents, select), rootLimit)
  else await (isBulk(job) && canShare ? decodeInBulk(job, threads) : decodeInBatches(job, threads))
  return job.failed.count
}

function jobOf(request: DecodeRequest, streams: Streams, mistakes: (mistake: Failure) => void): Job {
  const { path, offsets, skip, count = Number.POSITIVE_INFINITY, keepGoing } = request
  const types = recordTypes(compileText(request, mistakes), request, request)
  return {
    path,
    types,
    parts: { ...types.parts, ...offsets },
    skip,
    last: skip + count,
    failed: failureReporter(path, keepGoing, streams.report),
    streams,
  }
}
