// The workflow `sweep`, started by a schedule: finds operations whose run was ended by force, and results that no gateway has recorded.
// It is bounded, and the next one goes on where it stopped.

import { ActivityFailure, proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { Activities, SweptRows, SweptRuns, Unmended } from '../../contract/activity.ts'

/** What a sweep gives, for people and for the next sweep. */
export interface SweepResult {
  readonly repaired: number
  readonly recorded: number
  /** The first ones; each is tried again. */
  readonly unmended: readonly Unmended[]
  readonly runs: RunsPlace
  /** Where the look at the rows of the store goes on. */
  readonly rows?: string
}

/** Where the look at closed runs goes on. */
interface RunsPlace {
  readonly since: string
  /** Set in the middle of a look: when it began, and where it is. */
  readonly began?: string
  readonly page?: string
}

const pages = 10
const mostUnmended = 20
/** What Temporal's visibility may lag behind, many times over. A run that is found twice is repaired once. */
const overlapMs = 600_000
/** The first sweep of all does not dig up what operators have dealt with long ago. */
const firstMs = 86_400_000

const { sweepRuns, sweepRows } = proxyActivities<Pick<Activities, 'sweepRuns' | 'sweepRows'>>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 2 },
})

/** The built-in workflow of sweeps. It does not fail: what it could not do stands in its result, and is tried again by the next. */
export async function sweep(): Promise<SweepResult> {
  const before = workflowInfo().lastResult as SweepResult | undefined
  const runs = await sweptRuns(before?.runs ?? { since: ago(firstMs) })
  const rows = await sweptRows(before?.rows)
  return {
    repaired: runs.repaired + rows.repaired,
    recorded: rows.recorded,
    unmended: [...runs.unmended, ...rows.unmended].slice(0, mostUnmended),
    runs: runs.place,
    ...(rows.page !== undefined && { rows: rows.page }),
  }
}

async function sweptRuns(from: RunsPlace) {
  const began = from.began ?? ago(0)
  let { page } = from
  let repaired = 0
  const unmended: Unmended[] = []
  for (let n = 0; n < pages; n++) {
    const swept = await orReason(sweepRuns({ since: from.since, ...(page !== undefined && { page }) }))
    repaired += swept.repaired
    unmended.push(...swept.unmended)
    if (swept.failed) return { repaired, unmended, place: from }
    page = swept.page
    if (page === undefined) {
      const since = new Date(Date.parse(began) - overlapMs).toISOString()
      return { repaired, unmended, place: { since } }
    }
  }
  return { repaired, unmended, place: { since: from.since, began, ...(page !== undefined && { page }) } }
}

async function sweptRows(from: string | undefined) {
  let page = from
  let [repaired, recorded] = [0, 0]
  const unmended: Unmended[] = []
  for (let n = 0; n < pages; n++) {
    const swept = await orReason(sweepRows(page === undefined ? {} : { page }))
    repaired += swept.repaired
    recorded += swept.recorded ?? 0
    unmended.push(...swept.unmended)
    if (swept.failed) break
    page = swept.page
    if (page === undefined) break
  }
  return { repaired, recorded, unmended, page }
}

type Tried = SweptRuns & Partial<SweptRows> & { readonly failed?: boolean }

/** The store or Temporal's visibility may be away; the other half of the sweep goes on. */
async function orReason(swept: Promise<SweptRuns | SweptRows>): Promise<Tried> {
  try {
    return await swept
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error
    const why = error.cause?.message ?? error.message
    return { failed: true, repaired: 0, unmended: [{ id: 'this page', why }] }
  }
}

function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString()
}
