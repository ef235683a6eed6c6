// The work of `mainspan decode`: what the file is, and which way its records go.

import { recordReader } from '../../frame/reader.ts'
import { decodeInBulk, isBulk } from '../bulk/decode-in-bulk.ts'
import type { ExitCode, Invocation } from '../command.ts'
import { copybookPath, readText } from '../records/copybook.ts'
import { formatOf } from '../records/data-format.ts'
import { numberOf } from '../records/options.ts'
import { codePageOf } from '../records/record-options.ts'
import { piecesOf, progressBar, put } from '../records/streams.ts'
import { batchDecoder } from './batch-decoder.ts'
import { recordBatches } from './batches.ts'
import { failureTeller, type Job, type Setting, typesOf } from './job.ts'
import { decodePool } from './pool.ts'
import type { Thread } from './threads.ts'

/** Prints the records of the file; `threads` help. */
export async function decodeFile(invocation: Invocation, threads: readonly Thread[]): Promise<ExitCode> {
  const { options, positionals } = invocation
  const [path = '-'] = positionals
  const setting = { text: readText(copybookPath(invocation), options), options: { ...options } }
  for (const { worker } of threads) worker.postMessage(setting)
  const job = jobOf(path, setting)
  await (isBulk(job) ? decodeInBulk(job, threads) : decodeInBatches(job, setting, threads))
  return job.failed.count > 0 ? 1 : 0
}

function jobOf(path: string, setting: Setting): Job {
  const { options } = setting
  const types = typesOf(setting)
  const skip = numberOf(options, 'skip') ?? 0
  return {
    path,
    types,
    format: formatOf(options, codePageOf(options), types.longest),
    skip,
    last: skip + (numberOf(options, 'count') ?? Number.POSITIVE_INFINITY),
    failed: failureTeller(path, options['keep-going'] === true),
  }
}

async function decodeInBatches(job: Job, setting: Setting, threads: readonly Thread[]): Promise<void> {
  const { path, types, format, skip, last, failed } = job
  const pool = decodePool(threads, batchDecoder(types, setting), put, (error, number, offset) =>
    failed.tell(error, number + skip, offset),
  )
  const batches = recordBatches(pool.decode)
  let number = 0
  const placed = types.placed((bytes, start, end, offset, place) => {
    number++
    if (number > skip && number <= last) batches.add(bytes, start, end, offset, place)
  })
  const reader = recordReader(format, placed.take)
  const bar = progressBar(path)
  const finish = async (): Promise<void> => {
    batches.flush()
    await pool.finish()
  }
  try {
    for await (const piece of piecesOf(path, bar.done)) {
      batches.over(piece)
      reader.push(piece)
      batches.flush()
      await pool.ready()
      if (number >= last) break
    }
    if (number < last) {
      reader.end()
      placed.end()
    }
    await finish()
  } catch (error) {
    await finish() // What came before the mistake is printed.
    throw error
  } finally {
    bar.end()
  }
}
