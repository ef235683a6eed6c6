// Cases that need a broker or Temporal: the tests that run them with the real servers, as `file › words of its name`.

/** By the folder of the case. */
export const serverCases: Readonly<Record<string, readonly string[]>> = {
  '22-events-parked-loses-properties': [
    'event/parking.test.ts › is parked as it came, and moved back it is the same command',
    'event/parking.test.ts › is not given a content type or a message id that it came without',
  ],
  '23-events-command-json-lax': [
    'event/parking.test.ts › an amount given twice',
    'event/parking.test.ts › a number that loses digits',
    'event/parking.test.ts › is parked and nothing is started',
  ],
  '24-events-datacontenttype': ['event/envelope.test.ts › a media type however it is written: %s'],
  '25-temporal-codec-server-empty': [
    'durable/payload/codec-server.test.ts › takes what protobuf JSON makes of no payloads at %s',
  ],
  '26-events-direct-reply-to': [
    'event/answers.test.ts › gets its answer, once',
    'event/answers.test.ts › of a requester that is gone is a failure with its own code, as that of a queue that is gone',
    'event/answers.test.ts › whose requester is gone costs one attempt, and is told',
  ],
}
