// A worker process: gets a room, then one mutant after the other, and says what became of each. It may hang over one; then it is ended from
// outside and another one goes on.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { byHand } from '../by-hand.ts'
import { roomOf } from '../rooms.ts'
import type { Mutant } from '../text/mutants.ts'
import { baselineOf, sourcesOf } from './baseline.ts'
import { benchOf } from './bench.ts'
import { judgedByHand } from './hand.ts'
import { type Court, controlled, judged, type Verdict } from './judge.ts'

export type Asked =
  | { readonly do: 'open'; readonly room: string; readonly folder: string }
  | { readonly do: 'judge' | 'control'; readonly mutant: Mutant }
  | { readonly do: 'by hand'; readonly at: number }

export type Said =
  | { readonly is: 'ready' }
  | { readonly is: 'open'; readonly tests: number; readonly leftOut: readonly { name: string; why: string }[] }
  | { readonly is: 'measured'; readonly line: string }
  | { readonly is: 'beat'; readonly limitMs: number }
  | { readonly is: 'verdict'; readonly verdict: Verdict }

const say = (said: Said) => void process.send?.(said)
const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')
const bench = benchOf(root)
let court: Court | undefined

async function opened(name: string, folder: string): Promise<Said> {
  const room = roomOf(name)
  // What a mutated bundler keeps must never be found by anything else.
  process.env.TMPDIR = join(folder, 'temporary')
  mkdirSync(process.env.TMPDIR, { recursive: true })
  const sources = sourcesOf(root, room)
  const baseline = await baselineOf({ root, folder, room }, sources, bench, (line) => say({ is: 'measured', line }))
  court = { room, sources, baseline, bench, killers: [], beat: (limitMs) => say({ is: 'beat', limitMs }) }
  return { is: 'open', tests: baseline.cases.length, leftOut: baseline.leftOut }
}

async function done(asked: Asked): Promise<Said> {
  if (asked.do === 'open') return await opened(asked.room, asked.folder)
  if (asked.do === 'by hand') {
    const one = byHand[asked.at]
    if (!one) throw new Error(`no mutant ${asked.at}`)
    return { is: 'verdict', verdict: await judgedByHand(root, bench, one, (limitMs) => say({ is: 'beat', limitMs })) }
  }
  if (!court) throw new Error('no room is open')
  const verdict = await (asked.do === 'judge' ? judged(court, asked.mutant) : controlled(court, asked.mutant))
  return { is: 'verdict', verdict }
}

// What a mutant leaves behind must not end this process; a test that is under way hears of it by itself.
process.on('unhandledRejection', () => undefined)
process.on('uncaughtException', () => undefined)
process.on('message', (asked: Asked) => {
  done(asked).then(say, (error: unknown) => {
    console.error(error)
    process.exit(1)
  })
})
// Whoever gave the mutants is gone: so are this process and what its tests have started.
process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'))
say({ is: 'ready' })
