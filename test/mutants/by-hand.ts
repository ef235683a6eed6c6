// Mutants made by hand: where a real server is needed to see them, and the controls that show that the tool itself tells right from wrong.
// Each names the test that has to fail. `survived`: it changes nothing that anybody could see, and must not be reported as killed.

import type { ByHand } from './hand-made.ts'
import { remedies } from './remedies.ts'

const endings = 'test/flow/endings.test.ts'
const breaker = 'test/backend/limit/breaker.test.ts'
const stopping = 'test/operation/stopping.test.ts'

const controls: readonly Omit<ByHand, 'isControl'>[] = [
  // In the simulation: the order of undoing, what waits for ever, and another way to count.
  {
    path: 'src/flow/saga.ts',
    from: '[...steps].reverse()',
    to: 'steps',
    test: endings,
    only: 'newest',
    expected: 'killed',
  },
  { path: 'src/flow/call.ts', from: 'state.underWay--', to: '', test: endings, only: 'newest', expected: 'killed' },
  {
    path: 'src/flow/call.ts',
    from: 'state.underWay++',
    to: 'state.underWay += 1',
    test: endings,
    only: 'newest',
    expected: 'survived',
  },
  // In this process: what is dropped, what is forgotten, and an order that nobody sees.
  {
    path: 'src/operation/stopping.ts',
    from: 'if (begun) return',
    to: 'if (!begun) return',
    test: stopping,
    expected: 'killed',
  },
  {
    path: 'src/operation/stopping.ts',
    from: 'waiting.clear()',
    to: '',
    test: stopping,
    expected: 'survived',
  },
  { path: 'src/backend/limit/breaker.ts', from: 'this.#probing = true', to: '', test: breaker, expected: 'killed' },
  {
    path: 'src/backend/limit/breaker.ts',
    from: 'this.#failures += 1',
    to: 'this.#failures = this.#failures + 1',
    test: breaker,
    expected: 'survived',
  },
]

const worker = 'test/durable/worker.test.ts'
const versions = 'test/durable/versions.test.ts'
const start = 'test/durable/start.test.ts'
const sweep = 'test/durable/sweep.test.ts'
const bundles = 'test/durable/bundle.test.ts'
const histories = 'test/durable/histories.test.ts'
const toBroker = 'test/event/broker.test.ts'
const ofCommands = 'test/event/commands.test.ts'
const parking = 'test/event/parking.test.ts'
const toSenders = 'test/event/answers.test.ts'

/** Of the rooms' files that tests without servers do not reach. */
const served: readonly Omit<ByHand, 'isServed' | 'expected'>[] = [
  {
    path: 'src/durable/worker.ts',
    from: 'if (current) await deployed.makeCurrent(build.id)',
    to: 'await deployed.makeCurrent(build.id)',
    test: versions,
    only: 'with a manual rollout',
  },
  {
    path: 'src/durable/worker.ts',
    from: 'await keepBuild(build, parts, deployed)',
    to: '',
    test: versions,
    only: 'ends on the build that it began on',
  },
  {
    path: 'src/durable/worker.ts',
    from: "defaultVersioningBehavior: 'PINNED'",
    to: "defaultVersioningBehavior: 'AUTO_UPGRADE'",
    test: versions,
    only: 'ends on the build that it began on',
  },
  {
    path: 'src/durable/worker.ts',
    from: 'await old?.look()',
    to: '',
    test: versions,
    only: 'ends on the build that it began on',
  },
  {
    path: 'src/durable/worker.ts',
    from: 'await registerSearchAttributes(connection, namespace)',
    to: '',
    test: worker,
    only: 'registers the search attributes',
  },
  {
    path: 'src/durable/worker.ts',
    from: "throw failure('DURABLE_UNAVAILABLE'",
    to: "throw cause ?? failure('DURABLE_UNAVAILABLE'",
    test: worker,
    only: 'says that Temporal is away',
  },
  {
    path: 'src/durable/operation/starter.ts',
    from: 'isLate(row, parts) || row.promised || tended.has(row.id)',
    to: 'isLate(row, parts) || tended.has(row.id)',
    test: start,
    only: 'after it had started the workflow',
  },
  {
    path: 'src/durable/operation/starter.ts',
    from: 'isLate(row, parts) ? parts.starts.close(notedOf(row)) : parts.starts.begin(notedOf(row))',
    to: 'parts.starts.begin(notedOf(row))',
    test: start,
    only: 'before it answered leaves nothing begun',
  },
  {
    path: 'src/durable/operation/begin.ts',
    from: "workflowIdReusePolicy: 'REJECT_DUPLICATE'",
    to: "workflowIdReusePolicy: 'ALLOW_DUPLICATE'",
    test: start,
    only: 'is open as long as its operation is',
  },
  {
    path: 'src/durable/operations.ts',
    from: 'if (!noted.fresh) return attach(room, request, noted.row)',
    to: '',
    test: start,
    only: 'is refused with another body, and gives the old result',
  },
  {
    path: 'src/durable/operation/former-ids.ts',
    from: 'return gone ? undefined : lookUp(temporal, request)',
    to: 'return undefined',
    test: start,
    only: 'is found by its key and its former id',
  },
  {
    path: 'src/durable/operation/key-life.ts',
    from: 'days < retention',
    to: 'days <= retention',
    test: start,
    only: 'promised for less than Temporal keeps it',
  },
  {
    path: 'src/durable/sweep/schedule.ts',
    from: 'if (spec.intervals?.[0]?.every !== everyMs) await',
    to: 'if (spec.intervals?.[0]?.every === everyMs) await',
    test: sweep,
    only: 'a schedule starts the sweep',
  },
  {
    path: 'src/durable/version/deployment.ts',
    from: 'info?.versioningOverride?.pinned?.version ?? info?.deploymentVersion ?? {}',
    to: 'info?.versioningOverride?.pinned?.version ?? {}',
    test: versions,
    only: 'ends on the build that it began on',
  },
  {
    path: 'src/durable/bundle.ts',
    from: 'if ((await digestOfFile(input)) !== expected) return undefined',
    to: '',
    test: bundles,
    only: 'is kept as long as no file',
  },
  {
    path: 'src/durable/bundler.ts',
    from: 'if (mistakes.length === 0) mistakes.push(cause instanceof Error ? cause.message : String(cause))',
    to: 'mistakes.length = 0',
    test: bundles,
    only: 'in a flow',
  },
  {
    path: 'src/durable/connection.ts',
    from: "reject(failure('DURABLE_UNAVAILABLE', { why: 'no answer in time' }))",
    to: "reject(new TypeError('late'))",
    test: start,
    only: 'the start is accepted',
  },
  {
    path: 'src/durable/operations.ts',
    from: "if (!isFailure(error) || error.code !== 'DURABLE_UNAVAILABLE') throw error",
    to: 'throw error',
    test: start,
    only: 'the start is accepted',
  },
  {
    path: 'src/durable/version/replay.ts',
    from: 'error === undefined ? undefined : differenceIn(error, history)',
    to: 'undefined',
    test: histories,
    only: 'not replayed by code that asks for something else',
  },
  {
    path: 'src/durable/version/history.ts',
    from: 'runId: textOf(originalExecutionRunId)',
    to: "runId: ''",
    test: histories,
    only: 'not replayed by code that asks for something else',
  },
  {
    path: 'src/event/broker.ts',
    from: 'await declare(model, broker, topology)',
    to: '',
    test: toBroker,
    only: 'with other arguments',
  },
  {
    path: 'src/event/broker.ts',
    from: 'error.code === 406',
    to: 'error.code === 404',
    test: toBroker,
    only: 'with other arguments',
  },
  {
    path: 'src/event/broker.ts',
    from: '(consumer) => consumer.drain(10_000)',
    to: '() => undefined',
    test: toBroker,
    only: 'leaves none behind (1)',
  },
  {
    path: 'src/event/broker.ts',
    from: 'topology.deliveryLimit ?? defaultDeliveryLimit',
    to: 'defaultDeliveryLimit',
    test: ofCommands,
    only: 'parked at the delivery limit',
  },
  {
    path: 'src/event/broker.ts',
    from: 'const { host } = new URL(url)',
    to: 'const host = url',
    test: toBroker,
    only: 'without its password',
  },
  {
    path: 'src/event/publishing.ts',
    from: 'mandatory: !isDirectReply(message)',
    to: 'mandatory: false',
    test: toBroker,
    only: 'no queue is bound for',
  },
  {
    path: 'src/event/publishing.ts',
    from: 'persistent: true',
    to: 'persistent: false',
    test: toBroker,
    only: 'arrives as a CloudEvent',
  },
  {
    path: 'src/event/publishing.ts',
    from: 'error.code === 404',
    to: 'error.code === 403',
    test: toSenders,
    only: 'of a requester that is gone',
  },
  {
    path: 'src/event/subscription.ts',
    from: "this.#channel.nack(message, false, verdict === 'requeue')",
    to: 'this.#channel.ack(message)',
    test: parking,
    only: 'cannot be written again',
  },
  {
    path: 'src/event/subscription.ts',
    from: 'if (!this.#gone.signal.aborted) await this.#channel.prefetch(this.#options.prefetch)',
    to: '',
    test: toBroker,
    only: 'leaves none behind',
  },
  {
    path: 'src/event/topology.ts',
    from: "'x-dead-letter-exchange': names.parked,",
    to: '',
    test: parking,
    only: 'cannot be written again',
  },
]

/** Of sweeps and repairs, in the simulation. */
const swept: readonly Omit<ByHand, 'expected'>[] = [
  {
    path: 'src/durable/sweep/ended-run.ts',
    from: 'if (answer) answers[answer.of.reference] = { digest: answer.of.digest, outcome: answer.outcome }',
    to: '',
    test: sweep,
    only: 'after a refusal that the flow had an answer to',
  },
  {
    path: 'src/durable/sweep/ended-run.ts',
    from: '...(cancelled && { cancelled }), ',
    to: '',
    test: sweep,
    only: 'after somebody had asked for its cancellation',
  },
  {
    path: 'src/durable/sweep/sweeper.ts',
    from: 'if (description?.runId !== runId || !wasForced(description)) return false',
    to: 'if (!description) return false',
    test: sweep,
    only: 'by a reset needs no repair',
  },
  {
    path: 'src/durable/sweep/sweeper.ts',
    from: 'await store.ended(row.id, settled.result, settled.endedAt)',
    to: '',
    test: sweep,
    only: 'get the results that nobody has waited for',
  },
  {
    path: 'src/durable/sweep/sweeper.ts',
    from: 'unmended.push({ id, why })',
    to: 'throw error',
    test: sweep,
    only: 'get the results that nobody has waited for',
  },
  {
    path: 'src/durable/sweep/sweeper.ts',
    from: "repairs: 'deleted', ",
    to: '',
    test: sweep,
    only: 'lead to an operation whose run was deleted',
  },
  {
    path: 'src/durable/sweep/sweeper.ts',
    from: 'rows.length === rowsAtOnce ? rows.at(-1) : undefined',
    to: 'undefined',
    test: 'test/durable/sweep-pages.test.ts',
  },
]

export const byHand: readonly ByHand[] = [
  ...controls.map((one) => ({ ...one, isControl: true }) as const),
  ...swept.map((one) => ({ ...one, expected: 'killed' }) as const),
  ...served.map((one) => ({ ...one, expected: 'killed', isServed: true }) as const),
  ...Object.entries(remedies).map(([remedy, one]) => ({ ...one, remedy, expected: 'killed' }) as const),
]
