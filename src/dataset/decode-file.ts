// Decodes the records of a data set to lines of JSON on standard output.

import type { Failure } from '../error/failure.ts'
import { decodeInBatches } from './batch/decode-in-batches.ts'
import { decodeInBulk, isBulk } from './bulk/decode-in-bulk.ts'
import { compileText, pageOf } from './record/copybook.ts'
import { dataFormat } from './record/data-format.ts'
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
  mistakes: (mistake: Failure) => void,
): Promise<number> {
  for (const thread of threads) thread.prepare(request)
  const job = jobOf(request, mistakes)
  const { parents, select, rootLimit } = request
  if (parents.length > 0) await decodeRoots(job, hierarchyOf(parents, select), rootLimit)
  else await (isBulk(job) ? decodeInBulk(job, threads) : decodeInBatches(job, threads))
  return job.failed.count
}

function jobOf(request: DecodeRequest, mistakes: (mistake: Failure) => void): Job {
  const { path, codec, format, skip, count = Number.POSITIVE_INFINITY, keepGoing } = request
  const copybook = compileText(request, mistakes)
  const page = pageOf(copybook, codec.codePage)
  const types = recordTypes(copybook, request, request)
  return {
    path,
    types,
    format: dataFormat(format, page, types.longest),
    skip,
    last: skip + count,
    failed: failureReporter(path, keepGoing),
  }
}
