// Another thread: takes part in decoding a file of equal records, or decodes or encodes the batches that it is sent.

import { parentPort } from 'node:worker_threads'
import { batchAnswer, batchDecoder } from './batch/batch-decoder.ts'
import { lineAnswer, lineEncoder } from './batch/line-encoder.ts'
import { takePart } from './bulk/take-part.ts'
import { compileText } from './record/copybook.ts'
import { recordTypes } from './record/record-types.ts'
import type { DecodeRequest, EncodeRequest } from './record/request.ts'
import type { Task } from './thread/tasks.ts'

parentPort?.once('message', (request: DecodeRequest | EncodeRequest) => {
  const keepGoing = 'keepGoing' in request && request.keepGoing
  const types = recordTypes(compileText(request), request, request)
  const decode = batchDecoder(types, keepGoing)
  const lines = lineEncoder(types, request)
  parentPort?.on('message', async (task: Task) => {
    if ('turns' in task) parentPort?.postMessage(await takePart(types, keepGoing, task))
    else if ('text' in task) {
      const answer = lineAnswer(lines.encode(task))
      const { records, ends, lines: numbers } = answer
      parentPort?.postMessage(
        answer,
        [records, ends, numbers].map(({ buffer }) => buffer as ArrayBuffer),
      )
    } else {
      const answer = batchAnswer(decode(task))
      parentPort?.postMessage(answer, [answer.lines.buffer as ArrayBuffer])
    }
  })
})
