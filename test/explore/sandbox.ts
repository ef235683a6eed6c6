// Runs flows as the worker does: the bundle that the product makes, with Temporal's own SDK in it, in a V8 context whose microtasks have all
// run when a call returns. What the SDK's core and the server do stands in temporal.ts.
//
// One thing differs from the worker, for speed: modules are evaluated once, not once a run. Flows keep their state by run (src/flow/run/state.ts).

import { createRequire } from 'node:module'
import vm from 'node:vm'
import type { PayloadConverter } from '@temporalio/common'
import type { coresdk } from '@temporalio/proto'
import { payloads } from './payloads.ts'

export type Job = coresdk.workflow_activation.IWorkflowActivationJob
export type Command = coresdk.workflow_commands.IWorkflowCommand

/** What the SDK keeps of a run; only handed back to it. */
export type Instance = {
  now: number
  payloadConverter: PayloadConverter
  mutateWorkflowInfo(change: (info: object) => object): void
}

export interface RunInfo {
  readonly workflowId: string
  readonly runId: string
  readonly firstExecutionRunId: string
  readonly workflowType: string
  readonly startedAt: number
}

interface Context extends vm.Context {
  __TEMPORAL_ACTIVATOR__?: Instance
}

/** What is handed in before a step and taken out after it. */
interface Steps {
  given: unknown
  result: unknown
}

// A binding of scripts, not a property of the global object: of a V8 context from Node each look at those goes through an interceptor.
const stepsScript = new vm.Script(`const steps = {
  given: undefined,
  result: undefined,
  api: __TEMPORAL__.api,
  open() {
    this.api.initRuntime(this.given)
  },
  activate() {
    const { initialize, patches, jobs } = this.given
    for (const patch of patches) __TEMPORAL_ACTIVATOR__.notifyHasPatch(patch)
    if (initialize) this.api.initialize(initialize)
    this.api.activate({ jobs })
  },
  conclude() {
    this.result = this.api.tryUnblockConditions() > 0 ? undefined : this.api.concludeActivation()
  },
}
steps`)
// Microtasks run when a script has ended, so that each of these is a step of its own, as in the SDK's worker.
const openScript = new vm.Script('steps.open()')
const activateScript = new vm.Script('steps.activate()')
const concludeScript = new vm.Script('steps.conclude()')
const activityNames = new Set([
  'call',
  'inquire',
  'validate',
  'publish',
  'reply',
  'begun',
  'attend',
  'sweepRuns',
  'sweepRows',
])

export class Sandbox {
  readonly #context: Context
  readonly #steps: Steps

  /** `code` as `flowBundle` gives it. */
  constructor(code: string) {
    const { injectGlobals } = createRequire(import.meta.url)('@temporalio/worker/lib/workflow/vm-shared.js') as {
      injectGlobals(context: vm.Context): void
    }
    this.#context = vm.createContext({}, { microtaskMode: 'afterEvaluate' })
    Object.defineProperty(this.#context, '__webpack_module_cache__', { value: {} })
    injectGlobals(this.#context)
    // Nobody reads the stacks of a thousand failures a second.
    new vm.Script('Error.stackTraceLimit = 0').runInContext(this.#context)
    new vm.Script(code, { filename: 'flows.js' }).runInContext(this.#context)
    this.#steps = stepsScript.runInContext(this.#context)
  }

  /** Runs a script beside the flows: to put other code in the place of some, or to look at what it has noted. */
  run(script: string): unknown {
    return new vm.Script(script).runInContext(this.#context)
  }

  /** A new instance of a run, before its first activation. */
  open({ startedAt, ...ids }: RunInfo): Instance {
    const started = new Date(startedAt)
    this.#steps.given = {
      info: {
        ...ids,
        namespace: 'explore',
        taskQueue: 'explore',
        attempt: 1,
        taskTimeoutMs: 10_000,
        searchAttributes: {},
        typedSearchAttributes: {},
        memo: {},
        historyLength: 1,
        historySize: 0,
        continueAsNewSuggested: false,
        suggestedContinueAsNewReasons: [],
        targetWorkerDeploymentVersionChanged: false,
        startTime: started,
        runStartTime: started,
        unsafe: { isReplaying: false, isReplayingHistoryEvents: false },
      },
      now: startedAt,
      randomnessSeed: [1, 2, 3, 4],
      showStackTraceSources: false,
      sourceMap: {},
      getTimeOfDay: () => 0n,
      registeredActivityNames: activityNames,
      stackTracesEnabled: false,
    }
    openScript.runInContext(this.#context)
    const instance = this.#context.__TEMPORAL_ACTIVATOR__
    if (!instance) throw new Error('the SDK has made no instance')
    instance.payloadConverter = payloads
    return instance
  }

  /** One activation, as the SDK's worker carries it out. Throws what fails the workflow task. */
  activate(instance: Instance, jobs: readonly Job[], now: number, replaying: boolean): readonly Command[] {
    this.#context.__TEMPORAL_ACTIVATOR__ = instance
    instance.now = now
    instance.mutateWorkflowInfo((info) => {
      const { unsafe } = info as { unsafe: object }
      return { ...info, unsafe: { ...unsafe, isReplaying: replaying, isReplayingHistoryEvents: replaying } }
    })
    const [patches, initialize] = [
      jobs.flatMap(({ notifyHasPatch }) => notifyHasPatch ?? []),
      jobs[0]?.initializeWorkflow,
    ]
    const kept = jobs.filter(({ notifyHasPatch }) => !notifyHasPatch)
    this.#steps.given = { patches, initialize, jobs: kept.map((job) => ({ ...job, variant: Object.keys(job)[0] })) }
    activateScript.runInContext(this.#context)
    for (;;) {
      concludeScript.runInContext(this.#context)
      const completion = this.#steps.result as coresdk.workflow_completion.IWorkflowActivationCompletion | undefined
      if (completion) return completion.successful?.commands ?? []
    }
  }
}
