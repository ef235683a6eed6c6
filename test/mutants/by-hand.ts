// Mutants made by hand: where a real server is needed to see them, and the controls that show that the tool itself tells right from wrong.
// Each names the test that has to fail. `survived`: it changes nothing that anybody could see, and must not be reported as killed.

export interface ByHand {
  readonly path: string
  /** Stands once in the file. */
  readonly from: string
  readonly to: string
  /** The test file that it is run against, and part of the names of the cases. */
  readonly test: string
  readonly only?: string
  readonly expected: 'killed' | 'survived'
  /** Beside real servers, where tests of its kind could run in the simulation. */
  readonly isServed?: true
  /** Quick, and run by the test of this tool. */
  readonly isControl?: true
}

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
]

export const byHand: readonly ByHand[] = [
  ...controls.map((one) => ({ ...one, isControl: true }) as const),
  ...served.map((one) => ({ ...one, expected: 'killed', isServed: true }) as const),
]
