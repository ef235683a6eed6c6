// Answers to commands that came before. The run that the first one started answers its own sender; whoever repeats a command is answered
// from that run, once, beside the queue: a repetition holds no place among the commands that wait to be started.

import type { OperationStart, Operations } from '../contract/durable.ts'
import { isFailure } from '../error/failure.ts'
import type { Broker } from './broker.ts'
import type { BrokerNotice } from './reconnecting-connection.ts'

export interface AnswersOptions {
  readonly broker: Pick<Broker, 'publish' | 'names'>
  readonly operations: Pick<Operations, 'wait'>
  readonly notice: (notice: BrokerNotice) => void
  /** How long the end of the run is waited for. */
  readonly waitMs: number
  /** Repetitions that are waited for at once; one beyond is not answered. */
  readonly most: number
}

/** Answers to commands that came again. */
export interface Answers {
  /** Begins to answer a repetition and returns at once. Its result stays readable over REST in any case. */
  again(id: string, to: OperationStart['replyTo']): void
  /** Answers nothing any more. */
  close(): void
}

const utf8 = new TextEncoder()

/** A repetition is answered when the first command's run has ended; `close` leaves the rest unanswered. */
export function answers({ broker, operations, notice, waitMs, most }: AnswersOptions): Answers {
  let waiting = 0
  let closed = false
  const note = (reason: string) => notice({ link: broker.names.commands, event: 'trouble', reason })

  async function answer(id: string, to: NonNullable<OperationStart['replyTo']>): Promise<void> {
    const { id: operationId, operation, version, startedAt, endedAt, ...result } = await operations.wait(id, waitMs)
    // Where it still runs, its own answer goes to the queue that the first command named.
    if (endedAt === undefined || closed) return
    await broker.publish({
      exchange: '',
      routingKey: to.queue,
      body: utf8.encode(JSON.stringify({ operationId, ...result })),
      messageId: `${operationId}/again`,
      contentType: 'application/json',
      correlationId: to.correlationId,
    })
  }

  return {
    again(id, to) {
      if (!to || closed) return
      if (waiting >= most)
        return note(`${most} repeated commands wait for their answer; operation ${id} is not answered again`)
      waiting += 1
      answer(id, to)
        .catch((error) => {
          if (closed) return
          const why = isFailure(error) ? error.code : 'the gateway failed'
          note(`a repeated command was not answered (${why}); GET /operations/${id} tells its end`)
        })
        .finally(() => {
          waiting -= 1
        })
    },
    close() {
      closed = true
    },
  }
}
