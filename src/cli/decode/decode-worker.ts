// A thread of `decode`: takes part in decoding a file of equal records, or decodes the batches that it is sent.

import { parentPort } from 'node:worker_threads'
import { type BulkTask, takePart } from '../bulk/take-part.ts'
import { batchDecoder, type DecodedBatch } from './batch-decoder.ts'
import type { Batch } from './batches.ts'
import { type Setting, typesOf } from './job.ts'
import type { ToldBatch } from './pool.ts'
import { toldFailure } from './told-failure.ts'

parentPort?.once('message', (setting: Setting) => {
  const types = typesOf(setting)
  const decode = batchDecoder(types, setting)
  parentPort?.on('message', async (task: Batch | BulkTask) => {
    if ('turns' in task) parentPort?.postMessage(await takePart(types, setting, task))
    else parentPort?.postMessage(...told(decode(task), task.id))
  })
})

function told({ lines, failures }: DecodedBatch, id: number): [ToldBatch, ArrayBuffer[]] {
  const told = failures.map(({ index, failure }) => ({ index, failure: toldFailure(failure) }))
  return [{ id, lines, failures: told }, [lines.buffer as ArrayBuffer]]
}
