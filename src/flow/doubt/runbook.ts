// The runbook of a parked flow, in Markdown, for the tab User Metadata of the Temporal UI.

import { workflowInfo } from '@temporalio/workflow'
import type { ResolutionAction } from '../../contract/durable.ts'
import { isObject, type JsonValue } from '../../contract/json.ts'
import type { FlowState, Parked } from '../run/state.ts'
import { decisions } from './decision.ts'

/** What happened, what is at risk, and each decision as JSON to paste. The values of the request are masked. */
export function runbook(parked: Parked, state: FlowState): string {
  const { step, reason, happened, risk, since, open } = parked
  const { call, traits } = step
  const behind = state.parked.length - 1
  return [
    `## Parked: ${step.name} (${reason})`,
    happened,
    `**At risk:** ${risk}`,
    '### The call',
    `- program or operation: \`${traits.target}\``,
    `- our reference: \`${call.reference}\``,
    ...(call.reversing
      ? [`- it undoes: \`${call.reversing.transaction}\`, reference \`${call.reversing.reference}\``]
      : []),
    `- parked since: ${since}`,
    ...(behind > 0 ? [`- parked behind it: ${behind}`] : []),
    ...asked(call.reversing?.request ?? call.request),
    '### Decide',
    'Look the reference up in the core first. Then *More Actions* → *Send an Update* → `resolve`, and paste one of these; set `by` and `note`.',
    ...open.flatMap((action) => decision(action, parked)),
    'Or in a terminal, with any of them:',
    `\`\`\`\n${commandLine(json(open[0] ?? 'abandon', parked))}\n\`\`\``,
  ].join('\n\n')
}

/** Waits for the acceptance only: this program cannot read an answer that is encrypted. */
function commandLine(input: string): string {
  const { workflowId } = workflowInfo()
  return [
    `temporal workflow update start --workflow-id ${workflowId}`,
    `--name resolve --wait-for-stage accepted --input '${input}'`,
  ].join(' \\\n  ')
}

function asked(request: JsonValue): string[] {
  const lines = Object.entries(isObject(request) ? request : {}).map(
    ([name, value]) => `- ${name}: \`${masked(value)}\``,
  )
  return lines.length > 0 ? [`### What was asked (masked)\n${lines.join('\n')}`] : []
}

/** Amounts, flags and codes of up to three characters stand; of long numbers the last four digits; of text nothing. */
export function masked(value: JsonValue): string {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value)
  if (typeof value !== 'string') return '•••'
  if (value.length <= 3 || /^-?\d{1,15}\.\d+$/.test(value)) return value
  return /^\d{8,}$/.test(value) ? `•••${value.slice(-4)}` : '•••'
}

function decision(action: ResolutionAction, parked: Parked): string[] {
  const { call } = parked.step
  const { meaning: usual, meaningOfReversal } = decisions[action]
  const meaning = parked.meanings?.[action] ?? (call.reversing && meaningOfReversal) ?? usual
  const more = takesReply(action, parked) ? ' (`reply`: the fields of the reply that the flow goes on with)' : ''
  return [`**${action}**: ${meaning}${more}\n\`\`\`json\n${json(action, parked, 2)}\n\`\`\``]
}

/** Indented where it stands in the page: the Temporal UI cuts long lines off. */
function json(action: ResolutionAction, parked: Parked, indent = 0): string {
  const { reference } = parked.step.call
  const reply = takesReply(action, parked) && { reply: {} }
  return JSON.stringify({ action, by: '', note: '', reference, ...reply }, undefined, indent)
}

function takesReply(action: ResolutionAction, { step }: Parked): boolean {
  return action === 'confirm-applied' && !step.call.reversing
}
