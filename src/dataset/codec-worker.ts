// Another thread: takes part in decoding a file of equal records, or decodes or encodes the batches that it is sent.

import { type MessagePort, parentPort } from 'node:worker_threads'
import { batchAnswer, batchDecoder } from './batch/batch-decoder.ts'
import { lineAnswer, lineEncoder } from './batch/line-encoder.ts'
import { takePart } from './bulk/take-part.ts'
import { compileText } from './record/copybook.ts'
import { recordTypes } from './record/record-types.ts'
import type { DecodeRequest, EncodeRequest } from './record/request.ts'
import type { Batch, LineBatch, Share } from './thread/tasks.ts'

/** Each direction makes what it needs: that of the other would take milliseconds of every start. */
function decodeTasks(request: DecodeRequest, port: MessagePort): void {
  const { keepGoing } = request
  const types = recordTypes(compileText(request), request, request)
  const decode = batchDecoder(types, keepGoing)
  port.on('message', async (task: Batch | Share) => {
    if ('turns' in task) port.postMessage(await takePart(types, keepGoing, task))
    else {
      const answer = batchAnswer(decode(task))
      port.postMessage(answer, [answer.lines.buffer as ArrayBuffer])
    }
  })
}

function encodeTasks(request: EncodeRequest, port: MessagePort): void {
  const { encode } = lineEncoder(recordTypes(compileText(request), request, request), request)
  port.on('message', (task: LineBatch) => {
    const answer = lineAnswer(encode(task))
    const { records, ends, lines } = answer
    port.postMessage(
      answer,
      [records, ends, lines].map(({ buffer }) => buffer as ArrayBuffer),
    )
  })
}

parentPort?.once('message', (request: DecodeRequest | EncodeRequest) => {
  if (!parentPort) return
  if ('keepGoing' in request) decodeTasks(request, parentPort)
  else encodeTasks(request, parentPort)
})
