// What a fault run came to: a table of faults and outcomes, the share that needed no person, and one line of verdict.

import { type Case, casesOf } from './cases.ts'
import { type Finding, type Rule, rules } from './checker.ts'
import type { Ledgers } from './ledger.ts'

const columns = [
  'completed',
  'rejected',
  'failed',
  'refused',
  'resolved',
  'abandoned',
  'parked',
  'attention',
  'open',
] as const
type Column = (typeof columns)[number]

const decisions = new Set(['retry', 'confirm-applied', 'confirm-not-applied', 'reverse', 'abandon'])

const byForce = new Set(['delete', 'terminate'])

/** How a case ended, as the table has it. `resolved`: it completed, was refused or failed after a person's decision. */
function columnOf({ final: { state, attention }, acts }: Case): Column {
  if (attention !== undefined) return 'attention'
  if (state === 'parked' || state === 'abandoned' || state === 'refused') return state
  if (state === 'running' || state === 'unknown' || state === 'retry') return 'open'
  return acts.some(({ action, taken }) => taken && decisions.has(action)) ? 'resolved' : state
}

export interface Summary {
  readonly operations: number
  /** Operations that were in doubt by a fault, and that people neither decided on nor deleted while the run went on. */
  readonly inDoubt: number
  /** Those of them that ended without a person. */
  readonly byThemselves: number
  readonly table: string
}

/** Rows: faults, and how often each was injected. Columns: how the operations that it touched ended. */
export function summary(ledgers: Ledgers): Summary {
  const cases = casesOf(ledgers)
  const rows = new Map<string, { injected: number; counts: Map<Column, number> }>()
  const count = (what: string, ops: readonly number[], injected: number) => {
    const row = rows.get(what) ?? { injected: 0, counts: new Map<Column, number>() }
    rows.set(what, row)
    row.injected += injected
    for (const op of ops) {
      const one = cases.get(op)
      if (one) row.counts.set(columnOf(one), (row.counts.get(columnOf(one)) ?? 0) + 1)
    }
  }
  for (const { what, ops } of ledgers.faults) count(what, ops, 1)
  const touched = new Set(ledgers.faults.flatMap(({ ops }) => ops))
  const untouched = [...cases.keys()].filter((op) => !touched.has(op))
  if (untouched.length > 0) count('no fault', untouched, 0)
  count('all operations', [...cases.keys()], 0)
  const doubtful = [...cases.values()].filter(
    (one) =>
      one.faults.some(({ doubt }) => doubt) && !['refused', 'abandoned'].includes(columnOf(one)) && isLeftAlone(one),
  )
  const alone = doubtful.filter((one) => !['resolved', 'parked', 'open'].includes(columnOf(one)))
  return { operations: cases.size, inDoubt: doubtful.length, byThemselves: alone.length, table: tableOf(rows) }
}

/** What people ended by force waits for a person, and what they decided on at once nobody knows the end of. */
function isLeftAlone({ acts }: Case): boolean {
  return acts.every(({ action, taken, late }) => late || !taken || !(byForce.has(action) || decisions.has(action)))
}

function tableOf(
  rows: ReadonlyMap<string, { readonly injected: number; readonly counts: ReadonlyMap<Column, number> }>,
): string {
  const last = ['no fault', 'all operations']
  const names = [...rows.keys()].filter((name) => !last.includes(name)).sort()
  const lines = [...names, ...last.filter((name) => rows.has(name))].map((name) => {
    const row = rows.get(name)
    return [name, String(row?.injected || ''), ...columns.map((column) => String(row?.counts.get(column) ?? ''))]
  })
  const all = [['fault', 'times', ...columns], ...lines]
  const widths = columns.map((_, at) => Math.max(...all.map((line) => line[at + 2]?.length ?? 0)))
  const wide = [Math.max(...all.map((line) => line[0]?.length ?? 0)), 5, ...widths]
  return all
    .map((line) =>
      line
        .map((cell, at) => (at === 0 ? cell.padEnd(wide[at] ?? 0) : cell.padStart(wide[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export interface Control {
  readonly name: string
  readonly caught: boolean
}

/** The share that has to be settled without a person, where an inquiry exists. */
const leastAlone = 0.99

/** The last line, and whether all is well. */
export function verdict(
  findings: readonly Finding[],
  { operations, inDoubt, byThemselves }: Summary,
  controls: readonly Control[],
): { readonly isRight: boolean; readonly line: string } {
  const counts = (Object.keys(rules) as Rule[]).map(
    (rule) => [rule, findings.filter((one) => one.rule === rule).length] as const,
  )
  const share = inDoubt === 0 ? 1 : byThemselves / inDoubt
  const uncaught = controls.filter(({ caught }) => !caught)
  const isRight = findings.length === 0 && share >= leastAlone && uncaught.length === 0
  const parts = [
    `${operations} operations`,
    ...counts.map(([rule, count]) => `${count} ${rule}`),
    `${(share * 100).toFixed(1)} % of ${inDoubt} in doubt settled without a person`,
    `${controls.length - uncaught.length} of ${controls.length} negative controls caught`,
  ]
  return { isRight, line: `${isRight ? 'RIGHT' : 'WRONG'}: ${parts.join(', ')}` }
}
