// What flows ask Temporal for, word by word, on many ways through a transfer and through the other flows of the fast bank: activities with
// their time limits and arguments, timers, search attributes, late looks, the runbook, and how each run ends. Running operations were
// begun by it, so a change here is a change for them. The file beside is written anew by
// UPDATE=1 node test/mutants/run.mjs run test/mutants/flow/transcripts.ts

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { reset } from '../../support/scripted-core.ts'
import { type Rig, rig } from './rig.ts'
import { readTranscripts, transcriptOf, writeTranscripts } from './transcript.ts'
import { events } from './ways/events.ts'
import { inDoubt } from './ways/in-doubt.ts'
import { lateLooks } from './ways/late-looks.ts'
import { repairs } from './ways/repairs.ts'
import { resets } from './ways/resets.ts'
import { runbookOf, type Stage, type Ways } from './ways/stage.ts'

const golden = new URL('golden/transcripts.txt', import.meta.url)
const known = readTranscripts(existsSync(golden) ? readFileSync(golden, 'utf8') : '')
const seen = new Map<string, readonly string[]>()
const ways: Ways = { ...inDoubt, ...repairs, ...resets, ...lateLooks, ...events }

let it: Rig
beforeAll(async () => {
  it = await rig({ askAgainMs: 40_000, askAgainMaxMs: 100_000 })
})
beforeEach(() => reset(it.core))
afterAll(async () => {
  await it.close()
  if (process.env.UPDATE) writeFileSync(golden, writeTranscripts(seen))
})

const by = { by: 'ops', note: 'told so' }
const reply = { entryNumber: 'E-1', balance: '1.00' }

/** The ids of the operations that are told, and what people read and were answered. */
function stageOf(name: string): {
  readonly stage: Stage
  readonly ids: readonly string[]
  readonly said: readonly string[]
} {
  const ids: string[] = []
  const said: string[] = []
  let count = 0
  const stage: Stage = {
    it,
    async begin(flow, { input, ...more } = {}) {
      const id = await it.begin(flow, input, { ...more, key: `${name} ${++count}` })
      ids.push(id)
      return id
    },
    adopt: (id) => void ids.push(id),
    faults(side, ...list) {
      it.core.onCall = (call, nth) => (side(call) ? list[nth] : undefined)
    },
    async decide(id, ...decisions) {
      for (const one of decisions) {
        // What the person reads before; lines that were read already are left out.
        for (const read of await runbookOf(it, id)) if (read !== '' && !said.includes(read)) said.push(read)
        await it.operations
          .resolve(id, { action: 'retry', ...by, ...(one.action === 'confirm-applied' && { reply }), ...one })
          .catch((problem: Error) => said.push(problem.message))
        await it.settled(id)
      }
    },
  }
  return { stage, ids, said }
}

test.each(Object.keys(ways))('%s', async (name) => {
  const { stage, ids, said } = stageOf(name)
  await ways[name]?.(stage)
  const runbooks = await Promise.all(ids.map((id) => runbookOf(it, id)))
  // Late looks, and what a parked flow asks by itself.
  it.core.onInquiry = () => undefined
  await it.rest(60_000)
  const published = it.core.events.map((one) => JSON.stringify(one))
  const lines = transcriptOf(ids, it.runs, [...runbooks.flat(), ...said, ...published])
  seen.set(name, lines)
  if (!process.env.UPDATE) expect(lines).toEqual(known.get(name))
})
