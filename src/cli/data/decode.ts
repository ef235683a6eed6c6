// mainspan decode: records of a file → one JSON object a line.

import { failure } from '../../error/failure.ts'
import { recordReader } from '../../frame/reader.ts'
import { decodeInBulk, isBulk } from '../bulk/decode-in-bulk.ts'
import type { Command } from '../command.ts'
import { batchDecoder } from '../decode/batch-decoder.ts'
import { recordBatches } from '../decode/batches.ts'
import { failureTeller, type Job, type Setting, typesOf } from '../decode/job.ts'
import { decodePool } from '../decode/pool.ts'
import { startThread, type Thread } from '../decode/threads.ts'
import { copybookHelp, copybookOptions, copybookPath, readText } from '../records/copybook.ts'
import { formatHelp, formatOf, formatOptions, numberOf } from '../records/data-format.ts'
import { codePageOf, recordHelp, recordOptions } from '../records/record-options.ts'
import { selectHelp, selectOptions } from '../records/record-types.ts'
import { piecesOf, progressBar, put } from '../records/streams.ts'

export const decode: Command = {
  name: 'decode',
  summary: 'Read the records of a file and print one JSON object a line',
  usage: 'decode --copybook FILE [--record NAME] [--code-page cp037] [--format F|FB|V|VB|VBS|text] DATA|-',
  help: {
    copybook: 'the copybook that describes the records',
    ...copybookHelp,
    ...recordHelp,
    ...formatHelp,
    ...selectHelp,
    canonical: 'leave out $residue, which keeps what values cannot say so that encode gives the same bytes',
    'keep-going': 'report records that cannot be read on standard error and go on; the exit code is 1 all the same',
    skip: 'records to pass over at the start',
    count: 'records to read at most',
    threads: 'threads that decode, with the output in the order of the file; 1 without it',
  },
  options: {
    copybook: { type: 'string' },
    ...copybookOptions,
    ...recordOptions,
    ...formatOptions,
    ...selectOptions,
    canonical: { type: 'boolean' },
    'keep-going': { type: 'boolean' },
    skip: { type: 'string' },
    count: { type: 'string' },
    threads: { type: 'string' },
  },
  run: async (invocation) => {
    const { options } = invocation
    if (options.copybook === undefined) throw failure('COMMAND_LINE_INVALID', { problem: '--copybook FILE is needed' })
    const [path = '-'] = invocation.positionals
    const setting = { text: readText(copybookPath(invocation), options), options: { ...options } }
    const others = Math.max(1, numberOf(options, 'threads') ?? 1) - 1
    const threads = Array.from({ length: others }, () => startThread(setting))
    try {
      const job = jobOf(path, setting)
      await (isBulk(job) ? decodeInBulk(job, threads) : decodeInBatches(job, setting, threads))
      return job.failed.count > 0 ? 1 : 0
    } finally {
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    }
  },
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
