// Decodes a file whose records stand below each other to one line of JSON for each root. In one thread: where a root ends is known only from
// the records before it.

import { locatedReader } from '../file/located-reader.ts'
import { progressBar } from '../file/progress-bar.ts'
import { inContext, piecesOf } from '../file/streams.ts'
import type { Job } from '../thread/job.ts'
import type { Hierarchy } from './hierarchy.ts'
import { type RecordNesting, recordNesting } from './nest-records.ts'

/**
 * `skip` and `last` of the job count roots; `most` is the bytes of JSON that a root may take with all below it. Throws what ends the work, after
 * the roots before it are written.
 */
export async function decodeRoots(job: Job, hierarchy: Hierarchy, most: number): Promise<void> {
  const { path, types, parts, skip, last, streams } = job
  const nesting = recordNesting(types, hierarchy, { skip, last, most })
  const placed = types.placed(adding(nesting, job))
  const reader = locatedReader(path, parts, placed.take)
  const bar = progressBar(path, streams)
  try {
    for await (const piece of piecesOf(path, streams.input, bar.done)) {
      reader.push(piece)
      await streams.output.put(nesting.take())
      if (nesting.isOver) return
    }
    reader.end()
    placed.end()
    nesting.end()
  } finally {
    await streams.output.put(nesting.take()) // The roots before a mistake are printed.
    bar.end()
  }
}

/** Takes records, and reports those that cannot be read. */
function adding(nesting: RecordNesting, { failed }: Job): Parameters<Job['types']['placed']>[0] {
  let number = 0
  return (bytes, start, end, offset, place) => {
    number++
    const error = nesting.add({ bytes, start, end, place })
    if (!error) return
    const leftOut = '  it is left out, and so is the root that it stands below with all its records'
    failed.report(failed.goesOn ? inContext(error, leftOut) : error, number, offset)
  }
}
