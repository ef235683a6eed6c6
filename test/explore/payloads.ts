// How values travel in the simulation: as JSON, like in Temporal, and yet as text, without the turn to bytes and back that takes most of
// the time of a path. What JSON would lose is lost here too.

import type { Payload, PayloadConverter } from '@temporalio/common'

interface Text {
  readonly text: string | undefined
}

export const payloads: PayloadConverter = {
  toPayload: (value: unknown) => ({ text: JSON.stringify(value) }) as Payload,
  fromPayload<T>(payload: Payload): T {
    const { text } = payload as Text
    return (text === undefined ? undefined : JSON.parse(text)) as T
  },
}
