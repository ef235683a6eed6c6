// Replays histories by the code of a build: whether runs could go on with it, and where they could not, what it asks for instead.

import { Worker } from '@temporalio/worker'
import { installRuntime } from '../connection.ts'
import { dataConverter } from '../payload/data-converter.ts'
import type { PayloadKey } from '../settings.ts'
import { differenceIn } from './difference.ts'
import { originOf, type RecordedHistory } from './history.ts'

/** A history and where it comes from. */
export interface NamedHistory {
  /** The file, or the operation. */
  readonly name: string
  readonly history: RecordedHistory
}

/** How one history went against the code of today. */
export interface Replayed {
  readonly name: string
  /** The workflow type. */
  readonly flow: string
  /** In words what the code does otherwise than the history; undefined where it goes the same way. */
  readonly difference: string | undefined
}

/** Replays all of them; needs no server. */
export async function replay(
  code: string,
  histories: readonly NamedHistory[],
  keys: readonly PayloadKey[] = [],
): Promise<readonly Replayed[]> {
  installRuntime(undefined)
  const options = { workflowBundle: { code }, dataConverter: dataConverter(keys), replayName: 'replay' }
  const errors = new Map<string, unknown>()
  const runs = histories.map(({ name, history }) => ({ name, history, ...originOf(history) }))
  const played = runs.map(({ workflowId, history }) => ({ workflowId, history }))
  for await (const { workflowId, runId, error } of Worker.runReplayHistories(options, played)) {
    errors.set(`${workflowId} ${runId}`, error)
  }
  return runs.map(({ name, history, workflowId, runId, type }) => {
    const error = errors.get(`${workflowId} ${runId}`)
    return { name, flow: type, difference: error === undefined ? undefined : differenceIn(error, history) }
  })
}
