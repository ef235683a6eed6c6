// What keeps money from moving wrongly (docs/doubt.md), taken out one by one, and the test that has to fail without it.
// `npm run mutants -- --remedies` judges these alone.

import type { ByHand } from './hand-made.ts'

type Remedy = Omit<ByHand, 'expected' | 'remedy'>

const identity = 'test/flow/identity.test.ts'
const watch = 'test/flow/watch.test.ts'
const decisions = 'test/flow/decisions.test.ts'
const start = 'test/durable/start.test.ts'

/** By what each does. */
export const remedies: Readonly<Record<string, Remedy>> = {
  'an activity is named by what it is for': {
    path: 'src/flow/run/state.ts',
    from: 'asked.set(stem, ordinal)\n  return',
    to: 'asked.set(stem, ordinal)\n  return String(ordinal + asked.size) ||',
    test: identity,
    only: 'activity ids name',
  },
  'an answer says which call it belongs to': {
    path: 'src/flow/doubt/ask.ts',
    from: 'if (answer.of.reference === reference && answer.of.digest === digest) return answer',
    to: 'if (answer.of.reference !== digest) return answer',
    test: identity,
    only: 'without a salt',
  },
  'a run ends on the build that it began on': {
    path: 'src/durable/worker.ts',
    from: "defaultVersioningBehavior: 'PINNED'",
    to: "defaultVersioningBehavior: 'AUTO_UPGRADE'",
    test: 'test/durable/versions.test.ts',
    only: 'ends on the build that it began on',
    isServed: true,
  },
  'the clock is read before a write': {
    path: 'src/backend/connection/overdue.ts',
    from: 'if (now - since < deadlineMs && (until === undefined || now < until)) return undefined',
    to: 'if (now > 0) return undefined',
    test: 'test/backend/standstill.test.ts',
    only: 'a long COMMAREA stops between two pieces',
  },
  'what rests on absence or a word is looked up late': {
    path: 'src/flow/doubt/settle.ts',
    from: 'return step.restsOn !== undefined || ',
    to: 'return ',
    test: watch,
    only: 'finds two effects after a call was sent again',
  },
  'a connection in doubt is reset': {
    path: 'src/backend/connection/connection-pool.ts',
    from: "if (how === 'discard') connection.reset()",
    to: "if (how === 'discard') socket.end()",
    test: 'test/backend/given-up.test.ts',
    only: 'are not delivered once',
  },
  'quiescence is asked for': {
    path: 'src/catalog/check/doubt.ts',
    from: 'if (quiescenceMs === undefined) {',
    to: 'if (quiescenceMs === 0) {',
    test: 'test/catalog/check.test.ts',
    only: 'is told every one of them',
  },
  'a duplicate is compared': {
    path: 'src/flow/doubt/in-doubt.ts',
    from: "if (finding.finding === 'differs' && isDuplicate)",
    to: "if (finding.finding === 'differs' && !isDuplicate)",
    test: decisions,
    only: 'another call ends it as refused',
  },
  'a key that Temporal has forgotten is still known': {
    path: 'src/durable/operations.ts',
    from: 'if (!noted.fresh) return attach(room, request, noted.row)',
    to: '',
    test: start,
    only: 'is refused with another body, and gives the old result',
    isServed: true,
  },
  'a reply must echo the request': {
    path: 'src/backend/caller.ts',
    from: 'if (unechoed) {',
    to: 'if (unechoed && unechoed.length > 99) {',
    test: 'test/backend/caller.test.ts',
    only: 'of another reference',
  },
  'a refusal must decode whole': {
    path: 'src/wire/record-wire.ts',
    from: 'if (refused) for (const check of checks) check(bytes)',
    to: '',
    test: 'test/wire/refusal.test.ts',
  },
  'what was ended by force is repaired': {
    path: 'src/durable/sweep/sweeper.ts',
    from: 'if (description?.runId !== runId || !wasForced(description)) return false',
    to: 'if (description?.runId !== undefined) return false',
    test: 'test/durable/sweep.test.ts',
    only: 'after both posts completes',
  },
  'an answer that nobody takes is given up': {
    path: 'src/flow/emit.ts',
    from: "if (isUnroutable(error)) return showRunning('answer-undelivered')\n        await proxyActivities<Activities>({ ...patient, summary, retry: bounded })",
    to: "await proxyActivities<Activities>({ ...patient, summary, retry: { maximumInterval: '1 minute' } })",
    test: 'test/flow/ask-again.test.ts',
    only: 'an answer that nobody takes',
  },
  'a parked command is the command that came': {
    path: 'src/event/parking.ts',
    from: 'await broker.publish({ ...came, exchange',
    to: 'await broker.publish({ body: came.body, exchange',
    test: 'test/event/parking.test.ts',
    only: 'is parked as it came',
    isServed: true,
  },
  'a decision is held against the core': {
    path: 'src/flow/doubt/decision.ts',
    from: 'const refusal = found && decisions[resolution.action].contradiction?.(found, parked)',
    to: 'const refusal = undefined',
    test: decisions,
    only: 'confirm-not-applied of what was applied',
  },
  'a true answer goes out before an error of the next message': {
    path: 'src/api/connection/broken-request.ts',
    from: 'if ([...open].some(({ complete }) => complete)) return',
    to: '',
    test: 'test/api/rest/sockets.test.ts',
    only: 'waits for it',
  },
  'no codec server without a token for others': {
    path: 'src/durable/payload/codec-server.ts',
    from: 'if (!settings.token && !isLoopback(settings.host)) throw',
    to: 'if (!isLoopback(settings.host) && settings.host === undefined) throw',
    test: 'test/durable/payload/codec-server.test.ts',
    only: 'without a token it does not open',
  },
  'an event tells what was asked': {
    path: 'src/flow/builtin/run-transaction.ts',
    from: '{ ...picked(input, eventFields.request), ...picked(reply, eventFields.reply) }',
    to: '{ ...picked(reply, eventFields.reply) }',
    test: 'test/flow/outcomes.test.ts',
    only: 'its event tells what was asked',
  },
}
