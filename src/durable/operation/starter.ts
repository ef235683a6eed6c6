// Goes on with operations that were noted and accepted but not started, while Temporal could not be reached or since their gateway
// died: every gateway looks for them, and the first one to reach Temporal starts each. What is too old is closed as not begun.
// It also forgets what ended longer ago than keys are promised to live.

import { setTimeout as sleep } from 'node:timers/promises'
import type { OperationRow, OperationStore } from '../../contract/store.ts'
import { isFailure } from '../../error/failure.ts'
import { fingerprintIn } from '../workflow-id.ts'
import type { NotedOperation, Starts } from './begin.ts'
import { orderOf } from './order.ts'

export interface StarterParts {
  readonly store: OperationStore
  readonly starts: Starts
  /** How long after it was noted an operation may still be started. */
  readonly startWithinMs: number
  /** How long after its end an operation is remembered. */
  readonly keyLifeMs: number
  readonly notice: (problem: unknown) => void
}

/** Goes on with operations that were noted and not started. */
export interface Starter {
  /** This process has answered for the operation: it is gone on with even if the store could not be told so. */
  tend(id: string): void
  close(): Promise<void>
}

const everyMs = 1000
/** Younger ones are under way in the gateway that noted them. */
const restMs = 2500
const most = 200
const atOnce = 20
const forgetEveryMs = 3_600_000

const notedOf = (row: OperationRow): NotedOperation => ({
  id: row.id,
  order: orderOf(row),
  fingerprint: fingerprintIn(row),
})

/** Looks for such rows in rounds until it is closed; a round that fails is reported and followed by the next. */
export function startStarter(parts: StarterParts): Starter {
  const { store, notice } = parts
  const tended = new Map<string, number>()
  const closing = new AbortController()
  let forgotAt = Date.now()

  async function round(): Promise<void> {
    const before = new Date(Date.now() - restMs).toISOString()
    const rows = await store.list('noted', before, most)
    const due = rows.filter((row) => isLate(row, parts) || row.promised || tended.has(row.id))
    await goOn(due, parts)
    for (const [id, since] of tended) if (Date.now() - since > 2 * parts.startWithinMs) tended.delete(id)
    if (Date.now() - forgotAt < forgetEveryMs) return
    forgotAt = Date.now()
    await store.forget(new Date(Date.now() - parts.keyLifeMs).toISOString())
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      // Apart from the other gateways, which look for the same rows.
      const pauseMs = everyMs * (0.75 + Math.random() / 2)
      await sleep(pauseMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined)
      if (!closing.signal.aborted) await round().catch(notice)
    }
  }

  const running = run()
  return {
    tend: (id) => void tended.set(id, Date.now()),
    async close() {
      closing.abort()
      await running
    },
  }
}

const isLate = ({ notedAt }: OperationRow, { startWithinMs }: StarterParts) =>
  Date.now() - Date.parse(notedAt) > startWithinMs

/** The first one alone finds out whether Temporal answers; then the others, some at a time. */
async function goOn(rows: readonly OperationRow[], parts: StarterParts): Promise<void> {
  const [first, ...others] = rows
  if (!first || !(await one(first, parts))) return
  for (let at = 0; at < others.length; at += atOnce) {
    const done = await Promise.all(others.slice(at, at + atOnce).map((row) => one(row, parts)))
    if (done.includes(false)) return
  }
}

/** False when Temporal cannot be reached. */
async function one(row: OperationRow, parts: StarterParts): Promise<boolean> {
  try {
    // Looked at again for each: a process that stood still must not start what is too old by now.
    await (isLate(row, parts) ? parts.starts.close(notedOf(row)) : parts.starts.begin(notedOf(row)))
    return true
  } catch (error) {
    if (isFailure(error) && error.code === 'DURABLE_UNAVAILABLE') return false
    parts.notice(error)
    return true
  }
}
