// What `mainspan check` says of flows: whether operations that ran, or run, could go on with the code of today.
// Loaded only where there is something to compare, as it brings Temporal with it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTemporalSettings } from '../../config.ts'
import type { Catalog } from '../../contract/catalog.ts'
import { buildOf } from '../../durable/version/build.ts'
import { readHistory } from '../../durable/version/history.ts'
import { type OpenOnBuild, openOperations } from '../../durable/version/open-runs.ts'
import { type NamedHistory, type Replayed, replay } from '../../durable/version/replay.ts'
import { type Failure, failure, isFailure } from '../../error/failure.ts'
import { durableSettings } from '../../start.ts'

/** What is printed of the comparison, and what is wrong with flows. */
export interface FlowComparison {
  readonly lines: readonly string[]
  readonly failures: readonly Failure[]
}

/** Holds the recorded histories against the flows of the project, and with `deployed` the open operations too. */
export async function compareFlows(
  catalog: Catalog,
  files: readonly string[],
  deployed: boolean,
): Promise<FlowComparison> {
  const failures: Failure[] = []
  const histories: NamedHistory[] = []
  for (const file of files) {
    const history = readHistory(readFileSync(join(catalog.root, file), 'utf8'))
    if ('problem' in history) failures.push(unreadable(file, history.problem))
    else histories.push({ name: file, history })
  }
  try {
    const { id, code } = await buildOf(catalog)
    const recorded = byFlow(await replay(code, histories)).flatMap((one) => recordedLines(catalog, one))
    const open = deployed ? await deployedLines(id, code) : []
    return { lines: [...recorded, ...open], failures }
  } catch (error) {
    if (!isFailure(error)) throw error
    return { lines: [], failures: [...failures, error] }
  }
}

function unreadable(file: string, problem: string): Failure {
  return failure('HISTORY_UNREADABLE', { file, problem }, { place: { file, line: 1, column: 1 } })
}

type OfFlow = readonly [flow: string, results: readonly Replayed[]]

function byFlow(results: readonly Replayed[]): OfFlow[] {
  const flows = [...new Set(results.map(({ flow }) => flow))]
  return flows.map((flow) => [flow, results.filter((one) => one.flow === flow)])
}

function recordedLines({ flows }: Catalog, [flow, results]: OfFlow): string[] {
  if (!flows.has(flow) && !builtIn.has(flow)) {
    return [`flow ${flow}: ${count(results.length, 'recorded history')} of a flow that workflows/ does not export`]
  }
  const differing = results.filter(({ difference }) => difference !== undefined)
  if (differing.length === 0) {
    const way = `flow ${flow}: goes the way of ${count(results.length, 'recorded history')}`
    return [`${way}; operations that are running could go on with it`]
  }
  return [
    `flow ${flow}: has changed. Operations that are running end on the build that they began on; on this code they could not go on:`,
    ...differing.map(({ name, difference }) => `  ${name}: ${difference}`),
  ]
}

/** The flows of the product itself. */
const builtIn = new Set(['runTransaction', 'watch', 'sweep', 'notBegun'])

/** The build that new operations begin on, and for each other build with open operations whether they could go on with this code. */
async function deployedLines(id: string, code: string): Promise<string[]> {
  const { deployment, builds } = await openOperations(durableSettings(readTemporalSettings()))
  const current = builds.find(({ state }) => state === 'current')
  const lines = [
    current === undefined
      ? `deployed as ${deployment}: nothing is current; this code is build ${id}`
      : `deployed as ${deployment}: build ${current.buildId} is current; this code is ${current.buildId === id ? 'the same' : `build ${id}`}`,
  ]
  for (const one of builds.filter(({ open }) => open > 0)) lines.push(...(await openLines(one, id, code)))
  return lines
}

async function openLines({ buildId, state, open, sample }: OpenOnBuild, id: string, code: string): Promise<string[]> {
  const heading = `build ${buildId} (${state}): ${count(open, 'open operation')}`
  if (buildId === id) return [heading]
  const results = byFlow(await replay(code, sample))
  return [`${heading}, which ${open === 1 ? 'ends' : 'end'} on it; on this code`, ...results.flatMap(openFlowLines)]
}

function openFlowLines([flow, results]: OfFlow): string[] {
  const [first, ...others] = results.filter(({ difference }) => difference !== undefined)
  const differing = first ? 1 + others.length : 0
  return [
    `  ${flow}: ${results.length - differing} of ${results.length} looked at could go on`,
    ...(first ? [`    ${first.name}: ${first.difference}`] : []),
  ]
}

function count(number: number, noun: string): string {
  const plural = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`
  return `${number} ${number === 1 ? noun : plural}`
}
