// Tells the runs of an operation line by line, from what they asked of Temporal. What is drawn by chance, or hangs on what was run before,
// gets a name by the order in which it comes.

import { attributesOf } from '../../explore/attributes.ts'
import { errorOf, updateAnswer } from '../../explore/failures.ts'
import { milliseconds, type Run } from '../../explore/history.ts'
import { payloads } from '../../explore/payloads.ts'
import type { Command } from '../../explore/sandbox.ts'

/** All runs of these operations and of their late looks; `more` lines come behind. */
export function transcriptOf(ids: readonly string[], runs: readonly Run[], more: readonly string[]): string[] {
  const own = runs.filter(({ workflowId }) => ids.some((id) => workflowId === id || workflowId.startsWith(`${id}/`)))
  const since = Math.min(...own.map(({ startedAt }) => startedAt))
  const lines = own.flatMap(({ workflowId, type, runId, state, history }) => [
    `${type} ${workflowId} ${runId}: ${state}`,
    ...history.flatMap(({ at, commands }) =>
      commands.flatMap((one) => toldOf(one).map((what) => `${at - since} ${what}`)),
    ),
  ])
  return [...lines, ...more].map(renaming(since)).map(shortening())
}

/** An object that was told before in the same words is only named, the inner ones first. */
function shortening(): (line: string) => string {
  const told = new Map<string, string>()
  const named = (json: string) => {
    const before = told.get(json)
    if (before === undefined) told.set(json, `‹${told.size + 1}›`)
    return before ?? json.replace('{', '‹').replace(/\}$/, '›')
  }
  return (line) => {
    let [short, before] = [line, '']
    while (short !== before) {
      before = short
      short = short.replaceAll(/\{[^{}]{40,}\}/g, named)
    }
    return short
  }
}

/** Way → its lines, from the text of all. */
export function readTranscripts(text: string): ReadonlyMap<string, readonly string[]> {
  const parts = text.split(/^== /m).slice(1)
  return new Map(parts.map((part) => part.trimEnd().split('\n')).map(([name = '', ...lines]) => [name, lines]))
}

export function writeTranscripts(all: ReadonlyMap<string, readonly string[]>): string {
  return [...all].map(([name, lines]) => `== ${name}\n${lines.join('\n')}\n`).join('\n')
}

function renaming(since: number): (line: string) => string {
  const names = new Map<string, string>()
  const named = (kind: string) => (found: string) => {
    const name = names.get(found) ?? `${kind}${names.size + 1}`
    names.set(found, name)
    return name
  }
  return (line) =>
    line
      .replaceAll(/\brun-\d+\b/g, named('run'))
      .replaceAll(/\b[A-Z2-7]{16}\/[0-9a-f]{8}\b/g, named('mark'))
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => `+${Date.parse(time) - since}`)
      .replaceAll(/"salt":"[^"]+"/g, '"salt":"…"')
      .replaceAll(/"(digest|of)":"[0-9a-f]{64}"/g, (_, name: string) => `"${name}":"…"`)
}

function toldOf(command: Command): string[] {
  const {
    scheduleActivity,
    scheduleLocalActivity,
    startTimer,
    cancelTimer,
    startChildWorkflowExecution: child,
  } = command
  const {
    upsertWorkflowSearchAttributes: attributes,
    updateResponse,
    signalExternalWorkflowExecution: signal,
  } = command
  const summary = command.userMetadata?.summary
    ? ` · ${String(payloads.fromPayload(command.userMetadata.summary))}`
    : ''
  const activity = scheduleActivity ?? scheduleLocalActivity
  if (activity) {
    const { activityType, activityId, retryPolicy: retry } = activity
    const limits = [activity.startToCloseTimeout, activity.scheduleToCloseTimeout].map(milliseconds).join('/')
    const again = retry
      ? [
          retry.maximumAttempts,
          milliseconds(retry.initialInterval),
          milliseconds(retry.maximumInterval),
          retry.nonRetryableErrorTypes,
        ]
      : []
    return [
      `${scheduleActivity ? '' : 'local '}activity ${activityType} ${activityId} ${limits} ${again.join('/')} ${given(activity.arguments)}${summary}`,
    ]
  }
  if (startTimer) return [`timer ${milliseconds(startTimer.startToFireTimeout)} ms${summary}`]
  if (cancelTimer) return ['timer cancelled']
  if (child) return [`child ${child.workflowType} ${child.workflowId} ${given(child.input)}${summary}`]
  if (signal) return [`signal ${signal.signalName} ${given(signal.args)}`]
  if (attributes) return [`attributes ${JSON.stringify(attributesOf(attributes.searchAttributes))}`]
  if (updateResponse) {
    const answer = updateAnswer(updateResponse)
    return answer ? [`update: ${answer.words}`] : []
  }
  return ending(command)
}

function ending({ completeWorkflowExecution: done, failWorkflowExecution: failed, ...others }: Command): string[] {
  if (done) return [`completes ${given(done.result ? [done.result] : [])}`]
  if (failed?.failure) {
    const { message, type, details } = errorOf(failed.failure) as Error & { type?: string; details?: unknown }
    return [`fails ${type} ${message} ${JSON.stringify(details)}`]
  }
  return Object.keys(others).filter((name) => name !== 'userMetadata' && name !== 'respondToQuery')
}

function given(list: readonly object[] | null | undefined): string {
  return (list ?? []).map((one) => JSON.stringify(payloads.fromPayload(one))).join(' ')
}
