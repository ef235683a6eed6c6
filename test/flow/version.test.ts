// Branches by name: code with them goes on with operations from before and after the change.

import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { flowBundle } from '../../src/durable/bundle.ts'
import { recordedHistory } from '../../src/durable/version/history.ts'
import { type NamedHistory, replay } from '../../src/durable/version/replay.ts'
import { startWorker } from '../../src/durable/worker.ts'
import { flowSources, order, type Rig, rig, testKey } from '../support/rig.ts'

let it: Rig
const folder = mkdtempSync(join(tmpdir(), 'mainspan-changed-'))
beforeAll(async () => {
  it = await rig()
  await it.worker.close()
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await it.close()
})

const inSource = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)))

/** A flow that posts a debit, after what is given. */
function flowWith(line: string) {
  const file = join(folder, `${randomUUID()}.ts`)
  const text = `
    import { call } from ${inSource('../../src/flow/call.ts')}
    import { flow } from ${inSource('../../src/flow/flow.ts')}
    import { changed, changedForAll } from ${inSource('../../src/flow/version.ts')}
    import { bank } from ${inSource('./fast-bank/bank.ts')}
    export const pay = flow(async ({ from, amount }) => {
      ${line}
      await call(bank.post, { account: from, direction: 'D', amount })
      return {}
    })`
  writeFileSync(file, text)
  return { adapters: flowSources.adapters, flows: new Map([['pay', file]]) }
}

type Sources = ReturnType<typeof flowWith>

async function ranOn(catalog: Sources, name: string): Promise<NamedHistory> {
  const { settings, core, database } = it
  const { caller, publisher } = core
  it.worker = await startWorker({ catalog, settings, caller, publisher, store: database.store })
  const id = await it.begin('pay', order)
  expect(await it.settled(id)).toMatchObject({ state: 'completed' })
  await it.worker.close()
  const history = await it.client.workflow.getHandle(id).fetchHistory()
  return { name, history: await recordedHistory(history, [testKey]) }
}

const differs = async (sources: Sources, histories: readonly NamedHistory[]) => {
  const results = await replay(await flowBundle(sources), histories)
  return Object.fromEntries(results.map(({ name, difference }) => [name, difference !== undefined]))
}

test('both ways replay on code that has both, and the new way when the old one is gone', async () => {
  const read = `await call(bank.read, { account: from })`
  const [before, both] = [flowWith(''), flowWith(`if (changed('read-first')) ${read}`)]
  const histories = [await ranOn(before, 'old'), await ranOn(both, 'new')]
  expect(it.core.calls.map(({ transaction }) => transaction)).toEqual(['post', 'read', 'post'])
  expect(await differs(before, histories)).toEqual({ old: false, new: true })
  expect(await differs(both, histories)).toEqual({ old: false, new: false })
  expect(await differs(flowWith(`changedForAll('read-first')\n${read}`), histories)).toEqual({ old: true, new: false })
  expect(await differs(flowWith(read), histories)).toEqual({ old: true, new: true })
})
