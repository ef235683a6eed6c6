// What one run of a flow keeps in memory: rebuilt by replay, never shared between runs.

import { workflowInfo } from '@temporalio/workflow'
import type { CallIdentity, InquiryAnswer, Traits, TraitsTable } from '../../contract/activity.ts'
import type { Call } from '../../contract/call.ts'
import type { OperationStart, Patience, Resolution } from '../../contract/durable.ts'
import { endEarly, type FlowChanged, failedWith } from './ending.ts'

/** A call to a core with our own reference, and what is known about its effect. step.ts makes them. */
export interface Step {
  readonly call: Call
  /** What an answer must carry to be the answer to this call. */
  readonly of: CallIdentity
  /** What its activities are named by: the reference, and a mark of the content. */
  readonly mark: string
  readonly traits: Traits
  /** The traits of the adapter's transactions, where the reversal is found. */
  readonly siblings: TraitsTable[string]
  /** `deposits.post`. */
  readonly name: string
  /** `pending` until its outcome is settled. Only `applied` has to be undone. */
  effect: 'pending' | 'applied' | 'none' | 'undone'
  /** What its outcome rests on where the core has not answered the call itself: that it said "absent" once, or a person's word. */
  restsOn?: 'absence' | 'word' | undefined
}

/** A call that waits for a person. */
export interface Parked {
  readonly step: Step
  readonly reason: string
  /** What happened, in a sentence for the operator. */
  readonly happened: string
  /** What is at risk as long as nobody decides. */
  readonly risk: string
  readonly open: readonly Resolution['action'][]
  /** What decisions do here, where it is not what they do for a call in doubt. */
  readonly meanings?: Readonly<Partial<Record<Resolution['action'], string>>>
  /** RFC 3339. */
  readonly since: string
  /** A decision is being held against the core; no other is taken meanwhile. */
  deciding?: boolean
  decision?: Resolution
  /** What the core said when the decision was taken. */
  found?: InquiryAnswer
  /** What is wrong with a decision that the core contradicts, in words; undefined when it is taken. */
  readonly examine?: (resolution: Resolution, parked: Parked) => Promise<string | undefined>
}

/** All that one run of a flow remembers outside of the flow's own code. */
export interface FlowState {
  readonly start: OperationStart
  /** The operation that this run is, or that it looks after. */
  readonly operationId: string
  readonly patience: Patience
  /** Steps and events so far: their ordinals are part of references and event ids. */
  steps: number
  events: number
  /** Name → how many events of it. */
  readonly emitted: Map<string, number>
  /** The run in which this flow checked that no earlier run reversed a step: a reset leaves the reversals of the old run behind. */
  reversalsCheckedInRun: string
  /** Steps of sagas in the order in which they were asked for. */
  readonly undoable: Step[]
  /** The first one is shown to the operator; the others wait behind it. */
  readonly parked: Parked[]
  /** Calls that have no outcome yet: no flow ends before them. */
  underWay: number
  /** The references of all calls that this run has asked for. */
  readonly references: Set<string>
  /** The references that are looked up late: each new outcome of them is signalled to the watch. */
  readonly watched: Set<string>
  /** How often each activity was asked for: its id counts them. */
  readonly asked: Map<string, number>
  /** Set when history answered another call than the code asks for; then the flow may not go on, whatever its code catches. */
  changed?: FlowChanged
}

/** These durations are recorded in no history: changing them changes running flows. Change settings instead. */
const defaultPatience: Patience = {
  unsentMs: 300_000,
  pauseMs: 500,
  pauseMaxMs: 30_000,
  inquiries: 6,
  resends: 3,
  marginMs: 10_000,
  lateMs: 120_000,
  resendWithinMs: 600_000,
  askAgainMs: 30_000,
  askAgainMaxMs: 600_000,
}

const statesKey = Symbol('states of flows')

/**
 * Runs share this module (durable/bundle.ts), and have a global object each: what hangs there goes when the worker lets go of the run. The
 * key of the map keeps runs apart where they share that too, as in a simulation.
 */
function states(): Map<string, FlowState> {
  const sandbox: typeof globalThis & { [statesKey]?: Map<string, FlowState> } = globalThis
  sandbox[statesKey] ??= new Map()
  return sandbox[statesKey]
}

/** Makes the state of this run and keeps it until `closeState`. */
export function openState(start: OperationStart): FlowState {
  const state: FlowState = {
    start,
    operationId: start.watches ?? workflowInfo().workflowId,
    patience: { ...defaultPatience, ...start.patience },
    steps: 0,
    events: 0,
    emitted: new Map(),
    reversalsCheckedInRun: workflowInfo().firstExecutionRunId,
    undoable: [],
    parked: [],
    underWay: 0,
    references: new Set(),
    watched: new Set(),
    asked: new Map(),
  }
  states().set(workflowInfo().runId, state)
  return state
}

/** Forgets the state of this run. */
export function closeState(): void {
  states().delete(workflowInfo().runId)
}

/** The state of the flow that is running. */
export function flowState(): FlowState {
  const { runId, workflowType } = workflowInfo()
  const state = states().get(runId)
  if (!state) throw endEarly(failedWith('FLOW_NOT_WRAPPED', { flow: workflowType }))
  if (state.changed) throw state.changed
  return state
}

/** `post/REFERENCE/1`, `post/REFERENCE/2` …: history tells by it which call an answer belongs to, so that changed code meets an error. */
export function nextActivityId(stem: string): string {
  const { asked } = flowState()
  const ordinal = (asked.get(stem) ?? 0) + 1
  asked.set(stem, ordinal)
  return `${stem}/${ordinal}`
}
