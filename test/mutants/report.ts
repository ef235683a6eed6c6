// The report of a run: a table of rooms and verdicts, the survivors with place and change, and what is stale.

import { type Accepted, acceptedFor } from './accepted.ts'
import type { Verdict } from './run/judge.ts'
import { isKilled, type Judged, type JudgedByHand, type RoomReport } from './session.ts'

const columns = [
  'room',
  'mutants',
  'judged',
  'killed',
  'timed out',
  'survived',
  'no test',
  'score',
  'with reason',
  'ms each',
]

/** The share of killed ones among those that are programs, in percent. */
export function scoreOf(judged: readonly Judged[]): number {
  const programs = judged.filter(({ verdict }) => verdict.state !== 'invalid')
  const killed = programs.filter(({ verdict }) => isKilled(verdict.state)).length
  return programs.length === 0 ? 100 : (100 * killed) / programs.length
}

export function tableOf(reports: readonly RoomReport[]): string {
  const rows = reports.map((one) => rowOf(one.room, one.mutants, one.judged, one.msEach))
  const judged = reports.flatMap((one) => one.judged)
  const mutants = reports.reduce((sum, one) => sum + one.mutants, 0)
  const all = [columns, ...rows, ...(reports.length > 1 ? [rowOf('all', mutants, judged)] : [])]
  const widths = columns.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)))
  return all.map((row) => row.map((cell, at) => pad(cell, widths[at] ?? 0, at)).join('  ')).join('\n')
}

function rowOf(room: string, mutants: number, judged: readonly Judged[], msEach?: number): readonly string[] {
  const programs = judged.filter(({ verdict }) => verdict.state !== 'invalid')
  const count = (state: string) => String(programs.filter(({ verdict }) => verdict.state === state).length)
  const states = ['killed', 'timed out', 'survived', 'uncovered'].map(count)
  const reasoned = programs.filter(({ verdict, accepted }) => !isKilled(verdict.state) && accepted).length
  const score = `${scoreOf(judged).toFixed(1)} %`
  return [room, String(mutants), String(programs.length), ...states, score, String(reasoned), String(msEach ?? '')]
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width)
}

export function isSurvivor({ state }: Verdict): boolean {
  return state === 'survived' || state === 'uncovered'
}

/** What the verdicts rest on: whether the tests pass without any mutant, and which of them do not run here. */
export function circumstancesOf({ room, controls, leftOut }: RoomReport, isWhole: boolean): string[] {
  const failed = `${room}: without a mutant ${controls.failed.length} of ${controls.run} controls failed`
  return [
    ...(controls.run > 0 ? [failed, ...controls.failed.map((one) => `  ${one}`)] : []),
    ...(leftOut.length > 0 ? [`${room}: ${leftOut.length} tests do not run here and judged nothing`] : []),
    ...(isWhole ? leftOut.map((one) => `  ${one}`) : []),
  ]
}

/** Each survivor in one line; with the reason where there is one. */
export function survivorLines(reports: readonly RoomReport[]): string[] {
  return reports.flatMap(({ judged }) =>
    judged
      .filter(({ verdict }) => isSurvivor(verdict))
      .map(({ mutant, verdict, accepted }) => {
        const what = accepted
          ? `${accepted.is}: ${accepted.why}`
          : verdict.state === 'uncovered'
            ? 'no test'
            : 'SURVIVED'
        return `${mutant.path}:${mutant.line} ${mutant.within} [${mutant.operator}] ${mutant.change} · ${what}`
      }),
  )
}

/** Entries of the list that say something about a room that was judged whole, and are not true any more. */
export function staleIn(accepted: readonly Accepted[], reports: readonly RoomReport[]): string[] {
  const whole = reports.filter(({ judged, mutants }) => judged.length === mutants)
  const killed = reports.flatMap(({ judged }) => judged.filter(({ verdict }) => isKilled(verdict.state)))
  const isStale = (one: Accepted) => {
    if (killed.some(({ mutant }) => acceptedFor([one], mutant))) return true
    const room = whole.find(({ room: name }) => one.path.startsWith(`src/${name}/`))
    return room !== undefined && !room.judged.some(({ mutant }) => acceptedFor([one], mutant))
  }
  return accepted.filter(isStale).map(({ path, within, change }) => `${path} ${within}: ${change}`)
}

export function byHandLines(judged: readonly JudgedByHand[]): string[] {
  return judged
    .filter(({ isRight }) => !isRight)
    .map(({ one, verdict }) => {
      const why = verdict.why ? ` (${verdict.why})` : ''
      return `${one.path}: ${one.from.trim()} → ${one.to.trim() || 'nothing'} · expected ${one.expected}, ${verdict.state}${why}`
    })
}
