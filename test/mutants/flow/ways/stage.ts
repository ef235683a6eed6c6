// What the ways of the transcripts are played on: an operation over the scripted core, and people who decide.

import type { Call } from '../../../../src/contract/call.ts'
import type { OperationStart, Resolution } from '../../../../src/contract/durable.ts'
import type { Fault } from '../../../support/scripted-core.ts'
import type { Rig } from '../rig.ts'

/** Starts an operation and takes it as far as it goes; what it leaves is played to its end. */
export type Way = (stage: Stage) => Promise<void>
/** By their names. */
export type Ways = Readonly<Record<string, Way>>
export type More = Partial<Pick<OperationStart, 'call' | 'replyTo'>> & { readonly input?: Record<string, string> }

export interface Stage {
  readonly it: Rig
  /** Starts an operation, whose runs are told. */
  begin(flow: string, more?: More): Promise<string>
  /** Has the runs of this id told, too. */
  adopt(id: string): void
  /** What the core does with the first transmissions to one side. */
  faults(side: (call: Call) => boolean, ...list: readonly Fault[]): void
  /** Reads the runbook and decides; what is not said is filled in. */
  decide(id: string, ...decisions: readonly Partial<Resolution>[]): Promise<void>
}

export const isCredit = ({ request, reversing }: Call) => request.direction === 'C' && !reversing

export async function runbookOf(it: Rig, id: string): Promise<string[]> {
  const handle = it.client.workflow.getHandle(id)
  const { currentDetails } = (await handle.query('__temporal_workflow_metadata')) as { currentDetails?: string }
  return [...(currentDetails?.split('\n') ?? []), JSON.stringify(await handle.query('state'))]
}
